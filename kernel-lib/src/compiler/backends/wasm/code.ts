/**
 * What the operation tables and memory accesses write to: a function under construction that takes
 * instructions and knows how to evaluate an expression onto the stack.
 */
import type { Expr } from "../../ir.js";
import type { Instruction, Mnemonic } from "./instructions.js";

export interface Code {
  readonly relaxedSimd: boolean;
  push(...instruction: Instruction): void;
  /** Evaluates the expression onto the stack. */
  value(expr: Expr): void;
  /** Evaluates the expression once, for `use` to read as often as it likes. */
  hold(expr: Expr, use: (held: Expr) => void): void;
}

/** Writes one operation, operands included. */
export type Write = (args: readonly Expr[], code: Code) => void;

/** Operands in order, then these instructions. */
export function inOrder(...ops: readonly Mnemonic[]): Write {
  return (args, code) => {
    for (const arg of args) code.value(arg);
    for (const op of ops) code.push(op);
  };
}

/** A choice: both sides, then the condition. */
export function choice(op: Mnemonic): Write {
  return ([condition, then, otherwise], code) => {
    code.value(then!);
    code.value(otherwise!);
    code.value(condition!);
    code.push(op);
  };
}

/** One lane of a vector as an expression. */
export function laneOf(value: Expr, lane: number): Expr {
  if (value.op === "splat") return value.value;
  if (value.op === "const") return { ...value, lanes: 1 };
  return { op: "extract", kind: value.kind, lanes: 1, value, lane };
}
