/**
 * Logarithms to some 66 bits, as a sum of two numbers: what pow multiplies and log2, log10 and log1p
 * round once. x = 2^k m with √½ ≤ m < √2 and ln m = 2s + 2s³/3 + … for s = (m − 1) / (m + 1), s and
 * the first terms in two parts each, after fdlibm's e_pow.c (SunPro 2004).
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, div, eq, gt, lt, mul, select, sub } from "./arithmetic.js";
import { exactSum, head, type DoubleDouble } from "./double-double.js";
import { split } from "./log.js";
import type { MathOptions } from "./options.js";
import { polynomial } from "./polynomial.js";

/** (3 atanh(s) / s − 3 − s²) / s⁴ in s², minimax of the error of the logarithm: 2^-71 for |s| < 0.102, 2^-66 for |s| < 0.172. */
const series = [
  0.5999999999999946, 0.42857142857851616, 0.3333333298308411, 0.27272812166605065,
  0.23066092063047322, 0.20696955060322522,
];
const shortSeries = [
  0.600000000000034, 0.4285714285514406, 0.3333333378086965, 0.2727267646132195,
  0.23080140248911415, 0.19885124644421628, 0.19795465415148414,
];

/** log2 1.5: its first 24 bits, and the rest (fdlibm's dp_h and dp_l). */
const centre = { high: 5.84962487220764160156e-1, low: 1.35003920212974897128e-8 };

/** 2 / (3 ln 2), ln 2 and log10 2: a number of at most 26 bits, and the rest. */
const scale = 0.9617966939259756;
const [scaleHigh, scaleLow] = [0.9617967009544373, -7.028461650952758e-9];
export const ln2 = { high: 0.6931471824645996, low: -1.904654299957768e-9 };
const log10Of2 = { high: 0.3010299950838089, low: 5.801722962879576e-10 };

/** log2 of a positive finite number `high`, or of the sum of two; the result's high part has 26 bits. */
export function log2Parts(
  e: Emitter,
  high: Expr,
  low: Expr | undefined,
  options: MathOptions,
): DoubleDouble {
  const { k, f: f1 } = split(e, high);
  const tail = low ? e.bind("tail", mul(low, inversePower(k))) : f64(0);
  const { by, f, known } = options.fastMath ? atOne(f1) : nearCentre(e, f1);
  const numerator = e.bind("numerator", add(f, tail));
  const two = e.bind("two", add(by, by));
  const denominator = e.bind("denominator", add(add(f, two), tail));
  const inverse = e.bind("inverse", div(1, denominator));
  const s = e.bind("s", mul(numerator, inverse));
  const s1 = head(e, s);
  const d1 = head(e, denominator);
  const d2 = add(add(sub(two, d1), f), tail);
  const s2 = e.bind(
    "s2",
    mul(inverse, sub(add(sub(f, mul(s1, d1)), tail), mul(s1, e.bind("d2", d2)))),
  );
  const z = e.bind("z", mul(s, s));
  const rest = mul(mul(z, z), polynomial(e, z, options.fastMath ? shortSeries : series, options));
  const r = e.bind("r", add(rest, mul(s2, add(s1, s))));
  const square = e.bind("square", mul(s1, s1));
  // 3 + s² + … in two parts, times s in two parts
  const t1 = head(e, add(add(3, square), r));
  const t2 = sub(r, sub(sub(t1, 3), square));
  const u = e.bind("u", mul(s1, t1));
  const v = e.bind("v", add(mul(s2, t1), mul(t2, s)));
  const p1 = head(e, add(u, v));
  const p2 = e.bind("p2", sub(v, sub(p1, u)));
  const z1 = e.bind("z1", mul(p1, scaleHigh));
  const z2 = e.bind("z2", add(add(mul(p1, scaleLow), mul(p2, scale)), known.low));
  const sum = head(e, add(add(add(z1, z2), known.high), k));
  return { high: sum, low: e.bind("low", sub(z2, sub(sub(sub(sum, k), known.high), z1))) };
}

/** 1 + f1 as `by` + f, and log2 of `by`. */
interface Centred {
  readonly by: Expr;
  readonly f: Expr;
  readonly known: DoubleDouble;
}

/** From the nearest of ¾, 1 and 1½, so that the terms which are rounded stay small. */
function nearCentre(e: Emitter, f1: Expr): Centred {
  const isAbove = e.bind("isAbove", gt(f1, Math.sqrt(1.5) - 1));
  const isBelow = e.bind("isBelow", lt(f1, Math.sqrt(0.75) - 1));
  const by = e.bind("by", select(isAbove, 1.5, select(isBelow, 0.75, 1)));
  const logarithm = select(isAbove, centre.high, select(isBelow, centre.high - 1, 0));
  return {
    by,
    f: e.bind("f", sub(f1, sub(by, 1))),
    known: {
      high: e.bind("known", logarithm),
      low: select(operate("bool.or", isAbove, isBelow), centre.low, 0),
    },
  };
}

function atOne(f: Expr): Centred {
  return { by: f64(1), f, known: { high: f64(0), low: f64(0) } };
}

/** 2^-k for |k| ≤ 1022; 0 for greater k, where what it scales is beyond the precision. */
function inversePower(k: Expr): Expr {
  const shifted = operate("i64.reinterpret_f64", sub(1.5 * 2 ** 52 + 1023, k));
  const power = operate("f64.reinterpret_i64", operate("i64.shl", shifted, i64(52n)));
  return select(gt(k, 1000), 0, power);
}

/** The sum times a constant whose high part has 26 bits. */
export function timesConstant(
  e: Emitter,
  { high, low }: DoubleDouble,
  by: { readonly high: number; readonly low: number },
): DoubleDouble {
  const product = e.bind("product", mul(high, by.high));
  const rest = add(mul(low, by.high + by.low), mul(high, by.low));
  return { high: product, low: e.bind("rest", rest) };
}

/** ln of a sum of two, rounded once. */
export function lnOf(e: Emitter, { high, low }: DoubleDouble, options: MathOptions): DoubleDouble {
  return timesConstant(e, log2Parts(e, high, low, options), ln2);
}

export function log2(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { high, low } = log2Parts(e, x, undefined, options);
  return beyond(x, add(high, low));
}

export function log10(e: Emitter, x: Expr, options: MathOptions): Expr {
  const parts = timesConstant(e, log2Parts(e, x, undefined, options), log10Of2);
  return beyond(x, add(parts.high, parts.low));
}

export function log1p(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { high, low } = lnOf(e, exactSum(e, x, 1), options);
  const value = e.bind("value", beyond(add(x, 1), add(high, low)));
  // the next term is below half a unit in the last place; keeps −0
  return select(lt(abs(x), 2 ** -54), x, value);
}

/** A logarithm's value, given that of positive finite x. */
function beyond(x: Expr, value: Expr): Expr {
  const finite = select(lt(x, Infinity), value, x);
  return select(gt(x, 0), finite, select(eq(x, 0), -Infinity, NaN));
}
