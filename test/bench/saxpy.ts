/** out = a x + y over 1,000,000 numbers: nothing but memory and the cost of a call. */
import assert from "node:assert/strict";
import { jit, prange, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const n = 1_000_000;
const [x, y, out] = [zeros([n]), zeros([n]), zeros([n])];
for (let i = 0; i < n; i++) {
  x.data[i] = Math.sin(i);
  y.data[i] = Math.cos(i);
}

const saxpy = jit((a: number, u: NDArray, v: NDArray, result: NDArray) => {
  for (const i of prange(u.length)) result.set(a * u.at(i) + v.at(i), i);
});

const row: Row = {
  title: "saxpy, 1,000,000 numbers",
  pairs: [
    ["kernel", "numba-tuned"],
    ["kernel", "c"],
  ],
  ours: {
    kernel: () => {
      saxpy(2.5, x, y, out);
      return [out.at(0), out.at(n / 2), out.at(n - 1)];
    },
  },
  rounds: 9,
  c: (bind) => {
    const saxpy = bind(
      "void saxpy(double a, const double *x, const double *y, double *result, int64_t n)",
    );
    return () => {
      saxpy(2.5, x.data, y.data, out.data, n);
      return [out.at(0), out.at(n / 2), out.at(n - 1)];
    };
  },
  check({ kernel }, peers) {
    for (const [name, values] of Object.entries(peers))
      for (const [k, value] of (values as number[]).entries())
        // peers may contract a x + y, and NumPy's sin and cos are another library's
        assert.ok(Math.abs(value - (kernel as number[])[k]!) < 1e-14, `${name} differs at ${k}`);
  },
};
export default row;
