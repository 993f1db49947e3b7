/**
 * The operations of the intermediate representation, on the kinds of values that it knows. The table
 * is their specification: a backend that lacks an operation doesn't type-check.
 */

/** What one lane of a value holds. A vector's bool is a mask. */
export type Kind = "f64" | "i64" | "i32" | "bool";

/** Operands and result of every operation, in the spelling of the WebAssembly specification where it has one. */
export const operations = {
  "f64.add": ["f64", "f64", "f64"],
  "f64.sub": ["f64", "f64", "f64"],
  "f64.mul": ["f64", "f64", "f64"],
  "f64.div": ["f64", "f64", "f64"],
  /** As Math.min and Math.max: NaN wins, −0 is below 0. */
  "f64.min": ["f64", "f64", "f64"],
  "f64.max": ["f64", "f64", "f64"],
  "f64.copysign": ["f64", "f64", "f64"],
  /** a * b + c, rounded once or twice as the machine prefers: only under fastMath. */
  "f64.madd": ["f64", "f64", "f64", "f64"],
  "f64.neg": ["f64", "f64"],
  "f64.abs": ["f64", "f64"],
  "f64.sqrt": ["f64", "f64"],
  "f64.floor": ["f64", "f64"],
  "f64.ceil": ["f64", "f64"],
  "f64.trunc": ["f64", "f64"],
  /** To the nearest whole number, ties to even. */
  "f64.nearest": ["f64", "f64"],
  "f64.eq": ["f64", "f64", "bool"],
  "f64.ne": ["f64", "f64", "bool"],
  "f64.lt": ["f64", "f64", "bool"],
  "f64.le": ["f64", "f64", "bool"],
  "f64.gt": ["f64", "f64", "bool"],
  "f64.ge": ["f64", "f64", "bool"],

  "i32.add": ["i32", "i32", "i32"],
  "i32.sub": ["i32", "i32", "i32"],
  "i32.mul": ["i32", "i32", "i32"],
  "i32.div_s": ["i32", "i32", "i32"],
  "i32.rem_s": ["i32", "i32", "i32"],
  "i32.and": ["i32", "i32", "i32"],
  "i32.or": ["i32", "i32", "i32"],
  "i32.xor": ["i32", "i32", "i32"],
  "i32.shl": ["i32", "i32", "i32"],
  "i32.shr_s": ["i32", "i32", "i32"],
  "i32.shr_u": ["i32", "i32", "i32"],
  "i32.clz": ["i32", "i32"],
  "i32.eq": ["i32", "i32", "bool"],
  "i32.ne": ["i32", "i32", "bool"],
  "i32.lt_s": ["i32", "i32", "bool"],
  "i32.le_s": ["i32", "i32", "bool"],
  "i32.gt_s": ["i32", "i32", "bool"],
  "i32.ge_s": ["i32", "i32", "bool"],
  "i32.lt_u": ["i32", "i32", "bool"],

  "i64.add": ["i64", "i64", "i64"],
  "i64.sub": ["i64", "i64", "i64"],
  "i64.mul": ["i64", "i64", "i64"],
  /** The product of the low 32 bits of both, unsigned. */
  "i64.mul_u32": ["i64", "i64", "i64"],
  /**
   * The products of the low and of the high 32 bits of both, unsigned, changing places: the upper
   * (or lower) 32 bits of the high halves' product below those of the low halves'.
   */
  "i64.mul_halves_upper": ["i64", "i64", "i64"],
  "i64.mul_halves_lower": ["i64", "i64", "i64"],
  "i64.and": ["i64", "i64", "i64"],
  "i64.or": ["i64", "i64", "i64"],
  "i64.xor": ["i64", "i64", "i64"],
  /** Shifts: the second operand is a constant, or a scalar i64 splat. */
  "i64.shl": ["i64", "i64", "i64"],
  "i64.shr_s": ["i64", "i64", "i64"],
  "i64.shr_u": ["i64", "i64", "i64"],
  "i64.eq": ["i64", "i64", "bool"],
  "i64.ne": ["i64", "i64", "bool"],
  "i64.lt_s": ["i64", "i64", "bool"],

  "bool.and": ["bool", "bool", "bool"],
  "bool.or": ["bool", "bool", "bool"],
  "bool.xor": ["bool", "bool", "bool"],
  "bool.not": ["bool", "bool"],

  /** (condition, then, otherwise); both sides are evaluated. */
  "f64.select": ["bool", "f64", "f64", "f64"],
  "i32.select": ["bool", "i32", "i32", "i32"],
  "i64.select": ["bool", "i64", "i64", "i64"],
  "bool.select": ["bool", "bool", "bool", "bool"],

  "f64.convert_i32_s": ["i32", "f64"],
  "f64.convert_i32_u": ["i32", "f64"],
  /** Exact for |x| < 2^51, which is all that hotcell asks of it. */
  "f64.convert_i64_s": ["i64", "f64"],
  /** Saturates; NaN gives 0. */
  "i32.trunc_sat_f64_s": ["f64", "i32"],
  "i32.wrap_i64": ["i64", "i32"],
  "i64.extend_i32_s": ["i32", "i64"],
  "i64.extend_i32_u": ["i32", "i64"],
  "f64.reinterpret_i64": ["i64", "f64"],
  "i64.reinterpret_f64": ["f64", "i64"],
  "f64.from_bool": ["bool", "f64"],
  "i32.from_bool": ["bool", "i32"],

  /** Functions of JavaScript: the pass `expand` writes them in the operations above. */
  "math.exp": ["f64", "f64"],
  "math.expm1": ["f64", "f64"],
  "math.log": ["f64", "f64"],
  "math.log1p": ["f64", "f64"],
  "math.log2": ["f64", "f64"],
  "math.log10": ["f64", "f64"],
  "math.sin": ["f64", "f64"],
  "math.cos": ["f64", "f64"],
  "math.tan": ["f64", "f64"],
  "math.asin": ["f64", "f64"],
  "math.acos": ["f64", "f64"],
  "math.atan": ["f64", "f64"],
  "math.sinh": ["f64", "f64"],
  "math.cosh": ["f64", "f64"],
  "math.tanh": ["f64", "f64"],
  "math.asinh": ["f64", "f64"],
  "math.acosh": ["f64", "f64"],
  "math.atanh": ["f64", "f64"],
  "math.cbrt": ["f64", "f64"],
  /** sin(2πx) and cos(2πx) for 0 ≤ x ≤ 1. */
  "math.sinTurn": ["f64", "f64"],
  "math.cosTurn": ["f64", "f64"],
  /** Math.round, Math.sign, Math.fround. */
  "math.round": ["f64", "f64"],
  "math.sign": ["f64", "f64"],
  "math.fround": ["f64", "f64"],
  "math.pow": ["f64", "f64", "f64"],
  "math.atan2": ["f64", "f64", "f64"],
  "math.hypot": ["f64", "f64", "f64"],
  /** JavaScript's %. */
  "math.rem": ["f64", "f64", "f64"],
  /** JavaScript's ToInt32: what `x | 0` does. */
  "math.to_int32": ["f64", "i32"],
} as const satisfies Record<string, readonly Kind[]>;

export type Operation = keyof typeof operations;

/** The functions that `expand` removes. */
export type MathOperation = Extract<Operation, `math.${string}`>;
export type BasicOperation = Exclude<Operation, MathOperation>;
