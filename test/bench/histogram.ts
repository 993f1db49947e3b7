/** A histogram of 4,000,000 numbers in 256 bins: every thread must keep counts of its own. */
import assert from "node:assert/strict";
import { jit, prange, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const [n, bins] = [4_000_000, 256];
const data = zeros([n]);
for (let i = 0; i < n; i++) data.data[i] = (i * 0.6180339887498949) % 1;

const count = jit((values: NDArray, nBins: number) => {
  const counts = zeros([nBins]);
  for (const i of prange(values.length)) {
    const bin = Math.floor(values.at(i) * nBins);
    counts.set(counts.at(bin) + 1, bin);
  }
  return counts;
});

const row: Row = {
  title: "histogram of 4,000,000 numbers, 256 bins",
  pairs: [
    ["kernel", "numba-tuned"],
    ["kernel", "c"],
    ["kernel", "numpy"],
  ],
  ours: { kernel: () => [...count(data, bins)] },
  c: (bind) => {
    const histogram = bind(
      "void histogram(const double *values, int64_t n, double *counts, int bins)",
    );
    const counts = new Float64Array(bins);
    return () => {
      histogram(data.data, n, counts, bins);
      return [...counts];
    };
  },
  check({ kernel }, peers) {
    // NumPy's own edges put a number that lies on one into the other bin
    for (const [name, counts] of Object.entries(peers))
      for (const [bin, value] of (counts as number[]).entries())
        assert.ok(Math.abs(value - (kernel as number[])[bin]!) <= 2, `${name} differs in ${bin}`);
  },
};
export default row;
