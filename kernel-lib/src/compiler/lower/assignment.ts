/**
 * Everything that gives a variable, member or element a new value: `=`, `+=`, `++`, destructuring.
 * The left side is evaluated to a place first, once, as JavaScript does.
 */
import type * as es from "acorn";
import { f64 } from "../build.js";
import { everyNode } from "../syntax.js";
import { element } from "./layout.js";
import { nameOf } from "./literals.js";
import type { Lowering } from "./lowering.js";
import { bracketAccess, elementOf, listIndex, memberOf, pick } from "./members.js";
import { identifier } from "./names.js";
import { numeric } from "./numeric.js";
import { arithmetic, equal, isTruthy, not, type ArithmeticOperator } from "./operators.js";
import { assign, declare, markWritten, settle, start } from "./storage.js";
import {
  Aggregate,
  describe,
  isScalar,
  number,
  object,
  tuple,
  type ArrayValue,
  type Value,
} from "./value.js";

/** Where a value can be put. */
interface Place {
  read(): Value;
  write(value: Value): void;
}

/** Lowers an assignment; `discard` says that nobody looks at its value. */
export function assignment(l: Lowering, node: es.AssignmentExpression, discard = false): Value {
  const { operator, left, right } = node;
  if (operator === "=") {
    if (left.type === "ObjectPattern" || left.type === "ArrayPattern") {
      const value = settle(l, l.expression(right));
      assignPattern(l, left, value);
      return value;
    }
    const place = placeOf(l, left as es.Expression, mayChange(right));
    const value = l.expression(right);
    const kept = discard || !isScalar(value) ? value : settle(l, value);
    place.write(kept);
    return kept;
  }
  const place = placeOf(l, left as es.Expression, mayChange(right));
  if (operator === "&&=" || operator === "||=" || operator === "??=") {
    return logicalAssignment(l, node, place);
  }
  const [before, value] = l.sequence(
    () => place.read(),
    () => l.expression(right),
  ) as [Value, Value];
  if (before.is === "string" || value.is === "string") return l.refuse(node, "string");
  const after = arithmetic(
    operator.slice(0, -1) as ArithmeticOperator,
    numeric(l, before, left),
    numeric(l, value, right),
  );
  const result = discard ? number(after) : settle(l, number(after));
  place.write(result);
  return result;
}

function logicalAssignment(l: Lowering, node: es.AssignmentExpression, place: Place): Value {
  const before = place.read();
  if (node.operator === "??=") {
    if (isScalar(before) && before.unset) {
      l.refuse(node, "maybeUndefined", l.unit.text(node.left));
    }
    if (before.is !== "undefined" && before.is !== "null") return before;
    const value = l.expression(node.right);
    place.write(value);
    return value;
  }
  if (!isScalar(before)) return l.refuse(node, "notCondition", describe(before));
  const holds = before.is === "boolean" ? before.expr : isTruthy(before.expr);
  const body = l.collect(() => {
    place.write(l.expression(node.right));
  });
  const condition = node.operator === "&&=" ? holds : not(holds);
  l.e.emit({ op: "if", condition, then: body, otherwise: [] });
  return place.read();
}

/** `++` and `--`. */
export function update(l: Lowering, node: es.UpdateExpression, discard = false): Value {
  const place = placeOf(l, node.argument);
  const before = number(numeric(l, place.read(), node.argument));
  const old = node.prefix || discard ? before : settle(l, before);
  const operator = node.operator === "++" ? "+" : "-";
  const after = number(arithmetic(operator, numeric(l, old, node), f64(1)));
  if (node.prefix && !discard && node.argument.type === "Identifier") {
    place.write(after);
    return settle(l, place.read());
  }
  const result = discard || !node.prefix ? after : settle(l, after);
  place.write(result);
  return node.prefix ? result : old;
}

/** Whether an expression may assign to a variable that the left side's index is made of. */
function mayChange(right: es.Expression): boolean {
  return [...everyNode(right)].some(({ type }) =>
    /^(Assignment|Update|Call)Expression$/.test(type),
  );
}

/** @param keeps - The place stays what it is whatever happens before it is written. */
function placeOf(l: Lowering, node: es.Expression, keeps = false): Place {
  switch (node.type) {
    case "Identifier":
      return variable(l, node);
    case "MemberExpression":
      return memberPlace(l, node, keeps);
    case "ParenthesizedExpression":
      return placeOf(l, node.expression, keeps);
    default:
      return l.refuse(node, "syntax", node.type);
  }
}

function variable(l: Lowering, node: es.Identifier): Place {
  const found = l.scope.find(node.name);
  if (!found) return l.refuse(node, "outerAssignment", node.name);
  const { binding, scope } = found;
  if (binding.kind === "const") return l.refuse(node, "constAssignment", node.name);
  if (scope.depth !== l.scope.depth) return l.refuse(node, "recursiveAssignment", node.name);
  if (binding.value === undefined) return l.refuse(node, "tooEarly", node.name);
  return {
    read: () => identifier(l, node),
    write: (value) => {
      if (binding.blank && binding.value!.is === "undefined") start(l, binding, value);
      assign(l, binding.value!, value, node.name, node);
    },
  };
}

function memberPlace(l: Lowering, node: es.MemberExpression, keeps: boolean): Place {
  const holder = l.expression(node.object);
  if (holder instanceof Aggregate) {
    if (node.computed) return listPlace(l, holder, node);
    if (node.property.type !== "Identifier") return l.refuse(node, "this");
    return aggregatePlace(l, holder, node.property.name, node);
  }
  if (holder.is !== "array" || !node.computed) {
    return l.refuse(node, "readonly", l.unit.text(node));
  }
  const array = keeps ? (settle(l, holder) as ArrayValue) : holder;
  const place = bracketAccess(l, array, node, keeps);
  return {
    read: () => number(element(place)),
    write: (value) => {
      l.e.emit({ op: "store", access: place, value: numeric(l, value, node) });
    },
  };
}

