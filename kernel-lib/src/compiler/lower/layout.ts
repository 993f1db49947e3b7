/**
 * Arrays as base, lengths and strides: the access to an element, and views of a part. An index that
 * `slice` takes stays an index of the whole array, so that later passes see whole subscripts.
 */
import type * as es from "acorn";
import { itemSize } from "../../dtype.js";
import { f64, get, i32, operate } from "../build.js";
import type { Access, ArrayLocal, Expr } from "../ir.js";
import { arrayLocal } from "./array-local.js";
import type { Lowering } from "./lowering.js";
import { arithmetic, compare, not, or, select } from "./operators.js";
import { knownNumber, whole, type ArrayValue } from "./value.js";

/** The length of an axis of the array, as a number. */
export function lengthOf(array: ArrayLocal, axis: number): Expr {
  return operate("f64.convert_i32_s", get(array.shape[axis]!));
}

/** The axes of the array that a value still has. */
export function freeAxes({ fixed }: ArrayValue): number[] {
  return fixed.flatMap((index, axis) => (index === undefined ? [axis] : []));
}

/** The lengths of a value's axes, as numbers. */
export function shapeOf(value: ArrayValue): Expr[] {
  return freeAxes(value).map((axis) => lengthOf(value.array, axis));
}

/** Number of elements. */
export function sizeOf(value: ArrayValue): Expr {
  return shapeOf(value).reduce((a, b) => arithmetic("*", a, b), f64(1));
}

/** The element at one index for each axis that is left. */
export function access(
  l: Lowering,
  value: ArrayValue,
  indices: readonly Expr[],
  node: es.Node,
): Access {
  let next = 0;
  const all = value.fixed.map((index) => index ?? indices[next++]!);
  const sites = all.map((_, axis) => l.site("index", value.name, node, axis));
  return {
    array: value.array,
    indices: all,
    lanes: 1,
    pattern: "scalar",
    // hotcell's own texts keep within their arrays
    checked: l.context.options.boundsCheck && !l.unit.call,
    site: sites[0]!,
  };
}

export function element(access: Access): Expr {
  return { op: "element", kind: "f64", lanes: 1, access };
}

/** An index that counts from the end where it is negative, as `slice` takes it. */
export function fromEnd(l: Lowering, index: Expr, length: Expr): Expr {
  if (isPositive(l, index)) return index;
  const constant = knownNumber(index);
  const shifted = arithmetic("+", index, length);
  if (constant !== undefined) return shifted;
  return select(compare("<", index, f64(0)), shifted, index);
}

/** Whether a number is known to be at least 0 (or NaN). */
export function isPositive(l: Lowering, expr: Expr): boolean {
  const constant = knownNumber(expr);
  if (constant !== undefined) return !(constant < 0);
  switch (expr.op) {
    case "get":
      return l.positive.has(expr.local);
    case "f64.add":
    case "f64.mul":
    case "math.rem":
      return isPositive(l, expr.args[0]!) && isPositive(l, expr.args[1]!);
    case "f64.abs":
    case "f64.convert_i32_u":
      return true;
    case "f64.floor":
    case "f64.trunc":
    case "f64.sqrt":
      return isPositive(l, expr.args[0]!);
    case "f64.convert_i32_s":
      // the only i32 variables before `narrow` are those of arrays: lengths and strides
      return expr.args[0]!.op === "get";
    default:
      return false;
  }
}

/** Whether a number is known to be whole. */
export function isWhole(l: Lowering, expr: Expr): boolean {
  const constant = knownNumber(expr);
  if (constant !== undefined) return Number.isInteger(constant);
  switch (expr.op) {
    case "get":
      return l.whole.has(expr.local);
    case "f64.add":
    case "f64.sub":
    case "f64.mul":
    case "f64.min":
    case "f64.max":
      return expr.args.every((arg) => isWhole(l, arg));
    case "f64.neg":
      return isWhole(l, expr.args[0]!);
    case "f64.convert_i32_s":
    case "f64.convert_i32_u":
    case "f64.floor":
    case "f64.ceil":
    case "f64.trunc":
      return true;
    default:
      return false;
  }
}

