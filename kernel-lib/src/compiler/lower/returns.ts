/**
 * `return`: the value goes where all returns of the function meet, then the function is left. A
 * single return at the end needs neither.
 */
import type * as es from "acorn";
import type { Lowering, OwnFunction } from "./lowering.js";
import { copy, settle, slotLike } from "./storage.js";
import { describe, nothing, type Value } from "./value.js";

export function returns(l: Lowering, node: es.ReturnStatement): void {
  const { activation } = l;
  const value = node.argument ? l.expression(node.argument) : nothing;
  if (activation.pranges !== l.pranges) return l.refuse(node, "leavesPrange", "return");
  if (activation.single && value.is !== "undefined") activation.result = value;
  else give(l, value, node);
  if (!activation.single && !activation.own) l.e.emit({ op: "break", label: activation.label });
}

/** Puts a value where the function's caller finds it. */
export function give(l: Lowering, value: Value, node: es.Node): void {
  const { activation } = l;
  if (activation.own) leaveOwn(l, activation.own, value, node);
  else if (value.is === "undefined") activation.empty = true;
  else put(l, value, node);
}

/** Copies a value to where the function's returns meet. */
function put(l: Lowering, value: Value, node: es.Node): void {
  const { activation } = l;
  activation.result ??= slotLike("result", value);
  const { result } = activation;
  if (!result || result.is === "null") return l.refuse(node, "result", describe(value));
  if (!copy(l, result, settle(l, value), node, true)) {
    l.refuse(node, "mixedTypes", describe(result), describe(value));
  }
}

/** Returns from a function of its own: one number, one boolean or nothing. */
function leaveOwn(l: Lowering, own: OwnFunction, value: Value, node: es.Node): void {
  const { name } = l.activation;
  if (value.is !== "number" && value.is !== "boolean" && value.is !== "undefined") {
    return l.refuse(node, "recursiveResult", name, describe(value));
  }
  if ((value.is === "undefined") !== (own.result === "undefined") && own.result !== undefined) {
    return l.refuse(node, "noReturn", name);
  }
  own.result ??= value.is;
  if (own.result !== value.is) l.refuse(node, "mixedTypes", `a ${own.result}`, describe(value));
  l.e.emit({ op: "return", values: value.is === "undefined" ? [] : [value.expr] });
}
