/**
 * Puts `Math.floor(x)` itself where an index is a variable that holds it, as the bin of a histogram
 * is: `addresses` then asks x whether it is inside, for less than it takes to find out that the floor
 * is a whole number.
 */
import { get, local, operate } from "../build.js";
import type { Access, Expr, Local, Stmt } from "../ir.js";
import { mapParts, rewrite, setOnce } from "../walk.js";

export function withFloors(body: readonly Stmt[]): readonly Stmt[] {
  const once = setOnce(body);
  const floors = new Map<Local, Expr>();
  const expr = (outer: Expr): Expr =>
    rewrite(outer, (part) =>
      part.op === "element" ? { ...part, access: access(part.access) } : part,
    );
  const access = (each: Access): Access => ({
    ...each,
    indices: each.indices.map((index) => (index.op === "get" && floors.get(index.local)) || index),
  });
  const list = (stmts: readonly Stmt[]): readonly Stmt[] =>
    stmts.flatMap((stmt): readonly Stmt[] => {
      const inner = mapParts(stmt, { expr, body: list });
      if (inner.op === "store") return [{ ...inner, access: access(inner.access) }];
      if (inner.op !== "set" || inner.value.op !== "f64.floor" || !once.has(inner.local))
        return [inner];
      const of = local("of", "f64", inner.local.lanes);
      const value = operate("f64.floor", get(of));
      floors.set(inner.local, value);
      return [
        { op: "set", local: of, value: inner.value.args[0]! },
        { ...inner, value },
      ];
    });
  return list(body);
}
