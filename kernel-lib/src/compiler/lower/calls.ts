/**
 * Calls: of the user's functions, of hotcell's and the language's own, of methods. Arguments are
 * evaluated here; what a function of the user's does stands in `inline`.
 */
import type * as es from "acorn";
import { bool } from "../build.js";
import type { Expr } from "../ir.js";
import { allocate, full, isTypedArray, typedArray } from "./allocation.js";
import { arrayMethod } from "./array-methods.js";
import { filled } from "./filled.js";
import { integrandAt } from "./integrand.js";
import { spread } from "./literals.js";
import type { Lowering } from "./lowering.js";
import { functions, tests } from "./math.js";
import { isPrinter } from "./names.js";
import { numeric } from "./numeric.js";
import { isTruthy } from "./operators.js";
import { quad } from "./quadrature.js";
import { philox, generatorMethod } from "./random.js";
import { boolean, describe, isScalar, nothing, number, type Value } from "./value.js";

export function call(l: Lowering, node: es.CallExpression): Value {
  const [callee, ...given] = l.sequence(
    () => l.expression(node.callee),
    ...node.arguments.map(
      (each) => () => l.expression(each.type === "SpreadElement" ? each.argument : each),
    ),
  ) as [Value, ...Value[]];
  if (node.optional && (callee.is === "undefined" || callee.is === "null")) {
    return nothing;
  }
  const args = given.flatMap((value, i) => {
    const syntax = node.arguments[i]!;
    return syntax.type === "SpreadElement" ? spread(l, value, syntax) : [value];
  });
  return apply(l, callee, args, node);
}

function apply(l: Lowering, callee: Value, args: readonly Value[], node: es.CallExpression): Value {
  switch (callee.is) {
    case "function":
      return l.call(callee, args, node);
    case "intrinsic":
      return intrinsic(l, callee.name, args, node);
    case "method":
      return method(l, callee.of, callee.name, args, node);
    case "unsupported":
      if (isPrinter(callee.name)) return l.refuse(node, "print", callee.name);
      return l.refuse(node, "unsupportedValue", callee.name, callee.what);
    default:
      return l.refuse(node, "notFunction", describe(callee));
  }
}

function method(
  l: Lowering,
  of: Value,
  name: string,
  args: readonly Value[],
  node: es.CallExpression,
): Value {
  if (of.is === "array") return arrayMethod(l, of, name, args, node);
  if (of.is === "generator") return generatorMethod(l, of, name, args, node);
  if (of.is === "integrand") return integrandAt(l, of, apply(l, of.of, args, node), args, node);
  return l.refuse(node, "listMethod", name);
}

function intrinsic(
  l: Lowering,
  name: string,
  args: readonly Value[],
  node: es.CallExpression,
): Value {
  const compute = functions[name];
  if (compute) return number(compute(...shared(l, name, args, node)));
  const test = tests[name];
  if (test) return question(l, name, test, args, node);
  const make = Object.hasOwn(filled, name) ? filled[name] : undefined;
  if (make) return make(l, args, node);
  switch (name) {
    case "prange":
      return l.refuse(node, "prangeElsewhere");
    case "philox":
      return philox(l, args, node);
    case "quad":
      return quad(l, args, node);
    case "zeros":
    case "empty":
      return allocate(l, name, args[0] ?? nothing, args[1] ?? nothing, node);
    case "full":
      return full(l, args, node);
    case "Number":
      return number(args[0] ? numeric(l, args[0], node) : numeric(l, { is: "null" }, node));
    case "Boolean":
      return boolean(args[0] ? truthOf(l, args[0], node) : bool(false));
    case "Array.isArray":
      return boolean(bool(args[0]?.is === "tuple"));
    default:
      return refuseIntrinsic(l, name, node);
  }
}

/** Arguments that a function may use more than once are computed once. */
function shared(l: Lowering, name: string, args: readonly Value[], node: es.Node): Expr[] {
  const values = args.map((arg) => numeric(l, arg, node));
  if (name !== "Math.pow") return values;
  return values.map((value) => (value.op === "get" ? value : l.e.bind("base", value)));
}

function question(
  l: Lowering,
  name: string,
  test: (value: Expr) => Expr,
  args: readonly Value[],
  node: es.Node,
): Value {
  const value = args[0] ?? nothing;
  // those of Number don't convert
  if (name.startsWith("Number.") && value.is !== "number") return boolean(bool(false));
  return boolean(test(l.e.bind("asked", numeric(l, value, node))));
}

function truthOf(l: Lowering, value: Value, node: es.Node): Expr {
  if (!isScalar(value)) return l.refuse(node, "notCondition", describe(value));
  return value.is === "boolean" ? value.expr : isTruthy(value.expr);
}

export function refuseIntrinsic(l: Lowering, name: string, node: es.Node): never {
  if (isPrinter(name)) return l.refuse(node, "print", name);
  if (/^(Date\b|performance\.)/.test(name)) return l.refuse(node, "clock", name);
  if (name === "Math.random") return l.refuse(node, "random");
  if (name === "String" || name === "JSON.stringify") return l.refuse(node, "string");
  if (name === "BigInt") return l.refuse(node, "bigint");
  if (/^Array\b/.test(name)) return l.refuse(node, "growingList");
  return l.refuse(node, "intrinsic", name);
}

/** `new Float64Array(n)` and its kin. */
export function construct(l: Lowering, node: es.NewExpression): Value {
  const callee = l.expression(node.callee);
  const args = l.sequence(
    ...node.arguments.map(
      (each) => () => l.expression(each.type === "SpreadElement" ? each.argument : each),
    ),
  );
  const name = "name" in callee ? callee.name : describe(callee);
  if (callee.is === "intrinsic" && isTypedArray(name)) return typedArray(l, name, args, node);
  if (callee.is === "intrinsic" && name === "Array") return l.refuse(node, "growingList");
  if (callee.is === "intrinsic" && name === "Date") return l.refuse(node, "clock", "new Date");
  return l.refuse(node, "construct", name);
}
