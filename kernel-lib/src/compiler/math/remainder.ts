/**
 * JavaScript's %: the exact remainder, with the dividend's sign. Where the quotient is below 2^53 it
 * is |x| less a rounded quotient times |y|, the product exact; beyond, the same 52 bits at a time.
 */
import { get, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import {
  abs,
  add,
  and,
  copysign,
  div,
  ge,
  gt,
  le,
  lt,
  mul,
  not,
  or,
  select,
  sub,
  trunc,
} from "./arithmetic.js";
import { rarely, repeatWhile } from "./branch.js";
import { exactProduct } from "./double-double.js";

/** Products are exact between these. */
const [least, greatest] = [2 ** -900, 2 ** 990];

export function rem(e: Emitter, x: Expr, y: Expr): Expr {
  const [size, by] = [e.bind("size", abs(x)), e.bind("by", abs(y))];
  const rest = e.variable("rest", reduced(e, size, by));
  const isPlain = and(and(ge(by, least), le(size, greatest)), lt(size, mul(by, 2 ** 53)));
  const isDefined = and(and(gt(by, 0), lt(by, Infinity)), lt(size, Infinity));
  rarely(e, and(isDefined, and(not(isPlain), ge(size, by))), [rest], (e) => [
    reducedLong(e, size, by),
  ]);
  const isWhole = and(lt(size, by), lt(size, Infinity));
  const value = select(isWhole, size, select(or(isDefined, isWhole), get(rest), NaN));
  return copysign(value, x);
}

/** a less the whole multiples of b, for 0 ≤ a < 2^53 b. */
function reduced(e: Emitter, a: Expr, b: Expr): Expr {
  const multiple = exactProduct(e, e.bind("whole", trunc(div(a, b))), b);
  const rest = e.bind("rest", sub(sub(a, multiple.high), multiple.low));
  // a quotient that was rounded up to a whole one
  return select(lt(rest, 0), add(rest, b), rest);
}

/** The same for any finite a ≥ b > 0, as whole numbers below 2^53 times powers of two. */
function reducedLong(e: Emitter, a: Expr, b: Expr): Expr {
  const [dividend, divisor] = [decomposed(e, a), decomposed(e, b)];
  const rest = e.variable("rest", reduced(e, dividend.whole, divisor.whole));
  const left = e.variable("left", operate("i64.sub", dividend.power, divisor.power));
  repeatWhile(e, (e) => {
    const exceeds = operate("i64.lt_s", i64(52n), get(left));
    const step = e.bind("step", operate("i64.select", exceeds, i64(52n), get(left)));
    e.set(rest, reduced(e, e.bind("shifted", mul(get(rest), powerOfTwo(step))), divisor.whole));
    e.set(left, operate("i64.sub", get(left), step));
    return operate("i64.lt_s", i64(0n), get(left));
  });
  // exact, as the rest is a multiple of b's last bit; in two factors, as 2^power may be subnormal
  const isSmall = e.bind("isSmall", operate("i64.lt_s", divisor.power, i64(0n)));
  const up = operate("i64.select", isSmall, i64(200n), i64(0n));
  const scaled = mul(get(rest), powerOfTwo(operate("i64.add", divisor.power, up)));
  return mul(scaled, select(isSmall, 2 ** -200, 1));
}

/** A positive number as a whole one below 2^53 times a power of two, at least 2^-1126. */
function decomposed(e: Emitter, value: Expr): { readonly whole: Expr; readonly power: Expr } {
  const isSubnormal = e.bind("isSubnormal", lt(value, 2 ** -1022));
  const normal = e.bind("normal", select(isSubnormal, mul(value, 2 ** 52), value));
  const bits = e.bind("bits", operate("i64.reinterpret_f64", normal));
  const biased = operate("i64.shr_u", bits, i64(52n));
  const bias = operate("i64.select", isSubnormal, i64(1075n + 52n), i64(1075n));
  const fraction = operate("i64.and", bits, i64((1n << 52n) - 1n));
  const whole = operate("i64.or", fraction, i64(1075n << 52n));
  return {
    whole: e.bind("whole", operate("f64.reinterpret_i64", whole)),
    power: e.bind("power", operate("i64.sub", biased, bias)),
  };
}

/** 2^power for a normal result. */
function powerOfTwo(power: Expr): Expr {
  const biased = operate("i64.add", power, i64(1023n));
  return operate("f64.reinterpret_i64", operate("i64.shl", biased, i64(52n)));
}
