/**
 * `return`: the value goes where all returns of the function meet, then the function is left. A
 * single return at the end needs neither.
 */
import type * as es from "acorn";
import type { Lowering } from "./lowering.js";
import { copy, settle, slotLike } from "./storage.js";
import { describe, nothing, type Value } from "./value.js";

export function returns(l: Lowering, node: es.ReturnStatement): void {
  const { activation } = l;
  const value = node.argument ? l.expression(node.argument) : nothing;
  if (activation.pranges !== l.pranges) return l.refuse(node, "leavesPrange", "return");
  if (value.is === "undefined") activation.empty = true;
  else if (activation.single) activation.result = value;
  else put(l, value, node);
  if (!activation.single) l.e.emit({ op: "break", label: activation.label });
}

/** Copies a value to where the function's returns meet. */
export function put(l: Lowering, value: Value, node: es.Node): void {
  const { activation } = l;
  activation.result ??= slotLike("result", value);
  const { result } = activation;
  if (!result || result.is === "null") return l.refuse(node, "result", describe(value));
  if (!copy(l, result, settle(l, value), node)) {
    l.refuse(node, "mixedTypes", describe(result), describe(value));
  }
}
