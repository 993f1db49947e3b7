/**
 * Runs one function of Math as `expand` writes it out over whole arrays of arguments: with one lane
 * or two, with or without fastMath.
 */
import { get, i32, local, operate } from "../../../kernel-lib/src/compiler/build.js";
import type { Expr, Func, Stmt } from "../../../kernel-lib/src/compiler/ir.js";
import type { MathOperation } from "../../../kernel-lib/src/compiler/operations.js";
import { operations } from "../../../kernel-lib/src/compiler/operations.js";
import { table } from "../../../kernel-lib/src/compiler/math/table.js";
import { hoist } from "../../../kernel-lib/src/compiler/passes/hoist.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import { SharingEmitter } from "../../../kernel-lib/src/compiler/sharing.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";
import { Instance, options } from "../run.js";

export interface Variant {
  readonly lanes: 1 | 2;
  readonly fastMath: boolean;
  readonly relaxedSimd?: boolean;
}

export const scalar: Variant = { lanes: 1, fastMath: false };
export const vector: Variant = { lanes: 2, fastMath: false };

/** Values of an operation for arrays of its arguments, whose length is even and at most a million. */
export type Applied = (...args: readonly Float64Array[]) => Float64Array;

const most = 1_000_000;

export function applied(
  op: MathOperation,
  { lanes, fastMath, relaxedSimd = false }: Variant,
): Applied {
  const arity = operations[op].length - 1;
  const size = 8 * most;
  // arguments and results one after the other, behind the frame that holds their number
  const instance: Instance = new Instance({ functions: [entry()] }, [], {
    relaxedSimd,
    pages: 512,
  });
  const frame = instance.allocate(16 + size * (arity + 1));
  return (...args) => {
    const { length } = args[0]!;
    if (length > most || length % 2 > 0) throw new RangeError(`${length} arguments`);
    const { buffer } = instance.memory;
    new DataView(buffer).setInt32(frame, length, true);
    args.forEach((values, i) => {
      new Float64Array(buffer, frame + 16 + i * size, length).set(values);
    });
    instance.exports["kernel"]!(frame);
    return new Float64Array(buffer, frame + 16 + arity * size, length).slice();
  };

  function entry(): Func {
    const [start, i] = [local("frame", "i32"), local("i", "i32")];
    const e = new SharingEmitter();
    const at = operate("i32.add", get(start), operate("i32.mul", get(i), i32(8)));
    const values = Array.from({ length: arity }, (_, k): Expr => {
      const offset = 16 + k * size;
      const load: Expr = {
        op: "load",
        kind: "f64",
        lanes,
        dtype: "float64",
        addresses: [at],
        offset,
      };
      return get(e.variable("x", load));
    });
    const result = table[op](e, values, { fastMath });
    const value = result.kind === "i32" ? operate("f64.convert_i32_s", result) : result;
    const offset = 16 + arity * size;
    e.emit({ op: "write", dtype: "float64", addresses: [at], offset, value });
    const count: Expr = {
      op: "load",
      kind: "i32",
      lanes: 1,
      dtype: "int32",
      addresses: [get(start)],
      offset: 0,
    };
    const loop: Stmt = {
      op: "for",
      counter: i,
      from: i32(0),
      to: count,
      step: lanes,
      label: { name: "i" },
      body: e.statements,
      loop: 0,
    };
    const module = {
      functions: [
        { name: "kernel", params: [start], results: [], exported: true as const, body: [loop] },
      ],
    };
    verify(module);
    return simplify(hoist(simplify(module), new Context(options))).functions[0]!;
  }
}

/** One value. */
export function valueAt(apply: Applied, ...args: readonly number[]): number {
  return apply(...args.map((arg) => new Float64Array([arg, arg])))[0]!;
}
