/** The variables of an array: one for each part of its layout. */
import { get, i32, local, operate, type Emitter } from "../build.js";
import type { ArrayLocal, Expr } from "../ir.js";
import type { ArrayValue } from "./value.js";

/** All elements of an array without gaps, by one index. */
export function listOf(e: Emitter, { array, name }: ArrayValue): ArrayLocal {
  const size = array.shape.map(get).reduce<Expr>((a, b) => operate("i32.mul", a, b), i32(1));
  return {
    name: `${name}.data`,
    array: { ...array.array, rank: 1, typed: true },
    base: array.base,
    shape: [e.variable(`${name}.size`, size)],
    strides: [e.variable("stride", i32(1))],
    origin: array.origin,
  };
}

/** An array whose locals are yet to be set. */
export function arrayLocal(
  label: string,
  array: ArrayLocal["array"],
  origin: ArrayLocal["origin"],
): ArrayLocal {
  const axes = (what: string): ArrayLocal["shape"] =>
    Array.from({ length: array.rank }, (_, k) => local(`${label}.${what}${k}`, "i32"));
  return {
    name: label,
    array,
    base: local(`${label}.base`, "i32"),
    shape: axes("shape"),
    strides: axes("stride"),
    origin,
  };
}
