/** Polynomials in one variable, and the product and sum that they are made of. */
import { f64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import type { MathOptions } from "./options.js";

/** a · b + c, contracted if that is allowed. */
export function madd(a: Expr, b: Expr, c: Expr, { fastMath }: MathOptions): Expr {
  if (fastMath) return operate("f64.madd", a, b, c);
  return operate("f64.add", operate("f64.mul", a, b), c);
}

/**
 * The polynomial with these coefficients, the constant one first: even and odd powers apart, so
 * that two chains of operations run side by side.
 */
export function polynomial(
  e: Emitter,
  x: Expr,
  coefficients: readonly number[],
  options: MathOptions,
): Expr {
  const square = e.bind("square", operate("f64.mul", x, x));
  const chain = (parity: number): Expr =>
    coefficients
      .filter((_, power) => power % 2 === parity)
      .map((value): Expr => f64(value))
      .reduceRight((higher, lower) => madd(higher, square, lower, options));
  return madd(chain(1), x, chain(0), options);
}
