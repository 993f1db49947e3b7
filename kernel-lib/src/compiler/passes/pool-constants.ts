/**
 * Keeps the constants of vector code in the frame, where a loop reads them. As immediates V8 makes
 * each of them anew wherever it is used, in three to six instructions; a read is one.
 */
import { get } from "../build.js";
import type { Const, Expr, Func, Module, Stmt } from "../ir.js";
import type { Frame } from "../types.js";
import { mapOperands, mapParts } from "../walk.js";

export interface Pooled {
  readonly module: Module;
  readonly frame: Frame;
}

/** Moves the vector constants of all loops into the frame; the kernel writes them there first. */
export function poolConstants(module: Module, frame: Frame): Pooled {
  const pool = new Pool(frame.size);
  const functions = module.functions.map((func) =>
    isLoop(func) ? Object.assign(func, { body: pool.body(func, func.body) }) : func,
  );
  const kernel = functions.find(({ name, exported }) => exported === true && name === "kernel");
  if (kernel) kernel.body = [...pool.writes(get(kernel.params[0]!)), ...kernel.body];
  return { module: { functions }, frame: { ...frame, size: pool.end } };
}

function isLoop({ name, exported }: Func): boolean {
  return exported === true && name.startsWith("loop");
}

class Pool {
  readonly #places = new Map<string, { readonly value: Const; readonly offset: number }>();
  #end: number;

  constructor(start: number) {
    this.#end = start;
  }

  get end(): number {
    return this.#end;
  }

  body(func: Func, body: readonly Stmt[]): readonly Stmt[] {
    const frame = get(func.params[0]!);
    const expr = (each: Expr): Expr => this.#pooled(each, frame);
    const list = (inner: readonly Stmt[]): readonly Stmt[] =>
      inner.map((stmt) => mapParts(stmt, { expr, body: list }));
    return list(body);
  }

  writes(frame: Expr): readonly Stmt[] {
    return [...this.#places.values()].map(({ value, offset }) => ({
      op: "write",
      dtype: value.kind === "f64" ? "float64" : "i64",
      addresses: [frame],
      offset,
      value,
    }));
  }

  #pooled(expr: Expr, frame: Expr): Expr {
    if (expr.op === "const") return isWorthwhile(expr) ? this.#read(expr, frame) : expr;
    // how far to shift must stand in the code
    if (/^i64\.sh/.test(expr.op) && "args" in expr) {
      const [value, by] = expr.args as readonly [Expr, Expr];
      return { ...expr, args: [this.#pooled(value, frame), by] };
    }
    return mapOperands(expr, (operand) => this.#pooled(operand, frame));
  }

  #read(value: Const, frame: Expr): Expr {
    const { kind, lanes } = value;
    const key = `${kind} ${Object.is(value.value, -0) ? "-0" : value.value}`;
    const known = this.#places.get(key) ?? { value, offset: this.#end };
    if (!this.#places.has(key)) {
      this.#places.set(key, known);
      this.#end += 8 * lanes;
    }
    const dtype = kind === "f64" ? "float64" : "i64";
    return { op: "load", kind, lanes, dtype, addresses: [frame], offset: known.offset };
  }
}

/** Zeros are made by one instruction anyway. */
function isWorthwhile({ kind, lanes, value }: Const): boolean {
  return lanes > 1 && (kind === "f64" || kind === "i64") && !Object.is(Number(value), 0);
}
