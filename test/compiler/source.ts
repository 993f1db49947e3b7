/**
 * Makes what the compiler is given of a live function, with the values of its free names given by
 * hand, and runs kernels both ways: as they are and compiled. `prange` here is the plain one.
 */
import assert from "node:assert/strict";
import { Context } from "../../kernel-lib/src/compiler/context.js";
import type { Kernel } from "../../kernel-lib/src/compiler/ir.js";
import { lower } from "../../kernel-lib/src/compiler/lower/lower.js";
import { dependence } from "../../kernel-lib/src/compiler/passes/dependence.js";
import { expand } from "../../kernel-lib/src/compiler/passes/expand.js";
import type {
  ArrayType,
  Captured,
  CompileOptions,
  CompileRequest,
  KernelType,
  SourceFunction,
} from "../../kernel-lib/src/compiler/types.js";
import { NDArray } from "../../kernel-lib/src/runtime/ndarray.js";
import { options, run, type Argument, type Numbers } from "./run.js";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- kernels of every signature
export type AnyKernel = (...args: any[]) => unknown;
/** Free names and their values: numbers, arrays, lists, objects, functions with their own (`bound`). */
export type Free = Readonly<Record<string, unknown>>;

const intrinsics = new Set([
  "prange",
  "philox",
  "quad",
  "zeros",
  "empty",
  "full",
  "array",
  "arange",
  "linspace",
]);

/** A function with the values of its free names. */
export class Bound {
  constructor(
    readonly fn: AnyKernel,
    readonly free: () => Free,
  ) {}
}

/** Gives a captured function free names of its own; `free` is asked late, so that it may hold the function itself. */
export function bound(fn: AnyKernel, free: () => Free): Bound {
  return new Bound(fn, free);
}

/** What the compiler is told of a function, and the captured arrays in the order of their index. */
export function sourceOf(
  fn: AnyKernel | string,
  free: Free = {},
): { readonly source: SourceFunction; readonly arrays: readonly Argument[] } {
  const arrays: (Numbers | NDArray)[] = [];
  const known = new Map<unknown, SourceFunction>();
  const make = (fn: AnyKernel | string, free: Free): SourceFunction => {
    const text = typeof fn === "string" ? fn : fn.toString();
    const captured: Record<string, Captured> = {};
    const name = typeof fn === "string" ? "kernel" : fn.name || "kernel";
    const source = { name, text, captured, place: { file: "cell.ts", line: 0, column: 0 } };
    known.set(fn, source);
    // the test runner's compiler writes imports as import_x.name and names functions with __name
    const imported = [...text.matchAll(/\bimport_\w+\.(\w+)/g)].map((m) => [m[0], m[1]!] as const);
    const used = [...intrinsics].map((each) => [each, each] as const);
    for (const [dotted, each] of [...used, ...imported]) {
      if (intrinsics.has(each)) captured[dotted] = { is: "intrinsic", name: each };
    }
    captured["__name"] = { is: "function", source: nameHelper };
    for (const [key, value] of Object.entries(free)) captured[key] = of(value);
    return source;
  };
  const of = (value: unknown): Captured => {
    if (typeof value === "number") return { is: "number", value };
    if (typeof value === "boolean") return { is: "boolean", value };
    if (value instanceof Bound) {
      return { is: "function", source: known.get(value.fn) ?? make(value.fn, value.free()) };
    }
    if (typeof value === "function") {
      return { is: "function", source: known.get(value) ?? make(value as AnyKernel, {}) };
    }
    const array = arrayType(value);
    if (array) {
      const at = arrays.indexOf(value as Numbers);
      return { is: "array", index: at < 0 ? arrays.push(value as Numbers) - 1 : at, array };
    }
    if (Array.isArray(value)) return { is: "tuple", members: value.map(of) };
    if (typeof value === "object" && value?.constructor === Object) {
      const members = Object.entries(value).map(([key, member]) => [key, of(member)] as const);
      return { is: "object", members: Object.fromEntries(members) };
    }
    return { is: "unsupported", what: `a ${value?.constructor.name ?? typeof value}` };
  };
  const source = make(fn, free);
  return { source, arrays };
}

