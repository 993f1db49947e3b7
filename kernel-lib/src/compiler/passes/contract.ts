/**
 * Products that are added become one operation, which the processor may round once: under
 * `fastMath` only, and only in the user's own expressions, as the functions of Math say themselves
 * where they can bear it. Runs before `vectorise`, so that all forms of a loop give the same bits.
 */
import { operate } from "../build.js";
import type { Context } from "../context.js";
import { mapBodies } from "../function-bodies.js";
import type { Expr, Kernel, Operate, Stmt } from "../ir.js";
import { mapList, mapParts, rewrite } from "../walk.js";

export function contract(kernel: Kernel, { options }: Context): Kernel {
  return options.fastMath ? mapBodies(kernel, contracted) : kernel;
}

function contracted(body: readonly Stmt[]): readonly Stmt[] {
  return mapList(body, (stmt) =>
    mapParts(stmt, { expr: (expr) => rewrite(expr, madd), body: contracted }),
  );
}

function madd(expr: Expr): Expr {
  if (expr.op !== "f64.add" && expr.op !== "f64.sub") return expr;
  const [a, b] = expr.args as readonly [Expr, Expr];
  const isAdded = expr.op === "f64.add";
  // of two products the first is rounded and the second isn't, as in a sum that goes on
  if (isProduct(b)) {
    const [x, y] = b.args as readonly [Expr, Expr];
    return operate("f64.madd", isAdded ? x : operate("f64.neg", x), y, a);
  }
  if (!isProduct(a)) return expr;
  const [x, y] = a.args as readonly [Expr, Expr];
  return operate("f64.madd", x, y, isAdded ? b : operate("f64.neg", b));
}

function isProduct(expr: Expr): expr is Operate {
  return expr.op === "f64.mul";
}
