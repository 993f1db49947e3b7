/**
 * Members of values: those of arrays (`shape`, `length`, elements), of lists and objects, and of
 * `Math` and `Number`. Methods come out as such, to be called.
 */
import type * as es from "acorn";
import { f64, operate } from "../build.js";
import type { Access, Expr } from "../ir.js";
import { listOf } from "./array-local.js";
import { access, element, freeAxes, shapeOf, sizeOf } from "./layout.js";
import { get as getLocal } from "../build.js";
import type { Lowering } from "./lowering.js";
import { constants, functions, tests } from "./math.js";
import { dotted } from "./names.js";
import { integrandMember } from "./integrand.js";
import { numeric } from "./numeric.js";
import { and, compare, equal, not, select } from "./operators.js";
import {
  Aggregate,
  constant,
  describe,
  isScalar,
  knownNumber,
  number,
  tuple,
  whole,
  type ArrayValue,
  type Value,
} from "./value.js";

export function member(l: Lowering, node: es.MemberExpression): Value {
  const whole = dotted(l, node);
  if (whole) return whole;
  const holder = l.expression(node.object);
  if (node.optional && (holder.is === "undefined" || holder.is === "null")) {
    return { is: "undefined" };
  }
  if (node.computed) return computed(l, holder, node);
  if (node.property.type !== "Identifier") return l.refuse(node, "this");
  return memberOf(l, holder, node.property.name, node);
}

function computed(l: Lowering, holder: Value, node: es.MemberExpression): Value {
  const property = node.property as es.Expression;
  if (holder.is === "array") return number(element(bracketAccess(l, holder, node)));
  if (holder instanceof Aggregate) {
    const index = listIndex(l, holder, l.expression(property), node);
    return typeof index === "string"
      ? memberOf(l, holder, index, node)
      : pick(l, holder, index, node);
  }
  return l.refuse(node, "member", l.unit.text(property), describe(holder));
}

/** The element that `a[i]` reads or writes. */
export function bracketAccess(
  l: Lowering,
  holder: ArrayValue,
  node: es.MemberExpression,
  keeps = false,
): Access {
  if (!holder.array.array.typed) return l.refuse(node, "bracketIndex", holder.name);
  const property = node.property as es.Expression;
  const index = numeric(l, l.expression(property), property);
  return access(l, holder, [keeps ? l.e.bind("index", index) : stable(l, index)], node);
}

/** An index that is evaluated once although it may be used for a read and a write. */
export function stable(l: Lowering, index: Expr): Expr {
  return isSimple(index) ? index : l.e.bind("index", index);
}

function isSimple(expr: Expr): boolean {
  switch (expr.op) {
    case "const":
    case "get":
      return true;
    case "f64.add":
    case "f64.sub":
    case "f64.mul":
    case "f64.convert_i32_s":
      return expr.args.every(isSimple);
    default:
      return false;
  }
}

/** A member by its name. */
export function memberOf(l: Lowering, holder: Value, name: string, node: es.Node): Value {
  switch (holder.is) {
    case "array":
      return arrayMember(l, holder, name, node);
    case "tuple":
      if (name === "length") return constant(holder.members.size);
      if (/^\d+$/.test(name)) return memberAt(l, holder, name, node);
      return { is: "method", of: holder, name };
    case "object":
      return memberAt(l, holder, name, node);
    case "generator":
      return { is: "method", of: holder, name };
    case "integrand":
      return integrandMember(holder, name);
    case "intrinsic":
      return intrinsicMember(l, `${holder.name}.${name}`, node);
    case "unsupported":
      return l.refuse(node, "unsupportedValue", holder.name, holder.what);
    default:
      return l.refuse(node, "member", name, describe(holder));
  }
}

function memberAt(l: Lowering, holder: Aggregate, name: string, node: es.Node): Value {
  const found = holder.members.get(name);
  if (!found && holder.is === "tuple") {
    return l.refuse(node, "listIndex", name, String(holder.members.size));
  }
  return found ?? { is: "undefined" };
}

function intrinsicMember(l: Lowering, name: string, node: es.Node): Value {
  const fixed = constants[name];
  if (fixed !== undefined) return constant(fixed);
  if (name in functions || name in tests) return { is: "intrinsic", name };
  if (name === "Math.random") return l.refuse(node, "random");
  return { is: "intrinsic", name };
}

