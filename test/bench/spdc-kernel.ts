/**
 * The SPDC map with `quad` inside a kernel: 100 × 100 integrals in one call. The peers are SciPy's
 * `quad` with the complex integrand that NumPy users write, a Numba-compiled integrand that SciPy calls
 * as a C function, and our own pool, which runs the same integrals as JavaScript.
 */
import assert from "node:assert/strict";
import { jit, Pool, prange, quad, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const pool = new Pool();
const mismatches = Array.from({ length: 100 }, (_, i) => (-7 + 0.1 * i) * Math.PI);
const focuses = Array.from({ length: 100 }, (_, j) => 10 ** (-1.5 + 0.04 * j));

function overlap(phi: number, xi: number): number {
  const integrand = (l: number): number => {
    const angle = (phi * l) / 2;
    return (Math.cos(angle) - xi * l * Math.sin(angle)) / (1 + xi * xi * l * l);
  };
  return Math.sqrt(xi) * quad(integrand, -1, 1).integral;
}

const map = jit((image: NDArray) => {
  const [rows, columns] = image.shape as [number, number];
  for (const i of prange(rows)) {
    for (let j = 0; j < columns; j++) {
      image.set(overlap((-7 + 0.1 * i) * Math.PI, 10 ** (-1.5 + 0.04 * j)), i, j);
    }
  }
});
const image = zeros([100, 100]);

const row: Row = {
  title: "10,000 integrals in a kernel, the SPDC map",
  pairs: [
    ["kernel", "scipy-pool"],
    ["kernel", "numba-quad-pool"],
    ["kernel", "pool"],
  ],
  ours: {
    kernel: () => {
      map(image);
      return [...image];
    },
  },
  peers: {
    pool: () => pool.map((phi) => focuses.map((xi) => overlap(phi, xi)), mismatches),
  },
  rounds: 7,
  warmUp: 5,
  check({ kernel }, peers) {
    for (const [name, values] of Object.entries(peers) as [string, number[][]][])
      for (const [i, value] of values.flat().entries())
        // the default tolerance of quad
        assert.ok(Math.abs(value - (kernel as number[])[i]!) < 1e-7, `${name} differs at ${i}`);
  },
  close: () => pool.close(),
};
export default row;
