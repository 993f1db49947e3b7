/**
 * Makes arrays in shared memory, with the names and rules of NumPy. Shapes and numbers come in,
 * an `NDArray` goes out.
 */
import { checkDType, type DType, itemSize, view } from "../dtype.js";
import type { BigTypedArray, TypedArray } from "./array-work.js";
import { intrinsic } from "./intrinsics.js";
import { allocate } from "./memory.js";
import { checkLengths, NDArray, type NestedNumbers } from "./ndarray.js";

/** The length of an array of one axis, or the lengths of all axes. */
export type Shape = number | readonly number[];

/**
 * An array of zeros in shared memory.
 *
 * @param shape Length of each axis; a number makes an array of one axis.
 * @param dtype Type of the numbers, `"float64"` unless given.
 * @throws RangeError when the shape isn't made of whole numbers or the memory can't be had.
 * @example
 * const counts = zeros([100, 100], "int32");
 */
export function zeros<D extends DType = "float64">(shape: Shape, dtype?: D): NDArray<D>;
export function zeros(shape: Shape, dtype: DType = "float64"): NDArray {
  checkDType(dtype);
  const lengths = checkLengths(typeof shape === "number" ? [shape] : [...shape]);
  const size = lengths.reduce((product, length) => product * length, 1);
  const { buffer, byteOffset } = allocate(size * itemSize(dtype));
  return new NDArray(dtype, view(dtype, buffer, byteOffset, size), lengths);
}

/**
 * An array whose numbers will all be written before they are read. They are zeros today; say
 * `zeros` if you rely on that.
 *
 * @example
 * const forces = empty([1000, 3]);
 */
export function empty<D extends DType = "float64">(shape: Shape, dtype?: D): NDArray<D> {
  return zeros(shape, dtype);
}

/**
 * An array of one repeated number.
 *
 * @throws RangeError when an integer dtype can't hold the number.
 * @example
 * full([2, 2], Infinity).toArray(); // [[Infinity, Infinity], [Infinity, Infinity]]
 */
export function full<D extends DType = "float64">(
  shape: Shape,
  value: number,
  dtype?: D,
): NDArray<D> {
  const made = zeros(shape, dtype);
  if (made.size > 0) store(made, 0, value);
  made.data.fill(value);
  return made;
}

/**
 * A copy of numbers in shared memory: of nested arrays, a typed array or another array.
 *
 * @param dtype Type of the numbers, `"float64"` unless given.
 * @throws RangeError when the nested arrays are ragged, or an integer dtype can't hold a number.
 * @example
 * array([[1, 2, 3], [4, 5, 6]]).shape; // [2, 3]
 */
export function array<D extends DType = "float64">(
  values: NestedNumbers | ArrayLike<number> | NDArray,
  dtype?: D,
): NDArray<D> {
  const nested: unknown = values instanceof NDArray ? values.toArray() : values;
  const shape: number[] = [];
  for (let part = nested; isList(part); part = part[0]) {
    shape.push(part.length);
    if (part.length === 0) break;
  }
  const made = zeros(shape, dtype);
  let next = 0;
  const copy = (part: unknown, axis: number, path: string): void => {
    if (axis === shape.length) {
      if (typeof part !== "number")
        throw new TypeError(
          `element ${path} is ${isList(part) ? "a list" : String(part)}: give numbers`,
        );
      store(made, next++, part);
      return;
    }
    const length = isList(part) ? part.length : undefined;
    if (!isList(part) || length !== shape[axis])
      throw new RangeError(
        `element ${path} has ${length === undefined ? "no length" : `length ${length}`} where the ` +
          `first of its kind has length ${shape[axis]!}: all parts of an array must be equally long`,
      );
    for (let i = 0; i < part.length; i++) copy(part[i], axis + 1, `${path}[${i}]`);
  };
  copy(nested, 0, "");
  return made;
}

