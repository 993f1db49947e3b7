/**
 * Bodies as a user has them, and as kernels want them: positions and velocities of shape [n, 3] come
 * in, one column a coordinate goes out. Refuses what isn't finite, so that nothing behind this has to
 * think of it.
 */
import { inspect } from "node:util";
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";

/** Numbers of shape [n, 3]: an NDArray or its like, or rows of three numbers. */
export type Vectors =
  | ArrayLike<ArrayLike<number>>
  | {
      readonly data: ArrayLike<number>;
      readonly shape: readonly number[];
      readonly strides?: readonly number[];
      readonly offset?: number;
    };

/** Numbers of shape [n]: an NDArray or its like, a typed array or a list. */
export type Scalars =
  | ArrayLike<number>
  | {
      readonly data: ArrayLike<number>;
      readonly shape: readonly number[];
      readonly strides?: readonly number[];
      readonly offset?: number;
    };

/** Where bodies are and what they weigh. Units are yours: `G` says which. */
export interface MassPoints {
  /** Shape [n, 3]. */
  readonly positions: Vectors;
  /** Shape [n]. A mass may be 0: such a body is pulled and doesn't pull. */
  readonly masses: Scalars;
}

/** Bodies that move. What `plummer` and its like make, and what the integrators take. */
export interface MovingPoints extends MassPoints {
  /** Shape [n, 3]. */
  readonly velocities: Vectors;
}

/** Bodies in hotcell's own memory, as functions return them. */
export interface Bodies extends MovingPoints {
  /** Shape [n, 3]. */
  readonly positions: NDArray<"float64">;
  /** Shape [n, 3]. */
  readonly velocities: NDArray<"float64">;
  /** Shape [n]. */
  readonly masses: NDArray<"float64">;
}

/** One array a coordinate, in shared memory: what SIMD lanes read side by side. */
export interface Columns {
  readonly x: NDArray<"float64">;
  readonly y: NDArray<"float64">;
  readonly z: NDArray<"float64">;
}

/** Where bodies are and what they weigh, for kernels. */
export interface PointColumns extends Columns {
  readonly m: NDArray<"float64">;
}

/** Reads positions and masses. `call` is who asks, for errors. */
export function pointColumns(bodies: MassPoints, call: string): PointColumns {
  if (typeof bodies !== "object" || (bodies as unknown) === null)
    throw new TypeError(
      `${call} got ${inspect(bodies)}: give bodies, { positions, masses }, such as plummer(1000) makes`,
    );
  const m = scalars(bodies.masses, `${call}: masses`);
  return { ...vectorColumns(bodies.positions, m.length, `${call}: positions`), m };
}

/** Reads the velocities of `n` bodies. */
export function velocityColumns(bodies: MovingPoints, n: number, call: string): Columns {
  return vectorColumns(bodies.velocities, n, `${call}: velocities`);
}

/** Columns for three numbers a body, all 0. */
export function zeroColumns(n: number): Columns {
  return { x: zeros(n), y: zeros(n), z: zeros(n) };
}

/** Three columns as one array of shape [n, 3], or into a part of an array from row `first` on. */
export function joinColumns(
  columns: Columns,
  into = zeros([columns.x.length, 3]),
  first = 0,
): NDArray<"float64"> {
  const { data } = into;
  const [x, y, z] = [columns.x.data, columns.y.data, columns.z.data];
  for (let i = 0, to = 3 * first; i < x.length; i++) {
    data[to++] = x[i]!;
    data[to++] = y[i]!;
    data[to++] = z[i]!;
  }
  return into;
}

/** Masses as an initial condition is given them: each, or one for all together. */
export function massColumn(
  n: number,
  { masses, totalMass = 1 }: { readonly masses?: Scalars; readonly totalMass?: number },
  call: string,
): NDArray<"float64"> {
  if (masses === undefined) {
    if (!Number.isFinite(totalMass)) throw notFinite(totalMass, `${call}: totalMass`);
    const share = totalMass / n;
    return scalars(new Float64Array(n).fill(share), `${call}: masses`);
  }
  const column = scalars(masses, `${call}: masses`);
  if (column.length === n) return column;
  throw new RangeError(`${call} got ${column.length} masses for ${n} bodies: give one a body`);
}

