/**
 * What a call itself costs, on kernels that do next to nothing: one without a loop, and one whose
 * prange of 16 iterations wakes all threads.
 */
import { jit, prange, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const add = jit((a: number, b: number) => a + b);

const fill = jit((out: NDArray, value: number) => {
  for (const i of prange(out.length)) out.set(value, i);
});
const out = zeros([16]);

const row: Row = {
  title: "a call of a kernel that does nothing",
  pairs: [
    ["serial", "numba-serial"],
    ["parallel", "numba-parallel"],
  ],
  ours: {
    serial: () => add(1, 2),
    parallel: () => {
      fill(out, 1);
    },
  },
  warmUp: 2000,
  rounds: 9,
};
export default row;
