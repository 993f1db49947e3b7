/** Values where operations are apt to go wrong, and reproducible random bits. */
import type { Kind } from "../../kernel-lib/src/compiler/operations.js";

export type Value = number | bigint;

const floats = [
  0,
  1,
  0.5,
  1.5,
  2.5,
  Math.PI,
  0.49999999999999994,
  Number.MIN_VALUE,
  2 ** -1022 - Number.MIN_VALUE,
  2 ** -1022,
  2 ** 31 - 1,
  2 ** 31 - 0.5,
  2 ** 31,
  2 ** 32,
  2 ** 32 + 0.5,
  2 ** 51,
  2 ** 52 - 0.5,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  1e300,
  Number.MAX_VALUE,
  Infinity,
];
const integers = [0, 1, 2, 3, 31, 32, 255, 65536, 2 ** 31 - 1, -(2 ** 31), -1, -2, -65537];
const longs = [0n, 1n, 31n, 32n, 63n, 64n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 51n - 1n]
  .concat([2n ** 53n, 2n ** 63n - 1n, 0x7ff0000000000000n, 0x123456789abcdef0n])
  .flatMap((value) => [value, BigInt.asIntN(64, -value)]);

/** xorshift64: the same bits every time. */
export function* randomBits(): Generator<bigint, never> {
  let state = 0x9e3779b97f4a7c15n;
  for (;;) {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    yield state;
  }
}

export const special: Readonly<Record<Kind, readonly Value[]>> = {
  f64: [...floats, ...floats.map((value) => -value), NaN],
  i32: integers,
  i64: [...longs, -(2n ** 63n)],
  bool: [0, 1],
};

const bits = new DataView(new ArrayBuffer(8));

/** A value of a kind from 64 random bits; an f64 of moderate size half of the time. */
export function valueFrom(kind: Kind, random: bigint): Value {
  bits.setBigUint64(0, random);
  switch (kind) {
    case "f64": {
      const value = random & 1n ? bits.getFloat64(0) : bits.getInt32(0) / 2 ** 16;
      // a NaN's payload isn't JavaScript's to see
      return Number.isNaN(value) ? NaN : value;
    }
    case "i32":
      return bits.getInt32(0);
    case "i64":
      return bits.getBigInt64(0);
    case "bool":
      return Number(random & 1n);
  }
}
