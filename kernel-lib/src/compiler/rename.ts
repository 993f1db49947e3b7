/** Gives a copy of some code variables of its own, so that each copy can have them in another kind. */
import type { Expr, Local, Stmt } from "./ir.js";
import { mapParts, rewrite } from "./walk.js";

/** The statements with these variables replaced by others of the same name. */
export function withOwn(body: readonly Stmt[], locals: Iterable<Local>): readonly Stmt[] {
  return replaced(body, new Map([...locals].map((each) => [each, { ...each }])));
}

/** The statements with variables replaced. */
export function replaced(body: readonly Stmt[], by: ReadonlyMap<Local, Local>): readonly Stmt[] {
  const own = (local: Local): Local => by.get(local) ?? local;
  const expr = (value: Expr): Expr =>
    rewrite(value, (part) => (part.op === "get" ? { ...part, local: own(part.local) } : part));
  const list = (stmts: readonly Stmt[]): readonly Stmt[] => stmts.map(statement);
  const statement = (stmt: Stmt): Stmt => {
    const made = mapParts(stmt, { expr, body: list });
    switch (made.op) {
      case "set":
        return { ...made, local: own(made.local) };
      case "for":
      case "prange":
        return { ...made, counter: own(made.counter) };
      case "call":
        return { ...made, results: made.results.map(own) };
      default:
        return made;
    }
  };
  return list(body);
}
