/**
 * x^y as 2^(y log2 x), with log2 x and the product in two parts each: at most 0.75 ulp off, exact
 * where the power is a float64. After fdlibm's e_pow.c (SunPro 2004); special values are those of
 * Number::exponentiate (ECMA-262, 6.1.6.1.3).
 */
import { i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import * as a from "./arithmetic.js";
import { head, orderedSum, type DoubleDouble } from "./double-double.js";
import { wholeShifter } from "./exp.js";
import { log2Parts } from "./log2.js";
import type { MathOptions } from "./options.js";
import { polynomial } from "./polynomial.js";

/** (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2, minimax of the error relative to 1: 2^-64 and 2^-58. */
const series = [
  0.5, 0.16666666666666685, 0.04166666666666673, 0.008333333333316617, 0.001388888888885833,
  0.00019841269897362865, 2.4801587373929157e-5, 2.755723392861276e-6, 2.7557233215138656e-7,
  2.5112348740373167e-8, 2.092698472963499e-9,
];
const shortSeries = [
  0.5000000000000013, 0.166666666666667, 0.04166666666651433, 0.00833333333330702,
  0.001388888894732948, 0.00019841269917793367, 2.480148959211455e-5, 2.755721592961607e-6,
  2.763141331659174e-7, 2.5117980001777013e-8,
];

const ln2 = Math.LN2;
const [ln2High, ln2Low] = [0.6931471824645996, -1.904654299957768e-9];
/** Beyond it every power but that of 1 is an infinity or 0; products with it are finite. */
const greatest = 2 ** 70;

export function pow(e: Emitter, x: Expr, y: Expr, options: MathOptions): Expr {
  const size = e.bind("size", a.abs(x));
  const inside = e.bind("y", a.copysign(least(a.abs(y), greatest), y));
  const { high, low } = log2Parts(e, size, undefined, options);
  const y1 = head(e, inside);
  const rest = a.add(a.mul(a.sub(inside, y1), high), a.mul(inside, low));
  const product = { high: e.bind("high", a.mul(y1, high)), low: e.bind("low", rest) };
  const finite = exp2Of(e, product, options);
  return special(e, x, y, size, e.bind("power", finite));
}

/** The lesser, or the first if it is NaN. */
function least(value: Expr, bound: number): Expr {
  return a.select(a.gt(value, bound), bound, value);
}

/** 2^(high + low), an infinity or 0 beyond. */
function exp2Of(e: Emitter, { high, low }: DoubleDouble, options: MathOptions): Expr {
  const whole = e.bind("whole", a.add(high, low));
  const above = a.select(a.lt(whole, -1100), -1100, whole);
  const clamped = e.bind("clamped", a.select(a.gt(above, 1100), 1100, above));
  const isInside = e.bind("isInside", a.eq(clamped, whole));
  const shifted = e.bind("shifted", a.add(clamped, wholeShifter));
  const k = e.bind("k", a.sub(shifted, wholeShifter));
  // beyond, the power is that of the bound
  const from = e.bind("from", a.select(isInside, a.sub(high, k), 0));
  const rest = e.bind("rest", a.select(isInside, low, 0));
  const t = head(e, a.add(from, rest));
  const left = a.sub(rest, a.sub(t, from));
  // (t + left) ln 2 in two parts
  const u = e.bind("u", a.mul(t, ln2High));
  const v = e.bind("v", a.add(a.mul(left, ln2), a.mul(t, ln2Low)));
  const r = orderedSum(e, u, v);
  const square = e.bind("square", a.mul(r.high, r.high));
  const bend = a.mul(
    square,
    polynomial(e, r.high, options.fastMath ? shortSeries : series, options),
  );
  const one = orderedSum(e, 1, r.high);
  const tail = a.add(one.low, a.add(bend, a.add(r.low, a.mul(r.high, r.low))));
  return timesPower(e, a.add(one.high, tail), shifted, k);
}

/** value · 2^k for |k| ≤ 1100, k in the low bits of `shifted`; rounds once. */
function timesPower(e: Emitter, value: Expr, shifted: Expr, k: Expr): Expr {
  const isBelow = e.bind("isBelow", a.lt(k, 0));
  const bias = operate("i64.select", isBelow, i64(1023n + 200n), i64(1023n - 200n));
  const power = operate("i64.add", operate("i64.reinterpret_f64", shifted), bias);
  const factor = operate("f64.reinterpret_i64", operate("i64.shl", power, i64(52n)));
  return a.mul(a.mul(value, factor), a.select(isBelow, 2 ** -200, 2 ** 200));
}

/** The power, given that of a positive finite |x| by a finite y. */
function special(e: Emitter, x: Expr, y: Expr, size: Expr, power: Expr): Expr {
  const { and, or, not, eq, gt, lt, ne, select } = a;
  const grows = e.bind("grows", gt(y, 0));
  const ofZero = select(grows, 0, Infinity);
  const ofInfinity = select(grows, Infinity, 0);
  const finite = select(lt(size, Infinity), power, ofInfinity);
  const ofSize = e.bind("ofSize", select(eq(size, 0), ofZero, finite));
  const half = e.bind("half", a.mul(y, 0.5));
  const isWhole = e.bind("isWhole", eq(a.trunc(y), y));
  const isOdd = and(isWhole, ne(a.trunc(half), half));
  const signed = select(isOdd, a.copysign(ofSize, x), ofSize);
  const isRoot = and(and(lt(x, 0), gt(x, -Infinity)), not(isWhole));
  const isUndecided = and(eq(size, 1), eq(a.abs(y), Infinity));
  const isNaN = or(or(isRoot, isUndecided), or(ne(x, x), ne(y, y)));
  return select(eq(y, 0), 1, select(isNaN, NaN, signed));
}