/**
 * Evenly spaced numbers from `start` up to but without `stop`: `start + i * step`.
 *
 * There are ⌈(stop − start)/step⌉ of them. A quotient that misses a whole number by no more than
 * the rounding of `start` and `stop` counts as that whole number, so `arange(1, 1.3, 0.1)` has three
 * elements and doesn't reach 1.3. Use `linspace` when the number of elements matters most.
 *
 * @param stop Where to end; with one argument the start is 0.
 * @param step Distance of neighbours, 1 unless given; may be negative.
 * @throws RangeError when the step is 0 or an argument isn't finite.
 * @example
 * arange(4).toArray();            // [0, 1, 2, 3]
 * arange(0, 1, 0.25).toArray();   // [0, 0.25, 0.5, 0.75]
 */
export function arange(stop: number): NDArray<"float64">;
export function arange<D extends DType = "float64">(
  start: number,
  stop: number,
  step?: number,
  dtype?: D,
): NDArray<D>;
export function arange(first: number, second?: number, step = 1, dtype?: DType): NDArray {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (![start, stop, step].every(Number.isFinite) || step === 0)
    throw new RangeError(
      `arange(${start}, ${stop}, ${step}) has no end: give finite numbers and a step other than 0`,
    );
  const quotient = (stop - start) / step;
  const nearest = Math.round(quotient);
  const rounding = (2 * Number.EPSILON * (Math.abs(start) + Math.abs(stop))) / Math.abs(step);
  const length = Math.abs(quotient - nearest) <= rounding ? nearest : Math.ceil(quotient);
  const made = zeros(Math.max(0, length), dtype);
  for (let i = 0; i < made.size; i++) store(made, i, start + i * step);
  return made;
}

/**
 * `num` evenly spaced numbers from `start` to `stop`, both included.
 *
 * @param num How many, 50 unless given. The last is exactly `stop`.
 * @throws RangeError when `num` isn't a whole number of at least 0.
 * @example
 * linspace(0, 1, 5).toArray(); // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, stop: number, num = 50): NDArray<"float64"> {
  const made = zeros(num);
  const step = num > 1 ? (stop - start) / (num - 1) : 0;
  for (let i = 1; i < num - 1; i++) made.data[i] = start + i * step;
  if (num > 1) made.data[num - 1] = stop;
  if (num > 0) made.data[0] = start;
  return made;
}

/**
 * `num` numbers from `base ** start` to `base ** stop`, both included, evenly spaced on a log scale.
 *
 * @param num How many, 50 unless given.
 * @param base 10 unless given.
 * @example
 * logspace(0, 3, 4).toArray(); // [1, 10, 100, 1000]
 */
export function logspace(start: number, stop: number, num = 50, base = 10): NDArray<"float64"> {
  const made = linspace(start, stop, num);
  for (let i = 0; i < num; i++) made.data[i] = base ** made.data[i]!;
  return made;
}

/**
 * The numbers in shared memory: workers get them without a copy, and what they write the caller
 * sees. A typed array keeps its kind, another list becomes a `Float64Array`; what is shared already
 * is returned as it is.
 *
 * @throws RangeError when the memory can't be had.
 * @example
 * const table = shared(new Float32Array(1e6));
 * await pool.map((i) => { table[i] = Math.sqrt(i); }, [0, 1, 2]);
 */
export function shared<A extends TypedArray | BigTypedArray>(values: A): A;
export function shared(values: ArrayLike<number>): Float64Array;
export function shared(
  values: TypedArray | BigTypedArray | ArrayLike<number>,
): TypedArray | BigTypedArray {
  if (!ArrayBuffer.isView(values)) return shared(Float64Array.from(values));
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const source = values as Float64Array;
  const kind = source.constructor as new (
    buffer: SharedArrayBuffer,
    byteOffset: number,
    length: number,
  ) => Float64Array;
  const { buffer, byteOffset } = allocate(source.byteLength);
  const copy = new kind(buffer, byteOffset, source.length);
  copy.set(source);
  return copy;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/** Writes a number; one that an integer dtype can't hold would wrap around in silence. */
function store(made: NDArray, place: number, value: number): void {
  const { data, dtype } = made;
  data[place] = value;
  if (dtype !== "float64" && dtype !== "float32" && data[place] !== value)
    throw new RangeError(`${value} doesn't fit into ${dtype}: give another dtype`);
}

intrinsic("zeros", zeros);
intrinsic("empty", empty);
intrinsic("full", full);
intrinsic("array", array);
intrinsic("arange", arange);
intrinsic("linspace", linspace);
