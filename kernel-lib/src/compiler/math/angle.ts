/**
 * An angle as quarter turns and what is left of it, at most π/4, in two parts. Up to 2^20 quarters
 * π/2 is taken away in four parts (Cody & Waite 1980), each product with the first three exact;
 * beyond, by its bits (`large-angle.ts`).
 */
import { get, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, gt, mul, sub } from "./arithmetic.js";
import { rarely } from "./branch.js";
import { exactSum, orderedSum, type DoubleDouble } from "./double-double.js";
import { wholeShifter } from "./exp.js";
import { largeAngle, type Angle } from "./large-angle.js";
import type { MathOptions } from "./options.js";

/** π/2 = first + second + third + fourth, 32 bits in each but the last. */
const [first, second, third, fourth] = [
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
] as const;
/** What follows the first two, and the first three, as one number. */
const restAfterSecond = 2.0222662487959506e-21;

const largest = 2 ** 20 * (Math.PI / 2);

export function angleOf(e: Emitter, x: Expr, options: MathOptions): Angle {
  const shifted = e.bind("shifted", add(mul(x, 2 / Math.PI), wholeShifter));
  const turns = e.bind("turns", sub(shifted, wholeShifter));
  const most = e.bind("most", sub(x, mul(turns, first)));
  const left = options.fastMath ? short(e, most, turns) : full(e, most, turns);
  const high = e.variable("high", left.high);
  const low = e.variable("low", left.low);
  const quarters = e.variable("quarters", operate("i64.reinterpret_f64", shifted));
  rarely(e, gt(abs(x), largest), [high, low, quarters], (e) => {
    const found = largeAngle(e, x);
    return [found.high, found.low, found.quarters];
  });
  return { high: get(high), low: get(low), quarters: get(quarters) };
}

/** To 2^-130 at most, where the least angle left of so small a number is above 2^-61. */
function full(e: Emitter, most: Expr, turns: Expr): DoubleDouble {
  const next = exactSum(e, most, mul(turns, -second));
  const after = exactSum(e, next.high, mul(turns, -third));
  const low = e.bind("low", sub(add(next.low, after.low), mul(turns, fourth)));
  return orderedSum(e, after.high, low);
}

/** To 2^-99. */
function short(e: Emitter, most: Expr, turns: Expr): DoubleDouble {
  const next = exactSum(e, most, mul(turns, -second));
  return orderedSum(e, next.high, sub(next.low, mul(turns, restAfterSecond)));
}

/** Whether the number of quarters is odd. */
export function isOdd(e: Emitter, quarters: Expr): Expr {
  return e.bind("isOdd", operate("i64.ne", operate("i64.and", quarters, i64(1n)), i64(0n)));
}
