/**
 * Gives every ordinary counted loop the condition under which no two of its iterations touch the
 * same element of an array, one of them writing it. A loop of which that can't be shown gets none;
 * what its iterations do to variables is for others to find out.
 */
import { bool, f64, get, operate, reducesNothing } from "../build.js";
import type { Expr, For, Local, Prange, Stmt } from "../ir.js";
import { everyStmt, mapParts } from "../walk.js";
import { Ground, touches, type Touch } from "./races.js";

/** The statements with the conditions. @param aliased whether any arrays may share memory. */
export function withApart(
  body: readonly Stmt[],
  lengths: ReadonlySet<Local>,
  aliased: boolean,
): readonly Stmt[] {
  return body.map((stmt) => {
    const inner = mapParts(stmt, { body: (list) => withApart(list, lengths, aliased) });
    if (inner.op !== "for") return inner;
    const apart = condition(inner, lengths, aliased);
    return apart ? { ...inner, apart } : inner;
  });
}

/** The loop as one whose iterations are independent, which reduces nothing yet. */
export function asPrange({ counter, from, to, step, label, body, loop }: For): Prange {
  const common = { counter, from, to, step, label, body, loop };
  return { op: "prange", ...common, ...reducesNothing };
}

/** A variable is a whole number and not negative. */
export function isLength(local: Local): Expr {
  const value = get(local);
  return operate(
    "bool.and",
    operate("f64.eq", operate("f64.floor", value), value),
    operate("f64.ge", value, f64(0)),
  );
}

function condition(loop: For, lengths: ReadonlySet<Local>, aliased: boolean): Expr | undefined {
  const own = new Set<Local>();
  for (const stmt of everyStmt(loop.body)) {
    if (stmt.op === "allocate") own.add(stmt.array.base);
  }
  const all = touches(asPrange(loop)).filter(({ access }) => !own.has(access.array.base));
  const writes = all.filter((each) => each.writes);
  if (writes.length === 0) return bool(true);
  if (aliased || all.some(({ access }) => access.array.origin === "view")) return undefined;
  const ground = new Ground(asPrange(loop), lengths);
  const assumed = new Set<Local>();
  for (const write of writes) {
    for (const other of all) {
      const apart = areApart(ground, write, other);
      if (!apart) return undefined;
      for (const each of apart) assumed.add(each);
    }
  }
  return [...assumed].map(isLength).reduce((a, b) => operate("bool.and", a, b), bool(true));
}

/** What has to be assumed for two accesses of different iterations not to meet. */
function areApart(ground: Ground, a: Touch, b: Touch): ReadonlySet<Local> | undefined {
  const [x, y] = [a.access.array, b.access.array];
  if (x.base !== y.base) return new Set();
  // one memory seen through two shapes
  return x === y ? ground.apart(a === b ? [a] : [a, b]) : undefined;
}
