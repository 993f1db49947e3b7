/**
 * The square root of x² + y², at most 1 ulp off, without overflow on the way. The squares are summed
 * exactly enough for the root to be corrected by what it is off.
 */
import { operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, div, eq, gt, lt, mul, select, sqrt, sub } from "./arithmetic.js";
import { exactProduct, orderedSum } from "./double-double.js";
import type { MathOptions } from "./options.js";

export function hypot(e: Emitter, x: Expr, y: Expr, { fastMath }: MathOptions): Expr {
  const [width, height] = [e.bind("width", abs(x)), e.bind("height", abs(y))];
  const greatest = e.bind("greatest", operate("f64.max", width, height));
  const least = operate("f64.min", width, height);
  const isLarge = e.bind("isLarge", gt(greatest, 2 ** 480));
  const isSmall = e.bind("isSmall", lt(greatest, 2 ** -430));
  const factor = e.bind("factor", select(isLarge, 2 ** -600, select(isSmall, 2 ** 600, 1)));
  const a = e.bind("a", mul(greatest, factor));
  const b = e.bind("b", mul(least, factor));
  const root = fastMath ? sqrt(add(mul(a, a), mul(b, b))) : rootOfSquares(e, a, b);
  const value = mul(root, select(isLarge, 2 ** 600, select(isSmall, 2 ** -600, 1)));
  const isInfinite = operate("bool.or", eq(width, Infinity), eq(height, Infinity));
  return select(isInfinite, Infinity, value);
}

/** For a ≥ b ≥ 0 whose squares neither overflow nor, that of a, underflow. */
function rootOfSquares(e: Emitter, a: Expr, b: Expr): Expr {
  const [first, second] = [exactProduct(e, a, a), exactProduct(e, b, b)];
  const sum = orderedSum(e, first.high, second.high);
  const low = add(sum.low, add(first.low, second.low));
  const root = e.bind("root", sqrt(sum.high));
  const square = exactProduct(e, root, root);
  const off = add(sub(sub(sum.high, square.high), square.low), low);
  // 0 / 0 at the origin
  return select(eq(root, 0), 0, add(root, div(off, add(root, root))));
}
