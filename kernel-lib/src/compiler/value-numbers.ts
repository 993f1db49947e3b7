/**
 * Gives expressions numbers such that equal numbers mean the same computation on the same
 * variables: whether it gives the same value is then a question of what was set or written between.
 */
import type { Expr, Local } from "./ir.js";
import { everyOperand, operands } from "./walk.js";

export class ValueNumbers {
  readonly #byShape = new Map<string, number>();
  readonly #byExpr = new WeakMap<Expr, number>();
  readonly #objects = new Map<object, number>();

  of(expr: Expr): number {
    const known = this.#byExpr.get(expr);
    if (known !== undefined) return known;
    let shape = `${expr.op} ${expr.kind} ${expr.lanes} ${this.#own(expr)}`;
    for (const operand of operands(expr)) shape += ` ${this.of(operand)}`;
    const number = this.#byShape.get(shape) ?? this.#byShape.size;
    this.#byShape.set(shape, number);
    this.#byExpr.set(expr, number);
    return number;
  }

  /** What an expression is besides its operands. */
  #own(expr: Expr): string | number {
    switch (expr.op) {
      case "const":
        return Object.is(expr.value, -0) ? "-0" : String(expr.value);
      case "get":
        return this.#object(expr.local);
      case "extract":
        return expr.lane;
      case "load":
        return `${expr.dtype} ${expr.offset} ${expr.addresses.length}`;
      case "element": {
        const { array, pattern, checked, site, indices, step } = expr.access;
        const lengths = `${indices.length} ${step?.length ?? 0}`;
        return `${this.#object(array)} ${pattern} ${checked} ${site} ${lengths}`;
      }
      default:
        return "";
    }
  }

  #object(object: object): number {
    const number = this.#objects.get(object) ?? this.#objects.size;
    this.#objects.set(object, number);
    return number;
  }
}

/** The variables an expression reads, apart from those of arrays. */
export function localsOf(expr: Expr): ReadonlySet<Local> {
  const found = new Set<Local>();
  for (const part of everyOperand(expr)) if (part.op === "get") found.add(part.local);
  return found;
}
