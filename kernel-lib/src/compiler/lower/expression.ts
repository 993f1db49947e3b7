/**
 * Expressions: syntax comes in, a value goes out, and what it does on the way is emitted. One entry a
 * kind of syntax; a kind without one is refused.
 */
import type * as es from "acorn";
import { bool, get, local } from "../build.js";
import type { Expr } from "../ir.js";
import { refusedSyntax } from "../refusals.js";
import { assignment, update } from "./assignment.js";
import { call, construct } from "./calls.js";
import { isCostly } from "./effects.js";
import { nameOf, spread } from "./literals.js";
import type { Lowering } from "./lowering.js";
import { member } from "./members.js";
import { identifier } from "./names.js";
import {
  and,
  arithmetic,
  compare,
  complement,
  equal,
  isTruthy,
  negate,
  not,
  or,
  select,
} from "./operators.js";
import { numeric } from "./numeric.js";
import { copy, settle, slotLike } from "./storage.js";
import {
  Aggregate,
  boolean,
  constant,
  describe,
  isScalar,
  knownNumber,
  nothing,
  number,
  object,
  tuple,
  type Value,
} from "./value.js";

type Node<Type extends es.AnyNode["type"]> = Extract<es.AnyNode, { type: Type }>;
type Table = {
  readonly [Type in es.Expression["type"]]?: (l: Lowering, node: Node<Type>) => Value;
};

const table: Table = {
  Identifier: identifier,
  Literal: literal,
  ParenthesizedExpression: (l, node) => l.expression(node.expression),
  SequenceExpression: (l, { expressions }) => expressions.map((each) => l.expression(each)).at(-1)!,
  UnaryExpression: unary,
  BinaryExpression: binary,
  LogicalExpression: logical,
  ConditionalExpression: conditional,
  AssignmentExpression: (l, node) => assignment(l, node),
  UpdateExpression: (l, node) => update(l, node),
  ArrayExpression: list,
  ObjectExpression: objectLiteral,
  MemberExpression: member,
  ChainExpression: (l, node) => l.expression(node.expression),
  CallExpression: call,
  NewExpression: construct,
  ArrowFunctionExpression: closure,
  FunctionExpression: closure,
  TemplateLiteral: template,
};

export function expression(l: Lowering, node: es.Expression | es.Super): Value {
  const lower = table[node.type as es.Expression["type"]] as
    ((l: Lowering, node: es.Node) => Value) | undefined;
  if (lower) return lower(l, node);
  const refusal = refusedSyntax[node.type];
  if (refusal) return l.refuse(node, refusal);
  return l.refuse(node, "syntax", node.type);
}

/** An expression whose truth is asked for, as a bool. */
export function condition(l: Lowering, node: es.Expression): Expr {
  if (node.type === "LogicalExpression" && node.operator !== "??") {
    const isAnd = node.operator === "&&";
    const left = condition(l, node.left);
    const decided = knownNumber(left);
    if (decided !== undefined) return (decided !== 0) === isAnd ? condition(l, node.right) : left;
    let right: Expr = left;
    const emitted = l.collect(() => {
      right = condition(l, node.right);
    });
    if (emitted.length === 0 && !isCostly(right)) return isAnd ? and(left, right) : or(left, right);
    const result = local("holds", "bool");
    l.e.set(result, left);
    const then = [...emitted, { op: "set", local: result, value: right } as const];
    l.e.emit({
      op: "if",
      condition: isAnd ? left : not(left),
      then,
      otherwise: [],
    });
    return get(result);
  }
  if (node.type === "UnaryExpression" && node.operator === "!") {
    return not(condition(l, node.argument));
  }
  return truth(l, l.expression(node), node);
}

function truth(l: Lowering, value: Value, node: es.Node): Expr {
  switch (value.is) {
    case "boolean":
      return value.expr;
    case "number":
      return isTruthy(value.expr);
    case "undefined":
    case "null":
      return bool(false);
    case "string":
      return bool(value.value !== "");
    case "unsupported":
      return l.refuse(node, "unsupportedValue", value.name, value.what);
    default:
      return bool(true);
  }
}

function literal(l: Lowering, node: es.Literal): Value {
  const { value } = node;
  if (typeof value === "number") return constant(value);
  if (typeof value === "boolean") return boolean(bool(value));
  if (typeof value === "string") return { is: "string", value };
  if (value === null && node.regex === undefined && node.bigint === undefined)
    return { is: "null" };
  return l.refuse(node, node.regex ? "regexp" : "bigint");
}

function template(l: Lowering, node: es.TemplateLiteral): Value {
  if (node.expressions.length > 0) return l.refuse(node, "string");
  return { is: "string", value: node.quasis[0]!.value.cooked ?? "" };
}

function closure(l: Lowering, node: es.ArrowFunctionExpression | es.FunctionExpression): Value {
  const name = node.id?.name ?? "function";
  return { is: "function", name, node, scope: l.scope, unit: l.unit };
}

function unary(l: Lowering, node: es.UnaryExpression): Value {
  const { operator, argument } = node;
  switch (operator) {
    case "!":
      return boolean(not(condition(l, argument)));
    case "-":
      return number(negate(numeric(l, l.expression(argument), argument)));
    case "+":
      return number(numeric(l, l.expression(argument), argument));
    case "~":
      return number(complement(numeric(l, l.expression(argument), argument)));
    case "void":
      l.expression(argument);
      return nothing;
    case "typeof":
      return { is: "string", value: typeName(l.expression(argument)) };
    case "delete":
      return l.refuse(node, "operator", operator);
  }
}

function typeName(value: Value): string {
  switch (value.is) {
    case "number":
    case "boolean":
    case "string":
    case "undefined":
      return value.is;
    case "function":
    case "intrinsic":
    case "method":
      return "function";
    default:
      return "object";
  }
}

