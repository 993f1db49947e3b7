/** Operations on f64 under their short names, with numbers as operands: what formulas are written in. */
import { f64, operate } from "../build.js";
import type { Expr } from "../ir.js";
import type { Operation } from "../operations.js";

export type Operand = Expr | number;
type Unary = (a: Operand) => Expr;
type Binary = (a: Operand, b: Operand) => Expr;

function of(operand: Operand): Expr {
  return typeof operand === "number" ? f64(operand) : operand;
}

const unary =
  (op: Operation): Unary =>
  (a) =>
    operate(op, of(a));
const binary =
  (op: Operation): Binary =>
  (a, b) =>
    operate(op, of(a), of(b));

export const add = binary("f64.add");
export const sub = binary("f64.sub");
export const mul = binary("f64.mul");
export const div = binary("f64.div");
export const neg = unary("f64.neg");
export const abs = unary("f64.abs");
export const sqrt = unary("f64.sqrt");
export const trunc = unary("f64.trunc");
export const copysign = binary("f64.copysign");
export const lt = binary("f64.lt");
export const le = binary("f64.le");
export const gt = binary("f64.gt");
export const ge = binary("f64.ge");
export const eq = binary("f64.eq");
export const ne = binary("f64.ne");

export function and(a: Expr, b: Expr): Expr {
  return operate("bool.and", a, b);
}

export function or(a: Expr, b: Expr): Expr {
  return operate("bool.or", a, b);
}

export function not(a: Expr): Expr {
  return operate("bool.not", a);
}

/** Both sides are evaluated. */
export function select(condition: Expr, then: Operand, otherwise: Operand): Expr {
  return operate("f64.select", condition, of(then), of(otherwise));
}
