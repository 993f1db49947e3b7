/**
 * The mean squared displacement at one lag, 1000 particles × 500 frames × 3. The peers are Numba's code
 * as the post has it, and tuned: rows of 1500 numbers with an inner loop of stride 1, on both sides.
 */
import assert from "node:assert/strict";
import { jit, prange, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const [particles, frames, lag] = [1000, 500, 10];

const positions = zeros([particles, frames, 3]);
for (let i = 0; i < particles; i++) {
  for (let d = 0; d < 3; d++) {
    let sum = 0;
    for (let k = 0; k < frames; k++) {
      const n = (i * frames + k) * 3 + d;
      sum += 0.1 * Math.sin(n * n);
      positions.set(sum, i, k, d);
    }
  }
}
const rows = positions.reshape(particles, frames * 3);

const asPosted = jit(
  (r: NDArray, ell: number) => {
    const [n, nFrames] = r.shape as [number, number];
    const m = nFrames - ell;
    let total = 0;
    for (const i of prange(n)) {
      for (let k = 0; k < m; k++) {
        const dx = r.at(i, k + ell, 0) - r.at(i, k, 0);
        const dy = r.at(i, k + ell, 1) - r.at(i, k, 1);
        const dz = r.at(i, k + ell, 2) - r.at(i, k, 2);
        total += dx * dx + dy * dy + dz * dz;
      }
    }
    return total / (n * m);
  },
  { fastMath: true },
);

/** Rows of numbers and a shift: three times the frames and the lag. */
const flat = jit(
  (r: NDArray, shift: number) => {
    const [n, length] = r.shape as [number, number];
    let total = 0;
    for (const i of prange(n)) {
      for (let k = 0; k < length - shift; k++) {
        const d = r.at(i, k + shift) - r.at(i, k);
        total += d * d;
      }
    }
    return (3 * total) / (n * (length - shift));
  },
  { fastMath: true },
);

const row: Row = {
  title: "MSD at lag 10, 1000 × 500 × 3",
  pairs: [
    ["as-posted", "numba-post"],
    ["flat", "numba-tuned"],
    ["as-posted", "c"],
    ["flat", "c"],
  ],
  ours: {
    "as-posted": () => asPosted(positions, lag),
    flat: () => flat(rows, 3 * lag),
  },
  c: (bind) => {
    const msd = bind(
      "double msd(const double *positions, int64_t particles, int64_t frames, int64_t lag)",
    );
    return () => msd(positions.data, particles, frames, lag);
  },
  check(ours, peers) {
    // the same sums in other orders: 490,000 terms of similar size
    const values = Object.entries({ ...ours, ...peers });
    for (const [name, value] of values)
      assert.ok(
        Math.abs((value as number) / (values[0]![1] as number) - 1) < 1e-10,
        `${name} gives ${String(value)}`,
      );
  },
};
export default row;
