/**
 * The operations as C. An operator of the language stands between its operands, which are scalars or
 * vectors alike; everything else is a function of the prelude. The table is exhaustive: an operation
 * that the IR gains and this lacks doesn't type-check.
 */
import type { BasicOperation, Kind } from "../../operations.js";

/** An operator, or a function of the prelude. */
type Written = { readonly operator: string } | "function";

const operator = (operator: string): Written => ({ operator });

const written: Readonly<Record<BasicOperation, Written>> = {
  "f64.add": operator("+"),
  "f64.sub": operator("-"),
  "f64.mul": operator("*"),
  "f64.div": operator("/"),
  "f64.min": "function",
  "f64.max": "function",
  "f64.copysign": "function",
  "f64.madd": "function",
  "f64.neg": operator("-"),
  "f64.abs": "function",
  "f64.sqrt": "function",
  "f64.floor": "function",
  "f64.ceil": "function",
  "f64.trunc": "function",
  "f64.nearest": "function",
  "f64.eq": operator("=="),
  "f64.ne": operator("!="),
  "f64.lt": operator("<"),
  "f64.le": operator("<="),
  "f64.gt": operator(">"),
  "f64.ge": operator(">="),

  "i32.add": operator("+"),
  "i32.sub": operator("-"),
  "i32.mul": operator("*"),
  "i32.div_s": "function",
  "i32.rem_s": "function",
  "i32.and": operator("&"),
  "i32.or": operator("|"),
  "i32.xor": operator("^"),
  "i32.shl": "function",
  "i32.shr_s": "function",
  "i32.shr_u": "function",
  "i32.clz": "function",
  "i32.eq": "function",
  "i32.ne": "function",
  "i32.lt_s": "function",
  "i32.le_s": "function",
  "i32.gt_s": "function",
  "i32.ge_s": "function",
  "i32.lt_u": "function",

  "i64.add": operator("+"),
  "i64.sub": operator("-"),
  "i64.mul": operator("*"),
  "i64.mul_u32": "function",
  "i64.mul_halves_upper": "function",
  "i64.mul_halves_lower": "function",
  "i64.and": operator("&"),
  "i64.or": operator("|"),
  "i64.xor": operator("^"),
  "i64.shl": "function",
  "i64.shr_s": "function",
  "i64.shr_u": "function",
  "i64.eq": operator("=="),
  "i64.ne": operator("!="),
  "i64.lt_s": operator("<"),

  "bool.and": operator("&"),
  "bool.or": operator("|"),
  "bool.xor": operator("^"),
  "bool.not": "function",

  "f64.select": "function",
  "i32.select": "function",
  "i64.select": "function",
  "bool.select": "function",

  "f64.convert_i32_s": "function",
  "f64.convert_i32_u": "function",
  "f64.convert_i64_s": "function",
  "i32.trunc_sat_f64_s": "function",
  "i32.wrap_i64": "function",
  "i64.extend_i32_s": "function",
  "i64.extend_i32_u": "function",
  "f64.reinterpret_i64": "function",
  "i64.reinterpret_f64": "function",
  "f64.from_bool": "function",
  "i32.from_bool": "function",
};

/** The type of a value: `f64`, `f64x4`. */
export function typeName(kind: Kind, lanes: number): string {
  return lanes === 1 ? kind : `${kind}x${lanes}`;
}

/** The operation as a C expression of its operands, which are safe to stand anywhere. */
export function operation(op: BasicOperation, lanes: number, args: readonly string[]): string {
  const how = written[op];
  if (how === "function") {
    const [kind, name] = op.split(".") as [Kind, string];
    return `${typeName(kind, lanes)}_${name}(${args.join(", ")})`;
  }
  return args.length === 1
    ? `(${how.operator}${args[0]!})`
    : `(${args[0]!} ${how.operator} ${args[1]!})`;
}
