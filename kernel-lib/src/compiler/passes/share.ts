/**
 * Common subexpressions: what a run of statements computes again, with nothing set or written in
 * between that it depends on, is read from a variable; a check that was passed isn't made again.
 * Runs after `addresses`, and leaves conditions that are constants to `simplify`.
 */
import { bool, get, local } from "../build.js";
import type { Const, Expr, Get, Local, Stmt } from "../ir.js";
import { MemoryEffects } from "../memory-effects.js";
import { localsOf, ValueNumbers } from "../value-numbers.js";
import {
  everyOperand,
  everyStmt,
  expressions,
  mapOperands,
  mapParts,
  operands,
  setIn,
  someOperand,
} from "../walk.js";

type Body = readonly Stmt[];

/** The statements with repeated expressions computed once. */
export function shareCommon(body: Body, aliased: boolean): Body {
  return new Sharer(body, aliased).body(body);
}

/** A value that is known: in a variable, or as the constant that it must be. */
interface Available {
  readonly expr: Expr;
  readonly value: Get | Const;
}

class Sharer {
  readonly #numbers = new ValueNumbers();
  /** How often an expression occurs, not counting inside one that occurs again itself. */
  readonly #counts = new Map<number, number>();
  #available = new Map<number, Available>();
  /** By variable, what was ever available that it is part of; and what reads memory. */
  readonly #users = new Map<Local, Set<number>>();
  readonly #loads = new Set<number>();

  constructor(
    body: Body,
    readonly aliased: boolean,
  ) {
    for (const stmt of everyStmt(body)) {
      // what an error says is computed where it is thrown
      if (stmt.op !== "fail") for (const expr of expressions(stmt)) this.#count(expr);
    }
  }

  #count(expr: Expr): void {
    const number = this.#numbers.of(expr);
    const seen = this.#counts.get(number) ?? 0;
    this.#counts.set(number, seen + 1);
    if (seen === 0) for (const operand of operands(expr)) this.#count(operand);
  }

  body(body: Body): Body {
    return body.flatMap((stmt) => {
      const before: Stmt[] = [];
      const done = this.#stmt(stmt, before);
      return [...before, done];
    });
  }

  #stmt(stmt: Stmt, before: Stmt[]): Stmt {
    switch (stmt.op) {
      case "set": {
        const isKnown = this.#available.has(this.#numbers.of(stmt.value));
        const value = isKnown
          ? this.#expr(stmt.value, before)
          : mapOperands(stmt.value, (operand) => this.#expr(operand, before));
        this.#forget([stmt]);
        const repeats = !isKnown && this.#isRepeated(stmt.value);
        if (repeats && !localsOf(stmt.value).has(stmt.local)) {
          const made = { expr: stmt.value, value: get(stmt.local) };
          this.#add(this.#numbers.of(stmt.value), made);
        }
        return { ...stmt, value };
      }
      case "fail":
        return stmt;
      case "for":
      case "loop": {
        // bounds are computed before the loop, what is inside after any number of iterations
        const entered = mapParts(stmt, { expr: (expr) => this.#expr(expr, before) });
        this.#forget([stmt]);
        return mapParts(entered, { body: (body) => this.#branch(body) });
      }
      default: {
        const done = mapParts(stmt, {
          expr: (expr) => this.#expr(expr, before),
          body: (body) => this.#branch(body),
        });
        this.#forget([stmt]);
        this.#learn(stmt);
        return done;
      }
    }
  }

  /** Behind a check that ends otherwise, its condition is known, so the same check needn't be made again. */
  #learn(stmt: Stmt): void {
    if (stmt.op !== "if" || stmt.otherwise.length > 0) return;
    const last = stmt.then.at(-1)?.op;
    if (last !== "fail" && last !== "break" && last !== "continue" && last !== "return") return;
    const expr = stmt.condition;
    this.#add(this.#numbers.of(expr), { expr, value: bool(false) });
  }

  #add(number: number, made: Available): void {
    this.#available.set(number, made);
    for (const { op } of everyOperand(made.expr)) if (op === "load") this.#loads.add(number);
    const locals = localsOf(made.expr);
    for (const local of made.value.op === "get" ? [...locals, made.value.local] : locals) {
      const users = this.#users.get(local) ?? new Set();
      this.#users.set(local, users.add(number));
    }
  }

  #branch(body: Body): Body {
    const known = new Map(this.#available);
    const done = this.body(body);
    this.#available = known;
    return done;
  }

  #expr(expr: Expr, before: Stmt[]): Expr {
    const number = this.#numbers.of(expr);
    const known = this.#available.get(number);
    if (known) return known.value;
    const inner = mapOperands(expr, (operand) => this.#expr(operand, before));
    if (!this.#isRepeated(expr)) return inner;
    const holder = local("shared", expr.kind, expr.lanes);
    before.push({ op: "set", local: holder, value: inner });
    this.#add(number, { expr, value: get(holder) });
    return get(holder);
  }

  #isRepeated(expr: Expr): boolean {
    if (expr.op === "const" || expr.op === "get" || expr.op === "lanes") return false;
    return this.#counts.get(this.#numbers.of(expr))! > 1;
  }

  /** Drops what the statements, once run, may have made untrue. */
  #forget(stmts: Body): void {
    for (const local of setIn(stmts)) {
      for (const number of this.#users.get(local) ?? []) {
        const known = this.#available.get(number);
        if (known && uses(known, local)) this.#available.delete(number);
      }
    }
    const effects = new MemoryEffects(stmts, this.aliased);
    if (effects.none) return;
    for (const number of this.#loads) {
      const known = this.#available.get(number);
      if (known && effects.change(known.expr)) this.#available.delete(number);
    }
  }
}

/** Whether a value isn't known any more once the variable is set. */
function uses({ expr, value }: Available, local: Local): boolean {
  const isLocal = (part: Expr): boolean => part.op === "get" && part.local === local;
  return isLocal(value) || someOperand(expr, isLocal);
}
