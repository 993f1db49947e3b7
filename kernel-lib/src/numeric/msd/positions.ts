/**
 * Trajectories as a user has them become batches of rows that kernels read: numbers of any layout and
 * type come in, contiguous [particle, frame, axis] stretches of float64 go out, without a copy where
 * they lie so already. Knows shapes and axes, nothing of displacements.
 */
import { zeros } from "../../runtime/arrays.js";
import { NDArray } from "../../runtime/ndarray.js";

/** An n-dimensional array such as hotcell's NDArray: flat data, and how they are laid out. */
export interface Strided {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  /** Elements from one index to the next, an entry an axis; default: the last axis is contiguous. */
  readonly strides?: readonly number[];
  /** Where the first element stands in `data`; default 0. */
  readonly offset?: number;
}

/** Trajectories: an array of the shape [nParticles, nFrames, d], or lists `[particle][frame][axis]`. */
export type Positions = Strided | readonly (readonly (readonly number[])[])[];

const LETTERS = "xyz";

/** The axes that a displacement is measured along. */
export type MsdType = "x" | "y" | "z" | "xy" | "xz" | "yz" | "xyz";

/** Trajectories with a known shape. */
export class Trajectories {
  readonly particles: number;
  readonly frames: number;
  /** Coordinates there are in the data. */
  readonly axes: number;
  readonly #source: Required<Strided>;

  /** @throws RangeError, TypeError where they aren't [nParticles, nFrames, 1 to 3] numbers. */
  constructor(positions: Positions, caller: string) {
    this.#source = strided(positions, caller);
    const [particles, frames, axes] = this.#source.shape as [number, number, number];
    [this.particles, this.frames, this.axes] = [particles, frames, axes];
  }

  /** One number. */
  at(particle: number, frame: number, axis: number): number {
    const { data, strides, offset } = this.#source;
    return data[offset + particle * strides[0]! + frame * strides[1]! + axis * strides[2]!]!;
  }

  /** The particles from `first` on, at most `count`, along some axes: [particle, frame, axis]. */
  rows(first: number, count: number, along: readonly number[]): NDArray<"float64"> {
    const n = Math.min(count, this.particles - first);
    const { frames, axes } = this;
    const { data, strides, offset } = this.#source;
    const isWhole = along.length === axes && along.every((axis, i) => axis === i);
    const begin = offset + first * strides[0]!;
    if (isWhole && data instanceof Float64Array && isPacked(strides, frames, axes)) {
      const part = data.subarray(begin, begin + n * frames * axes);
      return new NDArray("float64", part, [n, frames, axes]);
    }
    const made = zeros([n, frames, along.length]);
    let next = 0;
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < frames; k++) {
        const place = begin + i * strides[0]! + k * strides[1]!;
        for (const axis of along) made.data[next++] = data[place + axis * strides[2]!]!;
      }
    }
    return made;
  }

  /** Where the first number stands that is none, or infinite; undefined if all are finite. */
  firstOdd(
    along: readonly number[],
  ): readonly [particle: number, frame: number, axis: number] | undefined {
    for (let i = 0; i < this.particles; i++) {
      for (let k = 0; k < this.frames; k++) {
        for (const axis of along) if (!Number.isFinite(this.at(i, k, axis))) return [i, k, axis];
      }
    }
    return undefined;
  }
}

/** The numbers of the axes that letters name, for data that have so many. */
export function axesOf(type: MsdType | undefined, axes: number): readonly number[] {
  const there = LETTERS.slice(0, axes);
  const letters: unknown = type ?? there;
  const isKnown = typeof letters === "string" && letters !== "" && /^x?y?z?$/.test(letters);
  const along = [0, 1, 2].filter((axis) => isKnown && letters.includes(LETTERS[axis]!));
  if (isKnown && along.every((axis) => axis < axes)) return along;
  throw new RangeError(
    `msd: msdType is ${JSON.stringify(type)}: give some of the letters ${there}, in that order, as the ` +
      `positions have ${axes === 1 ? "one coordinate" : `${axes} coordinates`}`,
  );
}

function isPacked(strides: readonly number[], frames: number, axes: number): boolean {
  return strides[2] === 1 && strides[1] === axes && strides[0] === frames * axes;
}

function strided(positions: unknown, caller: string): Required<Strided> {
  if (typeof positions === "object" && positions !== null && "data" in positions)
    return laidOut(positions as Strided, caller);
  if (!Array.isArray(positions))
    throw new TypeError(
      `${caller}: positions are ${String(positions)}: give an array of the shape [nParticles, nFrames, d]`,
    );
  return nested(positions, caller);
}

function laidOut({ data, shape, strides, offset = 0 }: Strided, caller: string): Required<Strided> {
  const [particles = 0, frames = 0, axes = 0] = shape;
  if (shape.length !== 3 || particles < 1 || frames < 1 || axes < 1 || axes > 3)
    throw new RangeError(
      `${caller}: positions have the shape [${shape.join(", ")}]: give [nParticles, nFrames, d] with d = 1, ` +
        `2 or 3; reshape(1, nFrames, d) makes it of a single particle`,
    );
  const steps = strides ?? [frames * axes, axes, 1];
  const last =
    offset + (particles - 1) * steps[0]! + (frames - 1) * steps[1]! + (axes - 1) * steps[2]!;
  if (data.length <= last)
    throw new RangeError(
      `${caller}: positions of the shape [${shape.join(", ")}] have only ${data.length} numbers`,
    );
  return { data, shape, strides: steps, offset };
}

function nested(positions: readonly unknown[], caller: string): Required<Strided> {
  const depth = (value: unknown): number[] =>
    Array.isArray(value) ? [value.length, ...depth(value[0])] : [];
  const shape = depth(positions);
  if (shape.length !== 3) return laidOut({ data: [], shape }, caller);
  const [, frames = 0, axes = 0] = shape;
  const data = new Float64Array(positions.length * frames * axes);
  let next = 0;
  positions.forEach((particle, i) => {
    const steps = listOf(particle, frames, `positions[${i}]`, caller);
    steps.forEach((point, k) => {
      for (const value of listOf(point, axes, `positions[${i}][${k}]`, caller)) {
        if (typeof value !== "number")
          throw new TypeError(
            `${caller}: positions[${i}][${k}] has ${String(value)}: give numbers`,
          );
        data[next++] = value;
      }
    });
  });
  return laidOut({ data, shape }, caller);
}

function listOf(value: unknown, length: number, place: string, caller: string): readonly unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  const found = Array.isArray(value) ? `has length ${value.length}` : "is no list";
  throw new RangeError(`${caller}: ${place} ${found}, the first of its kind has length ${length}`);
}
