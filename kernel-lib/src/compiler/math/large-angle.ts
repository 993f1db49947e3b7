/**
 * An angle beyond what can be reduced by parts of π/2, less its whole quarter turns: only the bits of
 * 2/π that matter are multiplied (Payne & Hanek 1983), in words of 32 bits. Code for a rare branch.
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { abs, add, lt, mul, select, sub } from "./arithmetic.js";
import { exactProduct, exactSum, orderedSum, type DoubleDouble } from "./double-double.js";

/** What is left of an angle after its nearest whole quarter turns. */
export interface Angle extends DoubleDouble {
  /** i64, of which the two low bits count. */
  readonly quarters: Expr;
}

/** The bits of 2/π, after two words of those before the point. */
const words = [
  0x00000000, 0x00000000, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041,
  0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e,
  0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b,
  0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
  0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab,
  0xf0cfbc20,
].map((word) => i64(BigInt(word)));

const quarter = { high: 1.5707963267948966, low: 6.123233995736766e-17 };
const low32 = i64(0xffffffffn);
const shiftBy = (op: "i64.shl" | "i64.shr_u" | "i64.shr_s", value: Expr, by: bigint): Expr =>
  operate(op, value, i64(by));

/** For |x| ≥ 2^20; the rest of π/4 or less is some 2^-64 off, relative to itself. NaN for an infinity. */
export function largeAngle(e: Emitter, x: Expr): Angle {
  const size = e.bind("size", abs(x));
  // |x| = whole · 2^(32 (window − 1)), where whole has no fraction and at most 85 bits
  const exponent = windowBits(shiftBy("i64.shr_u", operate("i64.reinterpret_f64", size), 52n));
  const window = e.bind("window", shiftBy("i64.shr_s", exponent, 5n));
  const down = operate("i64.sub", i64(1023n + 32n), shiftBy("i64.shl", window, 5n));
  const factor = operate("f64.reinterpret_i64", shiftBy("i64.shl", down, 52n));
  const digits = digitsOf(e, e.bind("whole", mul(size, factor)));
  const sums = product(e, digits, windowOf(e, window));
  const isNegative = e.bind("isNegative", lt(x, 0));
  const fraction = fractionOf(e, sums.slice(1));
  const half = shiftBy("i64.shr_u", sums[1]!, 31n);
  const turns = e.bind("turns", operate("i64.add", sums[0]!, half));
  const { high, low } = timesQuarter(e, fraction);
  const quarters = operate("i64.select", isNegative, operate("i64.sub", i64(0n), turns), turns);
  const lost = mul(sub(size, size), 0);
  return {
    quarters,
    high: add(select(isNegative, sub(0, high), high), lost),
    low: select(isNegative, sub(0, low), low),
  };
}

/** The exponent of |x| less 20, so that 32 times its quotient by 32 leaves at least 20 bits. */
function windowBits(biased: Expr): Expr {
  return operate("i64.sub", biased, i64(1023n + 20n));
}

/** The words of a whole number below 2^96, the least first. */
function digitsOf(e: Emitter, whole: Expr): readonly Expr[] {
  const top = e.bind("top", operate("f64.floor", mul(whole, 2 ** -64)));
  const rest = e.bind("rest", sub(whole, mul(top, 2 ** 64)));
  const middle = e.bind("middle", operate("f64.floor", mul(rest, 2 ** -32)));
  const least = sub(rest, mul(middle, 2 ** 32));
  return [least, middle, top].map((digit) => {
    const bits = operate("i64.reinterpret_f64", add(digit, 2 ** 52));
    return e.bind("digit", operate("i64.and", bits, low32));
  });
}

/** The eight words of 2/π from number `window` on: moved by 16, 8, 4, 2 and 1 as its bits say. */
function windowOf(e: Emitter, window: Expr): readonly Expr[] {
  let moved: readonly Expr[] = words;
  for (const step of [16, 8, 4, 2, 1]) {
    const bit = operate("i64.and", window, i64(BigInt(step)));
    const isSet = e.bind("isSet", operate("i64.ne", bit, i64(0n)));
    const needed = 8 + step - 1;
    const from = moved;
    moved = Array.from({ length: needed }, (_, i) =>
      e.bind("word", operate("i64.select", isSet, from[i + step] ?? i64(0n), from[i]!)),
    );
  }
  return moved;
}

/** The words of the product: quarters modulo 2^32, then 128 bits of their fraction. */
function product(e: Emitter, digits: readonly Expr[], window: readonly Expr[]): readonly Expr[] {
  const products = (place: number): readonly Expr[] =>
    digits.flatMap((digit, i) => {
      const word = window[place + i];
      return word ? [e.bind("product", operate("i64.mul_u32", digit, word))] : [];
    });
  let carry: Expr = i64(0n);
  const sums: Expr[] = [];
  for (let place = 4; place >= 0; place--) {
    let sum: Expr = carry;
    for (const each of products(place))
      sum = operate("i64.add", sum, operate("i64.and", each, low32));
    for (const each of products(place + 1)) {
      sum = operate("i64.add", sum, shiftBy("i64.shr_u", each, 32n));
    }
    const bound = e.bind("sum", sum);
    sums.unshift(e.bind("word", operate("i64.and", bound, low32)));
    carry = shiftBy("i64.shr_u", bound, 32n);
  }
  return sums;
}

/** The fraction in two parts, from −½ to ½: the first of its words counts as signed. */
function fractionOf(e: Emitter, [first, ...others]: readonly Expr[]): DoubleDouble {
  const signed = shiftBy("i64.shr_s", shiftBy("i64.shl", first!, 32n), 32n);
  let high = e.bind("high", mul(operate("f64.convert_i64_s", signed), 2 ** -32));
  let low: Expr = f64(0);
  others.forEach((word, i) => {
    const next = mul(operate("f64.convert_i64_s", word), 2 ** (-32 * (i + 2)));
    const sum = exactSum(e, high, e.bind("next", next));
    high = sum.high;
    low = add(low, sum.low);
  });
  return orderedSum(e, high, e.bind("low", low));
}

function timesQuarter(e: Emitter, { high, low }: DoubleDouble): DoubleDouble {
  const exact = exactProduct(e, high, f64(quarter.high));
  const rest = add(exact.low, add(mul(high, quarter.low), mul(low, quarter.high)));
  return orderedSum(e, exact.high, e.bind("rest", rest));
}
