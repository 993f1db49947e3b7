/**
 * Arrays made in the kernel: `zeros`, `empty`, `full` and the constructors of typed arrays. Lengths
 * come in as values, an array with variables of its own goes out.
 */
import type * as es from "acorn";
import type { DType } from "../../dtype.js";
import { f64, get, local } from "../build.js";
import type { Expr, Local } from "../ir.js";
import { access, freeAxes, lengthOf } from "./layout.js";
import { arrayLocal, listOf } from "./array-local.js";
import type { Lowering } from "./lowering.js";
import { numeric } from "./numeric.js";
import { describe, isScalar, nothing, whole, type ArrayValue, type Value } from "./value.js";

const typedArrays: Readonly<Record<string, DType>> = {
  Float64Array: "float64",
  Float32Array: "float32",
  Int32Array: "int32",
  Uint32Array: "uint32",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int8Array: "int8",
  Uint8Array: "uint8",
};

export function isTypedArray(name: string): boolean {
  return Object.hasOwn(typedArrays, name);
}

/** `zeros(shape, dtype)`; empty's elements are zeros as well. */
export function allocate(
  l: Lowering,
  name: string,
  shape: Value,
  dtype: Value,
  node: es.Node,
): ArrayValue {
  return make(l, name, lengthsOf(l, shape, node), dtypeOf(l, dtype, node), false, node);
}

function make(
  l: Lowering,
  name: string,
  lengths: readonly Expr[],
  dtype: DType,
  typed: boolean,
  node: es.Node,
): ArrayValue {
  const rank = lengths.length;
  if (rank < 1 || rank > 4) return l.refuse(node, "rank", String(rank));
  const array = arrayLocal(
    name,
    { type: "array", dtype, rank, contiguous: true, typed },
    "allocated",
  );
  const site = l.site("length", name, node);
  l.e.emit({ op: "allocate", array, lengths, site });
  const made = whole(array, name);
  l.lists.set(array, listOf(l.e, made));
  return made;
}

function lengthsOf(l: Lowering, shape: Value, node: es.Node): Expr[] {
  if (isScalar(shape)) return [numeric(l, shape, node)];
  if (shape.is !== "tuple") return l.refuse(node, "shape", describe(shape));
  return [...shape.members.values()].map((length) => numeric(l, length, node));
}

function dtypeOf(l: Lowering, dtype: Value, node: es.Node): DType {
  if (dtype.is === "undefined") return "float64";
  const names: readonly string[] = Object.values(typedArrays);
  if (dtype.is !== "string" || !names.includes(dtype.value)) {
    const found = dtype.is === "string" ? JSON.stringify(dtype.value) : describe(dtype);
    return l.refuse(node, "dtype", found);
  }
  return dtype.value as DType;
}

/** `full(shape, value, dtype)`. */
export function full(l: Lowering, args: readonly Value[], node: es.Node): ArrayValue {
  const [shape = nothing, value = nothing, dtype = nothing] = args;
  const made = allocate(l, "full", shape, dtype, node);
  fill(l, made, numeric(l, value, node), node);
  return made;
}

/** Writes one number to every element. */
export function fill(l: Lowering, array: ArrayValue, value: Expr, node: es.Node): void {
  const kept = l.e.bind("value", value);
  overElements(l, array, node, l.unit.text(node), (indices) => {
    l.e.emit({ op: "store", access: access(l, array, indices, node), value: kept });
  });
}

/** Loops over all elements, last axis fastest. The innermost loop's label is what `continue` needs. */
export function overElements(
  l: Lowering,
  array: ArrayValue,
  node: es.Node,
  text: string,
  body: (indices: readonly Expr[], label: { readonly name: string }) => void,
): void {
  const axes = freeAxes(array);
  const nest = (depth: number, indices: readonly Expr[]): void => {
    const counter: Local = local(`i${depth}`, "f64");
    l.whole.add(counter);
    l.positive.add(counter);
    const label = { name: "elements" };
    const loop = l.loop(node, text);
    const inner = l.collect(() => {
      const all = [...indices, get(counter)];
      if (depth === axes.length - 1) body(all, label);
      else nest(depth + 1, all);
    });
    l.e.emit({
      op: "for",
      counter,
      from: f64(0),
      to: lengthOf(array.array, axes[depth]!),
      step: 1,
      label,
      body: inner,
      loop,
    });
  };
  nest(0, []);
}

/** `new Float64Array(n)`, or of a list or another array. */
export function typedArray(
  l: Lowering,
  name: string,
  args: readonly Value[],
  node: es.Node,
): ArrayValue {
  const dtype = typedArrays[name]!;
  const [source = nothing] = args;
  if (args.length > 1) return l.refuse(node, "construct", `${name} over a buffer`);
  if (isScalar(source) || source.is === "undefined") {
    const length = source.is === "undefined" ? f64(0) : numeric(l, source, node);
    return make(l, name, [length], dtype, true, node);
  }
  if (source.is === "tuple") {
    const members = [...source.members.values()];
    const made = make(l, name, [f64(members.length)], dtype, true, node);
    members.forEach((member, i) => {
      const place = { ...access(l, made, [f64(i)], node), checked: false };
      l.e.emit({ op: "store", access: place, value: numeric(l, member, node) });
    });
    return made;
  }
  if (source.is !== "array" || freeAxes(source).length !== 1) {
    return l.refuse(node, "shape", describe(source));
  }
  const made = make(l, name, [lengthOf(source.array, freeAxes(source)[0]!)], dtype, true, node);
  overElements(l, made, node, l.unit.text(node), (indices) => {
    const value: Expr = {
      op: "element",
      kind: "f64",
      lanes: 1,
      access: access(l, source, indices, node),
    };
    l.e.emit({ op: "store", access: access(l, made, indices, node), value });
  });
  return made;
}
