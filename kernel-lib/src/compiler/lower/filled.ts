/**
 * Arrays made with their numbers in them: `array`, `arange` and `linspace`, by the formulas of the
 * plain run (runtime/arrays). Integer dtypes are refused, since there those check every number.
 */
import type * as es from "acorn";
import { f64, operate } from "../build.js";
import type { Expr } from "../ir.js";
import { allocate, overElements } from "./allocation.js";
import { access, element, shapeOf } from "./layout.js";
import type { Lowering } from "./lowering.js";
import { numeric } from "./numeric.js";
import { and, arithmetic, compare, equal, not, or, select } from "./operators.js";
import {
  constant,
  describe,
  nothing,
  number,
  tuple,
  type Aggregate,
  type ArrayValue,
  type Value,
} from "./value.js";

type Make = (l: Lowering, args: readonly Value[], node: es.Node) => ArrayValue;

export const filled: Readonly<Record<string, Make>> = { array, arange, linspace };

function array(l: Lowering, args: readonly Value[], node: es.Node): ArrayValue {
  const [values = nothing, dtype = nothing] = args;
  checkDType(l, dtype, node);
  if (values.is === "array") return copyOf(l, values, dtype, node);
  if (values.is !== "tuple") return l.refuse(node, "shape", describe(values));
  const lengths: number[] = [];
  for (let part: Value | undefined = values; part?.is === "tuple";) {
    lengths.push(part.members.size);
    part = part.members.get("0");
  }
  const made = allocate(l, "array", tuple(lengths.map(constant)), dtype, node);
  const store = (list: Aggregate, indices: readonly Expr[]): void => {
    [...list.members.values()].forEach((member, i) => {
      const at = [...indices, f64(i)];
      if (at.length < lengths.length) {
        const isRow = member.is === "tuple" && member.members.size === lengths[at.length];
        if (!isRow) return l.refuse(node, "shape", "a ragged list");
        store(member, at);
      } else {
        if (member.is !== "number") return l.refuse(node, "notNumber", describe(member));
        const place = { ...access(l, made, at, node), checked: false };
        l.e.emit({ op: "store", access: place, value: member.expr });
      }
    });
  };
  store(values, []);
  return made;
}

function copyOf(l: Lowering, values: ArrayValue, dtype: Value, node: es.Node): ArrayValue {
  const made = allocate(l, "array", tuple(shapeOf(values).map(number)), dtype, node);
  overElements(l, made, node, l.unit.text(node), (indices) => {
    const value = element({ ...access(l, values, indices, node), checked: false });
    l.e.emit({ op: "store", access: access(l, made, indices, node), value });
  });
  return made;
}

function checkDType(l: Lowering, dtype: Value, node: es.Node): void {
  if (dtype.is === "string" && !dtype.value.startsWith("float")) {
    l.refuse(node, "filledDType", JSON.stringify(dtype.value));
  }
}

function arange(l: Lowering, args: readonly Value[], node: es.Node): ArrayValue {
  const given = args.map((arg, i) => (i < 3 && arg.is !== "undefined" ? arg : undefined));
  const bind = (value: Value | undefined, otherwise: number): Expr =>
    value ? l.e.bind("range", numeric(l, value, node)) : f64(otherwise);
  const [start, stop] = given[1]
    ? [bind(given[0], NaN), bind(given[1], NaN)]
    : [f64(0), bind(given[0], NaN)];
  const step = bind(given[2], 1);
  const dtype = args[3] ?? nothing;
  checkDType(l, dtype, node);
  const magnitude = (value: Expr): Expr => operate("f64.abs", value);
  const isFinite = [start, stop, step]
    .map((value) => compare("<", magnitude(value), f64(Infinity)))
    .reduce(and);
  const message = "RangeError: arange has no end: give finite numbers and a step other than 0";
  const site = l.site("throw", message, node);
  l.e.if(or(not(isFinite), equal(step, f64(0))), (e) => {
    e.emit({ op: "fail", site, args: [f64(0), f64(0)] });
  });
  const quotient = l.e.bind("quotient", arithmetic("/", arithmetic("-", stop, start), step));
  const nearest = l.e.bind("nearest", operate("math.round", quotient));
  const ends = arithmetic("+", magnitude(start), magnitude(stop));
  const rounding = arithmetic("/", arithmetic("*", f64(2 * Number.EPSILON), ends), magnitude(step));
  const isNear = compare("<=", magnitude(arithmetic("-", quotient, nearest)), rounding);
  const length = operate("f64.max", f64(0), select(isNear, nearest, operate("f64.ceil", quotient)));
  return sequence(l, "arange", length, dtype, node, (i) =>
    arithmetic("+", start, arithmetic("*", i, step)),
  );
}

function linspace(l: Lowering, args: readonly Value[], node: es.Node): ArrayValue {
  const [start, stop] = [args[0] ?? nothing, args[1] ?? nothing].map((each) =>
    l.e.bind("end", numeric(l, each, node)),
  ) as [Expr, Expr];
  const given = args[2] ?? nothing;
  const length = l.e.bind("num", given.is === "undefined" ? f64(50) : numeric(l, given, node));
  const last = l.e.bind("last", arithmetic("-", length, f64(1)));
  const step = l.e.bind("step", arithmetic("/", arithmetic("-", stop, start), last));
  return sequence(l, "linspace", length, nothing, node, (i) =>
    select(
      equal(i, f64(0)),
      start,
      select(equal(i, last), stop, arithmetic("+", start, arithmetic("*", i, step))),
    ),
  );
}

/** An array of one axis whose element i is `value(i)`. */
function sequence(
  l: Lowering,
  name: string,
  length: Expr,
  dtype: Value,
  node: es.Node,
  value: (i: Expr) => Expr,
): ArrayValue {
  const made = allocate(l, name, number(length), dtype, node);
  overElements(l, made, node, l.unit.text(node), (indices) => {
    l.e.emit({ op: "store", access: access(l, made, indices, node), value: value(indices[0]!) });
  });
  return made;
}
