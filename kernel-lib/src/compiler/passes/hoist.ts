/**
 * Computes before a loop what is the same in every iteration, and once what a run of statements
 * computes twice. Takes a module after `addresses`. A read of memory moves only if nothing in the
 * loop may write there and the loop is certain to do it, as an address may be wild otherwise.
 */
import { Emitter, get, local, operate } from "../build.js";
import type { Context } from "../context.js";
import { mapBodies } from "../function-bodies.js";
import type { Expr, For, Func, Label, Local, Loop, Module, Stmt } from "../ir.js";
import { MemoryEffects } from "../memory-effects.js";
import { ValueNumbers } from "../value-numbers.js";
import { everyStmt, mapOperands, mapParts, setBy, setIn, someOperand } from "../walk.js";
import { shareCommon } from "./share.js";

type Body = readonly Stmt[];

export function hoist(module: Module, { options: { aliased } }: Context): Module {
  const sets = countSets(module.functions);
  return mapBodies(module, (body) => shareCommon(hoistIn(body, sets, aliased), aliased));
}

/** How often each variable is given a value, as a parameter or by a statement. */
function countSets(functions: readonly Func[]): ReadonlyMap<Local, number> {
  const counts = new Map<Local, number>();
  const count = (each: Local): void => {
    counts.set(each, (counts.get(each) ?? 0) + 1);
  };
  for (const { params, body } of functions) {
    params.forEach(count);
    for (const stmt of everyStmt(body)) setBy(stmt).forEach(count);
  }
  return counts;
}

/** Outer loops first: what goes far goes at once. */
function hoistIn(body: Body, sets: ReadonlyMap<Local, number>, aliased: boolean): Body {
  const inner = (stmts: Body): Body => hoistIn(stmts, sets, aliased);
  return body.flatMap((stmt) => {
    if (stmt.op !== "for" && stmt.op !== "loop") return [mapParts(stmt, { body: inner })];
    const lift = new Lift(stmt, sets, aliased);
    const rest = lift.list(stmt.body, true);
    return lift.before(mapParts({ ...stmt, body: rest }, { body: inner }) as For | Loop);
  });
}

/** What can be lifted out of one loop. */
class Lift {
  readonly #variant: Set<Local>;
  readonly #effects: MemoryEffects;
  readonly #numbers = new ValueNumbers();
  readonly #lifted = new Map<number, Local>();
  /** What may be computed even if the loop doesn't run, and what may not. */
  readonly #always: Stmt[] = [];
  readonly #onlyIfRun: Stmt[] = [];
  readonly #setOnlyIfRun = new Set<Local>();

  constructor(
    loop: For | Loop,
    readonly sets: ReadonlyMap<Local, number>,
    aliased: boolean,
  ) {
    this.#variant = new Set(setIn([loop]));
    this.#effects = new MemoryEffects(loop.body, aliased);
  }

  /** The statements without what was lifted; `certain` if every iteration comes to them. */
  list(body: Body, certain: boolean): Body {
    let reached = certain;
    return body.flatMap((stmt) => {
      const rest = this.#stmt(stmt, reached);
      if (mayLeave(stmt)) reached = false;
      return rest;
    });
  }

  /** The loop with what was lifted out of it in front. */
  before(loop: For | Loop): Body {
    if (this.#onlyIfRun.length === 0) return [...this.#always, loop];
    if (loop.op === "loop") return [...this.#always, ...this.#onlyIfRun, loop];
    const e = new Emitter();
    e.emit(...this.#always);
    const from = e.bind("from", loop.from);
    const to = e.bind("to", loop.to);
    const less = loop.step > 0 ? "lt" : "gt";
    const runs =
      from.kind === "f64" ? operate(`f64.${less}`, from, to) : operate(`i32.${less}_s`, from, to);
    e.if(runs, (then) => {
      then.emit(...this.#onlyIfRun);
    });
    e.emit({ ...loop, from, to });
    return e.statements;
  }

  #stmt(stmt: Stmt, certain: boolean): Body {
    // a variable that is set here alone is read behind it alone, so the set itself can move
    if (stmt.op === "set" && this.sets.get(stmt.local) === 1 && this.#isSame(stmt.value, certain)) {
      this.#emit(stmt.local, stmt.value);
      this.#variant.delete(stmt.local);
      return [];
    }
    // what an error says is computed where it is thrown
    if (stmt.op === "fail") return [stmt];
    const inside = certain && (stmt.op === "block" || stmt.op === "loop");
    return [
      mapParts(stmt, {
        expr: (expr) => this.#expr(expr, certain),
        body: (body) => this.list(body, inside),
      }),
    ];
  }

  #expr(expr: Expr, certain: boolean): Expr {
    if (expr.op === "const" || expr.op === "get" || expr.op === "lanes") return expr;
    if (!this.#isSame(expr, certain)) {
      return mapOperands(expr, (operand) => this.#expr(operand, certain));
    }
    const number = this.#numbers.of(expr);
    const known = this.#lifted.get(number);
    if (known) return get(known);
    const lifted = local("same", expr.kind, expr.lanes);
    this.#emit(lifted, expr);
    this.#lifted.set(number, lifted);
    return get(lifted);
  }

  #emit(local: Local, value: Expr): void {
    const set = { op: "set", local, value } as const;
    const depends = someOperand(
      value,
      (part) => part.op === "get" && this.#setOnlyIfRun.has(part.local),
    );
    if (!depends && !mayTrap(value)) this.#always.push(set);
    else {
      this.#onlyIfRun.push(set);
      this.#setOnlyIfRun.add(local);
    }
  }

  /** Whether the value is the same in all iterations and may be computed before them. */
  #isSame(expr: Expr, certain: boolean): boolean {
    const isVariant = (part: Expr): boolean => part.op === "get" && this.#variant.has(part.local);
    if (someOperand(expr, isVariant)) return false;
    if (!certain && mayTrap(expr)) return false;
    return !this.#effects.change(expr);
  }
}

/** Whether it must not be computed where the program doesn't: an element may be wild, a division by 0. */
function mayTrap(expr: Expr): boolean {
  return someOperand(
    expr,
    ({ op }) => op === "load" || op === "element" || op === "i32.div_s" || op === "i32.rem_s",
  );
}

/** Whether the statement may keep those behind it in its list from being reached. */
function mayLeave(stmt: Stmt): boolean {
  const own = new Set<Label>();
  for (const each of everyStmt([stmt])) {
    switch (each.op) {
      case "for":
      case "loop":
      case "block":
        own.add(each.label);
        break;
      case "break":
      case "continue":
        if (!own.has(each.label)) return true;
        break;
      case "fail":
      case "return":
      case "call":
      case "allocate":
      case "parallel":
        return true;
      default:
    }
  }
  return false;
}
