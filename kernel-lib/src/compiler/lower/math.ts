/**
 * `Math` and the functions and constants of `Number` as IR, one entry a name. Math.random is not
 * among them: it can't be the same on every thread.
 */
import { bool, f64, operate } from "../build.js";
import type { Expr } from "../ir.js";
import type { Operation } from "../operations.js";
import { arithmetic, compare, equal, int32, power } from "./operators.js";
import { knownNumber } from "./value.js";

/** Named values. */
export const constants: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  "Math.E": Math.E,
  "Math.LN2": Math.LN2,
  "Math.LN10": Math.LN10,
  "Math.LOG2E": Math.LOG2E,
  "Math.LOG10E": Math.LOG10E,
  "Math.PI": Math.PI,
  "Math.SQRT1_2": Math.SQRT1_2,
  "Math.SQRT2": Math.SQRT2,
  "Number.EPSILON": Number.EPSILON,
  "Number.MAX_VALUE": Number.MAX_VALUE,
  "Number.MIN_VALUE": Number.MIN_VALUE,
  "Number.MAX_SAFE_INTEGER": Number.MAX_SAFE_INTEGER,
  "Number.MIN_SAFE_INTEGER": Number.MIN_SAFE_INTEGER,
  "Number.POSITIVE_INFINITY": Infinity,
  "Number.NEGATIVE_INFINITY": -Infinity,
  "Number.NaN": NaN,
};

/** Functions of numbers; missing arguments are NaN, as in JavaScript. */
export const functions: Readonly<Record<string, (...args: readonly Expr[]) => Expr>> = {
  ...unary("f64", ["abs", "sqrt", "floor", "ceil", "trunc"]),
  ...unary("math", ["exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan"]),
  ...unary("math", ["asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"]),
  ...unary("math", ["cbrt", "round", "sign", "fround"]),
  "Math.pow": (a = f64(NaN), b = f64(NaN)) => {
    const [x, y] = [knownNumber(a), knownNumber(b)];
    return x !== undefined && y !== undefined ? f64(x ** y) : power(a, b);
  },
  "Math.atan2": (y = f64(NaN), x = f64(NaN)) => fold2("math.atan2", Math.atan2, y, x),
  "Math.min": (...args) => args.reduce((a, b) => fold2("f64.min", Math.min, a, b), f64(Infinity)),
  "Math.max": (...args) => args.reduce((a, b) => fold2("f64.max", Math.max, a, b), f64(-Infinity)),
  "Math.hypot": (...args) => {
    const [first, ...others] = args;
    if (!first) return f64(0);
    if (others.length === 0) return operate("f64.abs", first);
    return others.reduce((a, b) => operate("math.hypot", a, b), first);
  },
  "Math.imul": (a = f64(0), b = f64(0)) =>
    operate("f64.convert_i32_s", operate("i32.mul", int32(a), int32(b))),
  "Math.clz32": (a = f64(0)) => operate("f64.convert_i32_s", operate("i32.clz", int32(a))),
};

/** Questions about numbers. */
export const tests: Readonly<Record<string, (value: Expr) => Expr>> = {
  isNaN: isNotANumber,
  isFinite: isFiniteNumber,
  "Number.isNaN": isNotANumber,
  "Number.isFinite": isFiniteNumber,
  "Number.isInteger": isInteger,
  "Number.isSafeInteger": (value) =>
    operate(
      "bool.and",
      isInteger(value),
      compare("<=", operate("f64.abs", value), f64(Number.MAX_SAFE_INTEGER)),
    ),
};

function isNotANumber(value: Expr): Expr {
  const constant = knownNumber(value);
  return constant === undefined ? operate("f64.ne", value, value) : bool(Number.isNaN(constant));
}

function isFiniteNumber(value: Expr): Expr {
  return compare("<", operate("f64.abs", value), f64(Infinity));
}

function isInteger(value: Expr): Expr {
  // an infinity minus itself is NaN, which equals nothing
  return equal(arithmetic("-", operate("f64.trunc", value), value), f64(0));
}

function unary(
  prefix: "f64" | "math",
  names: readonly (keyof typeof Math & string)[],
): Record<string, (...args: readonly Expr[]) => Expr> {
  return Object.fromEntries(
    names.map((name) => [
      `Math.${name}`,
      (value: Expr = f64(NaN)) => operate(`${prefix}.${name}` as Operation, value),
    ]),
  );
}

function fold2(
  operation: Operation,
  fold: (a: number, b: number) => number,
  a: Expr,
  b: Expr,
): Expr {
  const [x, y] = [knownNumber(a), knownNumber(b)];
  if (x !== undefined && y !== undefined) return f64(fold(x, y));
  // the identity of min and max: an infinity never decides against a number, and NaN wins anyway
  if ((x === Infinity && operation === "f64.min") || (x === -Infinity && operation === "f64.max"))
    return b;
  return operate(operation, a, b);
}
