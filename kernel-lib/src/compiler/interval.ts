/**
 * What values an expression can take, as far as its operations tell: an interval, whether all of
 * them are whole numbers, and whether −0 is among them. Sound for every float64, so that a pass may
 * put 32-bit arithmetic where an interval is whole and fits.
 */
import type { Expr, Local } from "./ir.js";
import type { Operation } from "./operations.js";
import type { DType } from "../dtype.js";

/** The values x with low ≤ x ≤ high, and NaN where `nan` says so. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Every value is a whole number of at most 53 bits. */
  readonly whole: boolean;
  readonly nan: boolean;
  /** −0 may be among them. */
  readonly negativeZero: boolean;
}

export const anything: Interval = {
  low: -Infinity,
  high: Infinity,
  whole: false,
  nan: true,
  negativeZero: true,
};

const largestWhole = 2 ** 53;
const least32 = -(2 ** 31);
const greatest32 = 2 ** 31 - 1;

export function whole(low: number, high: number, negativeZero = false): Interval {
  if (low > high || low < -largestWhole || high > largestWhole || Number.isNaN(low + high)) {
    return anything;
  }
  return {
    low,
    high,
    whole: true,
    nan: false,
    negativeZero: negativeZero && low <= 0 && high >= 0,
  };
}

/** The numbers between two ends. */
export function between(low: number, high: number): Interval {
  return { low, high, whole: false, nan: false, negativeZero: low <= 0 && high >= 0 };
}

export const int32 = whole(least32, greatest32);

/** What a length can be. */
export const lengths = whole(0, greatest32);

export function fits32({ low, high, whole }: Interval): boolean {
  return whole && low >= least32 && high <= greatest32;
}

/** Whether cutting off the fraction gives an i32; NaN gives 0. */
export function truncates32({ low, high }: Interval): boolean {
  return low > least32 - 1 && high < greatest32 + 1;
}

export function union(a: Interval, b: Interval): Interval {
  const low = Math.min(a.low, b.low);
  const high = Math.max(a.high, b.high);
  const negativeZero = a.negativeZero || b.negativeZero;
  return a.whole && b.whole
    ? whole(low, high, negativeZero)
    : { low, high, whole: false, nan: a.nan || b.nan, negativeZero };
}

/** The part of an interval that lies between two ends and is a number. */
export function within(a: Interval, low: number, high: number): Interval {
  const from = Math.max(a.low, low);
  const to = Math.min(a.high, high);
  if (from > to) return a;
  return a.whole
    ? whole(Math.ceil(from), Math.floor(to), a.negativeZero)
    : { ...a, low: from, high: to, nan: false };
}

/** The whole numbers of an interval. */
export function wholeOf({ low, high, negativeZero }: Interval): Interval {
  return whole(Math.ceil(low), Math.floor(high), negativeZero);
}

/** What the elements of a typed array can be. */
export function elements(dtype: DType): Interval {
  switch (dtype) {
    case "int32":
      return int32;
    case "uint32":
      return whole(0, 2 ** 32 - 1);
    case "int16":
      return whole(-(2 ** 15), 2 ** 15 - 1);
    case "uint16":
      return whole(0, 2 ** 16 - 1);
    case "int8":
      return whole(-128, 127);
    case "uint8":
      return whole(0, 255);
    case "float64":
    case "float32":
      return anything;
  }
}

/** The interval of an expression, given those of the variables. */
export function intervalOf(expr: Expr, of: (local: Local) => Interval): Interval {
  const inner = (each: Expr): Interval => intervalOf(each, of);
  switch (expr.op) {
    case "const":
      return constant(Number(expr.value));
    case "get":
      return of(expr.local);
    case "element":
      return expr.kind === "i32" || !expr.access.mask
        ? elements(expr.access.array.array.dtype)
        : union(elements(expr.access.array.array.dtype), whole(0, 0));
    case "splat":
    case "extract":
      return inner(expr.value);
    case "lanes":
      return anything;
    case "any":
    case "all":
      return whole(0, 1);
    case "load":
      return expr.kind === "i32" ? int32 : anything;
    default: {
      const found = operation(expr.op, expr.args, inner);
      return found ?? (expr.kind === "i32" ? int32 : expr.kind === "bool" ? whole(0, 1) : anything);
    }
  }
}

function constant(value: number): Interval {
  return Number.isInteger(value) && Math.abs(value) <= largestWhole
    ? whole(value, value, Object.is(value, -0))
    : {
        low: Number.isNaN(value) ? -Infinity : value,
        high: Number.isNaN(value) ? Infinity : value,
        whole: false,
        nan: Number.isNaN(value),
        negativeZero: false,
      };
}

