/**
 * The last frames of a trajectory that is read once: frames come in, are unfolded where a box is given,
 * and stay as long as the largest lag needs them; squared displacements of every coordinate are added up
 * for each lag. What they mean, the caller knows.
 */
import { zeros } from "../../runtime/arrays.js";
import { jit } from "../../runtime/jit.js";
import { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";
import type { Frame } from "../readers/frame.js";
import { cellOf, CELL, type PeriodicBox } from "./box.js";
import { noticeLongSteps, unwrapRows } from "./unwrap.js";

/** Coordinates that one turn of the loop handles, so that they stay in the processor's cache. */
const BLOCK = 512;
/** Bytes of frames that are gathered before the kernel is called. */
const CHUNK_BYTES = 2 ** 23;

/**
 * Adds, for each lag, the squared differences of the frames from `first` on, `count` of them, and those
 * so many frames before. Rows of `ring` [frame, block, coordinate] are used again from the start.
 */
const addSquares = jit(
  (ring: NDArray, first: number, count: number, lags: NDArray, sums: NDArray): void => {
    const [rows, blocks, width] = ring.shape as [number, number, number];
    for (const b of prange(blocks)) {
      for (let l = 0; l < lags.length; l++) {
        const lag = lags.at(l);
        for (let t = Math.max(first, lag); t < first + count; t++) {
          const here = t % rows;
          const before = (t - lag) % rows;
          for (let c = 0; c < width; c++) {
            const d = ring.at(here, b, c) - ring.at(before, b, c);
            sums.set(sums.at(l, b, c) + d * d, l, b, c);
          }
        }
      }
    }
  },
);

/** Where the box of a frame comes from; `undefined` where nothing is folded. */
export type BoxOfFrame = ((frame: Frame, index: number) => PeriodicBox | undefined) | undefined;

export class FrameWindow {
  /** Frames that came so far. */
  frames = 0;
  readonly particles: number;
  readonly #lags: NDArray<"int32">;
  readonly #ring: NDArray<"float64">;
  readonly #sums: NDArray<"float64">;
  /** Frames that the kernel hasn't seen. */
  #fresh = 0;
  readonly #chunk: number;
  readonly #unfold: Unfolding | undefined;

  /** @throws RangeError if the frames that the largest lag needs take more memory than allowed. */
  constructor(
    readonly numbers: number,
    lags: Int32Array,
    boxOf: BoxOfFrame,
    memoryBudget: number,
  ) {
    this.particles = numbers / 3;
    const blocks = Math.ceil(numbers / BLOCK);
    const bytes = 8 * blocks * BLOCK;
    const most = lags.reduce((largest, lag) => Math.max(largest, lag), 0);
    this.#chunk = Math.max(1, Math.floor(CHUNK_BYTES / bytes));
    const needed = bytes * (most + this.#chunk + lags.length);
    if (needed > memoryBudget)
      throw new RangeError(
        `msd: the lag ${most} of ${this.particles} particles takes ${mib(needed)} MiB, the memory budget is ` +
          `${mib(memoryBudget)} MiB: take smaller lags, every tenth frame, fewer atoms, or a larger memoryBudget`,
      );
    this.#lags = zeros(lags.length, "int32");
    this.#lags.data.set(lags);
    this.#ring = zeros([most + this.#chunk, blocks, BLOCK]);
    this.#sums = zeros([lags.length, blocks, BLOCK]);
    this.#unfold = boxOf && new Unfolding(this.particles, boxOf);
  }

  /** @throws RangeError for a position that isn't finite, or another number of them. */
  add(frame: Frame): void {
    const { positions } = frame;
    if (positions.length !== this.numbers)
      throw new RangeError(
        `msd: frame ${this.frames} has ${positions.length} numbers, the first has ${this.numbers}`,
      );
    const [rows] = this.#ring.shape as [number];
    const at = (this.frames % rows) * this.#ring.strides[0]!;
    for (let i = 0; i < positions.length; i++) {
      const x = positions[i]!;
      if (!Number.isFinite(x))
        throw new RangeError(
          `msd: particle ${Math.floor(i / 3)} has ${"xyz"[i % 3]!} = ${x} in frame ${this.frames}: leave it out`,
        );
      this.#ring.data[at + i] = x;
    }
    this.#unfold?.apply(this.#ring.data.subarray(at, at + this.numbers), frame, this.frames);
    this.frames++;
    if (++this.#fresh === this.#chunk) this.#flush();
  }

  /** The sum of one coordinate's squared displacements at a lag. */
  sum(lag: number, particle: number, axis: number): number {
    return this.#sums.data[lag * this.#sums.strides[0]! + 3 * particle + axis]!;
  }

  /** No more frames will come. */
  end(): void {
    if (this.#fresh > 0) this.#flush();
  }

  #flush(): void {
    addSquares(this.#ring, this.frames - this.#fresh, this.#fresh, this.#lags, this.#sums);
    this.#fresh = 0;
  }
}

/** Unfolds frames one after the other, each with the one before. */
class Unfolding {
  /** The frame before and this one, as they were, and as they are then: [particle, 2, 3]. */
  readonly #folded: NDArray<"float64">;
  readonly #unfolded: NDArray<"float64">;
  readonly #carry: NDArray<"float64">;
  readonly #steps: NDArray<"float64">;
  readonly #cells = zeros([2, CELL]);

  constructor(
    readonly particles: number,
    readonly boxOf: NonNullable<BoxOfFrame>,
  ) {
    this.#folded = zeros([particles, 2, 3]);
    this.#unfolded = zeros([particles, 2, 3]);
    this.#carry = zeros([particles, 3]);
    this.#steps = zeros([particles, 2]);
  }

  apply(positions: Float64Array, frame: Frame, index: number): void {
    const box = this.boxOf(frame, index);
    if (box === undefined)
      throw new RangeError(`msd: frame ${index} has no box: give one as box, or leave box out`);
    this.#cells.data.set(cellOf(box, 3, `msd: the box of frame ${index}`), CELL);
    const folded = this.#folded.data;
    for (let i = 0; i < this.particles; i++) {
      for (let c = 0; c < 3; c++) {
        folded[6 * i + c] = index === 0 ? positions[3 * i + c]! : folded[6 * i + 3 + c]!;
        folded[6 * i + 3 + c] = positions[3 * i + c]!;
      }
    }
    unwrapRows(this.#folded, this.#cells, this.#carry, this.#unfolded, this.#steps);
    noticeLongSteps(this.#steps, "msd", 0, index - 1);
    const unfolded = this.#unfolded.data;
    for (let i = 0; i < this.particles; i++) {
      for (let c = 0; c < 3; c++) positions[3 * i + c] = unfolded[6 * i + 3 + c]!;
    }
  }
}

function mib(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
