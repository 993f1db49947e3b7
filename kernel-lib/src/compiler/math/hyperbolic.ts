/**
 * sinh, cosh and tanh out of e^x − 1 in two parts, their quotients in two parts too: at most 0.6 ulp
 * off (4 under fastMath, where those are rounded).
 */
import { f64, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, copysign, div, gt, lt, mul, select } from "./arithmetic.js";
import { quotient, sumOf, type DoubleDouble } from "./double-double.js";
import { expm1Parts, type ScaledParts } from "./expm1.js";
import type { MathOptions } from "./options.js";

/** Below it, the terms after x of sinh and tanh are below 0.05 ulp. */
const tiny = 2 ** -28;

export function sinh(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { grown, scale } = grownBy(e, x, options);
  const more = sumOf(e, grown, whole(scale));
  const ratio = divided(e, grown, more, options);
  // (E + E / (E + 1)) / 2
  const sum = sumOf(e, grown, times(ratio, scale));
  return odd(e, x, div(mul(add(sum.high, sum.low), 0.5), scale));
}

export function cosh(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { grown, scale } = grownBy(e, x, options);
  const power = sumOf(e, grown, whole(scale));
  const inverse = divided(e, whole(scale), power, options);
  const sum = sumOf(e, power, times(inverse, scale));
  return div(mul(add(sum.high, sum.low), 0.5), scale);
}

export function tanh(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { grown } = grownBy(e, e.bind("twice", select(gt(abs(x), 25), 50, mul(x, 2))), options);
  const ratio = divided(e, grown, sumOf(e, grown, whole(f64(2))), options);
  return odd(e, x, add(ratio.high, ratio.low));
}

/** e^|x| − 1, times the scale. */
function grownBy(
  e: Emitter,
  x: Expr,
  options: MathOptions,
): { readonly grown: DoubleDouble; readonly scale: Expr } {
  const size = e.bind("size", abs(x));
  const inside = e.bind("inside", select(gt(size, 711), 711, size));
  const parts: ScaledParts = expm1Parts(e, inside, options);
  return { grown: parts, scale: parts.scale };
}

function whole(high: Expr): DoubleDouble {
  return { high, low: f64(0) };
}

function times({ high, low }: DoubleDouble, by: Expr): DoubleDouble {
  return { high: mul(high, by), low: mul(low, by) };
}

function divided(
  e: Emitter,
  a: DoubleDouble,
  b: DoubleDouble,
  { fastMath }: MathOptions,
): DoubleDouble {
  return fastMath ? whole(e.bind("ratio", div(a.high, b.high))) : quotient(e, a, b);
}

/** The value with the sign of x, or x where that is tiny. */
function odd(e: Emitter, x: Expr, value: Expr): Expr {
  return select(lt(abs(x), tiny), x, copysign(e.bind("value", value), x));
}
