/**
 * Values from around a function of its own: what exists at run time is passed to it as parameters, so
 * that its body reads those in place of the variables outside.
 */
import type * as es from "acorn";
import { get, local } from "../build.js";
import type { Expr, Local } from "../ir.js";
import { arrayLocals } from "../walk.js";
import { arrayLocal } from "./array-local.js";
import type { Lowering } from "./lowering.js";
import { Aggregate, describe, isScalar, whole, type Value } from "./value.js";

/** The value as the function that is being lowered sees it. */
export function imported(l: Lowering, value: Value, depth: number, node: es.Node): Value {
  if (depth === l.scope.depth || !varies(value)) return value;
  const known = l.own!.outer.get(value);
  if (known) return known.value;
  if (value instanceof Aggregate) {
    const members = [...value.members].map(([key, member]): [string, Value] => [
      key,
      imported(l, member, depth, node),
    ]);
    const made = new Aggregate(value.is, new Map(members));
    made.bound = true;
    return made;
  }
  const own = parameterLike(l, value, node);
  l.own!.outer.set(value, { depth, value: own });
  return own;
}

function varies(value: Value): boolean {
  if (isScalar(value)) return value.expr.op !== "const";
  if (value instanceof Aggregate) return [...value.members.values()].some(varies);
  return value.is === "array" || value.is === "generator";
}

/** A parameter that takes a value of this type. */
export function parameterLike(l: Lowering, value: Value, node: es.Node): Value {
  if (isScalar(value)) return { is: value.is, expr: get(local("outer", value.expr.kind)) };
  if (value.is === "array" && value.fixed.every((index) => index === undefined)) {
    return whole(arrayLocal(value.name, value.array.array, "view"), value.name);
  }
  return l.refuse(node, "recursiveArgument", l.activation.name, describe(value));
}

/** The variables of a parameter. */
export function localsOf(value: Value): Local[] {
  return exprsOf(value).flatMap((expr) => (expr.op === "get" ? [expr.local] : []));
}

/** What is passed for a value. */
export function exprsOf(value: Value): Expr[] {
  if (isScalar(value)) return [value.expr];
  return value.is === "array" ? arrayLocals(value.array).map(get) : [];
}
