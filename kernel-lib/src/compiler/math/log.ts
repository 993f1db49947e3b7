/**
 * ln x, at most 1 ulp off (4 under fastMath): x = 2^k (1 + f) with √½ ≤ 1 + f < √2, ln(1 + f) by the
 * series of the inverse hyperbolic tangent of f / (2 + f). After fdlibm's e_log.c (SunPro 1993).
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { ln2High, ln2Low } from "./exp.js";
import type { MathOptions } from "./options.js";
import { madd, polynomial } from "./polynomial.js";

/** fdlibm's Lg1 to Lg7: 2^-58.45 off. */
const series = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
];
/** A minimax of the same, 2^-52.2 off. */
const shortSeries = [
  0.6666666666658716, 0.40000000052302886, 0.28571417124686677, 0.2222337206821055,
  0.1812362951691376, 0.1681998521765663,
];

const bitsOfOne = 0x3ff0000000000000n;
/** Those of √½ but for the low half. */
const bitsOfLeast = 0x3fe6a09e00000000n;
/** 2^52, whose low bits are those of a whole number added to it. */
const bitsOfShifter = 0x4330000000000000n;
const leastNormal = 2 ** -1022;

export function log(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { k, f } = split(e, x);
  const s = e.bind("s", operate("f64.div", f, operate("f64.add", f64(2), f)));
  const z = e.bind("z", operate("f64.mul", s, s));
  const rest = operate(
    "f64.mul",
    z,
    polynomial(e, z, options.fastMath ? shortSeries : series, options),
  );
  const half = e.bind("half", operate("f64.mul", operate("f64.mul", f64(0.5), f), f));
  const small = madd(
    s,
    operate("f64.add", half, rest),
    operate("f64.mul", k, f64(ln2Low)),
    options,
  );
  const near = operate("f64.sub", operate("f64.sub", half, small), f);
  const value = operate("f64.sub", operate("f64.mul", k, f64(ln2High)), near);
  return outside(x, value);
}

/** x as 2^k (1 + f). */
export function split(e: Emitter, x: Expr): { readonly k: Expr; readonly f: Expr } {
  const isSubnormal = e.bind("isSubnormal", operate("f64.lt", x, f64(leastNormal)));
  const normal = operate("f64.select", isSubnormal, operate("f64.mul", x, f64(2 ** 54)), x);
  const bits = operate("i64.reinterpret_f64", normal);
  const moved = e.bind("moved", operate("i64.add", bits, i64(bitsOfOne - bitsOfLeast)));
  const exponent = operate("i64.or", operate("i64.shr_u", moved, i64(52n)), i64(bitsOfShifter));
  const bias = operate("f64.select", isSubnormal, f64(2 ** 52 + 1023 + 54), f64(2 ** 52 + 1023));
  const k = e.bind("k", operate("f64.sub", operate("f64.reinterpret_i64", exponent), bias));
  const fraction = operate("i64.and", moved, i64((1n << 52n) - 1n));
  const mantissa = operate("f64.reinterpret_i64", operate("i64.add", fraction, i64(bitsOfLeast)));
  return { k, f: e.bind("f", operate("f64.sub", mantissa, f64(1))) };
}

/** The logarithm: that of x where x is positive and finite is given. */
export function outside(x: Expr, value: Expr): Expr {
  const finite = operate("f64.select", operate("f64.lt", x, f64(Infinity)), value, x);
  const atZero = operate("f64.select", operate("f64.eq", x, f64(0)), f64(-Infinity), f64(NaN));
  return operate("f64.select", operate("f64.gt", x, f64(0)), finite, atZero);
}
