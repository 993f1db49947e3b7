/**
 * What each operation computes, in plain JavaScript: the meaning that backends are tested against
 * and that constants are folded with. Numbers stand for f64 and i32, bigints for i64, 0 and 1 for
 * bool. It knows scalars only, as lanes don't know of each other.
 */
import type { BasicOperation } from "./operations.js";

type Scalar = number | bigint;

const compare = (holds: (a: number, b: number) => boolean) => (a: number, b: number) =>
  Number(holds(a, b));
const compare64 = (holds: (a: bigint, b: bigint) => boolean) => (a: bigint, b: bigint) =>
  Number(holds(a, b));
const wrap = (of: (a: bigint, b: bigint) => bigint) => (a: bigint, b: bigint) =>
  BigInt.asIntN(64, of(a, b));
const low = (value: bigint): bigint => BigInt.asUintN(32, value);
const high = (value: bigint): bigint => low(value >> 32n);
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
const select = (condition: number, then: Scalar, otherwise: Scalar): Scalar =>
  condition ? then : otherwise;

function copysign(magnitude: number, sign: number): number {
  const negative = sign < 0 || Object.is(sign, -0);
  return negative ? -Math.abs(magnitude) : Math.abs(magnitude);
}

function nearest(value: number): number {
  // above 2^52 every number is whole; adding and taking away 2^52 rounds what is below, ties to even
  const size = Math.abs(value);
  return size < 2 ** 52 ? copysign(size + 2 ** 52 - 2 ** 52, value) : value;
}

function truncateSaturated(value: number): number {
  return Number.isNaN(value)
    ? 0
    : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value))) | 0;
}

const bits = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): bigint {
  bits.setFloat64(0, value);
  return bits.getBigInt64(0);
}

function floatOf(value: bigint): number {
  bits.setBigInt64(0, value);
  return bits.getFloat64(0);
}

/** NaNs have no sign and no payload; division by the integer 0 and an i64 of 2^51 as f64 have no meaning. */
const meanings = {
  "f64.add": (a: number, b: number) => a + b,
  "f64.sub": (a: number, b: number) => a - b,
  "f64.mul": (a: number, b: number) => a * b,
  "f64.div": (a: number, b: number) => a / b,
  "f64.min": (a: number, b: number) => Math.min(a, b),
  "f64.max": (a: number, b: number) => Math.max(a, b),
  "f64.copysign": copysign,
  "f64.madd": (a: number, b: number, c: number) => a * b + c,
  "f64.neg": (a: number) => -a,
  "f64.abs": Math.abs,
  "f64.sqrt": Math.sqrt,
  "f64.floor": Math.floor,
  "f64.ceil": Math.ceil,
  "f64.trunc": Math.trunc,
  "f64.nearest": nearest,
  "f64.eq": compare((a, b) => a === b),
  "f64.ne": compare((a, b) => a !== b),
  "f64.lt": compare((a, b) => a < b),
  "f64.le": compare((a, b) => a <= b),
  "f64.gt": compare((a, b) => a > b),
  "f64.ge": compare((a, b) => a >= b),

  "i32.add": (a: number, b: number) => (a + b) | 0,
  "i32.sub": (a: number, b: number) => (a - b) | 0,
  "i32.mul": Math.imul,
  "i32.div_s": (a: number, b: number) => (a / b) | 0,
  "i32.rem_s": (a: number, b: number) => (a % b) | 0,
  "i32.and": (a: number, b: number) => a & b,
  "i32.or": (a: number, b: number) => a | b,
  "i32.xor": (a: number, b: number) => a ^ b,
  "i32.shl": (a: number, b: number) => a << b,
  "i32.shr_s": (a: number, b: number) => a >> b,
  "i32.shr_u": (a: number, b: number) => (a >>> b) | 0,
  "i32.clz": Math.clz32,
  "i32.eq": compare((a, b) => a === b),
  "i32.ne": compare((a, b) => a !== b),
  "i32.lt_s": compare((a, b) => a < b),
  "i32.le_s": compare((a, b) => a <= b),
  "i32.gt_s": compare((a, b) => a > b),
  "i32.ge_s": compare((a, b) => a >= b),
  "i32.lt_u": compare((a, b) => a >>> 0 < b >>> 0),

  "i64.add": wrap((a, b) => a + b),
  "i64.sub": wrap((a, b) => a - b),
  "i64.mul": wrap((a, b) => a * b),
  "i64.mul_u32": wrap((a, b) => low(a) * low(b)),
  "i64.mul_halves_upper": wrap(
    (a, b) => (((low(a) * low(b)) >> 32n) << 32n) | ((high(a) * high(b)) >> 32n),
  ),
  "i64.mul_halves_lower": wrap((a, b) => ((low(a) * low(b)) << 32n) | low(high(a) * high(b))),
  "i64.and": wrap((a, b) => a & b),
  "i64.or": wrap((a, b) => a | b),
  "i64.xor": wrap((a, b) => a ^ b),
  "i64.shl": wrap((a, b) => a << (b & 63n)),
  "i64.shr_s": wrap((a, b) => a >> (b & 63n)),
  "i64.shr_u": wrap((a, b) => unsigned(a) >> (b & 63n)),
  "i64.eq": compare64((a, b) => a === b),
  "i64.ne": compare64((a, b) => a !== b),
  "i64.lt_s": compare64((a, b) => a < b),

  "bool.and": (a: number, b: number) => a & b,
  "bool.or": (a: number, b: number) => a | b,
  "bool.xor": (a: number, b: number) => a ^ b,
  "bool.not": (a: number) => 1 - a,

  "f64.select": select,
  "i32.select": select,
  "i64.select": select,
  "bool.select": select,

  "f64.convert_i32_s": (a: number) => a,
  "f64.convert_i32_u": (a: number) => a >>> 0,
  "f64.convert_i64_s": (a: bigint) => Number(a),
  "i32.trunc_sat_f64_s": truncateSaturated,
  "i32.wrap_i64": (a: bigint) => Number(BigInt.asIntN(32, a)),
  "i64.extend_i32_s": (a: number) => BigInt(a),
  "i64.extend_i32_u": (a: number) => BigInt(a >>> 0),
  "f64.reinterpret_i64": floatOf,
  "i64.reinterpret_f64": bitsOf,
  "f64.from_bool": (a: number) => a,
  "i32.from_bool": (a: number) => a,
} satisfies Record<BasicOperation, (...args: never[]) => Scalar>;

/** The value of an operation on values of the kinds that the table `operations` gives it. */
export function evaluate(op: BasicOperation, args: readonly Scalar[]): Scalar {
  const meaning: (...args: never[]) => Scalar = meanings[op];
  return meaning(...(args as never[]));
}
