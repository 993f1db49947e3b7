/**
 * Folds constants, reads variables from where they were copied, drops what nothing needs: code that
 * can't be reached, values that nobody reads, blocks that nobody leaves. A checked element stays,
 * as it can fail. Knows no order of passes: it may run on any IR, and does at several places.
 */
import { mapBodies } from "../function-bodies.js";
import type { Const, Expr, Get, Kernel, Label, Local, Module, Stmt } from "../ir.js";
import {
  arrayLocals,
  everyStmt,
  expressions,
  handedOn,
  mapList,
  mapParts,
  operands,
  rewrite,
  setBy,
  setIn,
  storageLocals,
} from "../walk.js";
import { canFail, fold } from "./fold.js";

type Body = readonly Stmt[];

export function simplify<Code extends Kernel | Module>(code: Code): Code {
  const returned = new Set("result" in code && code.result ? storageLocals(code.result) : []);
  return mapBodies(code, (body) => {
    const forward = new Forward().body(body);
    return dropUnread(forward, "body" in code && body === code.body ? returned : new Set());
  });
}

/** Goes through statements in the order of execution, with what is known of variables. */
class Forward {
  /** Variables that now hold a constant or what another one holds. */
  #copies = new Map<Local, Const | Get>();
  /** By variable, those that have held what it holds. */
  readonly #copiers = new Map<Local, Set<Local>>();