function vectorColumns(given: Vectors, n: number, what: string): Columns {
  const { data, shape, offset, strides } = layout(given, 2, what);
  if (shape[0] !== n)
    throw new RangeError(`${what} are ${shape[0]!}, masses ${n}: give one of each a body`);
  if (n > 0 && shape[1] !== 3)
    throw new RangeError(
      `${what} have ${shape[1]!} numbers each: give three, with z = 0 for what happens in a plane`,
    );
  const columns = zeroColumns(n);
  [columns.x, columns.y, columns.z].forEach((column, axis) => {
    const bad = copy(data, offset + axis * strides[1]!, strides[0]!, column.data);
    if (bad >= 0)
      throw notFinite(
        data[offset + bad * strides[0]! + axis * strides[1]!],
        `${what}[${bad}][${axis}]`,
      );
  });
  return columns;
}

function scalars(given: Scalars, what: string): NDArray<"float64"> {
  const { data, shape, offset, strides } = layout(given, 1, what);
  const column = zeros(shape[0]!);
  const masses = column.data;
  const bad = copy(data, offset, strides[0]!, masses);
  if (bad >= 0) throw notFinite(data[offset + bad * strides[0]!], `${what}[${bad}]`);
  for (let i = 0; i < masses.length; i++) {
    const mass = masses[i]!;
    if (mass < 0) throw new RangeError(`${what}[${i}] is ${mass}: give masses of at least 0`);
  }
  return column;
}

/** Copies numbers; returns the index of the first that isn't one or isn't finite, or −1. */
function copy(data: ArrayLike<unknown>, from: number, step: number, into: Float64Array): number {
  const { length } = into;
  // a place that is counted on is an integer to V8, a product isn't
  for (let i = 0, at = from; i < length; i++, at += step) {
    const value = data[at];
    if (typeof value !== "number" || value - value !== 0) return i;
    into[i] = value;
  }
  return -1;
}

function notFinite(value: unknown, what: string): RangeError {
  return new RangeError(`${what} is ${inspect(value)}: give finite numbers`);
}

/** Where numbers of so many axes stand, however they are given. */
interface Layout {
  readonly data: ArrayLike<unknown>;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly strides: readonly number[];
}

function layout(given: Vectors | Scalars, rank: 1 | 2, what: string): Layout {
  const wanted = rank === 1 ? "a list or an array of shape [n]" : "an array of shape [n, 3]";
  if (typeof given !== "object" || (given as unknown) === null)
    throw new TypeError(`${what} are ${inspect(given)}: give ${wanted}`);
  if ("data" in given) {
    const { data, shape, offset = 0 } = given;
    if (shape.length !== rank)
      throw new RangeError(`${what} have the shape [${shape.join(", ")}]: give ${wanted}`);
    return { data, shape, offset, strides: given.strides ?? (rank === 1 ? [1] : [shape[1]!, 1]) };
  }
  if (!("length" in given)) throw new TypeError(`${what} are ${inspect(given)}: give ${wanted}`);
  if (rank === 1) return { data: given, shape: [given.length], offset: 0, strides: [1] };
  return rows(given as ArrayLike<ArrayLike<number>>, what);
}

function rows(given: ArrayLike<ArrayLike<number>>, what: string): Layout {
  const data: unknown[] = [];
  for (let i = 0; i < given.length; i++) {
    const row = given[i] as ArrayLike<unknown> | null | undefined;
    if (typeof row !== "object" || row?.length !== 3)
      throw new RangeError(`${what}[${i}] is ${inspect(row)}: give three numbers a body`);
    data.push(row[0], row[1], row[2]);
  }
  return { data, shape: [given.length, 3], offset: 0, strides: [3, 1] };
}
