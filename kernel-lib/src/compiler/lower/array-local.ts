/** The variables of an array: one for each part of its layout. */
import { local } from "../build.js";
import type { ArrayLocal } from "../ir.js";

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
