/**
 * asin and acos, at most 0.9 ulp off: a rational function below ½, above it the half angle by
 * √((1 − x) / 2), the root in two parts. After fdlibm's e_asin.c and e_acos.c (SunPro 1993).
 */
import type { Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, copysign, div, eq, lt, mul, select, sqrt, sub } from "./arithmetic.js";
import { head } from "./double-double.js";
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
const eighth = 7.85398163397448278999e-1;

/** x² or the half angle's, its root in two parts, and (asin r − r) / r for r² = z. */
interface Reduced {
  readonly isSmall: Expr;
  readonly rootHead: Expr;
  readonly rootRest: Expr;
  readonly root: Expr;
  readonly bend: Expr;
}

function reduced(e: Emitter, x: Expr, options: MathOptions): Reduced {
  const size = e.bind("size", abs(x));
  const isSmall = e.bind("isSmall", lt(size, 0.5));
  const half = e.bind("half", mul(sub(1, size), 0.5));
  const z = e.bind("z", select(isSmall, mul(x, x), half));
  const root = e.bind("root", sqrt(half));
  const rootHead = head(e, root);
  const missed = div(sub(half, mul(rootHead, rootHead)), add(root, rootHead));
  const rootRest = e.bind("rootRest", select(eq(root, 0), 0, missed));
  const ratio = div(polynomial(e, z, dividend, options), polynomial(e, z, divisor, options));
  return { isSmall, rootHead, rootRest, root, bend: e.bind("bend", mul(z, ratio)) };
}

export function asin(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { isSmall, rootHead, rootRest, root, bend } = reduced(e, x, options);
  const small = add(x, mul(x, bend));
  // π/2 − 2 asin √half, by way of π/4
  const p = sub(mul(mul(root, 2), bend), sub(quarter.low, mul(rootRest, 2)));
  const q = sub(eighth, mul(rootHead, 2));
  return select(isSmall, small, copysign(sub(eighth, sub(p, q)), x));
}

export function acos(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { isSmall, rootHead, rootRest, root, bend } = reduced(e, x, options);
  const small = sub(quarter.high, sub(x, sub(quarter.low, mul(x, bend))));
  const right = mul(2, add(rootHead, add(mul(bend, root), rootRest)));
  const left = sub(Math.PI, mul(2, add(root, sub(mul(bend, root), quarter.low))));
  return select(isSmall, small, select(lt(x, 0), left, right));
}