function arrayMember(l: Lowering, holder: ArrayValue, name: string, node: es.Node): Value {
  const { typed, dtype } = holder.array.array;
  const shape = shapeOf(holder);
  if (name === "length") return number(shape[0]!);
  if (typed) {
    if (name === "BYTES_PER_ELEMENT" || name === "byteLength")
      return l.refuse(node, "member", name, describe(holder));
    return { is: "method", of: holder, name };
  }
  switch (name) {
    case "shape":
      return frozen(shape);
    case "strides":
      return frozen(
        freeAxes(holder).map((axis) =>
          operate("f64.convert_i32_s", getLocal(holder.array.strides[axis]!)),
        ),
      );
    case "size":
      return number(sizeOf(holder));
    case "dtype":
      return { is: "string", value: dtype };
    case "data":
      return dataOf(l, holder, node);
    default:
      return { is: "method", of: holder, name };
  }
}

function frozen(values: readonly Expr[]): Aggregate {
  const made = tuple(values.map(number));
  made.bound = true;
  return made;
}

/** All elements as a typed array. */
function dataOf(l: Lowering, holder: ArrayValue, node: es.Node): ArrayValue {
  const { array } = holder;
  if (!array.array.contiguous) return l.refuse(node, "gaps", holder.name);
  // the plain run gives the elements of the whole array there
  const isPart = array.origin === "view" || holder.fixed.some((index) => index !== undefined);
  if (isPart) return l.refuse(node, "dataOfPart", holder.name);
  const known = l.lists.get(array);
  // the same for as long as the kernel runs, so that it is one array in all iterations of a loop
  const list = known ?? listOf(l.entry, holder);
  l.lists.set(array, list);
  return whole(list, `${holder.name}.data`);
}

/** An element of an array by one index; the elements of a matrix are rows. */
export function elementOf(l: Lowering, value: Value, index: number, node: es.Node): Value {
  if (value.is === "tuple") return value.members.get(String(index)) ?? { is: "undefined" };
  if (value.is === "array" && freeAxes(value).length === 1) {
    return number(element(access(l, value, [f64(index)], node)));
  }
  return l.refuse(node, "spread", describe(value));
}

/** The member that an index means: its name if it is known, else the index. */
export function listIndex(
  l: Lowering,
  holder: Aggregate,
  index: Value,
  node: es.Node,
): string | Expr {
  if (index.is === "string") return index.value;
  const value = numeric(l, index, node);
  const constant = knownNumber(value);
  const count = holder.members.size;
  if (holder.is === "object") return l.refuse(node, "computedName");
  if (constant !== undefined) {
    if (!holder.members.has(String(constant)))
      return l.refuse(node, "listIndex", String(constant), String(count));
    return String(constant);
  }
  if (count > 256) return l.refuse(node, "longList", String(count));
  const own = l.e.bind("index", value);
  if (l.context.options.boundsCheck) {
    const inside = and(
      and(compare(">=", own, f64(0)), compare("<", own, f64(count))),
      equal(own, operate("f64.trunc", own)),
    );
    const site = l.site("index", l.unit.text((node as es.MemberExpression).object), node);
    l.e.if(not(inside), (e) => {
      e.emit({ op: "fail", site, args: [own, f64(count)] });
    });
  }
  return own;
}

/** The member of a list that an index picks at run time. */
export function pick(l: Lowering, holder: Aggregate, index: Expr, node: es.Node): Value {
  const members = [...holder.members.values()];
  const [first] = members;
  if (!first) return l.refuse(node, "listIndex", "", "0");
  if (isScalar(first)) {
    const choice = members.reduceRight<Expr | undefined>((rest, member, i) => {
      if (!isScalar(member) || member.is !== first.is)
        return l.refuse(node, "mixedTypes", describe(first), describe(member));
      return rest ? select(equal(index, f64(i)), member.expr, rest) : member.expr;
    }, undefined);
    return { is: first.is, expr: l.e.bind("picked", choice!) };
  }
  if (!(first instanceof Aggregate))
    return l.refuse(node, "mixedTypes", describe(first), "another");
  const picked = new Map<string, Value>();
  for (const key of first.members.keys()) {
    const parts = members.map((member) => {
      const part = member instanceof Aggregate ? member.members.get(key) : undefined;
      return part ?? l.refuse(node, "mixedTypes", describe(first), describe(member));
    });
    picked.set(key, pick(l, tuple(parts), index, node));
  }
  const made = new Aggregate(first.is, picked);
  made.bound = true;
  return made;
}