function binary(l: Lowering, node: es.BinaryExpression): Value {
  const { operator, left, right } = node;
  if (operator === "in" || operator === "instanceof" || left.type === "PrivateIdentifier") {
    return l.refuse(node, "operator", operator);
  }
  const [a, b] = l.sequence(
    () => l.expression(left),
    () => l.expression(right),
  ) as [Value, Value];
  switch (operator) {
    case "===":
    case "==":
      return boolean(same(l, a, b, operator === "==", node));
    case "!==":
    case "!=":
      return boolean(not(same(l, a, b, operator === "!=", node)));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return boolean(compare(operator, numeric(l, a, left), numeric(l, b, right)));
    default:
      if (operator === "+" && (a.is === "string" || b.is === "string")) {
        return l.refuse(node, "string");
      }
      return number(arithmetic(operator, numeric(l, a, left), numeric(l, b, right)));
  }
}

function same(l: Lowering, a: Value, b: Value, loose: boolean, node: es.Node): Expr {
  if (isScalar(a) && isScalar(b)) {
    if (a.is === b.is) return equal(a.expr, b.expr);
    return loose ? equal(numeric(l, a, node), numeric(l, b, node)) : bool(false);
  }
  const isNothing = (value: Value): boolean => value.is === "undefined" || value.is === "null";
  if (isNothing(a) || isNothing(b)) {
    const other = isNothing(a) ? b : a;
    if (isScalar(other) && other.unset) {
      l.refuse(node, "maybeUndefined", l.unit.text(node).replace(/\s*[!=]==?.*$/s, ""));
    }
    return bool(isNothing(other) && (loose || a.is === b.is));
  }
  if (a.is === "string" && b.is === "string") return bool(a.value === b.value);
  if (a.is !== b.is && !isScalar(a) && !isScalar(b)) return bool(false);
  if (!loose && a.is !== b.is) return bool(false);
  return l.refuse(node, "identity", describe(a), describe(b));
}

function logical(l: Lowering, node: es.LogicalExpression): Value {
  const { operator, left, right } = node;
  const a = l.expression(left);
  if (operator === "??") {
    if (isScalar(a) && a.unset) l.refuse(node, "maybeUndefined", l.unit.text(left));
    return a.is === "undefined" || a.is === "null" ? l.expression(right) : a;
  }
  const settled = isScalar(a) && a.expr.op !== "get" ? settle(l, a) : a;
  const holds = truth(l, settled, left);
  return operator === "&&"
    ? choose(
        l,
        holds,
        () => l.expression(right),
        () => settled,
        node,
      )
    : choose(
        l,
        holds,
        () => settled,
        () => l.expression(right),
        node,
      );
}

function conditional(l: Lowering, node: es.ConditionalExpression): Value {
  return choose(
    l,
    l.condition(node.test),
    () => l.expression(node.consequent),
    () => l.expression(node.alternate),
    node,
  );
}

/** One of two values, of which only the one is evaluated. */
function choose(
  l: Lowering,
  test: Expr,
  then: () => Value,
  otherwise: () => Value,
  node: es.Node,
): Value {
  const decided = knownNumber(test);
  if (decided !== undefined) return decided === 0 ? otherwise() : then();
  let [one, other] = [nothing, nothing];
  const branches = [
    l.collect(() => {
      one = then();
    }),
    l.collect(() => {
      other = otherwise();
    }),
  ] as const;
  if (isScalar(one) && isScalar(other) && one.is === other.is) {
    const cheap = branches.every((branch) => branch.length === 0);
    if (cheap && !isCostly(one.expr) && !isCostly(other.expr)) {
      return { is: one.is, expr: select(test, one.expr, other.expr) };
    }
  }
  if (one.is === other.is && (one.is === "undefined" || one.is === "null")) {
    l.e.emit({ op: "if", condition: test, then: branches[0], otherwise: branches[1] });
    return one;
  }
  const slot =
    slotLike("chosen", one) ?? l.refuse(node, "mixedTypes", describe(one), describe(other));
  const fill = (value: Value) =>
    l.collect(() => {
      if (!copy(l, slot, value, node)) {
        l.refuse(node, "mixedTypes", describe(one), describe(other));
      }
    });
  const [fillOne, fillOther] = [fill(one), fill(other)];
  l.e.emit({
    op: "if",
    condition: test,
    then: [...branches[0], ...fillOne],
    otherwise: [...branches[1], ...fillOther],
  });
  return slot;
}

function list(l: Lowering, node: es.ArrayExpression): Value {
  const parts = node.elements.map((each) => {
    if (each === null) return l.refuse(node, "hole");
    return () => l.expression(each.type === "SpreadElement" ? each.argument : each);
  });
  const values = l.sequence(...parts);
  return tuple(
    values.flatMap((value, i) =>
      node.elements[i]!.type === "SpreadElement" ? spread(l, value, node.elements[i]) : [value],
    ),
  );
}

function objectLiteral(l: Lowering, node: es.ObjectExpression): Value {
  const values = l.sequence(
    ...node.properties.map((property) => () => {
      if (property.type === "SpreadElement") return l.expression(property.argument);
      if (property.kind !== "init") return l.refuse(property, "getter");
      return l.expression(property.value);
    }),
  );
  const members = new Map<string, Value>();
  node.properties.forEach((property, i) => {
    const value = values[i]!;
    if (property.type !== "SpreadElement") {
      members.set(nameOf(l, property), value);
    } else if (value instanceof Aggregate) {
      for (const [key, each] of value.members) members.set(key, settle(l, each));
    } else if (value.is !== "undefined" && value.is !== "null") {
      l.refuse(property, "spread", describe(value));
    }
  });
  return object(members);
}
