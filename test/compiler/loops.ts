/** Loops over one or two arrays, built by hand: the shorthand that the tests of the loop passes share. */
import { access, arrayLocal, element, kernelOf } from "./arrays.js";
import {
  collect,
  f64,
  get,
  local,
  operate,
  type Emitter,
} from "../../kernel-lib/src/compiler/build.js";
import type { ArrayLocal, Expr, Kernel, Local, Storage } from "../../kernel-lib/src/compiler/ir.js";
import type { Operation } from "../../kernel-lib/src/compiler/operations.js";

type Operand = Expr | Local | number;

function expr(operand: Operand): Expr {
  if (typeof operand === "number") return f64(operand);
  return "op" in operand ? operand : get(operand);
}

function binary(op: Operation) {
  return (a: Operand, b: Operand): Expr => operate(op, expr(a), expr(b));
}

export const add = binary("f64.add");
export const sub = binary("f64.sub");
export const mul = binary("f64.mul");
export const min = binary("f64.min");
export const max = binary("f64.max");
export const lt = binary("f64.lt");

export function at(array: ArrayLocal, ...indices: readonly Operand[]): Expr {
  return element(access(array, indices.map(expr)));
}

/** A body under construction. */
export class Code {
  constructor(readonly e: Emitter) {}

  set(local: Local, value: Operand): void {
    this.e.set(local, expr(value));
  }

  store(array: ArrayLocal, indices: readonly Operand[], value: Operand): void {
    this.e.emit({ op: "store", access: access(array, indices.map(expr)), value: expr(value) });
  }

  if(condition: Expr, then: (code: Code) => void, otherwise?: (code: Code) => void): void {
    this.e.if(condition, wrap(then), otherwise && wrap(otherwise));
  }

  for(counter: Local, from: Operand, to: Operand, body: (code: Code) => void, step = 1): void {
    this.#loop("for", counter, from, to, body, step);
  }

  prange(counter: Local, from: Operand, to: Operand, body: (code: Code) => void, step = 1): void {
    this.#loop("prange", counter, from, to, body, step);
  }

  #loop(
    op: "for" | "prange",
    counter: Local,
    from: Operand,
    to: Operand,
    body: (code: Code) => void,
    step: number,
  ): void {
    const common = {
      counter,
      from: expr(from),
      to: expr(to),
      step,
      label: { name: counter.name },
      loop: 0,
      body: collect(wrap(body)),
    };
    this.e.emit(
      op === "for"
        ? { op, ...common }
        : { op, ...common, reductions: [], winners: [], arrayReductions: [] },
    );
  }
}

function wrap(body: (code: Code) => void): (e: Emitter) => void {
  return (e) => {
    body(new Code(e));
  };
}

export function number(name: string): Local {
  return local(name, "f64");
}

/** The variables that most loops need, and the kernel of a body that uses them. */
export class Scene {
  readonly a = arrayLocal("a", "float64");
  readonly b = arrayLocal("b", "float64");
  readonly m = arrayLocal("m", "float64", 2);
  readonly counts = arrayLocal("counts", "int32");
  readonly n = number("n");
  readonly w = number("w");
  readonly i = number("i");
  readonly j = number("j");
  readonly k = number("k");
  readonly x = number("x");
  readonly total = number("total");

  /** A kernel (n, w, a, b, m, counts) => total. */
  kernel(body: (code: Code) => void): Kernel {
    const arrays = [this.a, this.b, this.m, this.counts];
    const parameters: Storage[] = [
      { is: "number", local: this.n },
      { is: "number", local: this.w },
      ...arrays.map((array): Storage => ({ is: "array", array })),
    ];
    const code = collect((e) => {
      e.set(this.total, f64(0));
      wrap(body)(e);
    });
    return kernelOf(parameters, code, { result: { is: "number", local: this.total } });
  }
}
