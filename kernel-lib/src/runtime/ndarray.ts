/**
 * A dense array of numbers with a shape, over shared memory: workers that get one see and write
 * the same numbers as the caller. Indexing and views only; arithmetic is the user's loop.
 */
import { type DType, type DTypeArrays } from "../dtype.js";

/** What `slice` takes for one axis: `[from, to)`, `undefined` for all of it, or one index. */
export type SliceRange = readonly [from: number, to?: number] | number | undefined;

/**
 * An n-dimensional array of numbers in shared memory, row-major when new.
 *
 * Make one with `zeros`, `array`, `linspace` …. Inside `pool.map` it is not copied: what a worker
 * writes, the caller sees. Several workers should write to different elements.
 *
 * @example
 * const image = zeros([480, 640]);
 * await pool.map((row) => { for (let x = 0; x < 640; x++) image.set(row * x, row, x); }, arange(480));
 * image.at(2, 3); // 6
 */
export class NDArray<D extends DType = DType> {
  /** The numbers. Element `[i, j]` is `data[offset + i * strides[0] + j * strides[1]]`. */
  readonly data: DTypeArrays[D];
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Step of each axis, in elements of `data` (not in bytes). */
  readonly strides: readonly number[];
  /** Where element `[0, 0, …]` stands in `data`. */
  readonly offset: number;
  readonly dtype: D;

  /** Wraps numbers that exist already; `strides` default to row-major, `offset` to 0. */
  constructor(
    dtype: D,
    data: DTypeArrays[D],
    shape: readonly number[],
    strides: readonly number[] = rowMajor(shape),
    offset = 0,
  ) {
    this.dtype = dtype;
    this.data = data;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** Length of the first axis; with it and `at`, loops read as those over an array. */
  get length(): number {
    return this.shape[0] ?? 1;
  }

  /**
   * The element at these indices, one an axis, each counted from 0.
   *
   * @throws RangeError naming index and shape when an index is outside of its axis.
   * @example zeros([2, 3]).at(1, 2); // 0
   */
  at(...index: number[]): number {
    return this.data[locate(this, index)]!;
  }

  /**
   * Writes one element: the value comes first, then one index an axis.
   *
   * @throws RangeError naming index and shape when an index is outside of its axis.
   * @example zeros([2, 3]).set(7, 1, 2);
   */
  set(value: number, ...index: number[]): void {
    this.data[locate(this, index)] = value;
  }

  /**
   * A part of the array that shares its memory: writes to the one are seen in the other.
   *
   * One entry an axis: `[from, to)` with NumPy's negative indices and clipping, a number to take
   * one index and drop the axis, `undefined` (or nothing at the end) for the whole axis.
   *
   * @throws RangeError for a single index outside of its axis, for a bound that isn't a whole
   * number, or for more ranges than axes.
   * @example
   * const a = arange(12).reshape(3, 4);
   * a.slice(1).toArray();              // [4, 5, 6, 7]
   * a.slice([0, 2], [-2]).toArray();   // [[2, 3], [6, 7]]
   */
  slice(...ranges: SliceRange[]): NDArray<D> {
    if (ranges.length > this.shape.length)
      throw new RangeError(
        `slice got ${ranges.length} ranges for an array of shape [${this.shape.join(", ")}]`,
      );
    const shape: number[] = [];
    const strides: number[] = [];
    let { offset } = this;
    this.shape.forEach((length, axis) => {
      const stride = this.strides[axis]!;
      const range = ranges[axis];
      if (typeof range === "number") {
        const index = range < 0 ? range + length : range;
        if (!Number.isInteger(index) || index < 0 || index >= length)
          throw outside([...ranges.slice(0, axis + 1)].map(String), this.shape);
        offset += index * stride;
        return;
      }
      const [from, to] = [range?.[0] ?? 0, range?.[1] ?? length].map((bound) => {
        if (!Number.isInteger(bound))
          throw new RangeError(
            `slice got the range [${range!.join(", ")}] for axis ${axis}: give whole numbers`,
          );
        return clip(bound, length);
      }) as [number, number];
      offset += from * stride;
      shape.push(Math.max(0, to - from));
      strides.push(stride);
    });
    return new NDArray(this.dtype, this.data, shape, strides, offset);
  }

  /**
   * The same numbers under another shape, sharing memory where this array is row-major.
   *
   * @throws RangeError when the sizes differ, a length isn't a whole number of at least 0, or the array is a view with gaps.
   * @example arange(6).reshape(2, 3).at(1, 0); // 3
   */
  reshape(...shape: number[]): NDArray<D> {
    const size = checkLengths(shape).reduce((product, length) => product * length, 1);
    if (size !== this.size)
      throw new RangeError(
        `an array of shape [${this.shape.join(", ")}] has ${this.size} elements, not the ${size} of [${shape.join(", ")}]`,
      );
    if (!this.contiguous)
      throw new RangeError(`a view with gaps can't be reshaped: copy it with array(a.toArray())`);
    return new NDArray(this.dtype, this.data, shape, rowMajor(shape), this.offset);
  }

  /** Whether the elements stand in `data` one after the other, last axis fastest. */
  get contiguous(): boolean {
    let step = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      const length = this.shape[axis]!;
      if (length !== 1 && this.strides[axis] !== step) return false;
      step *= length;
    }
    return true;
  }

  /** Nested arrays of plain numbers, or one number if the array has no axis. */
  toArray(): NestedNumbers {
    const nested = (axis: number, start: number): NestedNumbers => {
      const length = this.shape[axis];
      if (length === undefined) return this.data[start]!;
      return Array.from({ length }, (_, i) => nested(axis + 1, start + i * this.strides[axis]!));
    };
    return nested(0, this.offset);
  }

  /** All elements, last axis fastest: an array of one axis can be mapped over. */
  *[Symbol.iterator](): IterableIterator<number> {
    const { data, shape, strides } = this;
    function* walk(axis: number, start: number): IterableIterator<number> {
      const length = shape[axis];
      if (length === undefined) yield data[start]!;
      else for (let i = 0; i < length; i++) yield* walk(axis + 1, start + i * strides[axis]!);
    }
    if (this.contiguous) yield* data.subarray(this.offset, this.offset + this.size);
    else yield* walk(0, this.offset);
  }
}

/** Checks the lengths of the axes of an array to be made. */
export function checkLengths(shape: readonly number[]): readonly number[] {
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0)
      throw new RangeError(
        `shape [${shape.join(", ")}] has an axis of length ${length}: give whole numbers, 0 or more`,
      );
  }
  return shape;
}

/** Numbers in as many nested arrays as there are axes. */
export type NestedNumbers = number | NestedNumbers[];

// A function and not a private method: an array that comes out of a worker's message has fields only.
function locate({ shape, strides, offset }: NDArray, index: readonly number[]): number {
  if (index.length !== shape.length) throw outside(index.map(String), shape);
  let place = offset;
  for (let axis = 0; axis < shape.length; axis++) {
    const i = index[axis]!;
    if (!(i >= 0 && i < shape[axis]! && Number.isInteger(i)))
      throw outside(index.map(String), shape);
    place += i * strides[axis]!;
  }
  return place;
}

function rowMajor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

function clip(index: number, length: number): number {
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}

function outside(index: readonly string[], shape: readonly number[]): RangeError {
  return new RangeError(
    `index [${index.join(", ")}] is outside of an array of shape [${shape.join(", ")}]: ` +
      `give one whole number an axis, from 0 to its length − 1`,
  );
}
