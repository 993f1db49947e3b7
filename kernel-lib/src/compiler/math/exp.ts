/**
 * e^x, at most 1 ulp off (4 under fastMath): x = k ln 2 + r (Cody & Waite 1980), a polynomial in r
 * over |r| ≤ ln 2 / 2, times 2^k.
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import type { MathOptions } from "./options.js";
import { madd, polynomial } from "./polynomial.js";

/** Added to a number of less than 2^51, it leaves the nearest whole one in the low bits. */
export const wholeShifter = 1.5 * 2 ** 52;

/** ln 2 in two parts, the first with 32 bits so that its products with |k| < 2^21 are exact (fdlibm, e_exp.c). */
export const ln2High = 6.9314718036912381649e-1;
export const ln2Low = 1.90821492927058770002e-10;

/** (e^r − 1 − r) / r², minimax of the error relative to e^r: below 2^-57.9 and 2^-51.6. */
const series = [
  0.5000000000000011, 0.16666666666666413, 0.04166666666653016, 0.008333333333494465,
  0.0013888888943628945, 0.0001984126950656571, 2.480149310007098e-5, 2.755758638843295e-6,
  2.7630247990155085e-7, 2.5000056708160523e-8,
];
const shortSeries = [
  0.49999999999998324, 0.1666666666661151, 0.04166666666813748, 0.008333333370892718,
  0.0013888888516054563, 0.00019841185202236012, 2.4801931798822192e-5, 2.7635006379944497e-6,
  2.747680202131975e-7,
];

/** Beyond these e^x is an infinity or rounds to 0, also in what follows here. */
const [least, greatest] = [-746, 710];
/** Below it, e^x or half of it may be subnormal. */
const leastNormal = -700;

export function exp(e: Emitter, x: Expr, options: MathOptions): Expr {
  const below = e.bind("x", operate("f64.select", operate("f64.lt", x, f64(least)), f64(least), x));
  const inside = e.bind(
    "x",
    operate("f64.select", operate("f64.gt", below, f64(greatest)), f64(greatest), below),
  );
  const shifted = e.bind("shifted", madd(inside, f64(Math.LOG2E), f64(wholeShifter), options));
  const k = e.bind("k", operate("f64.sub", shifted, f64(wholeShifter)));
  const high = e.bind("high", madd(k, f64(-ln2High), inside, options));
  const low = e.bind("low", operate("f64.mul", k, f64(ln2Low)));
  const r = e.bind("r", operate("f64.sub", high, low));
  const coefficients = options.fastMath ? shortSeries : series;
  const square = e.bind("square", operate("f64.mul", r, r));
  const rest = polynomial(e, r, coefficients, options);
  // high is exact, so that what low takes from it need not be rounded twice
  const sum = operate("f64.add", high, operate("f64.sub", operate("f64.mul", square, rest), low));
  return timesPower(e, operate("f64.add", f64(1), sum), shifted, inside);
}

/** value · 2^k, k in the low bits of `shifted`; in two factors, as 2^k alone may be out of range. */
function timesPower(e: Emitter, value: Expr, shifted: Expr, x: Expr): Expr {
  const isSmall = e.bind("isSmall", operate("f64.lt", x, f64(leastNormal)));
  const bias = operate("i64.select", isSmall, i64(1023n + 64n), i64(1022n));
  const power = operate("i64.add", operate("i64.reinterpret_f64", shifted), bias);
  const factor = operate("f64.reinterpret_i64", operate("i64.shl", power, i64(52n)));
  const rest = operate("f64.select", isSmall, f64(2 ** -64), f64(2));
  return operate("f64.mul", operate("f64.mul", value, factor), rest);
}
