/**
 * asin and acos, at most 0.84 ulp off: a rational function below ½, above it the half angle by
 * √((1 − x) / 2), the root in two parts. After fdlibm's e_asin.c and e_acos.c (SunPro 1993).
 */
import type { Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, copysign, div, eq, lt, mul, select, sqrt, sub } from "./arithmetic.js";
import { head, orderedSum } from "./double-double.js";
import type { MathOptions } from "./options.js";
import { polynomial } from "./polynomial.js";

/** fdlibm's pS and qS: (asin x − x) / x³ in x², 2^-58.75 off. */
const dividend = [
  1.66666666666666657415e-1, -3.25565818622400915405e-1, 2.01212532134862925881e-1,
  -4.00555345006794114027e-2, 7.91534994289814532176e-4, 3.4793310759602116757e-5,
];
const divisor = [
  1, -2.40339491173441421878, 2.02094576023350569471, -6.8828397160545329303e-1,
  7.70381505559019352791e-2,
];
const quarter = { high: 1.5707963267948966, low: 6.123233995736766e-17 };
const half = { high: Math.PI, low: 2 * quarter.low };

/** Below ½, `bend` is (asin x − x) / x; above, asin of the half angle's root is `rootHead` + `rest`. */
interface Reduced {
  readonly isSmall: Expr;
  /** The first bits of the root, and what asin of the root is more. */
  readonly rootHead: Expr;
  readonly rest: Expr;
  readonly bend: Expr;
}

function reduced(e: Emitter, x: Expr, options: MathOptions): Reduced {
  const size = e.bind("size", abs(x));
  const isSmall = e.bind("isSmall", lt(size, 0.5));
  const square = e.bind("square", mul(sub(1, size), 0.5));
  const z = e.bind("z", select(isSmall, mul(x, x), square));
  const root = e.bind("root", sqrt(square));
  const rootHead = head(e, root);
  const missed = div(sub(square, mul(rootHead, rootHead)), add(root, rootHead));
  const ratio = div(polynomial(e, z, dividend, options), polynomial(e, z, divisor, options));
  const bend = e.bind("bend", mul(z, ratio));
  const rest = e.bind("rest", add(select(eq(root, 0), 0, missed), mul(root, bend)));
  return { isSmall, rootHead, rest, bend };
}

export function asin(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { isSmall, rootHead, rest, bend } = reduced(e, x, options);
  const small = add(x, mul(x, bend));
  const large = lessTwice(e, quarter, rootHead, rest);
  return select(isSmall, small, copysign(large, x));
}

export function acos(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { isSmall, rootHead, rest, bend } = reduced(e, x, options);
  const small = sub(quarter.high, sub(x, sub(quarter.low, mul(x, bend))));
  const right = mul(2, add(rootHead, rest));
  const left = lessTwice(e, half, rootHead, rest);
  return select(isSmall, small, select(lt(x, 0), left, right));
}

/** A part of a turn less 2 (rootHead + rest), rounded where it matters only once. */
function lessTwice(e: Emitter, from: typeof quarter, rootHead: Expr, rest: Expr): Expr {
  const most = orderedSum(e, from.high, e.bind("twice", mul(rootHead, -2)));
  return add(most.high, add(most.low, sub(from.low, mul(rest, 2))));
}