function operation(
  op: string,
  args: readonly Expr[],
  inner: (expr: Expr) => Interval,
): Interval | undefined {
  switch (op) {
    case "f64.add":
      return exact(args, inner, add, (a, b) => a.negativeZero && b.negativeZero);
    case "f64.sub":
      return exact(args, inner, sub, (a, b) => a.negativeZero && hasZero(b));
    case "f64.mul":
      return exact(
        args,
        inner,
        mul,
        (a, b) =>
          a.negativeZero ||
          b.negativeZero ||
          (hasZero(a) && b.low < 0) ||
          (hasZero(b) && a.low < 0),
      );
    case "i32.add":
    case "i32.sub":
    case "i32.mul": {
      const ends = { "i32.add": add, "i32.sub": sub, "i32.mul": mul }[op];
      const found = exact(args, inner, ends, () => false);
      return fits32(found) ? found : int32;
    }
    case "i32.and": {
      const [a, b] = args.map(inner) as [Interval, Interval];
      const limit = Math.min(a.low >= 0 ? a.high : Infinity, b.low >= 0 ? b.high : Infinity);
      return limit === Infinity ? int32 : whole(0, limit);
    }
    case "i32.shr_s":
    case "i32.shl":
    case "i32.shr_u":
      return shifted(op, inner(args[0]!), args[1]!);
    case "i32.clz":
      return whole(0, 32);
    case "i32.rem_s":
    case "math.rem":
      return remainder(inner(args[0]!), inner(args[1]!));
    case "f64.neg": {
      const a = inner(args[0]!);
      return a.whole ? whole(-a.high, -a.low, hasZero(a)) : anything;
    }
    case "f64.abs": {
      const a = inner(args[0]!);
      const low = Math.max(0, a.low, -a.high);
      const high = Math.max(Math.abs(a.low), Math.abs(a.high));
      return a.whole ? whole(low, high) : { ...a, low, high, negativeZero: false };
    }
    case "f64.floor":
    case "f64.ceil":
    case "f64.trunc":
    case "f64.nearest": {
      const a = inner(args[0]!);
      if (a.whole) return a;
      return a.nan ? anything : whole(Math.floor(a.low), Math.ceil(a.high), mayBeNegative(a));
    }
    case "f64.min":
    case "f64.max": {
      const [a, b] = args.map(inner) as [Interval, Interval];
      const pick = op === "f64.min" ? Math.min : Math.max;
      return a.whole && b.whole
        ? whole(pick(a.low, b.low), pick(a.high, b.high), a.negativeZero || b.negativeZero)
        : { ...anything, nan: a.nan || b.nan, low: pick(a.low, b.low), high: pick(a.high, b.high) };
    }
    case "f64.div": {
      const [a, b] = args.map(inner) as [Interval, Interval];
      if (a.nan || b.nan || !(b.low > 0) || !Number.isFinite(a.high - a.low)) return anything;
      const ends = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high];
      const found = between(Math.min(...ends), Math.max(...ends));
      return { ...found, negativeZero: mayBeNegative(a) };
    }
    case "f64.select":
    case "i32.select":
      return union(inner(args[1]!), inner(args[2]!));
    case "f64.convert_i32_s":
      return inner(args[0]!);
    case "f64.convert_i32_u":
      return whole(0, 2 ** 32 - 1);
    case "i32.trunc_sat_f64_s":
    case "math.to_int32": {
      const a = inner(args[0]!);
      if (!truncates32(a)) return int32;
      const found = whole(Math.trunc(a.low), Math.trunc(a.high));
      return a.nan ? union(found, whole(0, 0)) : found;
    }
    case "f64.from_bool":
    case "i32.from_bool":
      return whole(0, 1);
    default:
      return undefined;
  }
}

type Ends = (a: Interval, b: Interval) => readonly [number, number];

const add: Ends = (a, b) => [a.low + b.low, a.high + b.high];
const sub: Ends = (a, b) => [a.low - b.high, a.high - b.low];
const mul: Ends = (a, b) => {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return [Math.min(...corners), Math.max(...corners)];
};

function exact(
  args: readonly Expr[],
  inner: (expr: Expr) => Interval,
  ends: Ends,
  negativeZero: (a: Interval, b: Interval) => boolean,
): Interval {
  const [a, b] = args.map(inner) as [Interval, Interval];
  const [low, high] = ends(a, b);
  // rounding is monotone, so the ends of inexact results are those of the operands' ends
  if (a.whole && b.whole) {
    const found = whole(low, high, negativeZero(a, b));
    if (found.whole) return found;
  }
  if (a.nan || b.nan || !Number.isFinite(low) || !Number.isFinite(high)) return anything;
  return between(low, high);
}

function remainder(a: Interval, b: Interval): Interval {
  if (!a.whole || !b.whole || b.low <= 0) return anything;
  const below = b.high - 1;
  return whole(
    a.low >= 0 ? 0 : Math.max(a.low, -below),
    a.high <= 0 ? 0 : Math.min(a.high, below),
    a.low < 0 || a.negativeZero,
  );
}

/** A shift by a constant whose result is what it is in whole numbers. */
function shifted(op: "i32.shr_s" | "i32.shr_u" | "i32.shl", a: Interval, by: Expr): Interval {
  if (by.op !== "const" || !fits32(a) || (op === "i32.shr_u" && a.low < 0)) return int32;
  const factor = 2 ** (Number(by.value) & 31);
  if (op !== "i32.shl") return whole(Math.floor(a.low / factor), Math.floor(a.high / factor));
  const found = whole(a.low * factor, a.high * factor);
  return fits32(found) ? found : int32;
}

function hasZero({ low, high }: Interval): boolean {
  return low <= 0 && high >= 0;
}

function mayBeNegative({ low, negativeZero }: Interval): boolean {
  return low < 0 || negativeZero;
}

/** What a comparison gives for all values of two intervals; undefined if that depends on them. */
export function decided(op: Operation, a: Interval, b: Interval): boolean | undefined {
  const never = (is: boolean): false | undefined => (is ? false : undefined);
  const always = (is: boolean): true | undefined => (is && !a.nan && !b.nan ? true : undefined);
  switch (op) {
    case "f64.lt":
      return always(a.high < b.low) ?? never(a.low >= b.high);
    case "f64.le":
      return always(a.high <= b.low) ?? never(a.low > b.high);
    case "f64.gt":
      return always(a.low > b.high) ?? never(a.high <= b.low);
    case "f64.ge":
      return always(a.low >= b.high) ?? never(a.high < b.low);
    default:
      return undefined;
  }
}