/** An index or length as i32, once it is known to be whole and in range. */
function toInt(expr: Expr): Expr {
  return expr.op === "f64.convert_i32_s" ? expr.args[0]! : operate("i32.trunc_sat_f64_s", expr);
}

/** A range of one axis: from, to as numbers that were clipped to the axis. */
export interface Range {
  readonly from: Expr;
  readonly to: Expr;
}

/**
 * A part of an array as an array of its own that shares its memory. Indices that drop an axis are
 * checked here, since later accesses don't know of them.
 */
export function view(
  l: Lowering,
  value: ArrayValue,
  ranges: readonly (Range | undefined)[],
  node: es.Node,
  typed = value.array.array.typed,
): ArrayValue {
  const { array } = value;
  const bytes = itemSize(array.array.dtype);
  let base: Expr = get(array.base);
  const shape: Expr[] = [];
  const strides: Expr[] = [];
  let next = 0;
  value.fixed.forEach((index, axis) => {
    const stride = get(array.strides[axis]!);
    const range = index === undefined ? ranges[next++] : undefined;
    const from = index ?? range?.from;
    if (index !== undefined) checkInside(l, value, index, axis, node);
    if (from !== undefined) {
      base = operate(
        "i32.add",
        base,
        operate("i32.mul", operate("i32.mul", toInt(from), stride), i32(bytes)),
      );
    }
    if (index !== undefined) return;
    const length = range
      ? toInt(atLeast0(arithmetic("-", range.to, range.from)))
      : get(array.shape[axis]!);
    shape.push(length);
    strides.push(stride);
  });
  // rows of a contiguous array stand together as long as only the first axes were narrowed
  const leading = value.fixed.findIndex((index) => index === undefined);
  const contiguous =
    array.array.contiguous &&
    value.fixed.slice(leading).every((index) => index === undefined) &&
    ranges.slice(1).every((range) => range === undefined);
  const made = arrayLocal(
    value.name,
    { ...array.array, rank: shape.length, contiguous, typed },
    "view",
  );
  l.e.set(made.base, base);
  made.shape.forEach((each, k) => {
    l.e.set(each, shape[k]!);
  });
  made.strides.forEach((each, k) => {
    l.e.set(each, strides[k]!);
  });
  return whole(made, value.name);
}

function atLeast0(length: Expr): Expr {
  return operate("f64.max", length, f64(0));
}

/** Fails where an index isn't a whole number inside of its axis. */
export function checkInside(
  l: Lowering,
  value: ArrayValue,
  index: Expr,
  axis: number,
  node: es.Node,
): void {
  if (!l.context.options.boundsCheck) return;
  const length = lengthOf(value.array, axis);
  const site = l.site("index", value.name, node, axis);
  const inside = operate(
    "bool.and",
    operate("bool.and", compare(">=", index, f64(0)), compare("<", index, length)),
    operate("f64.eq", index, operate("f64.trunc", index)),
  );
  l.e.if(not(inside), (e) => {
    e.emit({ op: "fail", site, args: [index, length] });
  });
}

/** Fails where a number isn't whole. */
export function checkWhole(l: Lowering, value: Expr, site: number): void {
  if (isWhole(l, value)) return;
  const wrong = or(
    operate("f64.ne", value, operate("f64.trunc", value)),
    operate("f64.eq", operate("f64.abs", value), f64(Infinity)),
  );
  l.e.if(wrong, (e) => {
    e.emit({ op: "fail", site, args: [value, f64(0)] });
  });
}

/** The array with all its axes: itself, or a view where some are fixed. */
export function materialise(l: Lowering, value: ArrayValue, node: es.Node): ArrayLocal {
  if (value.fixed.every((index) => index === undefined)) return value.array;
  return view(l, value, [], node).array;
}
