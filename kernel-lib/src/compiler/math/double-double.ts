/**
 * Numbers as sums of two, the second far smaller: about 100 bits out of rounded operations
 * (Dekker 1971). Products need |a|, |b| < 2^996 and lose bits only where they underflow.
 */
import { i64, operate, type Emitter } from "../build.js";
import type { Expr } from "../ir.js";
import { add, div, mul, sub, type Operand } from "./arithmetic.js";

export interface DoubleDouble {
  readonly high: Expr;
  readonly low: Expr;
}

/** The first 26 bits of x, rounded towards 0: the product of two such is exact. */
export function head(e: Emitter, x: Expr): Expr {
  const bits = operate("i64.and", operate("i64.reinterpret_f64", x), i64(-(1n << 27n)));
  return e.bind("head", operate("f64.reinterpret_i64", bits));
}

/** a + b, exactly (Knuth's TwoSum). */
export function exactSum(e: Emitter, a: Operand, b: Operand): DoubleDouble {
  const high = e.bind("sum", add(a, b));
  const fromB = e.bind("fromB", sub(high, a));
  const low = add(sub(a, sub(high, fromB)), sub(b, fromB));
  return { high, low: e.bind("lost", low) };
}

/** a + b, exactly where |a| ≥ |b| or a = 0 (Dekker's Fast2Sum). */
export function orderedSum(e: Emitter, a: Operand, b: Operand): DoubleDouble {
  const high = e.bind("sum", add(a, b));
  return { high, low: e.bind("lost", sub(b, sub(high, a))) };
}

/** a · b, exactly (Dekker's product with Veltkamp's splitting). */
export function exactProduct(e: Emitter, a: Expr, b: Expr): DoubleDouble {
  const high = e.bind("product", mul(a, b));
  const [a1, a2] = halves(e, a);
  const [b1, b2] = halves(e, b);
  const first = sub(mul(a1, b1), high);
  const low = add(add(add(first, mul(a1, b2)), mul(a2, b1)), mul(a2, b2));
  return { high, low: e.bind("lost", low) };
}

/** x as a sum of two numbers of 26 bits. */
function halves(e: Emitter, x: Expr): readonly [Expr, Expr] {
  const wide = e.bind("wide", mul(x, 2 ** 27 + 1));
  const high = e.bind("half", sub(wide, sub(wide, x)));
  return [high, e.bind("half", sub(x, high))];
}

/** a / b, some 2^-100 off. */
export function quotient(e: Emitter, a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = e.bind("quotient", div(a.high, b.high));
  const back = exactProduct(e, first, b.high);
  const rest = sub(add(sub(sub(a.high, back.high), back.low), a.low), mul(first, b.low));
  return orderedSum(e, first, e.bind("rest", div(rest, b.high)));
}

/** a + b, some 2^-100 off where nothing cancels. */
export function sumOf(e: Emitter, a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const { high, low } = exactSum(e, a.high, b.high);
  return orderedSum(e, high, e.bind("lost", add(low, add(a.low, b.low))));
}
