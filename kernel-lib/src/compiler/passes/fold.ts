/**
 * Rewrites one expression, its operands done before, into a cheaper one that gives the same bits:
 * constants are folded, and identities applied that hold for every f64, −0, NaN and infinities
 * included. What a function of Math gives is not known here, where it isn't exact.
 */
import { f64, i32, operate, splat } from "../build.js";
import { evaluate } from "../evaluate.js";
import type { Const, Expr, Operate } from "../ir.js";
import { operations, type BasicOperation, type Kind, type Operation } from "../operations.js";
import { someOperand } from "../walk.js";

export function fold(expr: Expr): Expr {
  switch (expr.op) {
    case "splat":
      return expr.value.op === "const" ? { ...expr.value, lanes: expr.lanes } : expr;
    case "extract":
      if (expr.value.op === "splat") return expr.value.value;
      if (expr.value.op === "const") return { ...expr.value, lanes: 1 };
      return expr;
    case "any":
    case "all":
      if (expr.value.op === "splat") return expr.value.value;
      if (expr.value.op === "const") return { ...expr.value, lanes: 1 };
      return expr.value.lanes === 1 ? expr.value : expr;
    case "const":
    case "get":
    case "lanes":
    case "element":
    case "load":
      return expr;
    default:
      return constant(expr) ?? identity(expr) ?? expr;
  }
}

/** Functions of Math whose result is exact, hence the same however it is computed. */
const exact: Partial<Record<Operation, (...args: number[]) => number>> = {
  "math.round": Math.round,
  "math.sign": Math.sign,
  "math.fround": Math.fround,
  "math.rem": (a, b) => a % b,
  "math.to_int32": (a) => a | 0,
};

function constant({ op, lanes, args }: Operate): Const | undefined {
  const values: (number | bigint)[] = [];
  for (const arg of args) {
    if (arg.op !== "const") return undefined;
    values.push(arg.value);
  }
  if (!isFoldable(op, values)) return undefined;
  const value = op.startsWith("math.")
    ? exact[op]!(...values.map(Number))
    : evaluate(op as BasicOperation, values);
  if (op === "f64.reinterpret_i64" && Number.isNaN(value)) return undefined;
  const kinds: readonly Kind[] = operations[op];
  return { op: "const", kind: kinds.at(-1)!, lanes, value };
}

/** Whether the value at run time is known: a NaN's bits, a fused product and a trap are not. */
function isFoldable(op: Operation, [a, b]: readonly (number | bigint)[]): boolean {
  switch (op) {
    case "i32.div_s":
      return b !== 0 && b !== -1;
    case "i32.rem_s":
      return b !== 0;
    case "f64.madd":
      return false;
    case "f64.copysign":
      return !Number.isNaN(b);
    case "i64.reinterpret_f64":
      return !Number.isNaN(a);
    case "f64.convert_i64_s":
      return BigInt.asIntN(52, BigInt(a!)) === a;
    default:
      return !op.startsWith("math.") || op in exact;
  }
}

const negated: Partial<Record<Operation, Operation>> = {
  "f64.eq": "f64.ne",
  "f64.ne": "f64.eq",
  "i32.eq": "i32.ne",
  "i32.ne": "i32.eq",
  "i32.lt_s": "i32.ge_s",
  "i32.ge_s": "i32.lt_s",
  "i32.gt_s": "i32.le_s",
  "i32.le_s": "i32.gt_s",
  "i64.eq": "i64.ne",
  "i64.ne": "i64.eq",
};

