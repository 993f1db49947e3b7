/**
 * What a call of one of the user's functions does: its body is lowered in place of the call, with the
 * parameters as variables. A function that calls itself becomes one of its own (`recursion`).
 */
import type * as es from "acorn";
import { everyNode } from "../syntax.js";
import { activate, body, parameters } from "./body.js";
import type { Activation, Lowering } from "./lowering.js";
import { isRecursive, recursiveCall } from "./recursion.js";
import type { Closure, Value } from "./value.js";

export function inline(l: Lowering, callee: Closure, args: readonly Value[], node: es.Node): Value {
  const { node: fn } = callee;
  if (fn.async) return l.refuse(node, "async");
  if (fn.generator) return l.refuse(node, "generatorFunction");
  if (isRecursive(l, callee)) return recursiveCall(l, callee, args, node);
  if (l.calls > 100) return l.refuse(node, "tooDeep", callee.name);
  const activation: Activation = {
    name: callee.name,
    label: { name: callee.name },
    pranges: l.pranges,
    single: endsInItsOnlyReturn(fn),
    result: undefined,
    empty: false,
  };
  l.calls++;
  const result = activate(l, callee, activation, () => {
    parameters(l, fn.params, args);
    return body(l, fn, activation);
  });
  l.calls--;
  return result;
}

function endsInItsOnlyReturn(fn: Closure["node"]): boolean {
  if (fn.body.type !== "BlockStatement") return true;
  const last = fn.body.body.at(-1);
  const inside = everyNode(fn.body, ({ type }) => !type.includes("Function"));
  const count = [...inside].filter(({ type }) => type === "ReturnStatement").length;
  return count === 0 || (count === 1 && last?.type === "ReturnStatement");
}
