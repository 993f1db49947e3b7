/**
 * Variables: a value comes in and is given locals of its own, or is copied into those of another.
 * Numbers and booleans are one local each, arrays one for each part of their layout, lists and
 * objects trees of them; what is known at compile time needs none.
 */
import type * as es from "acorn";
import { f64, get, local } from "../build.js";
import type { ArrayLocal, Stmt, Storage } from "../ir.js";
import { arrayLocals } from "../walk.js";
import { materialise } from "./layout.js";
import { arrayLocal } from "./array-local.js";
import type { Lowering } from "./lowering.js";
import { fromBool } from "./operators.js";
import type { Binding } from "./scope.js";
import {
  Aggregate,
  boolean,
  describe,
  isScalar,
  number,
  whole,
  type Scalar,
  type Value,
} from "./value.js";

/** Gives a value a home: its scalars become locals that a member assignment can change. */
export function house(l: Lowering, name: string, value: Value): Value {
  if (isScalar(value)) return ofLocal(value.is, l.e.variable(name, value.expr));
  if (value instanceof Aggregate && !value.bound) {
    value.bound = true;
    value.home = l.activation;
    for (const [key, member] of value.members) {
      value.members.set(key, house(l, memberName(value, name, key), member));
    }
  }
  return value;
}

/** As `house`, for what is never assigned to: constants stay constants. */
export function name(l: Lowering, label: string, value: Value): Value {
  return isScalar(value) && value.expr.op === "const" ? value : house(l, label, value);
}

/** A value that stays what it is whatever is assigned afterwards. */
export function settle(l: Lowering, value: Value): Value {
  if (isScalar(value)) return { is: value.is, expr: l.e.bind("value", value.expr) };
  if (value instanceof Aggregate && !value.bound) {
    for (const [key, member] of value.members) value.members.set(key, settle(l, member));
  }
  if (value.is === "array" && value.array.origin === "view") {
    // maybe a variable: the array that it holds now
    const own = arrayLocal(value.array.name, value.array.array, "view");
    copyArray(l, own, value.array);
    return { ...value, array: own };
  }
  return value;
}

function copyArray(l: Lowering, to: ArrayLocal, from: ArrayLocal): void {
  const locals = arrayLocals(from);
  arrayLocals(to).forEach((each, i) => {
    l.e.set(each, get(locals[i]!));
  });
}

/** Fresh locals for values of this type; undefined where a value of it can't vary at run time. */
export function slotLike(label: string, value: Value): Value | undefined {
  if (isScalar(value)) return ofLocal(value.is, local(label, value.expr.kind));
  if (value.is === "array") {
    const rank = value.fixed.filter((index) => index === undefined).length;
    const contiguous =
      value.array.array.contiguous && value.fixed.every((index) => index === undefined);
    const array = { ...value.array.array, rank, contiguous };
    return whole(arrayLocal(label, array, "view"), label);
  }
  if (value instanceof Aggregate) {
    const members = new Map<string, Value>();
    for (const [key, member] of value.members) {
      const slot = slotLike(memberName(value, label, key), member);
      if (!slot) return undefined;
      members.set(key, slot);
    }
    const made = new Aggregate(value.is, members);
    made.bound = true;
    return made;
  }
  return value.is === "undefined" || value.is === "null" || isSpared(value) ? value : undefined;
}

function isSpared(value: Value): boolean {
  return value.is === "unsupported" && value.spared === true;
}

/**
 * Copies a value into the locals of another; false if its type differs.
 *
 * @param isLeaving - The function is left: nobody can change what was its own any more.
 */
export function copy(
  l: Lowering,
  target: Value,
  value: Value,
  node: es.Node,
  isLeaving = false,
): boolean {
  if (isScalar(target)) {
    if (value.is !== target.is || !isScalar(value)) return false;
    l.e.set(target.local!, value.expr);
    return true;
  }
  if (target.is === "array") {
    if (value.is !== "array") return false;
    const source = materialise(l, value, node);
    if (!sameLayout(target.array, source)) return false;
    copyArray(l, target.array, source);
    return true;
  }
  if (target instanceof Aggregate) {
    if (!(value instanceof Aggregate) || value.is !== target.is) return false;
    const keys = [...target.members.keys()];
    if (value.members.size !== keys.length || !keys.every((key) => value.members.has(key)))
      return false;
    if (!isLeaving || value.home !== l.activation) {
      markCopied(l, target, node);
      if (value.bound) markCopied(l, value, node);
    }
    return keys.every((key) =>
      copy(l, target.members.get(key)!, value.members.get(key)!, node, isLeaving),
    );
  }
  if (isSpared(target)) return isSpared(value);
  return target === value || (target.is === value.is && target.is === "undefined");
}

function sameLayout(a: ArrayLocal, b: ArrayLocal): boolean {
  const [x, y] = [a.array, b.array];
  return (
    x.dtype === y.dtype &&
    x.rank === y.rank &&
    x.typed === y.typed &&
    (y.contiguous || !x.contiguous)
  );
}