function identity(expr: Operate): Expr | undefined {
  const [a, b, c] = expr.args as readonly [Expr, Expr, Expr];
  switch (expr.op) {
    case "f64.add":
      return is(b, -0) ? a : is(a, -0) ? b : undefined;
    case "f64.sub":
      return is(b, 0) ? a : undefined;
    case "f64.mul":
      return is(b, 1) ? a : is(a, 1) ? b : is(b, -1) ? operate("f64.neg", a) : undefined;
    case "f64.div":
      return is(b, 1) ? a : byReciprocal(a, b);
    case "f64.neg":
      return a.op === "f64.neg" ? a.args[0] : undefined;
    case "f64.abs":
      return a.op === "f64.abs"
        ? a
        : a.op === "f64.neg"
          ? operate("f64.abs", a.args[0]!)
          : undefined;
    case "i32.eq":
    case "i32.le_s":
    case "i32.ge_s":
      return a.op === "get" && b.op === "get" && a.local === b.local
        ? { op: "const", kind: "bool", lanes: expr.lanes, value: 1 }
        : undefined;
    case "f64.floor":
    case "f64.ceil":
    case "f64.trunc":
    case "f64.nearest":
    case "math.round":
      return isWhole(a) ? a : undefined;
    case "f64.ne":
      return a.op === "f64.from_bool" && is(b, 0) ? a.args[0] : undefined;

    case "i32.add":
      return is(b, 0) ? a : is(a, 0) ? b : sumOfConstants(a, b);
    case "i32.sub":
    case "i32.or":
    case "i32.xor":
    case "i32.shl":
    case "i32.shr_s":
    case "i32.shr_u":
      return is(b, 0) ? a : undefined;
    case "i32.mul":
      return is(b, 1) ? a : is(a, 1) ? b : (absorb(a, b, 0) ?? byShift(a, b));
    case "i32.and":
      // not 0 where b is: a reduction by & is to be seen as one
      return is(b, -1) ? a : undefined;
    case "i32.ne":
      return a.op === "i32.from_bool" && is(b, 0) ? a.args[0] : undefined;
    case "i64.add":
      return is(b, 0n) ? a : is(a, 0n) ? b : undefined;
    case "i64.sub":
    case "i64.or":
    case "i64.xor":
    case "i64.shl":
    case "i64.shr_s":
    case "i64.shr_u":
      return is(b, 0n) ? a : undefined;
    case "i64.and":
      return is(b, -1n) ? a : absorb(a, b, 0n);

    case "bool.and":
      return is(a, 1) ? b : is(b, 1) ? a : absorb(a, b, 0);
    case "bool.or":
      return is(a, 0) ? b : is(b, 0) ? a : absorb(a, b, 1);
    case "bool.xor":
      return is(b, 0) ? a : is(a, 0) ? b : undefined;
    case "bool.not":
      return not(a);
    case "f64.select":
    case "i32.select":
    case "i64.select":
    case "bool.select":
      if (a.op === "const") return canFail(a.value ? c : b) ? undefined : a.value ? b : c;
      return isSame(b, c) && !canFail(a) ? b : undefined;

    case "i32.trunc_sat_f64_s":
    case "math.to_int32":
      return a.op === "f64.convert_i32_s" ? a.args[0] : undefined;
    case "i32.wrap_i64":
      return a.op === "i64.extend_i32_s" || a.op === "i64.extend_i32_u" ? a.args[0] : undefined;
    default:
      return undefined;
  }
}

function is(expr: Expr, value: number | bigint): boolean {
  return expr.op === "const" && Object.is(expr.value, value);
}

/** The constant that decides the result by itself, unless the other side has an element to check. */
function absorb(a: Expr, b: Expr, decisive: number | bigint): Expr | undefined {
  if (is(b, decisive) && !canFail(a)) return b;
  return is(a, decisive) && !canFail(b) ? a : undefined;
}

/** Whether a checked element is part of it: then it can't be dropped. */
export function canFail(expr: Expr): boolean {
  return someOperand(expr, (part) => part.op === "element" && part.access.checked);
}

/** The same variable or constant. */
function isSame(a: Expr, b: Expr): boolean {
  if (a.op === "get") return b.op === "get" && a.local === b.local;
  return a.op === "const" && b.op === "const" && Object.is(a.value, b.value);
}

function isWhole({ op }: Expr): boolean {
  return op === "f64.convert_i32_s" || op === "f64.convert_i32_u" || op === "f64.from_bool";
}

function not(a: Expr): Expr | undefined {
  if (a.op === "bool.not") return a.args[0];
  if (!("args" in a)) return undefined;
  const opposite = negated[a.op];
  return opposite && operate(opposite, ...a.args);
}

/** Division by a power of two: the product with its reciprocal rounds the same exact quotient. */
function byReciprocal(a: Expr, b: Expr): Expr | undefined {
  if (b.op !== "const") return undefined;
  const divisor = Number(b.value);
  const exponent = Math.round(Math.log2(Math.abs(divisor)));
  if (Math.abs(exponent) > 1000 || 2 ** exponent !== Math.abs(divisor)) return undefined;
  return operate("f64.mul", a, splat(f64(1 / divisor), a.lanes));
}

function byShift(a: Expr, b: Expr): Expr | undefined {
  if (b.op !== "const") return undefined;
  const factor = Number(b.value);
  if (factor <= 0 || (factor & (factor - 1)) !== 0) return undefined;
  return operate("i32.shl", a, splat(i32(31 - Math.clz32(factor)), a.lanes));
}

/** (x + c) + d, where the constants come to 0 or to one. */
function sumOfConstants(a: Expr, b: Expr): Expr | undefined {
  if (b.op !== "const" || a.op !== "i32.add") return undefined;
  const [x, inner] = a.args as readonly [Expr, Expr];
  if (inner.op !== "const") return undefined;
  const sum = (Number(inner.value) + Number(b.value)) | 0;
  return sum === 0 ? x : operate("i32.add", x, splat(i32(sum), x.lanes));
}