  body(body: Body): Body {
    const done: Stmt[] = [];
    for (const stmt of body) {
      done.push(...this.#stmt(stmt));
      const last = done.at(-1);
      if (last && isEnd(last)) break;
    }
    return isSameList(done, body) ? body : done;
  }

  #expr(expr: Expr): Expr {
    return rewrite(expr, (part) =>
      fold(part.op === "get" ? (this.#copies.get(part.local) ?? part) : part),
    );
  }

  #stmt(stmt: Stmt): Body {
    switch (stmt.op) {
      case "set": {
        const value = this.#expr(stmt.value);
        this.#forget([stmt.local]);
        if (value.op === "get" && value.local === stmt.local) return [];
        if (value.op === "const" || value.op === "get") this.#learn(stmt.local, value);
        return [value === stmt.value ? stmt : { ...stmt, value }];
      }
      case "if": {
        const condition = this.#expr(stmt.condition);
        if (condition.op === "const")
          return this.body(condition.value ? stmt.then : stmt.otherwise);
        const then = this.#branch(stmt.then);
        const otherwise = this.#branch(stmt.otherwise);
        this.#forget(setIn([stmt]));
        if (then.length + otherwise.length === 0 && !canFail(condition)) return [];
        const isSame =
          condition === stmt.condition && then === stmt.then && otherwise === stmt.otherwise;
        return [isSame ? stmt : { ...stmt, condition, then, otherwise }];
      }
      case "block": {
        const body = withoutLastBreak(this.#branch(stmt.body), stmt.label);
        this.#forget(setIn(stmt.body));
        if (!leaves(body, stmt.label)) return body;
        return [body === stmt.body ? stmt : { ...stmt, body }];
      }
      case "for":
      case "prange": {
        const from = this.#expr(stmt.from);
        // also for `to`, which must not read what the body sets
        this.#forget(setIn([stmt]));
        const changed = mapParts({ ...stmt, from }, this.#inside);
        return isEmptyRange(changed)
          ? [{ op: "set", local: stmt.counter, value: from }]
          : [changed];
      }
      case "loop":
        this.#forget(setIn(stmt.body));
        return [mapParts(stmt, this.#inside)];
      default: {
        const changed = mapParts(stmt, this.#inside);
        this.#forget(setBy(stmt));
        return [changed];
      }
    }
  }

  readonly #inside = {
    expr: (expr: Expr): Expr => this.#expr(expr),
    body: (body: Body): Body => this.#branch(body),
  };

  /** Statements that may or may not run: what they find out is forgotten behind them. */
  #branch(body: Body): Body {
    const before = new Map(this.#copies);
    const done = this.body(body);
    this.#copies = before;
    return done;
  }

  #learn(local: Local, value: Const | Get): void {
    this.#copies.set(local, value);
    if (value.op !== "get") return;
    const copiers = this.#copiers.get(value.local) ?? new Set();
    this.#copiers.set(value.local, copiers.add(local));
  }

  #forget(set: Iterable<Local>): void {
    for (const local of set) {
      this.#copies.delete(local);
      for (const copier of this.#copiers.get(local) ?? []) {
        const value = this.#copies.get(copier);
        if (value?.op === "get" && value.local === local) this.#copies.delete(copier);
      }
    }
  }
}

/** Whether it is a loop that is known never to run. */
function isEmptyRange(stmt: Stmt): boolean {
  if (stmt.op !== "for" || stmt.from.op !== "const" || stmt.to.op !== "const") return false;
  const [from, to] = [Number(stmt.from.value), Number(stmt.to.value)];
  return !(stmt.step > 0 ? from < to : from > to);
}

/** Whether nothing behind the statement in its list runs. */
function isEnd({ op }: Stmt): boolean {
  return op === "break" || op === "continue" || op === "return" || op === "fail";
}

function leaves(body: Body, label: Label): boolean {
  return [...everyStmt(body)].some((stmt) => stmt.op === "break" && stmt.label === label);
}

function withoutLastBreak(body: Body, label: Label): Body {
  const last = body.at(-1);
  return last?.op === "break" && last.label === label ? body.slice(0, -1) : body;
}

/** Without the sets of variables that nothing needs, directly or through other such sets. */
function dropUnread(body: Body, returned: ReadonlySet<Local>): Body {
  const needed = new Set(returned);
  /** What a variable's values are made of; needed if it is. */
  const sources = new Map<Local, Set<Local>>();
  const droppable = new Set<Stmt>();
  for (const stmt of everyStmt(body)) {
    if (stmt.op !== "set") addRead(stmt, needed);
    else {
      const reads = new Set<Local>();
      const isChecked = addPart(stmt.value, reads);
      if (!isChecked) droppable.add(stmt);
      const known = isChecked ? needed : sources.get(stmt.local);
      if (known) addAll(reads, known);
      else sources.set(stmt.local, reads);
    }
  }
  // a set's iteration comes to what is added on the way
  for (const local of needed) {
    for (const source of sources.get(local) ?? []) needed.add(source);
  }
  const isUnread = (stmt: Stmt): boolean =>
    stmt.op === "set" && droppable.has(stmt) && !needed.has(stmt.local);
  const drop = (stmts: Body): Body => {
    const kept = stmts.some(isUnread) ? stmts.filter((stmt) => !isUnread(stmt)) : stmts;
    return mapList(kept, (stmt) => mapParts(stmt, { body: drop }));
  };
  return drop(body);
}

/** Adds the variables that a statement itself reads, and those that its loop needs for its results. */
function addRead(stmt: Stmt, to: Set<Local>): void {
  for (const expr of expressions(stmt)) addPart(expr, to);
  if (stmt.op === "store") addAll(arrayLocals(stmt.access.array), to);
  if (stmt.op !== "prange") return;
  addAll(handedOn(stmt), to);
  for (const { array } of stmt.arrayReductions) addAll(arrayLocals(array), to);
  addAll(stmt.vector?.reductions ?? [], to);
  addAll(stmt.vector?.winners.flat() ?? [], to);
}

/** Adds the variables that an expression reads; whether it can fail. */
function addPart(expr: Expr, to: Set<Local>): boolean {
  if (expr.op === "get") to.add(expr.local);
  let canFail = false;
  if (expr.op === "element") {
    addAll(arrayLocals(expr.access.array), to);
    canFail = expr.access.checked;
  }
  for (const operand of operands(expr)) if (addPart(operand, to)) canFail = true;
  return canFail;
}

function addAll(locals: Iterable<Local>, to: Set<Local>): void {
  for (const local of locals) to.add(local);
}

function isSameList(a: Body, b: Body): boolean {
  return a.length === b.length && a.every((stmt, i) => stmt === b[i]);
}
