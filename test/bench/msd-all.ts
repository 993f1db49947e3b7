/**
 * The mean squared displacement at all lags, by Fourier transform on every side: 1000 particles × 500
 * frames × 3 as in the post, and 10,000 × 1000 × 3. The peers are MDAnalysis, the package that it calls,
 * and NumPy with one batched transform. Ours gives standard errors as well.
 */
import assert from "node:assert/strict";
import { msd, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

function walk(particles: number, frames: number): NDArray {
  const positions = zeros([particles, frames, 3]);
  const { data } = positions;
  for (let n = 0; n < data.length; n++) {
    const before = n % (3 * frames) < 3 ? 0 : data[n - 3]!;
    data[n] = before + 0.1 * Math.sin((n * n) % 1e6);
  }
  return positions;
}

const [post, large] = [walk(1000, 500), walk(10_000, 1000)];

const row: Row = {
  title: "MSD at all lags, 1000 × 500 × 3 and 10,000 × 1000 × 3",
  pairs: ["post", "large"].flatMap((size) =>
    ["mdanalysis", "tidynamics", "numpy"].map((peer) => [size, `${peer}-${size}`] as const),
  ),
  ours: {
    post: () => [...msd(post).msd],
    large: () => [...msd(large).msd],
  },
  check(ours, peers) {
    for (const [name, values] of Object.entries(peers) as [string, number[]][]) {
      const mine = ours[name.split("-")[1]!] as number[];
      const size = Math.max(...mine);
      // MDAnalysis keeps positions in single precision; in the others larger numbers cancel than in ours
      const limit = name.startsWith("mdanalysis") ? 1e-5 : 1e-12;
      for (const [lag, value] of values.entries())
        assert.ok(Math.abs(value - mine[lag]!) < limit * size, `${name} differs at lag ${lag}`);
    }
  },
};
export default row;
