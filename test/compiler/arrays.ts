/** Array variables and accesses for IR that is built by hand. */
import { local } from "../../kernel-lib/src/compiler/build.js";
import type {
  Access,
  ArrayLocal,
  Element,
  Expr,
  Kernel,
  Stmt,
  Storage,
} from "../../kernel-lib/src/compiler/ir.js";
import type { Kind } from "../../kernel-lib/src/compiler/operations.js";
import type { DType } from "../../kernel-lib/src/dtype.js";

/** An array parameter, contiguous unless said otherwise. */
export function arrayLocal(name: string, dtype: DType, rank = 1, contiguous = true): ArrayLocal {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return {
    name,
    array: { type: "array", dtype, rank, contiguous, typed: rank === 1 && contiguous },
    base: local(name, "i32"),
    shape: axes.map((axis) => local(`${name}Length${axis}`, "i32")),
    strides: axes.map((axis) => local(`${name}Stride${axis}`, "i32")),
    origin: "parameter",
  };
}

/** A checked scalar access whose axis k fails with site 100 + k, changed as wanted. */
export function access(
  array: ArrayLocal,
  indices: readonly Expr[],
  change: Partial<Access> = {},
): Access {
  return { array, indices, lanes: 1, pattern: "scalar", checked: true, site: 100, ...change };
}

/** The element of an access. */
export function element(access: Access, kind: Kind = "f64"): Element {
  return { op: "element", kind, lanes: access.lanes, access };
}

/** A kernel of statements. */
export function kernelOf(
  parameters: readonly Storage[],
  body: readonly Stmt[],
  change: Partial<Kernel> = {},
): Kernel {
  return {
    name: "test",
    parameters,
    result: undefined,
    body,
    functions: [],
    loops: [{ text: "for (const i of prange(n))", position: { fn: 0, node: 0 }, isShown: true }],
    ...change,
  };
}
