/**
 * The post's Morse estimate by importance sampling from N(0, 2²): 2,000,000 samples of a density that
 * lacks its norm, so that the mean tends to 11.0370819. The peers are Numba's code as the post has it,
 * and tuned: a counter-based generator, both normals of a pair used, everything in one exponential.
 */
import assert from "node:assert/strict";
import { jit, philox, prange } from "hotcell";
import type { Row } from "./row.js";

const samples = 2_000_000;
const sigma = 2;
const depth = 5;
const alpha = 1;

function density(x: number): number {
  const z = ((2 * Math.sqrt(2 * depth)) / alpha) * Math.exp(-alpha * x);
  return z ** ((2 * Math.sqrt(2 * depth)) / alpha - 1) * Math.exp(-z);
}

function proposal(x: number): number {
  return (1 / (Math.sqrt(2 * Math.PI) * sigma)) * Math.exp((-x * x) / (2 * sigma * sigma));
}

const asPosted = jit(
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

const lambda = Math.sqrt(2 * depth) / alpha;

/** With the power of z and the proposal merged into one exponential by hand; x = sigma g. */
function term(g: number): number {
  const x = sigma * g;
  const z = 2 * lambda * Math.exp(-alpha * x);
  const exponent = (2 * lambda - 1) * (Math.log(2 * lambda) - alpha * x) - z + 0.5 * g * g;
  return x * x * Math.exp(exponent);
}

/** Tuned as the peer is. */
const tuned = jit(
  (n: number, seed: number) => {
    let total = 0;
    for (const i of prange(n / 2)) {
      const random = philox(seed, i);
      total += term(random.normal()) + term(random.normal());
    }
    return (total * Math.sqrt(2 * Math.PI) * sigma) / n;
  },
  { fastMath: true },
);

const row: Row = {
  title: "Morse ⟨x²⟩ as posted, 2,000,000 samples",
  pairs: [
    ["as-posted", "numba-post"],
    ["tuned", "numba-post"],
    ["tuned", "numba-tuned"],
    ["tuned", "c"],
  ],
  ours: {
    "as-posted": () => asPosted(samples, 12345),
    tuned: () => tuned(samples, 12345),
  },
  c: (bind) => {
    const meanSquare = bind("double mean_square(int64_t n, uint64_t seed)");
    return () => meanSquare(samples, 12345);
  },
  check(ours, peers) {
    // the weights have a heavy tail: means of 2,000,000 terms scatter by about 0.01
    for (const [name, value] of Object.entries({ ...ours, ...peers }))
      assert.ok(Math.abs((value as number) - 11.037) < 0.1, `${name} gives ${String(value)}`);
  },
};
export default row;
