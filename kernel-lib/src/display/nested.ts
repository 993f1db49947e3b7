/**
 * Arrays of numbers as users have them: nested lists, typed arrays, NDArrays of any strides, lists of
 * those. One flat array comes out, and how it is laid out; where nothing is nested it is the user's own.
 */
import { FigureError } from "../errors.js";
import type { StridedArray } from "./heatmap.js";
import { quoted } from "./quoted.js";

/** An n-dimensional array of numbers within flat data. */
export interface Layout {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The numbers in `value`; `place` is its name in errors, such as `animate: positions`. */
export function layoutOf(value: unknown, place: string): Layout {
  if (typeof value !== "object" || value === null) throw notNumbers(place, value);
  if ("data" in value && "shape" in value) return strided(value as StridedArray, place);
  const { length } = value as { length?: unknown };
  if (typeof length !== "number") throw notNumbers(place, value);
  const list = value as ArrayLike<unknown>;
  if (ArrayBuffer.isView(value)) return contiguous(value as unknown as ArrayLike<number>, [length]);
  if (length === 0) throw new FigureError(`${place} is empty`);
  return typeof list[0] === "number" ? flat(list, place) : nested(list, place);
}

/** The index of an element in the data. */
export function indexOf({ strides, offset }: Layout, ...indices: readonly number[]): number {
  return indices.reduce((sum, index, axis) => sum + index * strides[axis]!, offset);
}

function notNumbers(place: string, value: unknown): FigureError {
  return new FigureError(`${place} is ${quoted(value)}, not an array of numbers`);
}

function contiguous(data: ArrayLike<number>, shape: readonly number[]): Layout {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return { data, shape, strides, offset: 0 };
}

function strided(array: StridedArray, place: string): Layout {
  const { data, shape } = array;
  const { strides, offset } = { ...contiguous(data, shape), ...defined(array) };
  const layout = { data, shape, strides, offset };
  if (shape.some((length) => length === 0)) throw new FigureError(`${place} is empty`);
  const far = (sign: number) =>
    shape.reduce((index, length, axis) => {
      const reach = (length - 1) * strides[axis]!;
      return index + (reach * sign > 0 ? reach : 0);
    }, offset);
  if (!(far(-1) >= 0 && far(1) < data.length)) {
    throw new FigureError(
      `${place} has ${data.length} numbers in its data, too few for the shape [${shape.join(", ")}]`,
    );
  }
  return layout;
}

function defined({ strides, offset }: StridedArray): Partial<Layout> {
  return { ...(strides && { strides }), ...(offset !== undefined && { offset }) };
}

function flat(list: ArrayLike<unknown>, place: string): Layout {
  const data = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== "number") {
      throw new FigureError(`${place}[${i}] is ${quoted(value)}, not a number`);
    }
    data[i] = value;
  }
  return contiguous(data, [list.length]);
}

function nested(list: ArrayLike<unknown>, place: string): Layout {
  const first = layoutOf(list[0], `${place}[0]`);
  const size = first.shape.reduce((a, b) => a * b, 1);
  const whole = contiguous(new Float64Array(list.length * size), [list.length, ...first.shape]);
  const target = whole.data as Float64Array;
  for (let i = 0; i < list.length; i++) {
    const part = i === 0 ? first : layoutOf(list[i], `${place}[${i}]`);
    if (part.shape.join() !== first.shape.join()) {
      throw new FigureError(
        `${place}[${i}] has the shape [${part.shape.join(", ")}], but ${place}[0] has [${first.shape.join(", ")}]`,
      );
    }
    copy(part, target, i * size);
  }
  return whole;
}

/** Copies an array's elements, last axis fastest. */
function copy(from: Layout, target: Float64Array, start: number): void {
  let to = start;
  const walk = (axis: number, index: number): void => {
    const length = from.shape[axis]!;
    const stride = from.strides[axis]!;
    for (let i = 0; i < length; i++) {
      if (axis === from.shape.length - 1) target[to++] = from.data[index + i * stride]!;
      else walk(axis + 1, index + i * stride);
    }
  };
  walk(0, from.offset);
}
