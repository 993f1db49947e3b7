/**
 * Measures how far a function is off over many points. `npm test` takes 16,000 of them; with
 * HOTCELL_MATH_POINTS=10000000 in the environment, that many.
 */
import assert from "node:assert/strict";
import type { MathOperation } from "../../../kernel-lib/src/compiler/operations.js";
import { ulps, type Double } from "./double-double.js";
import { applied, type Variant } from "./execute.js";

const points = Number(process.env["HOTCELL_MATH_POINTS"] ?? 16_000);
const batch = 50_000;

/** A value, times a power of two where that may be out of range. */
export interface Reference {
  readonly value: Double;
  readonly power?: number;
}

/** Uniform numbers in [0, 1), the same every time: a Weyl sequence, mixed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    const high = (mixed ^ (mixed >>> 15)) >>> 0;
    return (high + (Math.imul(high, 0x85ebca6b) >>> 0) * 2 ** -32) * 2 ** -32;
  };
}

/** Asserts that no result is off by more than `most` ulp, at arguments that `argument` makes of uniform numbers. */
export function assertWithin(
  most: number,
  op: MathOperation,
  variant: Variant,
  argument: (u: number, v: number) => number,
  reference: (x: number) => Reference,
): void {
  const apply = applied(op, variant);
  const next = numbers(1);
  let [worst, at] = [0, 0];
  for (let done = 0; done < points; done += batch) {
    const xs = Float64Array.from({ length: batch }, () => argument(next(), next()));
    apply(xs).forEach((found, i) => {
      const x = xs[i]!;
      const { value, power } = reference(x);
      const off = ulps(found, value, power);
      if (!(off <= worst)) [worst, at] = [off, x];
    });
  }
  if (process.env["HOTCELL_MATH_POINTS"]) {
    console.log(`${op} ${JSON.stringify(variant)}: ${worst.toFixed(4)} ulp at ${at}`);
  }
  assert.ok(worst <= most, `${op}(${at}) is ${worst} ulp off`);
}
