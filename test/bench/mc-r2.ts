/**
 * ⟨r²⟩ of a Gaussian in three dimensions: 5000 particles of 400 samples each, 6,000,000 normal numbers.
 * The peers are the post's nested loop (its form with scalars, which is the faster of the post's two),
 * and tuned: a counter-based generator, both normals of a pair used.
 */
import assert from "node:assert/strict";
import { jit, philox, prange } from "hotcell";
import type { Row } from "./row.js";

const particles = 5000;
const samples = 400;
const sigma = 1;

const meanSquareRadius = jit(
  (n: number, perParticle: number, seed: number) => {
    let total = 0;
    for (const i of prange(n)) {
      const random = philox(seed, i);
      for (let j = 0; j < perParticle; j++) {
        const x = random.normal(0, sigma);
        const y = random.normal(0, sigma);
        const z = random.normal(0, sigma);
        total += x * x + y * y + z * z;
      }
    }
    return total / (n * perParticle);
  },
  { fastMath: true },
);

const row: Row = {
  title: "⟨r²⟩ in 3D, 5000 × 400 samples",
  pairs: [
    ["kernel", "numba-post"],
    ["kernel", "numba-tuned"],
    ["kernel", "c"],
  ],
  ours: { kernel: () => meanSquareRadius(particles, samples, 42) },
  c: (bind) => {
    const meanSquareRadius = bind("double mean_square_radius(int64_t samples, uint64_t seed)");
    return () => meanSquareRadius(particles * samples, 42);
  },
  check(ours, peers) {
    // five standard errors
    const tolerance = 5 * Math.sqrt(6 / (particles * samples));
    for (const [name, value] of Object.entries({ ...ours, ...peers }))
      assert.ok(Math.abs((value as number) - 3) < tolerance, `${name} gives ${String(value)}`);
  },
};
export default row;
