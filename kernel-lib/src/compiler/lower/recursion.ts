/**
 * Functions that call themselves, directly or through others: each becomes a function of its own with
 * numbers, booleans and the parts of arrays as parameters, once for each set of argument types.
 */
import type * as es from "acorn";
import { CompileError } from "../../errors.js";
import { get, local } from "../build.js";
import type { Func } from "../ir.js";
import { everyNode } from "../syntax.js";
import { activate, body, parameters } from "./body.js";
import { ends } from "./effects.js";
import { materialise } from "./layout.js";
import type { Activation, Lowering, OwnFunction, Specialisation } from "./lowering.js";
import { closureNamed } from "./names.js";
import { exprsOf, imported, localsOf, parameterLike } from "./outer.js";
import { describe, isScalar, nothing, whole, type Closure, type Value } from "./value.js";

/** Whether a function leads back to itself. */
export function isRecursive(l: Lowering, callee: Closure): boolean {
  const seen = new Set<Closure["node"]>();
  const leadsBack = (closure: Closure): boolean =>
    calleesOf(l, closure).some((each) => {
      if (each.node === callee.node) return true;
      if (seen.has(each.node)) return false;
      seen.add(each.node);
      return leadsBack(each);
    });
  return leadsBack(callee);
}

function calleesOf(l: Lowering, closure: Closure): Closure[] {
  return [...everyNode(closure.node)].flatMap((node) => {
    const found = closureNamed(l, closure, node);
    return found ? [found] : [];
  });
}

export function recursiveCall(
  l: Lowering,
  callee: Closure,
  given: readonly Value[],
  node: es.Node,
): Value {
  const args = given.map((value) => {
    if (value.is === "array") return whole(materialise(l, value, node), value.name);
    if (isScalar(value) || value.is === "undefined") return value;
    return l.refuse(node, "recursiveArgument", callee.name, describe(value));
  });
  const { func, result, outer } = specialise(l, callee, args, node);
  const passed = [...outer].map(([value, { depth }]) => imported(l, value, depth, node));
  const results = result === "undefined" ? [] : [local(callee.name, kinds[result])];
  l.e.emit({
    op: "call",
    callee: func,
    args: [...args, ...passed].flatMap(exprsOf),
    results,
  });
  return result === "undefined" ? nothing : { is: result, expr: get(results[0]!) };
}

const kinds = { number: "f64", boolean: "bool" } as const;

function specialise(
  l: Lowering,
  callee: Closure,
  args: readonly Value[],
  node: es.Node,
): Specialisation {
  const signature = args.map(typeKey).join();
  const known = l.specialisations.find(
    (each) =>
      each.node === callee.node && each.scope === callee.scope && each.signature === signature,
  );
  if (known) return known;
  // what it returns is known only at its end, but calls of itself stand before that
  let first: unknown;
  const [functions, specialisations] = [l.functions.length, l.specialisations.length];
  for (const result of ["number", "boolean", "undefined"] as const) {
    const { e, scope, unit, activation, targets, labels, pranges, calls, own, workSpace } = l;
    try {
      return settled(l, callee, args, node, signature, result);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      first ??= error;
      l.functions.length = functions;
      l.specialisations.length = specialisations;
      Object.assign(l, {
        e,
        scope,
        unit,
        activation,
        targets,
        labels,
        pranges,
        calls,
        own,
        workSpace,
      });
    }
  }
  throw first;
}

/** Lowers the function until what it returns and what it uses from outside are as they were assumed. */
function settled(
  l: Lowering,
  callee: Closure,
  args: readonly Value[],
  node: es.Node,
  signature: string,
  assumed: Specialisation["result"],
): Specialisation {
  let result = assumed;
  let outer: OwnFunction["outer"] = new Map();
  const [functions, specialisations] = [l.functions.length, l.specialisations.length];
  for (;;) {
    l.functions.length = functions;
    l.specialisations.length = specialisations;
    const own: OwnFunction = { result: undefined, outer: new Map(outer) };
    const params = args.map((arg) => (arg.is === "undefined" ? arg : parameterLike(l, arg, node)));
    const func: Func = { name: callee.name, params: [], results: [], body: [] };
    const made = { node: callee.node, scope: callee.scope, signature, func, result, outer };
    l.functions.push(func);
    l.specialisations.push(made);
    func.body = ownBody(l, callee, params, own);
    const found: Specialisation["result"] = own.result ?? "undefined";
    if (found === result && own.outer.size === outer.size) {
      const all = [...params, ...[...own.outer.values()].map(({ value }) => value)];
      Object.assign(func, {
        params: all.flatMap(localsOf),
        results: result === "undefined" ? [] : [kinds[result]],
      });
      return made;
    }
    [result, outer] = [found, own.outer];
  }
}

function ownBody(
  l: Lowering,
  callee: Closure,
  params: readonly Value[],
  own: OwnFunction,
): Func["body"] {
  const activation: Activation = {
    name: callee.name,
    label: { name: callee.name },
    pranges: 0,
    own,
    single: false,
    result: undefined,
    empty: false,
  };
  const state = { own: l.own, pranges: l.pranges, calls: l.calls };
  Object.assign(l, { own, pranges: 0, calls: 0 });
  const made = [
    ...l.withWorkSpace(() =>
      activate(
        l,
        callee,
        activation,
        () =>
          l.collect(() => {
            parameters(l, callee.node.params, params);
            body(l, callee.node, activation);
          }),
        l.scope.depth + 1,
      ),
    ),
  ];
  Object.assign(l, state);
  if (!ends(made)) {
    if (own.result !== undefined && own.result !== "undefined") {
      l.refuse(callee.node, "noReturn", callee.name);
    }
    made.push({ op: "return", values: [] });
  }
  return made;
}

function typeKey(value: Value): string {
  if (value.is !== "array") return value.is;
  const { dtype, rank, contiguous, typed } = value.array.array;
  return `${dtype}${rank}${contiguous}${typed}`;
}
