/**
 * The inside of a function: its parameters as variables, its statements, and what its returns give.
 * Whether that stands in place of a call or in a function of its own is the caller's choice.
 */
import type * as es from "acorn";
import { everyNode } from "../syntax.js";
import { declarePattern } from "./assignment.js";
import { namesOf, statements } from "./block.js";
import { ends, unblock } from "./effects.js";
import type { Activation, Lowering } from "./lowering.js";
import { give } from "./returns.js";
import { Scope } from "./scope.js";
import { declareBlank } from "./storage.js";
import { nothing, tuple, type Closure, type Value } from "./value.js";

/** Runs inside of a function: its text, its scope, its returns. */
export function activate<T>(
  l: Lowering,
  { unit, scope }: Closure,
  activation: Activation,
  run: () => T,
  depth = l.scope.depth,
): T {
  const outer = { unit: l.unit, activation: l.activation, targets: l.targets, labels: l.labels };
  Object.assign(l, { unit, activation, targets: [], labels: [] });
  const result = l.within(new Scope(scope, depth), run);
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
    give(l, value, syntax);
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
