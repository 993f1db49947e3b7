/** How an array that a kernel makes lies in memory, for any backend: row after row, without gaps. */
import { itemSize } from "../../dtype.js";
import { f64, get, i32, operate } from "../build.js";
import type { Allocate, Expr, SetLocal } from "../ir.js";

/** The bytes to ask for, an f64, and what sets the array's lengths and strides once they are there. */
export function rowMajor({ array, lengths }: Allocate): {
  readonly bytes: Expr;
  readonly sets: readonly SetLocal[];
} {
  const { shape, strides } = array;
  const bytes = lengths.reduce<Expr>(
    (product, length) => operate("f64.mul", product, length),
    f64(itemSize(array.array.dtype)),
  );
  const sets: SetLocal[] = lengths.map((length, axis) => ({
    op: "set",
    local: shape[axis]!,
    value: operate("i32.trunc_sat_f64_s", length),
  }));
  let stride: Expr = i32(1);
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    sets.push({ op: "set", local: strides[axis]!, value: stride });
    stride = operate("i32.mul", get(strides[axis]!), get(shape[axis]!));
  }
  return { bytes, sets };
}
