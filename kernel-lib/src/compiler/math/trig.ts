/**
 * sin, cos and tan, at most 1 ulp off (4 under fastMath): the angle's rest by the polynomials of
 * fdlibm's k_sin.c, k_cos.c and k_tan.c (SunPro 1993, 2004), which take it in two parts.
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, copysign, div, eq, ge, mul, select, sub } from "./arithmetic.js";
import { angleOf, isOdd } from "./angle.js";
import { head } from "./double-double.js";
import type { Angle } from "./large-angle.js";
import type { MathOptions } from "./options.js";
import { madd, polynomial } from "./polynomial.js";
import { cosines, shortCosines, sines } from "./turns.js";

/** fdlibm's T, the first of which is ⅓. */
const tangents = [
  3.33333333333334091986e-1, 1.33333333333201242699e-1, 5.39682539762260521377e-2,
  2.18694882948595424599e-2, 8.8632398235993000573e-3, 3.59207910759131235356e-3,
  1.4562094543252902551e-3, 5.88041240820264096874e-4, 2.46463134818469906812e-4,
  7.817944429395570923e-5, 7.14072491382608190305e-5, -1.85586374855275456654e-5,
  2.59073051863633712884e-5,
];
const eighth = { high: 7.85398163397448278999e-1, low: 3.06161699786838301793e-17 };
/** From here on the tangent is that of π/4 less the angle. */
const steep = 0.67434;

export function sin(e: Emitter, x: Expr, options: MathOptions): Expr {
  return both(e, x, options).sine;
}

export function cos(e: Emitter, x: Expr, options: MathOptions): Expr {
  return both(e, x, options).cosine;
}

/** Either leaves the other for `once` to find: a program that has one often has both. */
function both(
  e: Emitter,
  x: Expr,
  options: MathOptions,
): { readonly sine: Expr; readonly cosine: Expr } {
  const angle = angleOf(e, x, options);
  const odd = isOdd(e, angle.quarters);
  const sine = e.bind(
    "sine",
    options.fastMath ? shortSine(e, angle, options) : sineOf(e, angle, options),
  );
  const cosine = e.bind(
    "cosine",
    options.fastMath ? shortCosine(e, angle, options) : cosineOf(e, angle, options),
  );
  const next = operate("i64.add", angle.quarters, i64(1n));
  const value = e.bind("value", signed(select(odd, cosine, sine), angle.quarters));
  const found = e.bind("sin", select(eq(x, 0), x, value));
  const other = e.bind("cos", signed(select(odd, sine, cosine), next));
  e.once(operate("math.sin", x), () => found);
  e.once(operate("math.cos", x), () => other);
  return { sine: found, cosine: other };
}

function sineOf(e: Emitter, { high: x, low: y }: Angle, options: MathOptions): Expr {
  const [first, ...others] = sines;
  const z = e.bind("z", mul(x, x));
  const cube = e.bind("cube", mul(z, x));
  const rest = mul(cube, polynomial(e, z, others, options));
  const bend = sub(mul(z, sub(mul(y, 0.5), rest)), y);
  return sub(x, sub(bend, mul(cube, first!)));
}

function cosineOf(e: Emitter, { high: x, low: y }: Angle, options: MathOptions): Expr {
  const z = e.bind("z", mul(x, x));
  const half = e.bind("half", mul(z, 0.5));
  const most = e.bind("most", sub(1, half));
  const rest = mul(mul(z, z), polynomial(e, z, cosines, options));
  return add(most, add(sub(sub(1, most), half), sub(rest, mul(x, y))));
}

function shortSine(e: Emitter, { high: x }: Angle, options: MathOptions): Expr {
  const z = e.bind("z", mul(x, x));
  return madd(x, mul(z, polynomial(e, z, sines, options)), x, options);
}

function shortCosine(e: Emitter, { high: x }: Angle, options: MathOptions): Expr {
  const z = e.bind("z", mul(x, x));
  return madd(
    z,
    madd(z, polynomial(e, z, shortCosines, options), f64(-0.5), options),
    f64(1),
    options,
  );
}

/** Negative in the second half turn of `quarters`. */
function signed(value: Expr, quarters: Expr): Expr {
  const sign = operate("i64.shl", operate("i64.and", quarters, i64(2n)), i64(62n));
  const bits = operate("i64.xor", operate("i64.reinterpret_f64", value), sign);
  return operate("f64.reinterpret_i64", bits);
}

export function tan(e: Emitter, x: Expr, options: MathOptions): Expr {
  const angle = angleOf(e, x, options);
  const odd = isOdd(e, angle.quarters);
  const value = tangentOf(e, angle, odd, options);
  return select(eq(x, 0), x, value);
}

/** The tangent of an angle, or minus its inverse after an odd number of quarters. */
function tangentOf(e: Emitter, { high, low }: Angle, odd: Expr, options: MathOptions): Expr {
  const isSteep = e.bind("isSteep", ge(abs(high), steep));
  const side = e.bind("side", copysign(1, high));
  const gap = add(sub(eighth.high, mul(high, side)), sub(eighth.low, mul(low, side)));
  const x = e.bind("x", select(isSteep, gap, high));
  const y = e.bind("y", select(isSteep, 0, low));
  const z = e.bind("z", mul(x, x));
  const [first, ...others] = tangents;
  const cube = e.bind("cube", mul(z, x));
  const bend = add(mul(cube, polynomial(e, z, others, options)), y);
  const r = e.bind("r", add(add(y, mul(z, bend)), mul(cube, first!)));
  const w = e.bind("w", add(x, r));
  // one division for both: w² / (w ± 1) and −1 / w
  const one = e.bind("one", select(odd, -1, 1));
  const dividend = select(isSteep, mul(w, w), -1);
  const ratio = e.bind("ratio", div(dividend, select(isSteep, add(w, one), w)));
  const steepValue = mul(side, sub(one, mul(2, sub(x, sub(ratio, r)))));
  return select(isSteep, steepValue, select(odd, inverseOf(e, x, r, w, ratio), w));
}

/** −1 / (x + r) out of its rounded value, w the rounded sum. */
function inverseOf(e: Emitter, x: Expr, r: Expr, w: Expr, rounded: Expr): Expr {
  const wHead = head(e, w);
  const wRest = sub(r, sub(wHead, x));
  const inverse = head(e, rounded);
  const error = add(add(1, mul(inverse, wHead)), mul(inverse, wRest));
  return add(inverse, mul(rounded, error));
}
