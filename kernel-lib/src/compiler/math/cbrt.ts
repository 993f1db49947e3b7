/**
 * The cube root, at most 0.67 ulp off: a third of the exponent as a first guess, a polynomial to 23
 * bits, and one step of Newton's. After FreeBSD's s_cbrt.c (SunPro 1993, B. Evans 2003).
 */
import { i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, and, copysign, div, gt, lt, mul, select, sub } from "./arithmetic.js";
import type { MathOptions } from "./options.js";
import { polynomial } from "./polynomial.js";

/** 1 / cbrt(r) for r = t³ / x within 2^-5 of 1: to 2^-23.5. */
const series = [
  1.87595182427177009643, -1.88497979543377169875, 1.62142972010535446614, -0.758397934778766047437,
  0.145996192886612446982,
];
/** (1023 − 1023 / 3 − 0.03306235651) · 2^20, and the same less 54 / 3 for numbers that were scaled by 2^54. */
const [bias, subnormalBias] = [715094163n, 696219795n];

export function cbrt(e: Emitter, x: Expr, options: MathOptions): Expr {
  const size = e.bind("size", abs(x));
  const isSubnormal = e.bind("isSubnormal", lt(size, 2 ** -1022));
  const normal = select(isSubnormal, mul(size, 2 ** 54), size);
  const top = operate("i64.shr_u", operate("i64.reinterpret_f64", normal), i64(32n));
  // a third, by a product with 2^32 / 3
  const third = operate("i64.shr_u", operate("i64.mul_u32", top, i64(0x55555556n)), i64(32n));
  const guessed = operate(
    "i64.add",
    third,
    operate("i64.select", isSubnormal, i64(subnormalBias), i64(bias)),
  );
  const guess = e.bind(
    "guess",
    operate("f64.reinterpret_i64", operate("i64.shl", guessed, i64(32n))),
  );
  const r = e.bind("r", mul(mul(guess, guess), div(guess, size)));
  const near = operate("i64.reinterpret_f64", mul(guess, polynomial(e, r, series, options)));
  // to 23 bits, so that its square is exact
  const rounded = operate("i64.and", operate("i64.add", near, i64(0x80000000n)), i64(-0x40000000n));
  const t = e.bind("t", operate("f64.reinterpret_i64", rounded));
  const ratio = e.bind("ratio", div(size, mul(t, t)));
  const root = add(t, mul(t, div(sub(ratio, t), add(add(t, t), ratio))));
  const isPlain = and(gt(size, 0), lt(size, Infinity));
  return select(isPlain, copysign(root, x), x);
}
