/** Which functions a module consists of: those that are called from outside, and all that they call. */
import type { Func } from "./ir.js";
import { everyStmt } from "./walk.js";

/** The functions and all that they call, each once. */
export function withCallees(functions: readonly Func[]): readonly Func[] {
  const found = new Set(functions);
  // a set's iteration comes to what is added on the way
  for (const { body } of found) {
    for (const stmt of everyStmt(body)) if (stmt.op === "call") found.add(stmt.callee);
  }
  return [...found];
}
