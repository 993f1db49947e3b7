/** One iteration of a loop as statements of their own, which `continue` leaves. */
import type { Label, Stmt } from "./ir.js";
import { mapParts } from "./walk.js";

export function turn(body: readonly Stmt[], loop: Label): readonly Stmt[] {
  const label: Label = { name: loop.name };
  let used = false as boolean;
  const leave = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.map((stmt) => {
      if (stmt.op !== "continue" || stmt.label !== loop) return mapParts(stmt, { body: leave });
      used = true;
      return { op: "break", label };
    });
  const rewritten = leave(body);
  return used ? [{ op: "block", label, body: rewritten }] : rewritten;
}
