/** Numbers as a user has them: plain and typed arrays, NDArrays of any strides. One flat array comes out. */
import { FigureError } from "../errors.js";
import type { FloatArray } from "../figure/binary.js";
import type { StridedArray } from "./heatmap.js";
import { quoted } from "./quoted.js";

/** A list of numbers in any of its forms. */
export type Numbers = ArrayLike<number> | StridedArray;

/** The numbers of a one-dimensional array; `place` names it in errors, such as `plot: y`. */
export function numbersOf(value: unknown, place: string): FloatArray {
  if (typeof value !== "object" || value === null) throw notNumbers(value, place);
  const isStrided = "data" in value && "shape" in value;
  const { data, shape, strides, offset = 0 } = isStrided ? (value as StridedArray) : plain(value);
  if (shape.length !== 1) {
    throw new FigureError(
      `${place} has the shape [${shape.join(", ")}]: give one row or column of it, such as .slice(…)`,
    );
  }
  const [length] = shape;
  if (typeof length !== "number") throw notNumbers(value, place);
  const copy = data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  const stride = strides?.[0] ?? 1;
  for (let i = 0; i < length; i++) {
    const number: unknown = data[offset + i * stride];
    if (typeof number !== "number") {
      throw new FigureError(`${place}[${i}] is ${quoted(number)}, not a number`);
    }
    copy[i] = number;
  }
  return copy;
}

function plain(value: object): StridedArray {
  const { length } = value as { length?: number };
  return { data: value as ArrayLike<number>, shape: [length!] };
}

function notNumbers(value: unknown, place: string): FigureError {
  return new FigureError(`${place} is ${quoted(value)}, not an array of numbers`);
}
