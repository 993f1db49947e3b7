/**
 * Random programs of valid IR, small and finite, to compare a pass' outcome with that of the
 * program as it was. They read and write two arrays, compute with scalars and vectors, branch, loop, break and continue, read what
 * earlier iterations left, and sometimes fail a check.
 */
import { access, arrayLocal, element, kernelOf } from "./arrays.js";
import { run, SiteError, type Result } from "./run.js";
import {
  bool,
  collect,
  f64,
  get,
  i32,
  i64,
  local,
  operate,
  splat,
  type Emitter,
} from "../../kernel-lib/src/compiler/build.js";
import type {
  Access,
  ArrayLocal,
  Expr,
  Kernel,
  Label,
  Local,
  Module,
  Storage,
} from "../../kernel-lib/src/compiler/ir.js";
import {
  operations,
  type BasicOperation,
  type Kind,
} from "../../kernel-lib/src/compiler/operations.js";

const kinds: readonly Kind[] = ["f64", "i32", "i64", "bool"];
const trapping = new Set(["i32.div_s", "i32.rem_s", "f64.convert_i64_s", "f64.madd"]);
/** Reading a NaN's bits would tell apart what JavaScript can't. */
const bitwise = new Set(["i64.reinterpret_f64", "f64.copysign", "f64.reinterpret_i64"]);
const pure = (Object.keys(operations) as BasicOperation[]).filter(
  (op) => !op.startsWith("math.") && !trapping.has(op) && !bitwise.has(op),
);
const length = 8;
const lanes = 2;

export class RandomProgram {
  readonly #locals: Local[] = [];
  readonly #arrays = [arrayLocal("a", "float64"), arrayLocal("b", "int32")];
  readonly #labels: { readonly label: Label; readonly loop: boolean }[] = [];
  readonly #frozen = new Set<Local>();
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  kernel(): Kernel {
    const inputs = [local("x", "f64"), local("y", "f64")];
    const results: Storage[] = [];
    const body = collect((e) => {
      this.#locals.push(...inputs);
      for (const kind of [...kinds, "f64", "i32"] as const) {
        this.#locals.push(e.variable(kind, this.#constant(kind)));
      }
      const own = [...this.#locals];
      for (const kind of kinds) {
        this.#locals.push(e.variable(`${kind}s`, splat(this.#constant(kind), lanes)));
      }
      this.#statements(e, 3);
      for (const each of own) {
        if (each.kind === "i64") {
          const low = operate("f64.convert_i32_s", operate("i32.wrap_i64", get(each)));
          results.push({ is: "number", local: e.variable("low", low) });
        } else results.push({ is: each.kind === "bool" ? "boolean" : "number", local: each });
      }
    });
    const parameters: Storage[] = [
      ...inputs.map((each): Storage => ({ is: "number", local: each })),
      ...this.#arrays.map((array): Storage => ({ is: "array", array })),
    ];
    return kernelOf(parameters, body, { result: { is: "tuple", members: results } });
  }

  #random(below: number): number {
    // Marsaglia's xorshift32
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % below;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#random(from.length)]!;
  }

