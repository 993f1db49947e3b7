/**
 * What a call of one of the user's functions does: its body is lowered in place of the call, with the
 * parameters as variables. A function that calls itself becomes one of its own (`recursion`).
 */
import type * as es from "acorn";
import { everyNode } from "../syntax.js";
import { declarePattern } from "./assignment.js";
import { namesOf, statements } from "./block.js";
import { ends, unblock } from "./effects.js";
import type { Activation, Lowering } from "./lowering.js";
import { put } from "./returns.js";
import { Scope } from "./scope.js";
import { declareBlank } from "./storage.js";
import { nothing, tuple, type Closure, type Value } from "./value.js";

export function inline(l: Lowering, callee: Closure, args: readonly Value[], node: es.Node): Value {
  if (l.calls > 100) return l.refuse(node, "tooDeep", callee.name);
  const { node: fn } = callee;
  if (fn.async) return l.refuse(node, "async");
  if (fn.generator) return l.refuse(node, "generatorFunction");
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

/** Runs inside of a function: its text, its scope, its returns. */
export function activate<T>(
  l: Lowering,
  { unit, scope }: Closure,
  activation: Activation,
  run: () => T,
): T {
  const outer = { unit: l.unit, activation: l.activation, targets: l.targets, labels: l.labels };
  Object.assign(l, { unit, activation, targets: [], labels: [] });
  const result = l.within(new Scope(scope, l.scope.depth), run);
  Object.assign(l, outer);
  return result;
}

/** Declares the parameters, with defaults where an argument is missing. */
export function parameters(
  l: Lowering,
  params: readonly es.Pattern[],
  args: readonly Value[],
): void {
  params.forEach((param, i) => {
    const value = param.type === "RestElement" ? tuple(args.slice(i)) : (args[i] ?? nothing);
    const pattern = param.type === "RestElement" ? param.argument : param;
    declarePattern(l, pattern, value, "variable");
  });
}

/** Lowers a function's body; what it returns. */
export function body(l: Lowering, fn: Closure["node"], activation: Activation): Value {
  const syntax = fn.body;
  if (syntax.type !== "BlockStatement") {
    const value = l.expression(syntax);
    if (activation.single) return value;
    if (value.is !== "undefined") put(l, value, syntax);
    return activation.result ?? nothing;
  }
  hoistVars(l, syntax);
  const made = l.collect(() => {
    statements(l, syntax.body);
  });
  if (!activation.single && !ends(made)) activation.empty = true;
  l.e.emit(...unblock(made, activation.label));
  if (activation.result && activation.empty) l.refuse(fn, "noReturn", activation.name);
  return activation.result ?? nothing;
}

/** `var` is visible in all of its function. */
function hoistVars(l: Lowering, syntax: es.BlockStatement): void {
  for (const node of everyNode(syntax, ({ type }) => !type.includes("Function"))) {
    if (node.type !== "VariableDeclaration" || node.kind !== "var") continue;
    for (const { id } of node.declarations as es.VariableDeclarator[]) {
      for (const name of namesOf(id)) if (!l.scope.own(name)) declareBlank(l, name);
    }
  }
}

function endsInItsOnlyReturn(fn: Closure["node"]): boolean {
  if (fn.body.type !== "BlockStatement") return true;
  const last = fn.body.body.at(-1);
  const inside = everyNode(fn.body, ({ type }) => !type.includes("Function"));
  const count = [...inside].filter(({ type }) => type === "ReturnStatement").length;
  return count === 0 || (count === 1 && last?.type === "ReturnStatement");
}
