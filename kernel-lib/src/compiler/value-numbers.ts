/**
 * Gives expressions numbers such that equal numbers mean the same computation on the same
 * variables: whether it gives the same value is then a question of what was set or written between.
 */
import type { ArrayLocal, Expr, Local } from "./ir.js";
import { everyOperand, operands } from "./walk.js";

export class ValueNumbers {
  /** By variable, array, or an operation on numbers. */
  readonly #numbers = new Map<string | Local | ArrayLocal, number>();
  readonly #byExpr = new WeakMap<Expr, number>();

  of(expr: Expr): number {
    if (expr.op === "get") return this.#number(expr.local);
    const known = this.#byExpr.get(expr);
    if (known !== undefined) return known;
    let shape = `${expr.op} ${expr.kind} ${expr.lanes}${this.#own(expr)}`;
    for (const operand of operands(expr)) shape += ` ${this.of(operand)}`;
    const number = this.#number(shape);
    this.#byExpr.set(expr, number);
    return number;
  }

  /** What an expression is besides its operands. */
  #own(expr: Expr): string {
    switch (expr.op) {
      case "const":
        return ` ${Object.is(expr.value, -0) ? "-0" : String(expr.value)}`;
      case "extract":
        return ` ${expr.lane}`;
      case "load":
        return ` ${expr.dtype} ${expr.offset} ${expr.addresses.length}`;
      case "element": {
        const { array, pattern, checked, site, indices, step } = expr.access;
        const lengths = `${indices.length} ${step?.length ?? 0}`;
        return ` ${this.#number(array)} ${pattern} ${checked} ${site} ${lengths}`;
      }
      default:
        return "";
    }
  }

  #number(of: string | Local | ArrayLocal): number {
    const number = this.#numbers.get(of) ?? this.#numbers.size;
    this.#numbers.set(of, number);
    return number;
  }
}

/** The variables an expression reads, apart from those of arrays. */
export function localsOf(expr: Expr): ReadonlySet<Local> {
  const found = new Set<Local>();
  for (const part of everyOperand(expr)) if (part.op === "get") found.add(part.local);
  return found;
}