  #constant(kind: Kind): Expr {
    const small = this.#pick([0, 1, -1, 2, 3, 8]);
    switch (kind) {
      case "f64":
        return f64(this.#pick([small, -0, 0.5, -1.5, NaN, Infinity, 1e10]));
      case "i32":
        return i32(this.#pick([small, 2 ** 31 - 1, -(2 ** 31)]));
      case "i64":
        return i64(this.#pick([BigInt(small), 1n << 40n, -1n << 63n]));
      case "bool":
        return bool(small > 0);
    }
  }

  #expr(kind: Kind, depth: number, width = 1): Expr {
    const choice = this.#random(12);
    const known = this.#locals.filter((each) => each.kind === kind && each.lanes === width);
    if (choice < 3 && known.length > 0) return get(this.#pick(known));
    if (depth === 0 || choice === 3) return splat(this.#constant(kind), width);
    if (choice === 4 && (kind === "f64" || kind === "i32")) {
      const array = kind === "f64" ? this.#pick(this.#arrays) : this.#arrays[1]!;
      return element(this.#access(array, depth - 1, width), kind);
    }
    if (choice === 5) {
      if (width > 1) return splat(this.#expr(kind, depth - 1), width);
      const value = this.#expr(kind, depth - 1, lanes);
      return { op: "extract", kind, lanes: 1, value, lane: this.#random(lanes) };
    }
    if (choice === 6 && kind === "bool" && width === 1) {
      const value = this.#expr("bool", depth - 1, lanes);
      return { op: this.#pick(["any", "all"]), kind, lanes: 1, value };
    }
    const op = this.#pick(pure.filter((each) => operations[each].at(-1) === kind));
    const takes: readonly Kind[] = operations[op].slice(0, -1);
    const args = takes.map((each) => this.#expr(each, depth - 1, width));
    // the amount of a shift
    if (/^i64\.sh/.test(op)) args[1] = splat(i64(BigInt(this.#random(64))), width);
    return operate(op, ...args);
  }

  #access(array: ArrayLocal, depth: number, width = 1): Access {
    const inside = (most: number, width: number): Expr =>
      operate("i32.and", this.#expr("i32", depth, width), i32(most));
    const checked = this.#random(2) === 0;
    if (width === 1) {
      if (this.#random(8) > 0) return access(array, [inside(length - 1, 1)], { checked });
      return access(array, [this.#expr(this.#pick(["i32", "f64"]), depth)]);
    }
    const mask = this.#random(2) === 0 ? { mask: this.#expr("bool", depth, width) } : {};
    if (this.#random(2) === 0) {
      const each = { lanes: width, pattern: "contiguous", checked, ...mask } as const;
      return access(array, [inside(length - 2, 1)], each);
    }
    const each = { lanes: width, pattern: "gather", checked, ...mask } as const;
    return access(array, [inside(length - 1, width)], each);
  }

  #statements(e: Emitter, depth: number): void {
    const visible = this.#locals.length;
    for (let n = 2 + this.#random(4); n > 0; n--) this.#statement(e, depth);
    this.#locals.length = visible;
  }

  #statement(e: Emitter, depth: number): void {
    const choice = this.#random(depth > 0 ? 10 : 5);
    if (choice < 2) {
      const settable = this.#locals.filter((each) => !this.#frozen.has(each));
      const target = this.#pick(settable);
      e.set(target, this.#expr(target.kind, 3, target.lanes));
    } else if (choice === 2) {
      const kind = this.#pick(kinds);
      const once = e.variable("once", this.#expr(kind, 3, this.#pick([1, lanes])));
      this.#frozen.add(once);
      this.#locals.push(once);
    } else if (choice === 3) {
      const array = this.#pick(this.#arrays);
      const width = this.#pick([1, lanes]);
      const value = this.#expr(this.#pick(["f64", "i32"]), 2, width);
      e.emit({ op: "store", access: this.#access(array, 2, width), value });
    } else if (choice === 4) {
      this.#jump(e);
    } else if (choice < 7) {
      e.if(
        this.#expr("bool", 2),
        (then) => {
          this.#statements(then, depth - 1);
        },
        (otherwise) => {
          if (this.#random(2) === 0) this.#statements(otherwise, depth - 1);
        },
      );
    } else if (choice === 7) {
      e.block("block", (inner, label) => {
        this.#within(inner, label, false, depth - 1);
      });
    } else this.#loop(e, depth - 1);
  }

  #jump(e: Emitter): void {
    if (this.#labels.length === 0) return;
    const { label, loop } = this.#pick(this.#labels);
    const op = loop && this.#random(2) === 0 ? "continue" : "break";
    e.if(this.#expr("bool", 2), (then) => {
      then.emit({ op, label });
    });
  }

  #within(e: Emitter, label: Label, loop: boolean, depth: number): void {
    this.#labels.push({ label, loop });
    this.#statements(e, depth);
    this.#labels.pop();
  }

  #loop(e: Emitter, depth: number): void {
    const kind = this.#pick(["f64", "i32"] as const);
    const number = kind === "f64" ? f64 : i32;
    const counter = local("counter", kind);
    const label = { name: "loop" };
    this.#frozen.add(counter);
    const body = collect((inner) => {
      this.#locals.push(counter);
      this.#within(inner, label, true, depth);
      this.#locals.pop();
    });
    const to = number(this.#random(4));
    e.emit({ op: "for", counter, from: number(0), to, step: 1, label, loop: 0, body });
  }
}

/** All that can be seen of a program: results, arrays, what it failed with. */
export function outcome(
  kernel: Kernel,
  seed: number,
  last?: (module: Module) => Module,
): { result: Result; arrays: readonly unknown[]; failed: readonly number[] | undefined } {
  // copied out of the typed arrays, whose NaNs would be compared by their bits
  const a = Float64Array.from({ length }, (_, k) => (k - 3) * 0.75);
  const b = Int32Array.from({ length }, (_, k) => (k * seed) % 11);
  const args = [seed % 7, -1.25, a, b];
  try {
    const { result } = run(kernel, args, last && { last });
    return { result, arrays: [[...a], [...b]], failed: undefined };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { result: undefined, arrays: [[...a], [...b]], failed: [error.site, error.a, error.b] };
  }
}
