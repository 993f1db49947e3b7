/**
 * asinh, acosh and atanh as logarithms of 1 + u, with u in two parts: at most 0.51 ulp off.
 */
import { f64, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, copysign, div, eq, gt, le, lt, mul, select, sqrt, sub } from "./arithmetic.js";
import {
  exactProduct,
  exactSum,
  orderedSum,
  quotient,
  sumOf,
  type DoubleDouble,
} from "./double-double.js";
import { ln2, log2Parts, timesConstant } from "./log2.js";
import type { MathOptions } from "./options.js";

/** Below it, the terms after x are below 0.05 ulp. */
const tiny = 2 ** -28;
/** Beyond it, asinh x and acosh x are ln 2x to less than 2^-57. */
const huge = 2 ** 28;

/** ln(x + √(x² + 1)), the argument as 1 + (x + x² / (1 + √(x² + 1))). */
export function asinh(e: Emitter, x: Expr, options: MathOptions): Expr {
  const size = e.bind("size", abs(x));
  const isHuge = e.bind("isHuge", gt(size, huge));
  const inside = e.bind("inside", select(isHuge, 1, select(lt(size, tiny), tiny, size)));
  const square = exactProduct(e, inside, inside);
  const root = rootOf(e, sumOf(e, square, whole(f64(1))));
  const rest = quotient(e, square, sumOf(e, root, whole(f64(1))));
  const value = lnOfGrown(e, sumOf(e, rest, whole(inside)), size, isHuge, options);
  return select(lt(size, tiny), x, copysign(value, x));
}

/** ln(x + √(x² − 1)), the argument as 1 + (t + √(t (t + 2))) for t = x − 1. */
export function acosh(e: Emitter, x: Expr, options: MathOptions): Expr {
  const isHuge = e.bind("isHuge", gt(x, huge));
  const inside = e.bind("inside", select(isHuge, 2, select(gt(x, 1), x, 2)));
  const t = e.bind("t", sub(inside, 1));
  const more = exactSum(e, inside, 1);
  const product = exactProduct(e, t, more.high);
  const root = rootOf(
    e,
    orderedSum(e, product.high, e.bind("low", add(product.low, mul(t, more.low)))),
  );
  const value = lnOfGrown(e, sumOf(e, root, whole(t)), x, isHuge, options);
  return select(gt(x, 1), value, select(eq(x, 1), 0, NaN));
}

/** ½ ln(1 + 2x / (1 − x)). */
export function atanh(e: Emitter, x: Expr, options: MathOptions): Expr {
  const size = e.bind("size", abs(x));
  const isInside = e.bind("isInside", lt(size, 1));
  const inside = e.bind("inside", select(isInside, select(lt(size, tiny), tiny, size), 0.5));
  const less = orderedSum(e, 1, e.bind("less", sub(0, inside)));
  const grown = quotient(e, whole(e.bind("twice", add(inside, inside))), less);
  const value = mul(lnOfGrown(e, grown, f64(1), eq(size, 2), options), 0.5);
  const bounded = select(isInside, value, select(le(size, 1), Infinity, NaN));
  return select(lt(size, tiny), x, copysign(bounded, x));
}

/** ln(1 + u), or ln 2x where x is huge. */
function lnOfGrown(e: Emitter, u: DoubleDouble, x: Expr, isHuge: Expr, options: MathOptions): Expr {
  const sum = exactSum(e, u.high, 1);
  const isFinite = lt(x, Infinity);
  const high = e.bind("high", select(isHuge, select(isFinite, x, 1), sum.high));
  const low = e.bind("low", select(isHuge, 0, add(sum.low, u.low)));
  const parts = log2Parts(e, high, low, options);
  const doubled = e.bind("doubled", add(parts.high, select(isHuge, 1, 0)));
  const value = timesConstant(e, { high: doubled, low: parts.low }, ln2);
  return e.bind("ln", select(eq(x, Infinity), Infinity, add(value.high, value.low)));
}

/** The square root of a sum of two. */
function rootOf(e: Emitter, { high, low }: DoubleDouble): DoubleDouble {
  const root = e.bind("root", sqrt(high));
  const square = exactProduct(e, root, root);
  const off = add(sub(sub(high, square.high), square.low), low);
  return orderedSum(e, root, e.bind("off", div(off, add(root, root))));
}

function whole(high: Expr): DoubleDouble {
  return { high, low: f64(0) };
}