function markCopied(l: Lowering, aggregate: Aggregate, node: es.Node): void {
  aggregate.copied = true;
  if (aggregate.written) l.refuse(node, "sharedObject");
}

/** Notes that a member of it changes. */
export function markWritten(l: Lowering, aggregate: Aggregate, node: es.Node): void {
  aggregate.written = true;
  if (aggregate.copied) l.refuse(node, "sharedObject");
}

/** What a variable without a value holds: NaN, as undefined does in a calculation. */
export function blank(l: Lowering, value: Value): Stmt[] {
  return l.collect(() => {
    if (isScalar(value) && value.is === "number") l.e.set(value.local!, f64(NaN));
    if (value instanceof Aggregate) {
      for (const member of value.members.values()) l.e.emit(...blank(l, member));
    }
  });
}

/** Assigns to a variable's storage, all of it at once. */
export function assign(
  l: Lowering,
  target: Value,
  value: Value,
  label: string,
  node: es.Node,
): void {
  const settled = value instanceof Aggregate ? settle(l, value) : value;
  if (!copy(l, target, settled, node)) {
    l.refuse(node, "changesType", `'${label}'`, describe(target), describe(value));
  }
}

/** Two values of which one is taken at run time meet in this type: booleans may become numbers. */
export function meet(l: Lowering, one: Value, other: Value, node: es.Node): Value {
  const slot = slotLike("chosen", one);
  if (!slot) l.refuse(node, "mixedTypes", describe(one), describe(other));
  return slot;
}

export function ofLocal(is: Scalar["is"], local: NonNullable<Scalar["local"]>): Scalar {
  return { is, expr: get(local), local };
}

/** A scalar as a number. */
export function asNumber(value: Scalar): Scalar {
  return value.is === "boolean" ? number(fromBool(value.expr)) : value;
}

/** The locals of a housed value, as a kernel's result. */
export function storageOf(value: Value): Storage | undefined {
  if (isScalar(value)) return value.local && { is: value.is, local: value.local };
  if (value.is === "array") return { is: "array", array: value.array };
  if (!(value instanceof Aggregate)) return undefined;
  const members: [string, Storage][] = [];
  for (const [key, member] of value.members) {
    if (isSpared(member)) continue;
    const storage = storageOf(member);
    if (!storage) return undefined;
    members.push([key, storage]);
  }
  return value.is === "tuple"
    ? { is: "tuple", members: members.map(([, storage]) => storage) }
    : { is: "object", members: Object.fromEntries(members) };
}

/** The value that parameters in these locals have. */
export function valueOf(storage: Storage): Value {
  switch (storage.is) {
    case "number":
      return number(get(storage.local));
    case "boolean":
      return boolean(get(storage.local));
    case "array":
      return whole(storage.array);
    case "tuple":
      return bound(new Aggregate("tuple", new Map(storage.members.map(entry))));
    case "object": {
      const members = Object.entries(storage.members);
      return bound(new Aggregate("object", new Map(members.map(([k, v]) => [k, valueOf(v)]))));
    }
  }
}

function entry(member: Storage, i: number): [string, Value] {
  return [String(i), valueOf(member)];
}

function bound(aggregate: Aggregate): Aggregate {
  aggregate.bound = true;
  return aggregate;
}

function memberName({ is }: Aggregate, name: string, key: string): string {
  return is === "tuple" ? `${name}[${key}]` : `${name}.${key}`;
}

/** Declares a variable or constant that has a value. */
export function declare(
  l: Lowering,
  label: string,
  value: Value,
  kind: Binding<Value>["kind"] = "const",
): void {
  const assigned = kind === "variable" && l.unit.assigned.has(label);
  l.scope.declare({ name: label, kind, assigned, value: own(l, label, value, assigned) });
}

function own(l: Lowering, label: string, value: Value, assigned: boolean): Value {
  if (!assigned) return name(l, label, value);
  const isShared = value.is === "array" || (value instanceof Aggregate && value.bound);
  const slot = isShared ? slotLike(label, value) : undefined;
  if (!slot) return house(l, label, value);
  assign(l, slot, value, label, l.unit.node);
  return slot;
}

/** Declares a variable without a value: its first assignment gives it its type. */
export function declareBlank(l: Lowering, label: string): void {
  const blank: Stmt[] = [];
  // statements that make it undefined are added once it is known which locals it has
  l.e.emit({ op: "block", label: { name: label }, body: blank });
  l.scope.declare({
    name: label,
    kind: "variable",
    assigned: true,
    value: { is: "undefined" },
    blank,
  });
}

/** Gives a variable that has none yet the locals for a value of this type. */
export function start(l: Lowering, binding: Binding<Value>, value: Value): void {
  const slot = slotLike(binding.name, value);
  binding.value = slot ?? value;
  if (slot) binding.blank?.push(...blank(l, slot));
}
