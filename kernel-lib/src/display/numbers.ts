/**
 * Arrays of numbers as users have them: lists, lists of lists, typed arrays, NDArrays of any strides,
 * lists of those. How they are laid out comes out, or a copy; what isn't a number is refused here.
 */
import { FigureError } from "../errors.js";
import type { FloatArray } from "../figure/binary.js";
import { quoted } from "./quoted.js";

/** An n-dimensional array such as hotcell's NDArray: flat data, and how they are laid out. */
export interface StridedArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  /** Elements from one index to the next, an entry an axis; default: the last axis is contiguous. */
  readonly strides?: readonly number[];
  /** Where the first element stands in `data`; default 0. */
  readonly offset?: number;
}

/** A list of numbers in any of its forms. */
export type Numbers = ArrayLike<number> | StridedArray;

/** A typed array of numbers. */
interface Typed extends ArrayLike<number> {
  subarray(from: number, to: number): ArrayLike<number>;
}

/** An n-dimensional array of numbers within flat data, none of its axes empty. */
export interface Layout {
  readonly data: Typed;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/**
 * The numbers in `value`; `place` is its name in errors, such as `animate: positions`. Where nothing is
 * nested the data are the user's own.
 */
export function layoutOf(value: unknown, place: string): Layout {
  if (typeof value !== "object" || value === null) throw notNumbers(place, value);
  if ("data" in value && "shape" in value) return strided(value as StridedArray, place);
  const { length } = value as { length?: unknown };
  if (typeof length !== "number") throw notNumbers(place, value);
  if (length === 0) throw new FigureError(`${place} is empty`);
  const list = value as ArrayLike<unknown>;
  if (typeof list[0] === "object") return nested(list, place);
  return contiguous(typed(list, place), [length]);
}

/** The numbers of a one-dimensional array: a copy, in single precision if they are. */
export function numbersOf(value: unknown, place: string): FloatArray {
  const layout = layoutOf(value, place);
  if (layout.shape.length === 1) return packed(layout);
  throw new FigureError(
    `${place} has the shape [${layout.shape.join(", ")}]: give one row or column of it, such as .slice(…)`,
  );
}

/** A copy of all numbers, last axis fastest, in single precision if they are. */
export function packed(layout: Layout): FloatArray {
  const size = sizeOf(layout);
  const isFloat32 = layout.data instanceof Float32Array;
  const target = isFloat32 ? new Float32Array(size) : new Float64Array(size);
  copy(layout, target, 0);
  return target;
}

/** How many numbers there are. */
export function sizeOf({ shape }: Layout): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** The index of an element in the data. */
export function indexOf({ strides, offset }: Layout, ...indices: readonly number[]): number {
  return indices.reduce((sum, index, axis) => sum + index * strides[axis]!, offset);
}

function notNumbers(place: string, value: unknown): FigureError {
  return new FigureError(`${place} is ${quoted(value)}, not an array of numbers`);
}

/** A typed array as it is, or one made of a list, whose elements aren't trusted to be numbers. */
function typed(list: ArrayLike<unknown>, place: string): Typed {
  if (ArrayBuffer.isView(list) && typeof list[0] === "number") return list as unknown as Typed;
  const data = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== "number") {
      throw new FigureError(`${place}[${i}] is ${quoted(value)}, not a number`);
    }
    data[i] = value;
  }
  return data;
}

function contiguous(data: Typed, shape: readonly number[]): Layout {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return { data, shape, strides, offset: 0 };
}

function strided(array: StridedArray, place: string): Layout {
  const { shape, offset = 0 } = array;
  if (shape.some((length) => length === 0)) throw new FigureError(`${place} is empty`);
  const whole = contiguous(typed(array.data, `${place}.data`), shape);
  const layout = { ...whole, strides: array.strides ?? whole.strides, offset };
  const far = (sign: number) =>
    shape.reduce((index, length, axis) => {
      const reach = (length - 1) * layout.strides[axis]!;
      return index + (reach * sign > 0 ? reach : 0);
    }, offset);
  const { length } = layout.data;
  if (far(-1) >= 0 && far(1) < length) return layout;
  throw new FigureError(
    `${place} has ${length} numbers in its data, too few for the shape [${shape.join(", ")}]`,
  );
}

function nested(list: ArrayLike<unknown>, place: string): Layout {
  const first = layoutOf(list[0], `${place}[0]`);
  const size = sizeOf(first);
  const target = new Float64Array(list.length * size);
  for (let i = 0; i < list.length; i++) {
    const part = i === 0 ? first : layoutOf(list[i], `${place}[${i}]`);
    if (part.shape.join() !== first.shape.join()) {
      const [found, wanted] = [part, first].map(extentText);
      throw new FigureError(`${place}[${i}] has ${found!}, but the first has ${wanted!}`);
    }
    copy(part, target, i * size);
  }
  return contiguous(target, [list.length, ...first.shape]);
}

function extentText({ shape }: Layout): string {
  return shape.length === 1 ? `${shape[0]!} values` : `the shape [${shape.join(", ")}]`;
}

/** Copies an array's elements, last axis fastest. */
function copy({ data, shape, strides, offset }: Layout, target: FloatArray, start: number): void {
  const last = shape.length - 1;
  let to = start;
  const walk = (axis: number, index: number): void => {
    const length = shape[axis]!;
    const stride = strides[axis]!;
    if (axis < last) {
      for (let i = 0; i < length; i++) walk(axis + 1, index + i * stride);
    } else if (stride === 1) {
      target.set(data.subarray(index, index + length), to);
      to += length;
    } else {
      for (let i = 0; i < length; i++) target[to++] = data[index + i * stride]!;
    }
  };
  walk(0, offset);
}
