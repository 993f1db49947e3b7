/**
 * Math.round, Math.sign and Math.fround: exact, −0, NaN and infinities as ECMA-262 has them.
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";

/** To the nearest whole number, halves upwards; −0 from what is rounded up to 0. */
export function round(e: Emitter, x: Expr): Expr {
  // adding a half first would round twice
  const up = e.bind("up", operate("f64.ceil", x));
  const isTooFar = operate("f64.gt", operate("f64.sub", up, f64(0.5)), x);
  return operate("f64.select", isTooFar, operate("f64.sub", up, f64(1)), up);
}

export function sign(_: Emitter, x: Expr): Expr {
  const otherwise = operate("f64.select", operate("f64.lt", x, f64(0)), f64(-1), x);
  return operate("f64.select", operate("f64.gt", x, f64(0)), f64(1), otherwise);
}

const leastNormal = 2 ** -126;
/** Added and taken away, it leaves multiples of 2^-149, the least positive float32. */
const shifter = 1.5 * 2 ** (52 - 149);

/** To the nearest float32, ties to even. */
export function fround(e: Emitter, x: Expr): Expr {
  const size = e.bind("size", operate("f64.abs", x));
  const bits = e.bind("bits", operate("i64.reinterpret_f64", size));
  const isOdd = operate("i64.and", operate("i64.shr_u", bits, i64(29n)), i64(1n));
  const half = operate("i64.add", i64((1n << 28n) - 1n), isOdd);
  const kept = operate("i64.and", operate("i64.add", bits, half), i64(-(1n << 29n)));
  const normal = e.bind("normal", operate("f64.reinterpret_i64", kept));
  const finite = operate(
    "f64.select",
    operate("f64.ge", normal, f64(2 ** 128)),
    f64(Infinity),
    normal,
  );
  const small = operate("f64.sub", operate("f64.add", size, f64(shifter)), f64(shifter));
  const isSmall = operate("f64.lt", size, f64(leastNormal));
  const rounded = operate("f64.copysign", operate("f64.select", isSmall, small, finite), x);
  return operate("f64.select", operate("f64.eq", x, x), rounded, x);
}
