/**
 * sin 2πx and cos 2πx for 0 ≤ x ≤ 1, at most 1 ulp off (4 under fastMath), exact at the quarters.
 * The nearest quarter turn is taken away without an error; what is left is at most π/4, for the
 * polynomials of fdlibm's k_sin.c and k_cos.c (SunPro 1993).
 */
import { f64, i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { wholeShifter } from "./exp.js";
import type { MathOptions } from "./options.js";
import { madd, polynomial } from "./polynomial.js";

/** fdlibm's S1 to S6 and C1 to C6. */
export const sines = [
  -1.66666666666666324348e-1, 8.33333333332248946124e-3, -1.98412698298579493134e-4,
  2.75573137070700676789e-6, -2.50507602534068634195e-8, 1.58969099521155010221e-10,
];
export const cosines = [
  4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5,
  -2.75573143513906633035e-7, 2.0875723212981748279e-9, -1.13596475577881948265e-11,
];
/** A minimax of the same, 2^-53.5 off. */
export const shortCosines = [
  0.04166666666660222, -0.0013888888878269997, 2.480158096972835e-5, -2.7555566772495985e-7,
  2.0647714485644567e-9,
];

/** π/2: its first 26 bits and the next 53. */
const quarterHigh = 1.5707963109016418;
const quarterLow = 1.5893254773528196e-8;
/** Leaves the first 26 bits of a mantissa. */
const firstBits = -(1n << 27n);

export function sinTurn(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { quarters, sine, cosine } = inQuarter(e, x, options);
  return signed(operate("f64.select", isOdd(e, quarters), cosine, sine), quarters);
}

export function cosTurn(e: Emitter, x: Expr, options: MathOptions): Expr {
  const { quarters, sine, cosine } = inQuarter(e, x, options);
  const next = operate("i64.add", quarters, i64(1n));
  return signed(operate("f64.select", isOdd(e, quarters), sine, cosine), next);
}

interface Quarter {
  /** The nearest quarter turn, in its low bits. */
  readonly quarters: Expr;
  /** Of what is left. */
  readonly sine: Expr;
  readonly cosine: Expr;
}

function inQuarter(e: Emitter, x: Expr, options: MathOptions): Quarter {
  const turned = e.bind("turned", operate("f64.mul", x, f64(4)));
  const shifted = e.bind("shifted", operate("f64.add", turned, f64(wholeShifter)));
  const nearest = operate("f64.sub", shifted, f64(wholeShifter));
  const r = e.bind("r", operate("f64.sub", turned, nearest));
  const quarters = e.bind("quarters", operate("i64.reinterpret_f64", shifted));
  const parts = options.fastMath ? shortParts(e, r, options) : fullParts(e, r, options);
  return { quarters, ...parts };
}

/** With the angle as a sum of two numbers. */
function fullParts(e: Emitter, r: Expr, options: MathOptions): Omit<Quarter, "quarters"> {
  const coarse = operate("i64.and", operate("i64.reinterpret_f64", r), i64(firstBits));
  const rHigh = e.bind("rHigh", operate("f64.reinterpret_i64", coarse));
  const rLow = operate("f64.sub", r, rHigh);
  const product = e.bind("product", operate("f64.mul", rHigh, f64(quarterHigh)));
  const small = operate("f64.mul", rHigh, f64(quarterLow));
  const left = operate("f64.mul", rLow, f64(Math.PI / 2));
  const rest = e.bind("rest", operate("f64.add", left, small));
  const angle = e.bind("angle", operate("f64.add", product, rest));
  const low = e.bind("low", operate("f64.add", operate("f64.sub", product, angle), rest));
  const z = e.bind("z", operate("f64.mul", angle, angle));
  const half = e.bind("half", operate("f64.mul", z, f64(0.5)));
  const most = e.bind("most", operate("f64.sub", f64(1), half));
  const cubic = operate("f64.mul", operate("f64.mul", z, angle), polynomial(e, z, sines, options));
  const sine = operate("f64.add", angle, operate("f64.add", operate("f64.mul", low, most), cubic));
  const quartic = operate("f64.mul", operate("f64.mul", z, z), polynomial(e, z, cosines, options));
  const lost = operate("f64.sub", operate("f64.sub", f64(1), most), half);
  const bend = operate("f64.sub", quartic, operate("f64.mul", angle, low));
  const cosine = operate("f64.add", most, operate("f64.add", lost, bend));
  return { sine: e.bind("sine", sine), cosine: e.bind("cosine", cosine) };
}

function shortParts(e: Emitter, r: Expr, options: MathOptions): Omit<Quarter, "quarters"> {
  const angle = e.bind("angle", operate("f64.mul", r, f64(Math.PI / 2)));
  const z = e.bind("z", operate("f64.mul", angle, angle));
  const cubic = operate("f64.mul", z, polynomial(e, z, sines, options));
  const bend = madd(z, polynomial(e, z, shortCosines, options), f64(-0.5), options);
  return {
    sine: e.bind("sine", madd(angle, cubic, angle, options)),
    cosine: e.bind("cosine", madd(z, bend, f64(1), options)),
  };
}

function isOdd(e: Emitter, quarters: Expr): Expr {
  const low = operate("i64.and", quarters, i64(1n));
  return e.bind("isOdd", operate("i64.ne", low, i64(0n)));
}

/** Negative in the second half turn of `quarters`. */
function signed(value: Expr, quarters: Expr): Expr {
  const sign = operate("i64.shl", operate("i64.and", quarters, i64(2n)), i64(62n));
  const bits = operate("i64.xor", operate("i64.reinterpret_f64", value), sign);
  return operate("f64.reinterpret_i64", bits);
}
