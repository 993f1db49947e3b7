/**
 * What a name means: a variable of the kernel, something captured, or a name of the language. Dotted
 * names such as `exports.k` are looked up as a whole, since that is how compiled cells spell them.
 */
import type * as es from "acorn";
import { bool, f64 } from "../build.js";
import { parse } from "../parse.js";
import type { Captured, SourceFunction } from "../types.js";
import type { Lowering } from "./lowering.js";
import { constants } from "./math.js";
import { imported } from "./outer.js";
import { Scope, type Binding } from "./scope.js";
import { start } from "./storage.js";
import { Unit } from "./unit.js";
import {
  Aggregate,
  boolean,
  constant,
  isScalar,
  nothing,
  number,
  type ArrayValue,
  type Closure,
  type Value,
} from "./value.js";

/** Names of the language that a function needs no capture for. */
const language = new Set(
  (
    "Math Number Boolean isNaN isFinite Array Object Error RangeError TypeError EvalError " +
    "SyntaxError console Date performance Float64Array Float32Array Int32Array Uint32Array " +
    "Int16Array Uint16Array Int8Array Uint8Array Uint8ClampedArray String BigInt Symbol JSON " +
    "parseInt parseFloat Map Set Promise"
  ).split(" "),
);

export function identifier(l: Lowering, node: es.Identifier): Value {
  const found = l.scope.find(node.name);
  if (found) return imported(l, read(l, found.binding, node), found.scope.depth, node);
  if (node.name === "arguments") return l.refuse(node, "arguments");
  return free(l, node.name, node) ?? l.refuse(node, "unknownName", node.name);
}

/** The value of a variable where it is read. */
function read(l: Lowering, binding: Binding<Value>, node: es.Node): Value {
  if (binding.value === undefined) l.refuse(node, "tooEarly", binding.name);
  // read before any assignment that stands above it, as in a loop: a number then, NaN at first
  if (binding.blank && binding.value.is === "undefined") start(l, binding, constant(NaN));
  const { value } = binding;
  return binding.blank && isScalar(value) ? { ...value, unset: true } : value;
}

/** A name from outside of the function. */
export function free(l: Lowering, name: string, node: es.Node): Value | undefined {
  if (name === "undefined") return nothing;
  const captured = l.unit.captured(name);
  if (captured) return capturedValue(l, captured, name, node);
  const fixed = constants[name];
  if (fixed !== undefined) return constant(fixed);
  if (language.has(name)) return { is: "intrinsic", name };
  return undefined;
}

/** `exports.k`, `hotcell_1.prange`, if they are captured under that text. */
export function dotted(l: Lowering, node: es.MemberExpression): Value | undefined {
  const text = dottedText(node);
  if (text === undefined || l.scope.find(text.slice(0, text.indexOf(".")))) return undefined;
  const captured = l.unit.captured(text);
  return captured && capturedValue(l, captured, text, node);
}

function dottedText(node: es.Node): string | undefined {
  if (node.type === "Identifier") return (node as es.Identifier).name;
  if (node.type !== "MemberExpression") return undefined;
  const { object, property, computed } = node as es.MemberExpression;
  if (computed || property.type !== "Identifier") return undefined;
  const before = dottedText(object);
  return before === undefined ? undefined : `${before}.${property.name}`;
}

function capturedValue(l: Lowering, captured: Captured, name: string, node: es.Node): Value {
  switch (captured.is) {
    case "number":
      return number(f64(captured.value));
    case "boolean":
      return boolean(bool(captured.value));
    case "array": {
      const value = l.captured.get(captured.index)!;
      const own = imported(l, value, 0, node) as ArrayValue;
      return { ...own, name: name.replace(/^exports\./, "") };
    }
    case "tuple":
    case "object": {
      const members = Object.entries(captured.members).map(([key, member]): [string, Value] => [
        key,
        capturedMember(l, member, `${name}.${key}`, node),
      ]);
      const made = new Aggregate(captured.is, new Map(members));
      made.bound = true;
      return made;
    }
    case "function":
      return closureOf(l, captured.source, node);
    case "intrinsic": {
      const fixed = constants[captured.name];
      return fixed === undefined ? { is: "intrinsic", name: captured.name } : constant(fixed);
    }
    case "unsupported":
      if (isPrinter(name)) return l.refuse(node, "print", name);
      return l.refuse(node, "unsupportedValue", name, captured.what);
  }
}

/** Whether a name is of something that writes for people to read. */
export function isPrinter(name: string): boolean {
  return /^(console\.|process\.stdout)/.test(name);
}

/** A member that can't be used is an error only where it is used. */
function capturedMember(l: Lowering, member: Captured, name: string, node: es.Node): Value {
  if (member.is === "unsupported") return { is: "unsupported", name, what: member.what };
  return capturedValue(l, member, name, node);
}

/** A function of the user's outside of the kernel. */
export function closureOf(l: Lowering, source: SourceFunction, node: es.Node): Closure {
  const parsed = parse(source);
  if (!parsed) return l.refuse(node, "native", source.name);
  const unit = l.units.get(source) ?? new Unit(parsed, l.functionNumbers.get(source) ?? 0);
  l.units.set(source, unit);
  // one scope a source, so that a function that calls itself meets itself
  return { is: "function", name: source.name, node: parsed.node, scope: rootOf(unit), unit };
}

const roots = new WeakMap<Unit, Scope<Value>>();

function rootOf(unit: Unit): Scope<Value> {
  const known = roots.get(unit) ?? new Scope<Value>(undefined, 0);
  roots.set(unit, known);
  return known;
}

/** The function that a node of another function's text names, if it does. */
export function closureNamed(
  l: Lowering,
  { scope, unit }: Closure,
  node: es.Node,
): Closure | undefined {
  const name = dottedText(node);
  if (name === undefined) return undefined;
  const found = scope.find(name);
  if (found) {
    const { value } = found.binding;
    return value?.is === "function" ? value : undefined;
  }
  const captured = unit.captured(name);
  return captured?.is === "function" ? closureOf(l, captured.source, node) : undefined;
}
