/** Methods of arrays: `at`, `set`, `slice` of an NDArray, `at`, `fill`, `subarray` of a typed array. */
import type * as es from "acorn";
import { f64, operate } from "../build.js";
import type { Expr } from "../ir.js";
import { fill } from "./allocation.js";
import {
  access,
  checkWhole,
  element,
  freeAxes,
  fromEnd,
  isPositive,
  lengthOf,
  view,
  type Range,
} from "./layout.js";
import type { Lowering } from "./lowering.js";
import { stable } from "./members.js";
import { numeric } from "./numeric.js";
import { compare, select } from "./operators.js";
import { isScalar, knownNumber, nothing, number, type ArrayValue, type Value } from "./value.js";

export function arrayMethod(
  l: Lowering,
  array: ArrayValue,
  name: string,
  args: readonly Value[],
  node: es.Node,
): Value {
  const { typed } = array.array.array;
  switch (name) {
    case "at":
      return number(element(access(l, array, indices(l, array, args, node, typed), node)));
    case "set": {
      if (typed) break;
      const [value = nothing, ...rest] = args;
      const place = access(l, array, indices(l, array, rest, node, false), node);
      l.e.emit({ op: "store", access: place, value: numeric(l, value, node) });
      return nothing;
    }
    case "slice":
      if (typed) break;
      return slice(l, array, args, node);
    case "subarray":
      if (!typed) break;
      return subarray(l, array, args, node);
    case "fill":
      if (!typed || args.length !== 1) break;
      fill(l, array, numeric(l, args[0]!, node), node);
      return array;
  }
  return l.refuse(node, "arrayMethod", array.name, name);
}

function indices(
  l: Lowering,
  array: ArrayValue,
  args: readonly Value[],
  node: es.Node,
  countsFromEnd: boolean,
): Expr[] {
  const axes = freeAxes(array);
  if (args.length !== axes.length) {
    return l.refuse(node, "indexCount", array.name, String(axes.length), String(args.length));
  }
  return args.map((arg, k) => {
    const index = stable(l, numeric(l, arg, node));
    return countsFromEnd ? fromEnd(l, index, lengthOf(array.array, axes[k]!)) : index;
  });
}

function slice(l: Lowering, array: ArrayValue, args: readonly Value[], node: es.Node): ArrayValue {
  const axes = freeAxes(array);
  if (args.length > axes.length) {
    return l.refuse(node, "indexCount", array.name, String(axes.length), String(args.length));
  }
  const fixed = [...array.fixed];
  const ranges: (Range | undefined)[] = [];
  axes.forEach((axis, k) => {
    const arg = args[k] ?? nothing;
    if (isScalar(arg)) {
      const length = lengthOf(array.array, axis);
      fixed[axis] = l.e.bind("row", fromEnd(l, stable(l, numeric(l, arg, node)), length));
    } else {
      ranges.push(rangeOf(l, arg, lengthOf(array.array, axis), array.name, node));
    }
  });
  const part: ArrayValue = { ...array, fixed };
  if (freeAxes(part).length === 0) return l.refuse(node, "scalarArray");
  // an index alone needs no new layout
  return ranges.every((range) => range === undefined) ? part : view(l, part, ranges, node);
}

function rangeOf(
  l: Lowering,
  arg: Value,
  length: Expr,
  name: string,
  node: es.Node,
): Range | undefined {
  if (arg.is === "undefined") return undefined;
  if (arg.is !== "tuple" || arg.members.size < 1 || arg.members.size > 2) {
    return l.refuse(node, "sliceRange");
  }
  const [from = nothing, to = nothing] = arg.members.values();
  const site = l.site("length", name, node);
  return {
    from: clipped(l, from, length, f64(0), site, node),
    to: clipped(l, to, length, length, site, node),
  };
}

/** A bound as NumPy takes it: counted from the end if negative, never outside of the axis. */
function clipped(
  l: Lowering,
  value: Value,
  length: Expr,
  otherwise: Expr,
  site: number,
  node: es.Node,
): Expr {
  if (value.is === "undefined") return otherwise;
  const bound = l.e.bind("bound", numeric(l, value, node));
  checkWhole(l, bound, site);
  const shifted = isPositive(l, bound)
    ? bound
    : select(compare("<", bound, f64(0)), operate("f64.add", bound, length), bound);
  const atLeast0 = isPositive(l, shifted) ? shifted : operate("f64.max", shifted, f64(0));
  if (knownNumber(atLeast0) === 0) return atLeast0;
  return l.e.bind("bound", operate("f64.min", atLeast0, length));
}

function subarray(
  l: Lowering,
  array: ArrayValue,
  [from = nothing, to = nothing]: readonly Value[],
  node: es.Node,
): ArrayValue {
  const length = lengthOf(array.array, freeAxes(array)[0]!);
  const site = l.site("length", array.name, node);
  const range = {
    from: clipped(l, from, length, f64(0), site, node),
    to: clipped(l, to, length, length, site, node),
  };
  return view(l, array, [range], node);
}
