/**
 * JavaScript's operators on numbers and booleans as IR, with constants folded by JavaScript itself.
 * Takes and gives expressions; knows nothing of syntax, variables or arrays.
 */
import { bool, f64, i32, operate } from "../build.js";
import type { Expr } from "../ir.js";
import type { Operation } from "../operations.js";
import { knownNumber } from "./value.js";

export type ArithmeticOperator =
  "+" | "-" | "*" | "/" | "%" | "**" | "&" | "|" | "^" | "<<" | ">>" | ">>>";
export type ComparisonOperator = "<" | "<=" | ">" | ">=";

type Fold = (a: number, b: number) => number;

const folds: Record<ArithmeticOperator, Fold> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  ">>>": (a, b) => a >>> b,
};

const floats = {
  "+": "f64.add",
  "-": "f64.sub",
  "*": "f64.mul",
  "/": "f64.div",
  "%": "math.rem",
} as const satisfies Partial<Record<ArithmeticOperator, Operation>>;

const integers = {
  "&": "i32.and",
  "|": "i32.or",
  "^": "i32.xor",
  "<<": "i32.shl",
  ">>": "i32.shr_s",
  ">>>": "i32.shr_u",
} as const satisfies Partial<Record<ArithmeticOperator, Operation>>;

const comparisons: Record<ComparisonOperator, [Operation, (a: number, b: number) => boolean]> = {
  "<": ["f64.lt", (a, b) => a < b],
  "<=": ["f64.le", (a, b) => a <= b],
  ">": ["f64.gt", (a, b) => a > b],
  ">=": ["f64.ge", (a, b) => a >= b],
};

/** A calculation with two numbers (f64). */
export function arithmetic(operator: ArithmeticOperator, a: Expr, b: Expr): Expr {
  const [x, y] = [knownNumber(a), knownNumber(b)];
  if (x !== undefined && y !== undefined) return f64(folds[operator](x, y));
  if (operator === "**") return power(a, b);
  if (isFloat(operator)) return operate(floats[operator], a, b);
  const result = operate(integers[operator], int32(a), int32(b));
  return operate(operator === ">>>" ? "f64.convert_i32_u" : "f64.convert_i32_s", result);
}

function isFloat(operator: ArithmeticOperator): operator is keyof typeof floats {
  return operator in floats;
}

/** `a ** b`; squares and inverses are exact products and quotients, rounded once. */
export function power(a: Expr, b: Expr): Expr {
  const exponent = knownNumber(b);
  if (exponent === 2 && (a.op === "get" || a.op === "const")) return operate("f64.mul", a, a);
  if (exponent === 1) return a;
  if (exponent === 0) return f64(1);
  if (exponent === -1) return operate("f64.div", f64(1), a);
  return operate("math.pow", a, b);
}

/** JavaScript's ToInt32 of a number, as i32. */
export function int32(value: Expr): Expr {
  const constant = knownNumber(value);
  if (constant !== undefined) return i32(constant);
  if (value.op === "f64.convert_i32_s" || value.op === "f64.convert_i32_u") return value.args[0]!;
  if (value.op === "f64.from_bool") return operate("i32.from_bool", value.args[0]!);
  return operate("math.to_int32", value);
}

export function compare(operator: ComparisonOperator, a: Expr, b: Expr): Expr {
  const [operation, fold] = comparisons[operator];
  const [x, y] = [knownNumber(a), knownNumber(b)];
  if (x !== undefined && y !== undefined) return bool(fold(x, y));
  return operate(operation, a, b);
}

/** `===` of two numbers or two booleans. */
export function equal(a: Expr, b: Expr): Expr {
  const [x, y] = [knownNumber(a), knownNumber(b)];
  if (x !== undefined && y !== undefined) return bool(x === y);
  return a.kind === "bool" ? not(operate("bool.xor", a, b)) : operate("f64.eq", a, b);
}

const opposites: Partial<Record<Operation, Operation>> = {
  "f64.eq": "f64.ne",
  "f64.ne": "f64.eq",
};

export function not(value: Expr): Expr {
  const constant = knownNumber(value);
  if (constant !== undefined) return bool(constant === 0);
  if (value.op === "bool.not") return value.args[0]!;
  // `<` has no opposite: both are false for NaN
  const opposite = value.op === "f64.eq" || value.op === "f64.ne" ? opposites[value.op] : undefined;
  if (opposite && "args" in value) return operate(opposite, ...value.args);
  return operate("bool.not", value);
}

export function and(a: Expr, b: Expr): Expr {
  const [x, y] = [knownNumber(a), knownNumber(b)];
  if (x !== undefined) return x === 0 ? a : b;
  return y === 1 ? a : operate("bool.and", a, b);
}

export function or(a: Expr, b: Expr): Expr {
  const [x, y] = [knownNumber(a), knownNumber(b)];
  if (x !== undefined) return x === 0 ? b : a;
  return y === 0 ? a : operate("bool.or", a, b);
}

export function negate(a: Expr): Expr {
  const constant = knownNumber(a);
  return constant === undefined ? operate("f64.neg", a) : f64(-constant);
}

export function complement(a: Expr): Expr {
  const constant = knownNumber(a);
  if (constant !== undefined) return f64(~constant);
  return operate("f64.convert_i32_s", operate("i32.xor", int32(a), i32(-1)));
}

/** A boolean as a number. */
export function fromBool(value: Expr): Expr {
  const constant = knownNumber(value);
  return constant === undefined ? operate("f64.from_bool", value) : f64(constant);
}

/** Whether a number counts as true: not 0, not NaN. */
export function isTruthy(value: Expr): Expr {
  const constant = knownNumber(value);
  if (constant !== undefined) return bool(Boolean(constant));
  return operate("f64.gt", operate("f64.abs", value), f64(0));
}

/** `condition ? then : otherwise`, where both may be evaluated. */
export function select(condition: Expr, then: Expr, otherwise: Expr): Expr {
  const constant = knownNumber(condition);
  if (constant !== undefined) return constant === 0 ? otherwise : then;
  const kind = then.kind;
  return operate(`${kind}.select`, condition, then, otherwise);
}
