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
  { x, y, z }: Columns,
  into = zeros([x.length, 3]),
  first = 0,
): NDArray<"float64"> {
  const { data } = into;
  for (let i = 0, to = 3 * first; i < x.length; i++) {
    data[to++] = x.data[i]!;
    data[to++] = y.data[i]!;
    data[to++] = z.data[i]!;
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
    const share = finite(totalMass, `${call}: totalMass`) / n;
    return scalars(new Float64Array(n).fill(share), `${call}: masses`);
  }
  const column = scalars(masses, `${call}: masses`);
  if (column.length === n) return column;
  throw new RangeError(`${call} got ${column.length} masses for ${n} bodies: give one a body`);
}

function vectorColumns(given: Vectors, n: number, what: string): Columns {
  const read = reader(given, 2, what);
  if (read.shape[0] !== n)
    throw new RangeError(`${what} are ${read.shape[0]!}, masses ${n}: give one of each a body`);
  if (n > 0 && read.shape[1] !== 3)
    throw new RangeError(
      `${what} have ${read.shape[1]!} numbers each: give three, with z = 0 for what happens in a plane`,
    );
  const columns = zeroColumns(n);
  [columns.x, columns.y, columns.z].forEach(({ data }, axis) => {
    for (let i = 0; i < n; i++) data[i] = finite(read.at(i, axis), what, i, axis);
  });
  return columns;
}

function scalars(given: Scalars, what: string): NDArray<"float64"> {
  const read = reader(given, 1, what);
  const column = zeros(read.shape[0]!);
  for (let i = 0; i < column.length; i++) {
    const mass = finite(read.at(i, 0), what, i);
    if (mass < 0) throw new RangeError(`${what}[${i}] is ${mass}: give masses of at least 0`);
    column.data[i] = mass;
  }
  return column;
}

function finite(value: unknown, what: string, ...index: number[]): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const place = index.map((i) => `[${i}]`).join("");
  throw new RangeError(`${what}${place} is ${inspect(value)}: give finite numbers`);
}

interface Reader {
  readonly shape: readonly number[];
  at(i: number, axis: number): unknown;
}

/** Reads numbers of so many axes, however they are laid out. */
function reader(given: Vectors | Scalars, rank: 1 | 2, what: string): Reader {
  const wanted = rank === 1 ? "a list or an array of shape [n]" : "an array of shape [n, 3]";
  if (typeof given !== "object" || (given as unknown) === null)
    throw new TypeError(`${what} are ${inspect(given)}: give ${wanted}`);
  if ("data" in given) {
    const { data, shape, offset = 0 } = given;
    if (shape.length !== rank)
      throw new RangeError(`${what} have the shape [${shape.join(", ")}]: give ${wanted}`);
    const [step, stride] = given.strides ?? (rank === 1 ? [1] : [shape[1]!, 1]);
    return { shape, at: (i, axis) => data[offset + i * step! + axis * (stride ?? 0)] };
  }
  if (!("length" in given)) throw new TypeError(`${what} are ${inspect(given)}: give ${wanted}`);
  if (rank === 1) return { shape: [given.length], at: (i) => given[i] };
  return rows(given as ArrayLike<ArrayLike<number>>, what);
}

function rows(given: ArrayLike<ArrayLike<number>>, what: string): Reader {
  for (let i = 0; i < given.length; i++) {
    const row: unknown = given[i];
    if (typeof row !== "object" || row === null || (row as { length?: unknown }).length !== 3)
      throw new RangeError(`${what}[${i}] is ${inspect(row)}: give three numbers a body`);
  }
  return { shape: [given.length, 3], at: (i, axis) => given[i]![axis] };
}
