/**
 * ToInt32 of JavaScript (ECMA-262, 7.1.6) in operations that every backend has, without branches.
 */
import { f64, operate, type Emitter } from "./build.js";
import type { Expr } from "./ir.js";

/** `value | 0` of an f64: the whole part modulo 2^32, NaN and infinities 0. Every step is exact. */
export function toInt32(e: Emitter, value: Expr): Expr {
  const whole = e.bind("whole", operate("f64.trunc", value));
  const turns = operate("f64.floor", operate("f64.mul", whole, f64(2 ** -32)));
  // for an infinity this is ∞ − ∞ = NaN, whose conversion gives 0
  const unsigned = e.bind(
    "unsigned",
    operate("f64.sub", whole, operate("f64.mul", turns, f64(2 ** 32))),
  );
  const signed = operate(
    "f64.select",
    operate("f64.ge", unsigned, f64(2 ** 31)),
    operate("f64.sub", unsigned, f64(2 ** 32)),
    unsigned,
  );
  return operate("i32.trunc_sat_f64_s", signed);
}