function aggregatePlace(
  l: Lowering,
  holder: Aggregate,
  name: string,
  node: es.MemberExpression,
): Place {
  const member = holder.members.get(name);
  if (!member) return l.refuse(node, "newMember", name);
  return {
    read: () => member,
    write: (value) => {
      if (!isScalar(member)) return l.refuse(node, "memberType", name);
      if (!member.local || !holder.bound) return l.refuse(node, "readonly", l.unit.text(node));
      markWritten(l, holder, node);
      assign(l, member, value, l.unit.text(node), node);
    },
  };
}

/** An element of a list; with an index that varies, one of several variables. */
function listPlace(l: Lowering, holder: Aggregate, node: es.MemberExpression): Place {
  const index = listIndex(l, holder, l.expression(node.property as es.Expression), node);
  if (typeof index === "string") return aggregatePlace(l, holder, index, node);
  return {
    read: () => pick(l, holder, index, node),
    write: (value) => {
      const settled = settle(l, value);
      for (const key of holder.members.keys()) {
        const body = l.collect(() => {
          aggregatePlace(l, holder, key, node).write(settled);
        });
        const condition = equal(index, f64(Number(key)));
        l.e.emit({ op: "if", condition, then: body, otherwise: [] });
      }
    },
  };
}

/** Takes a value apart: `put` gets each target of the pattern with its part. */
export function destructure(
  l: Lowering,
  pattern: es.Pattern,
  value: Value,
  put: (target: es.Identifier | es.MemberExpression, value: Value) => void,
): void {
  switch (pattern.type) {
    case "Identifier":
    case "MemberExpression":
      put(pattern, value);
      return;
    case "AssignmentPattern":
      destructure(
        l,
        pattern.left,
        value.is === "undefined" ? l.expression(pattern.right) : value,
        put,
      );
      return;
    case "RestElement":
      return l.refuse(pattern, "syntax", "a rest element here");
    case "ArrayPattern":
      pattern.elements.forEach((each, i) => {
        if (each?.type === "RestElement") {
          if (value.is !== "tuple") return l.refuse(each, "spread", describe(value));
          destructure(l, each.argument, tuple([...value.members.values()].slice(i)), put);
        } else if (each) {
          destructure(l, each, elementOf(l, value, i, pattern), put);
        }
      });
      return;
    case "ObjectPattern": {
      if (!(value instanceof Aggregate) && value.is !== "array") {
        return l.refuse(pattern, "member", l.unit.text(pattern), describe(value));
      }
      const taken = new Set<string>();
      for (const property of pattern.properties) {
        if (property.type === "RestElement") {
          if (!(value instanceof Aggregate)) return l.refuse(property, "spread", describe(value));
          const rest = [...value.members].filter(([key]) => !taken.has(key));
          destructure(l, property.argument, object(rest), put);
          continue;
        }
        const key = nameOf(l, property);
        taken.add(key);
        destructure(l, property.value, memberOf(l, value, key, property), put);
      }
    }
  }
}

/** Assigns to the targets of a pattern. */
export function assignPattern(l: Lowering, pattern: es.Pattern, value: Value): void {
  destructure(l, pattern, value, (target, member) => {
    placeOf(l, target).write(member);
  });
}

/** Declares the names of a pattern. */
export function declarePattern(
  l: Lowering,
  pattern: es.Pattern,
  value: Value,
  kind: "const" | "variable",
): void {
  destructure(l, pattern, value, (target, part) => {
    if (target.type !== "Identifier") return l.refuse(target, "syntax", target.type);
    declare(l, target.name, part, kind);
  });
}

/** `x = test ? value : x` as `if (test) x = value`, and `x = x || value` as `if (!x) x = value`; undefined if it is neither. */
function keptOtherwise(node: es.AssignmentExpression): es.IfStatement | undefined {
  const { left, right, operator, start, end } = node;
  const isSame = (other: es.Expression): boolean =>
    left.type === "Identifier" && other.type === "Identifier" && left.name === other.name;
  const when = (test: es.Expression, value: es.Expression): es.IfStatement => {
    const expression = { ...node, right: value };
    const consequent: es.Statement = { type: "ExpressionStatement", expression, start, end };
    return { type: "IfStatement", test, consequent, start, end };
  };
  if (operator !== "=") return undefined;
  if (right.type === "ConditionalExpression" && isSame(right.alternate)) {
    return when(right.test, right.consequent);
  }
  if (right.type !== "LogicalExpression" || right.operator === "??" || !isSame(right.left)) {
    return undefined;
  }
  const not = { type: "UnaryExpression", operator: "!", prefix: true, start, end } as const;
  const test = right.operator === "||" ? { ...not, argument: right.left } : right.left;
  return when(test, right.right);
}

/** An expression whose value nobody looks at. */
export function discard(l: Lowering, node: es.Expression): void {
  if (node.type === "AssignmentExpression") {
    const branch = keptOtherwise(node);
    if (branch) l.statement(branch);
    else assignment(l, node, true);
  } else if (node.type === "UpdateExpression") {
    update(l, node, true);
  } else if (node.type === "SequenceExpression") {
    for (const each of node.expressions) discard(l, each);
  } else {
    const value = l.expression(node);
    // an element that is read for nothing still has to be inside
    if (isScalar(value)) l.e.bind("unused", value.expr);
  }
}
