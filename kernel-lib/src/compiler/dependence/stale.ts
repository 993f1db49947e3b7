/**
 * Which variables a piece of code reads while they still hold a value they had better not show: in
 * the body of a parallel loop that of another iteration, behind it that of its last one. Follows
 * every path through branches, blocks and loops.
 */
import type { Expr, Label, Local, Stmt } from "../ir.js";
import { arrayLocals, everyOperand, expressions } from "../walk.js";

/** The stale variables at one point; undefined where control never comes. */
type State = ReadonlySet<Local> | undefined;

function join(a: State, b: State): State {
  if (!a || !b) return a ?? b;
  return new Set([...a, ...b]);
}

function without(state: State, locals: readonly Local[]): State {
  return state && new Set([...state].filter((each) => !locals.includes(each)));
}

/** Follows the statements with some variables stale from the start, others from behind certain loops on. */
export class Stale {
  /** The variables that were read while stale. */
  readonly read = new Set<Local>();
  readonly #exits = new Map<Label, State>();
  readonly #repeats = new Map<Label, State>();

  /** @param behind the variables that a statement leaves stale. */
  constructor(readonly behind: (stmt: Stmt) => ReadonlySet<Local> = () => new Set()) {}

  body(body: readonly Stmt[], start: State): State {
    return body.reduce<State>((state, stmt) => this.#statement(stmt, state), start);
  }

  #statement(stmt: Stmt, state: State): State {
    if (!state) return state;
    for (const expr of expressions(stmt)) this.expression(expr, state);
    switch (stmt.op) {
      case "set":
        return without(state, [stmt.local]);
      case "store":
        this.#use(arrayLocals(stmt.access.array), state);
        return state;
      case "if":
        return join(this.body(stmt.then, state), this.body(stmt.otherwise, state));
      case "block": {
        const end = this.body(stmt.body, state);
        return join(end, this.#take(this.#exits, stmt.label));
      }
      case "for":
      case "prange": {
        const end = this.#repeat(stmt.body, stmt.label, state, stmt.counter);
        return join(end, this.behind(stmt));
      }
      case "loop":
        this.#repeat(stmt.body, stmt.label, state);
        return this.#take(this.#exits, stmt.label);
      case "break":
        this.#exits.set(stmt.label, join(this.#exits.get(stmt.label), state));
        return undefined;
      case "continue":
        this.#repeats.set(stmt.label, join(this.#repeats.get(stmt.label), state));
        return undefined;
      case "call":
        return without(state, stmt.results);
      case "allocate":
        return without(state, arrayLocals(stmt.array));
      case "return":
      case "fail":
        return undefined;
      case "write":
      case "parallel":
        return state;
    }
  }

  /** What is stale behind a counted loop, or in any further iteration of an uncounted one. */
  #repeat(body: readonly Stmt[], label: Label, start: State, counter?: Local): State {
    let state = start;
    // what one iteration adds is all that any number of them can
    for (let i = 0; i < 2; i++) {
      const end = this.body(body, counter ? without(state, [counter]) : state);
      state = join(state, join(end, this.#take(this.#repeats, label)));
    }
    return counter ? join(state, this.#take(this.#exits, label)) : state;
  }

  #take(from: Map<Label, State>, label: Label): State {
    const state = from.get(label);
    from.delete(label);
    return state;
  }

  expression(expr: Expr, state: ReadonlySet<Local>): void {
    for (const part of everyOperand(expr)) {
      if (part.op === "get") this.#use([part.local], state);
      if (part.op === "element") this.#use(arrayLocals(part.access.array), state);
    }
  }

  #use(locals: readonly Local[], state: ReadonlySet<Local>): void {
    for (const each of locals) if (state.has(each)) this.read.add(each);
  }
}
