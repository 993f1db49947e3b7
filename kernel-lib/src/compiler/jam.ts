/**
 * Two iterations of a loop in one, their statements in turn. A processor looks some hundred
 * instructions ahead; where an iteration is longer than that, and a chain of operations that wait
 * for one another, the next one can't fill the gaps unless it stands between.
 */
import type { Stmt } from "./ir.js";
import { bodies, everyExpr } from "./walk.js";

/** Operations of an iteration from which on its end is too far ahead to see. */
const long = 100;

/** Whether two iterations in one would be faster, and are allowed: nothing in one may leave it. */
export function isWorthJamming(body: readonly Stmt[]): boolean {
  return (
    body.every(isStraight) && everyExpr(body).filter(({ op }) => op.includes(".")).length > long
  );
}

function isStraight(stmt: Stmt): boolean {
  switch (stmt.op) {
    case "set":
    case "write":
    case "store":
    case "fail":
      return true;
    case "if":
      return bodies(stmt).every((inner) => inner.every(isStraight));
    default:
      return false;
  }
}

/** The bodies at once: they are alike, and set no variable in common. */
export function jammed(bodies: readonly (readonly Stmt[])[]): readonly Stmt[] {
  const [first = []] = bodies;
  return first.flatMap((_, i) => bodies.map((body) => body[i]!));
}
