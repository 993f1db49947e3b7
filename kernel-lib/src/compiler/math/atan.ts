/**
 * atan and atan2, at most 1 ulp off (4 under fastMath). The quotient y / x is never rounded by
 * itself: the angle of (x, y) is that of the nearest of 0, ½, 1, 1½ and ∞ plus that of
 * (x + c y, y − c x), after fdlibm's s_atan.c (SunPro 1993), whose coefficients these are.
 */
import { f64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import {
  abs,
  add,
  copysign,
  div,
  eq,
  ge,
  gt,
  lt,
  mul,
  ne,
  neg,
  select,
  sub,
} from "./arithmetic.js";
import { exactProduct, exactSum, orderedSum, type DoubleDouble } from "./double-double.js";
import type { MathOptions } from "./options.js";
import { polynomial } from "./polynomial.js";

/** (1 − atan(t) / t) / t² in t², for |t| < 7/16. */
const series = [
  3.33333333333329318027e-1, -1.99999999998764832476e-1, 1.42857142725034663711e-1,
  -1.1111110405462355788e-1, 9.09088713343650656196e-2, -7.69187620504482999495e-2,
  6.66107313738753120669e-2, -5.83357013379057348645e-2, 4.97687799461593236017e-2,
  -3.6531572744216915527e-2, 1.62858201153657823623e-2,
];

/** Each with the least y / x it is for and its angle in two parts. */
const centres = [
  { from: 7 / 16, c: 0.5, high: 4.63647609000806093515e-1, low: 2.26987774529616870924e-17 },
  { from: 11 / 16, c: 1, high: 7.85398163397448278999e-1, low: 3.06161699786838301793e-17 },
  { from: 19 / 16, c: 1.5, high: 9.82793723247329054082e-1, low: 1.39033110312309984516e-17 },
];
const quarter = { from: 39 / 16, high: 1.5707963267948966, low: 6.123233995736766e-17 };
/** What Math.PI lacks of π. */
const halfTurnLow = 1.2246467991473532e-16;

export function atan(e: Emitter, x: Expr, options: MathOptions): Expr {
  const size = e.bind("size", abs(x));
  const inside = e.bind("inside", select(gt(size, 2 ** 60), 2 ** 60, size));
  const { high, low } = angle(e, inside, f64(1), options);
  return copysign(add(high, low), x);
}

export function atan2(e: Emitter, y: Expr, x: Expr, options: MathOptions): Expr {
  const [upwards, sideways] = [eq(abs(y), Infinity), eq(abs(x), Infinity)];
  const [isTall, isWide] = [e.bind("isTall", upwards), e.bind("isWide", sideways)];
  // an infinity is far beyond all that is finite, and beside the other at 45°
  const tall = e.bind("tall", select(isTall, 1, select(isWide, 0, abs(y))));
  const wide = e.bind("wide", select(isWide, 1, select(isTall, 0, abs(x))));
  const greater = e.bind("greater", operate("f64.max", tall, wide));
  const up = select(lt(greater, 2 ** -400), 2 ** 600, 1);
  const factor = e.bind("factor", select(gt(greater, 2 ** 900), 2 ** -100, up));
  const width = e.bind("width", select(eq(greater, 0), 1, mul(wide, factor)));
  const { high, low } = angle(e, e.bind("height", mul(tall, factor)), width, options);
  const opposite = orderedSum(e, Math.PI, e.bind("less", neg(high)));
  const left = add(opposite.high, add(opposite.low, sub(halfTurnLow, low)));
  const value = select(lt(copysign(1, x), 0), left, add(high, low));
  const isNaN = operate("bool.or", ne(x, x), ne(y, y));
  return select(isNaN, NaN, copysign(value, y));
}

/** The angle of (x, y) in the first quarter, x or y above 0. */
function angle(e: Emitter, y: Expr, x: Expr, options: MathOptions): DoubleDouble {
  const reaches = ({ from }: { readonly from: number }): Expr =>
    e.bind("reaches", ge(y, mul(x, from)));
  const steep = reaches(quarter);
  const near = centres.map((centre) => ({ ...centre, is: reaches(centre) }));
  const centred = near[0]!.is;
  const chosen = (of: (centre: (typeof centres)[number]) => number): Expr =>
    near.reduce((below: Expr, centre) => select(centre.is, of(centre), below), f64(0));
  const c = e.bind(
    "c",
    chosen((centre) => centre.c),
  );
  // c x as a sum of two numbers
  const beyond = e.bind("beyond", mul(x, sub(c, 1)));
  const multiple = e.bind("multiple", add(x, beyond));
  const dividend = e.bind("dividend", select(steep, neg(x), sub(y, multiple)));
  const divisor = e.bind("divisor", select(steep, y, add(x, mul(y, c))));
  const t = e.bind("t", div(dividend, divisor));
  const z = e.bind("z", mul(t, t));
  const cube = mul(t, mul(z, polynomial(e, z, series, options)));
  const known = select(
    steep,
    quarter.low,
    chosen((centre) => centre.low),
  );
  const missed = (): Expr => {
    const exact = exactSum(e, y, neg(multiple));
    const low = sub(exact.low, sub(beyond, sub(multiple, x)));
    return remainderOf(e, dividend, select(steep, 0, low), divisor, t);
  };
  const lost = options.fastMath ? known : add(known, missed());
  const bend = e.bind("bend", sub(cube, lost));
  return {
    high: e.bind(
      "high",
      select(
        steep,
        quarter.high,
        select(
          centred,
          chosen((centre) => centre.high),
          t,
        ),
      ),
    ),
    low: e.bind("low", select(centred, sub(t, bend), neg(bend))),
  };
}

/** What a quotient lost in rounding; nothing where the angle is the quotient and products underflow. */
function remainderOf(
  e: Emitter,
  dividend: Expr,
  dividendLow: Expr,
  divisor: Expr,
  quotient: Expr,
): Expr {
  const back = exactProduct(e, quotient, divisor);
  const rest = add(sub(sub(dividend, back.high), back.low), dividendLow);
  return select(lt(abs(dividend), 2 ** -960), 0, div(rest, divisor));
}
