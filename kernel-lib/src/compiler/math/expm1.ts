/**
 * e^x − 1 as a sum of two numbers, some 58 bits also where it is small: what expm1 rounds once and
 * the hyperbolic functions are made of. x = k ln 2 + r (Cody & Waite 1980), r + r²/2 in two parts.
 */
import { i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, div, gt, lt, mul, select, sub } from "./arithmetic.js";
import { exactProduct, exactSum, orderedSum, type DoubleDouble } from "./double-double.js";
import { ln2High, ln2Low, wholeShifter } from "./exp.js";
import type { MathOptions } from "./options.js";
import { polynomial } from "./polynomial.js";

/** (e^r − 1 − r − r²/2) / r³ for |r| ≤ ln 2 / 2, minimax of the error relative to r: 2^-61.7 and 2^-55.2. */
const series = [
  0.16666666666666677, 0.04166666666666669, 0.008333333333321612, 0.0013888888888870094,
  0.0001984126988622625, 2.4801587356242008e-5, 2.755724406759102e-6, 2.755724545176742e-7,
  2.5109098158713945e-8, 2.0923802462122418e-9,
];
const shortSeries = [
  0.1666666666666668, 0.041666666666619355, 0.008333333333318926, 0.0013888888920806648,
  0.00019841269894450565, 2.4801515926711846e-5, 2.7557234991050723e-6, 2.762241104755983e-7,
  2.511241707148986e-8,
];

/** (e^x − 1) · scale; the scale keeps it finite. */
export interface ScaledParts extends DoubleDouble {
  readonly scale: Expr;
}

/** For −50 ≤ x ≤ 711. */
export function expm1Parts(e: Emitter, x: Expr, options: MathOptions): ScaledParts {
  const shifted = e.bind("shifted", add(mul(x, Math.LOG2E), wholeShifter));
  const k = e.bind("k", sub(shifted, wholeShifter));
  const most = e.bind("most", sub(x, mul(k, ln2High)));
  const r = orderedSum(e, most, e.bind("less", mul(k, -ln2Low)));
  const cube = mul(mul(r.high, r.high), r.high);
  const rest = mul(cube, polynomial(e, r.high, options.fastMath ? shortSeries : series, options));
  const square = exactProduct(e, r.high, r.high);
  const near = orderedSum(e, r.high, e.bind("half", mul(square.high, 0.5)));
  const lost = add(add(near.low, mul(square.low, 0.5)), add(r.low, mul(r.high, r.low)));
  const value = orderedSum(e, near.high, e.bind("rest", add(rest, lost)));
  const isLarge = e.bind("isLarge", gt(x, 100));
  const scale = e.bind("scale", select(isLarge, 2 ** -64, 1));
  const bias = operate("i64.select", isLarge, i64(1023n - 64n), i64(1023n));
  const power = e.bind("power", powerOf(shifted, bias));
  const whole = exactSum(e, power, e.bind("less", mul(scale, -1)));
  const sum = exactSum(e, whole.high, e.bind("grown", mul(value.high, power)));
  const low = e.bind("low", add(sum.low, add(whole.low, mul(value.low, power))));
  return { ...orderedSum(e, sum.high, low), scale };
}

/** 2^k for the k in the low bits of `shifted`, with the exponent's bias. */
function powerOf(shifted: Expr, bias: Expr): Expr {
  const biased = operate("i64.add", operate("i64.reinterpret_f64", shifted), bias);
  return operate("f64.reinterpret_i64", operate("i64.shl", biased, i64(52n)));
}

export function expm1(e: Emitter, x: Expr, options: MathOptions): Expr {
  const above = select(lt(x, -50), -50, x);
  const inside = e.bind("inside", select(gt(above, 711), 711, above));
  const { high, low, scale } = expm1Parts(e, inside, options);
  const value = e.bind("value", div(add(high, low), scale));
  // the next term is below half a unit in the last place; keeps −0
  return select(lt(abs(x), 2 ** -54), x, value);
}
