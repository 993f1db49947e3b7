/**
 * ⟨x²⟩ of the harmonic ground state by importance sampling from N(0, 2²): 2,000,000 samples. The peers
 * are Numba's code as the post has it, and tuned: a counter-based generator, both normals of a pair
 * used, both exponentials merged by hand. Ours is what the post's reader would write, and tuned alike.
 */
import assert from "node:assert/strict";
import { jit, philox, prange } from "hotcell";
import type { Row } from "./row.js";

const samples = 2_000_000;
const sigma = 2;

function density(x: number): number {
  return (1 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
}

function proposal(x: number): number {
  return (1 / (Math.sqrt(2 * Math.PI) * sigma)) * Math.exp((-x * x) / (2 * sigma * sigma));
}

const meanSquare = jit(
  (n: number, seed: number) => {
    let total = 0;
    for (const i of prange(n)) {
      const x = philox(seed, i).normal(0, sigma);
      total += (x * x * density(x)) / proposal(x);
    }
    return total / n;
  },
  { fastMath: true },
);

const strict = jit((n: number, seed: number) => {
  let total = 0;
  for (const i of prange(n)) {
    const x = philox(seed, i).normal(0, sigma);
    total += (x * x * density(x)) / proposal(x);
  }
  return total / n;
});

/** With both exponentials and all constants merged by hand; x = sigma z. */
function term(z: number): number {
  const x2 = sigma * sigma * z * z;
  return x2 * Math.exp(0.5 * z * z - x2);
}

const tuned = jit(
  (n: number, seed: number) => {
    let total = 0;
    for (const i of prange(n / 2)) {
      const random = philox(seed, i);
      total += term(random.normal()) + term(random.normal());
    }
    return (total * Math.sqrt(2) * sigma) / n;
  },
  { fastMath: true },
);

const row: Row = {
  title: "harmonic ⟨x²⟩, 2,000,000 samples",
  pairs: [
    ["fastMath", "numba-post"],
    ["tuned", "numba-post"],
    ["tuned", "numba-tuned"],
    ["tuned", "c"],
    ["strict", "numba-post"],
  ],
  ours: {
    fastMath: () => meanSquare(samples, 12345),
    tuned: () => tuned(samples, 12345),
    strict: () => strict(samples, 12345),
  },
  c: (bind) => {
    const meanSquare = bind("double mean_square(int64_t n, uint64_t seed)");
    return () => meanSquare(samples, 12345);
  },
  check(ours, peers) {
    // five standard errors of the mean of 2,000,000 terms
    for (const [name, value] of Object.entries({ ...ours, ...peers }))
      assert.ok(
        Math.abs((value as number) - 0.5) < 5 * 3.0876e-4,
        `${name} gives ${String(value)}`,
      );
  },
};
export default row;
