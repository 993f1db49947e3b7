/**
 * What few arguments need, behind a branch. With several lanes it is entered if any lane needs it,
 * and changes only those that do.
 */
import { collect, get, operate, type Emitter } from "../build.js";
import type { Expr, Local } from "../ir.js";

/** A scalar: whether a condition holds in any lane. */
export function anyLane(condition: Expr): Expr {
  if (condition.lanes === 1) return condition;
  return { op: "any", kind: "bool", lanes: 1, value: condition };
}

/** Sets the variables to what `make` gives where the condition holds. */
export function rarely(
  e: Emitter,
  condition: Expr,
  variables: readonly Local[],
  make: (e: Emitter) => readonly Expr[],
): void {
  const isRare = e.bind("isRare", condition);
  e.if(anyLane(isRare), (then) => {
    make(then).forEach((value, i) => {
      const variable = variables[i]!;
      const kind = variable.kind;
      const kept = operate(`${kind}.select`, isRare, value, get(variable));
      then.set(variable, isRare.lanes === 1 ? value : kept);
    });
  });
}

/** Runs the body until the condition, evaluated after it, holds in no lane; lanes that are done go along. */
export function repeatWhile(e: Emitter, body: (e: Emitter) => Expr): void {
  const label = { name: "repeat" };
  const statements = collect((inner) => {
    const more = anyLane(body(inner));
    inner.if(operate("bool.not", more), (leaving) => {
      leaving.emit({ op: "break", label });
    });
  });
  e.emit({ op: "loop", label, body: statements, loop: -1 });
}
