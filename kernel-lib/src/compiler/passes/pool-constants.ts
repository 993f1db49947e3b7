/**
 * Keeps the constants of vector code in the frame, where a loop reads them. As immediates V8 makes
 * each of them anew wherever it is used, in three to six instructions; a read is one.
 */
import { Emitter, get } from "../build.js";
import type { Const, Expr, Func, Local, Module, Stmt } from "../ir.js";
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
    isLoop(func) ? Object.assign(func, { body: pool.body(func) }) : func,
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

  /** The body with its constants in variables, which it reads from the frame first. */
  body(func: Func): readonly Stmt[] {
    const frame = get(func.params[0]!);
    const read = new Map<string, Local>();
    const reads = new Emitter();
    const expr = (each: Expr): Expr => {
      if (each.op === "const") {
        if (!isWorthwhile(each)) return each;
        const key = keyOf(each);
        const known = read.get(key) ?? reads.variable("constant", this.#read(key, each, frame));
        read.set(key, known);
        return get(known);
      }
      // how far to shift must stand in the code
      if (/^i64\.sh/.test(each.op) && "args" in each) {
        const [value, by] = each.args as readonly [Expr, Expr];
        return { ...each, args: [expr(value), by] };
      }
      return mapOperands(each, expr);
    };
    const list = (inner: readonly Stmt[]): readonly Stmt[] =>
      inner.map((stmt) => mapParts(stmt, { expr, body: list }));
    const rest = list(func.body);
    return [...reads.statements, ...rest];
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

  #read(key: string, value: Const, frame: Expr): Expr {
    const { kind, lanes } = value;
    const known = this.#places.get(key) ?? { value, offset: this.#end };
    if (!this.#places.has(key)) {
      this.#places.set(key, known);
      this.#end += 8 * lanes;
    }
    const dtype = kind === "f64" ? "float64" : "i64";
    return { op: "load", kind, lanes, dtype, addresses: [frame], offset: known.offset };
  }
}

function keyOf({ kind, value }: Const): string {
  return `${kind} ${Object.is(value, -0) ? "-0" : value}`;
}

/** Zeros are made by one instruction anyway. */
function isWorthwhile({ kind, lanes, value }: Const): boolean {
  return lanes > 1 && (kind === "f64" || kind === "i64") && !Object.is(Number(value), 0);
}
