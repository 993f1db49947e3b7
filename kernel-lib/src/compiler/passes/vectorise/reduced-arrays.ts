/**
 * `h[k] += x` for several iterations at once: lane after lane, as two lanes may mean the same
 * element. Takes the store; what is added is computed as a vector.
 */
import { operate, type Emitter } from "../../build.js";
import type { Access, Expr, StoreElement } from "../../ir.js";
import { everyOperand } from "../../walk.js";
import { extract, type Lanes } from "./lanes.js";

export function storeLaneByLane(
  e: Emitter,
  code: Lanes,
  { access, value }: StoreElement,
  mask: Expr | undefined,
): void {
  const bind = (expr: Expr): Expr =>
    code.divergence.varies(expr) ? e.bind("added", code.all(e, expr, mask)) : e.bind("added", expr);
  const indices = access.indices.map(bind);
  const reads = (expr: Expr): boolean =>
    [...everyOperand(expr)].some((x) => x.op === "element" && x.access.array === access.array);
  const prepared = new Map<Expr, Expr>();
  const prepare = (expr: Expr): void => {
    if (expr.op === "element" && expr.access.array === access.array) return;
    if (!reads(expr)) prepared.set(expr, bind(expr));
    else if ("args" in expr) expr.args.forEach(prepare);
  };
  prepare(value);
  for (let lane = 0; lane < code.lanes; lane++) {
    const one = (expr: Expr): Expr => (expr.lanes === 1 ? expr : extract(expr, lane));
    const at: Access = { ...access, indices: indices.map(one) };
    const scalar = (expr: Expr): Expr => {
      const known = prepared.get(expr);
      if (known) return one(known);
      if (expr.op === "element") return { ...expr, access: { ...at, site: expr.access.site } };
      if (!("args" in expr)) throw new Error(`can't take one lane of ${expr.op}`);
      return operate(expr.op, ...expr.args.map(scalar));
    };
    const store = (to: Emitter): void => {
      to.emit({ op: "store", access: at, value: scalar(value) });
    };
    if (mask) e.if(extract(mask, lane), store);
    else store(e);
  }
}
