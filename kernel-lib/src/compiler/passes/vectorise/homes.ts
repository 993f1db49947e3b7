/**
 * Where a variable of a loop's body lives: the smallest region that no value of it enters or leaves.
 * Lanes that are out of a region never look at a variable that lives in it, so it may be set there
 * without regard to them. Takes a body; knows nothing of lanes or masks.
 */
import type { Expr, Local, Loop, For, Stmt } from "../../ir.js";
import { expressions, readIn, setIn, someOperand } from "../../walk.js";

/** A list of statements that is entered as one, or a loop with all its iterations. */
export type Region = readonly Stmt[] | For | Loop;

export class Homes {
  readonly #known = new Map<Local, Region>();
  readonly #reads = new Map<Stmt, ReadonlySet<Local>>();
  /** Of a list, the statements that set or read a variable. */
  readonly #mentions = new Map<readonly Stmt[], ReadonlyMap<Local, readonly Stmt[]>>();

  constructor(readonly body: readonly Stmt[]) {}

  of(local: Local): Region {
    let home = this.#known.get(local);
    if (!home) this.#known.set(local, (home = this.#find(local)));
    return home;
  }

  #find(local: Local): Region {
    let home: Region = this.body;
    let list: readonly Stmt[] | undefined = this.body;
    while (list) {
      const mentions: readonly Stmt[] = this.#mentioning(local, list);
      const first = mentions[0];
      if (!first) return home;
      const starts = first.op === "set" && first.local === local && !evaluates(first, local);
      if (starts) {
        home = list;
        const readers = mentions.filter((s) => this.#read(s).has(local));
        const [only] = readers;
        const last = only !== undefined && mentions.at(-1) === only;
        if (readers.length === 1 && last && (only.op === "loop" || only.op === "for")) return only;
        return home;
      }
      const has = (each: readonly Stmt[]): boolean => this.#mentioning(local, each).length > 0;
      list = mentions.length === 1 ? inner(first, local, has) : undefined;
    }
    return home;
  }

  #read(stmt: Stmt): ReadonlySet<Local> {
    let known = this.#reads.get(stmt);
    if (!known) this.#reads.set(stmt, (known = readIn([stmt])));
    return known;
  }

  #mentioning(local: Local, list: readonly Stmt[]): readonly Stmt[] {
    let known = this.#mentions.get(list);
    if (!known) this.#mentions.set(list, (known = this.#index(list)));
    return known.get(local) ?? [];
  }

  #index(list: readonly Stmt[]): ReadonlyMap<Local, readonly Stmt[]> {
    const index = new Map<Local, Stmt[]>();
    for (const stmt of list) {
      for (const local of new Set([...setIn([stmt]), ...this.#read(stmt)])) {
        const known = index.get(local);
        if (known) known.push(stmt);
        else index.set(local, [stmt]);
      }
    }
    return index;
  }
}

function evaluates(stmt: Stmt, local: Local): boolean {
  const reads = (expr: Expr): boolean =>
    someOperand(expr, (part) => part.op === "get" && part.local === local);
  return expressions(stmt).some(reads);
}

/** The one list of a statement that has the variable, if it is nowhere else in it. */
function inner(
  stmt: Stmt,
  local: Local,
  has: (list: readonly Stmt[]) => boolean,
): readonly Stmt[] | undefined {
  if (evaluates(stmt, local)) return undefined;
  switch (stmt.op) {
    case "if": {
      const [a, b] = [has(stmt.then), has(stmt.otherwise)];
      if (a && b) return undefined;
      return a ? stmt.then : stmt.otherwise;
    }
    case "for":
      return stmt.counter === local ? undefined : stmt.body;
    case "loop":
    case "block":
      return stmt.body;
    default:
      return undefined;
  }
}
