/**
 * The gravity of 10⁵ bodies on each other by the direct sum, potentials included: ten thousand million
 * pairs. The peer is Numba, over all threads with one array a coordinate.
 */
import assert from "node:assert/strict";
import { gravity, zeros } from "hotcell";
import type { Row } from "./row.js";

const n = 100_000;
const positions = zeros([n, 3]);
for (let k = 0; k < 3 * n; k++) positions.data[k] = Math.sin(k * k);
const masses = new Float64Array(n).fill(1 / n);

const row: Row = {
  title: "gravity between 10⁵ bodies, directly",
  pairs: [["gravity", "numba-columns"]],
  rounds: 1,
  warmUp: 1,
  ours: {
    gravity: () => {
      const { accelerations } = gravity({ positions, masses }, { softening: 0.01 });
      return Array.from(accelerations.data.subarray(0, 300));
    },
  },
  check({ gravity: ours }, { "numba-columns": peer }) {
    for (const [k, value] of (peer as number[]).entries())
      // sums of 10⁵ terms in other orders
      assert.ok(Math.abs(value - (ours as number[])[k]!) < 1e-10, `differs at ${k}`);
  },
};
export default row;
