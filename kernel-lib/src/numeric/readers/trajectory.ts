/**
 * `readTrajectory`: the path of a file comes in, its frames go out, one at a time or all as one array. The
 * formats have files of their own; here frames are chosen, counted and checked against each other.
 */
import { inspect } from "node:util";
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { FileFormatError } from "../../errors.js";
import { ByteSource } from "./byte-source.js";
import { names, recognise, type Recognised, type TrajectoryFormat } from "./format.js";
import type { Frame } from "./frame.js";

/** Options of `readTrajectory`. */
export interface TrajectoryOptions {
  /** Default: what the file's first bytes say. */
  readonly format?: TrajectoryFormat;
  /** The first frame, counted from 0. Default 0. */
  readonly start?: number;
  /** The frame to stop before. Default: the end of the file. */
  readonly stop?: number;
  /** Take every so-manieth frame only. Default 1. */
  readonly every?: number;
  /** Indices of the atoms to take, counted from 0, in this order. Default: all. */
  readonly atoms?: Iterable<number>;
}

/**
 * The frames of a file, read when they are asked for. Inside an async function
 * `for await (const frame of trajectory)` goes through them; each time from the beginning.
 */
export class Trajectory implements AsyncIterable<Frame> {
  readonly path: string;
  readonly format: TrajectoryFormat;
  readonly #found: Recognised;
  readonly #options: TrajectoryOptions;
  readonly #atoms: readonly number[] | undefined;

  /** @internal Use `readTrajectory`. */
  constructor(path: string, options: TrajectoryOptions) {
    this.#found = recognise(path, options.format);
    this.#options = options;
    this.#atoms = options.atoms === undefined ? undefined : [...options.atoms];
    this.path = path;
    this.format = this.#found.format;
  }

  /** Reads the frames, one at a time. @throws FileFormatError naming frame, and line or byte. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    const { start = 0, stop = Infinity, every = 1 } = this.#options;
    const source = new ByteSource(this.path, this.#found.isGzipped);
    let numbers: number | undefined;
    try {
      if (stop <= start) return;
      for await (const frame of this.#found.read(source)) {
        numbers ??= frame.positions.length;
        if (frame.positions.length !== numbers)
          throw new FileFormatError(
            this.path,
            `has ${frame.positions.length / 3} atoms in this frame and ${numbers / 3} in the first`,
            { frame: frame.index },
          );
        if (frame.index >= start && (frame.index - start) % every === 0) yield this.#chosen(frame);
        if (frame.index + 1 >= stop) return;
      }
    } finally {
      await source.close();
    }
  }

  /**
   * All frames as one array [nAtoms, nFrames, 3], as `msd` takes it.
   *
   * @throws FileFormatError; RangeError if the memory can't be had: then use `msd(trajectory, { lags })`,
   * `every`, or fewer `atoms`.
   */
  async positions(): Promise<NDArray<"float64">> {
    const frames: Frame["positions"][] = [];
    for await (const { positions } of this) frames.push(positions);
    const numbers = frames[0]?.length ?? 0;
    const made = zeros([numbers / 3, frames.length, 3]);
    const { data } = made;
    frames.forEach((positions, k) => {
      for (let i = 0; i < numbers / 3; i++) {
        const to = 3 * (i * frames.length + k);
        for (let c = 0; c < 3; c++) data[to + c] = positions[3 * i + c]!;
      }
    });
    return made;
  }

  #chosen(frame: Frame): Frame {
    const atoms = this.#atoms;
    if (!atoms) return frame;
    const { positions } = frame;
    const chosen = new Float64Array(3 * atoms.length);
    atoms.forEach((atom, i) => {
      if (3 * atom >= positions.length)
        throw new RangeError(
          `readTrajectory: there is no atom ${atom}, ${this.path} has ${positions.length / 3}`,
        );
      chosen.set(positions.subarray(3 * atom, 3 * atom + 3), 3 * i);
    });
    return { ...frame, positions: chosen };
  }
}

/**
 * Opens a trajectory file: XYZ and extended XYZ, LAMMPS dump, DCD, XTC, or .npy of the shape [nFrames,
 * nAtoms, 3], each also packed with gzip. The format is told by the file's content.
 *
 * Frames are read when they are asked for, one at a time, so a file may be larger than memory: hand it to
 * `msd` with `lags`, or take all of a smaller one with `positions()`. Positions, times and boxes are in
 * the units of the file (XTC has nm and ps, DCD Å).
 *
 * @param options `start`, `stop`, `every`, `atoms`, and `format` if the content can't tell.
 * @throws FileFormatError for a file of another format, and while reading, where it is truncated or
 * damaged; what `fs` throws where there is none.
 * @example
 * const run = readTrajectory("water.xtc", { every: 10 });
 * const positions = await run.positions();             // [nAtoms, nFrames, 3]
 * const slow = await msd(run, { lags: [1, 10, 100], box: "trajectory" });
 */
export function readTrajectory(path: string, options: TrajectoryOptions = {}): Trajectory {
  if (typeof path !== "string")
    throw new TypeError(`readTrajectory got ${inspect(path)} as its path: give a string`);
  check(options);
  return new Trajectory(path, options);
}

function check(options: TrajectoryOptions): void {
  const { format, start, stop, every, atoms, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(
      `readTrajectory has no option '${unknown}': there are format, start, stop, every and atoms`,
    );
  if (format !== undefined && !names().includes(format))
    throw new TypeError(
      `readTrajectory: format is ${inspect(format)}: give one of ${names().join(", ")}`,
    );
  for (const [name, value, least] of [
    ["start", start, 0],
    ["stop", stop, 0],
    ["every", every, 1],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= least))
      throw new RangeError(
        `readTrajectory: ${name} is ${inspect(value)}: give a whole number of at least ${least}`,
      );
  }
  const odd = atoms && [...atoms].find((atom) => !(Number.isInteger(atom) && atom >= 0));
  if (odd !== undefined)
    throw new RangeError(`readTrajectory: atoms has ${inspect(odd)}: give whole numbers from 0`);
}