const nameHelper: SourceFunction = {
  name: "__name",
  text: "(fn) => fn",
  captured: {},
  place: { file: "", line: 0, column: 0 },
};

function arrayType(value: unknown): ArrayType | undefined {
  if (value instanceof NDArray) {
    const { dtype, shape, contiguous } = value as NDArray;
    return { type: "array", dtype, rank: shape.length, contiguous, typed: false };
  }
  if (!ArrayBuffer.isView(value)) return undefined;
  const dtype = value.constructor.name.replace(/Array$/, "").toLowerCase();
  return {
    type: "array",
    dtype: dtype as ArrayType["dtype"],
    rank: 1,
    contiguous: true,
    typed: true,
  };
}

/** The type of an argument. */
export function typeOf(value: unknown): KernelType {
  if (typeof value === "number") return { type: "number" };
  if (typeof value === "boolean") return { type: "boolean" };
  const array = arrayType(value);
  if (array) return array;
  if (Array.isArray(value)) return { type: "tuple", members: value.map(typeOf) };
  const members = Object.entries(value as object).map(([key, each]) => [key, typeOf(each)]);
  return { type: "object", members: Object.fromEntries(members) as Record<string, KernelType> };
}

export interface Lowered {
  readonly request: CompileRequest;
  readonly kernel: Kernel;
  readonly context: Context;
  readonly arrays: readonly Argument[];
}

/** Lowers a function for arguments such as these. */
export function lowered(
  fn: AnyKernel | string,
  args: readonly unknown[],
  free: Free = {},
  change: Partial<CompileOptions> = {},
): Lowered {
  const { source, arrays } = sourceOf(fn, free);
  const request = { kernel: source, args: args.map(typeOf), options: { ...options, ...change } };
  const context = new Context(request.options);
  return { request, kernel: lower(request, context), context, arrays };
}

/** What the compiled kernel gives, in the form of the plain one. */
export function compiled(
  fn: AnyKernel | string,
  args: readonly unknown[],
  free: Free = {},
): unknown {
  const { kernel, context, arrays } = lowered(fn, args, free);
  const proven = expand(dependence(kernel, context), context);
  return plain(run(proven, [...(args as Argument[]), ...arrays], { context }).result);
}

/** Runs a kernel as it is and compiled, on copies of the arguments, and compares results and arrays. */
export function expectSame(fn: AnyKernel, args: readonly unknown[], free: Free = {}): void {
  const [ours, theirs] = [args.map(copyOf), args.map(copyOf)];
  const result = compiled(fn, ours, free);
  const expected = plain(fn(...theirs));
  assert.deepEqual(result, expected);
  assert.deepEqual(ours.map(contents), theirs.map(contents));
}

function copyOf(value: unknown): unknown {
  if (value instanceof NDArray) {
    const { dtype, data, shape, strides, offset } = value as NDArray;
    return new NDArray(dtype, data.slice(), shape, strides, offset);
  }
  return ArrayBuffer.isView(value) ? (value as Float64Array).slice() : structuredClone(value);
}

function contents(value: unknown): unknown {
  return value instanceof NDArray ? value.data : value;
}

/** Arrays as shape and elements. */
function plain(result: unknown): unknown {
  if (result instanceof NDArray) return { shape: [...result.shape], data: [...result] };
  if (ArrayBuffer.isView(result)) {
    const data = [...(result as Float64Array)];
    return { shape: [data.length], data };
  }
  if (Array.isArray(result)) return result.map(plain);
  if (typeof result !== "object" || result === null) return result;
  if ("data" in result && "shape" in result) {
    return { shape: result.shape, data: [...(result.data as Float64Array)] };
  }
  return Object.fromEntries(Object.entries(result).map(([key, each]) => [key, plain(each)]));
}

/** The plain `prange`: an ordinary loop. */
export function* prange(first: number, second?: number, step = 1): Generator<number> {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  for (let i = from; step > 0 ? i < to : i > to; i += step) yield i;
}
