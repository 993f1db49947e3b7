/** Loops inside loops, of every kind that lanes, integers and hoisted checks care about. */
import { type NDArray, prange, zeros } from "hotcell";
import {
  FUNCTIONS,
  integers,
  matrix,
  REORDERED,
  specimen,
  type Specimen,
  vector,
} from "./specimen.js";

export const innerLoops: readonly Specimen[] = [
  specimen(
    "a matrix product in tiles",
    "loops that step by an argument",
    (a: NDArray, b: NDArray, size: number) => {
      const n = a.length;
      const c = zeros([n, n]);
      for (let ii = 0; ii < n; ii += size)
        for (let jj = 0; jj < n; jj += size)
          for (let kk = 0; kk < n; kk += size)
            for (let i = ii; i < Math.min(ii + size, n); i++)
              for (let j = jj; j < Math.min(jj + size, n); j++) {
                let s = c.at(i, j);
                for (let k = kk; k < Math.min(kk + size, n); k++) s += a.at(i, k) * b.at(k, j);
                c.set(s, i, j);
              }
      return c;
    },
    () => [matrix(19, 19), matrix(19, 19, 5), 4],
  ),
  specimen(
    "a prefix sum by doubling",
    "strides that double and halve",
    (x: NDArray) => {
      const n = x.length;
      for (let d = 1; d < n; d *= 2)
        for (let i = 2 * d - 1; i < n; i += 2 * d) x.set(x.at(i) + x.at(i - d), i);
      x.set(0, n - 1);
      for (let d = n / 2; d >= 1; d /= 2)
        for (let i = 2 * d - 1; i < n; i += 2 * d) {
          const t = x.at(i - d);
          x.set(x.at(i), i - d);
          x.set(x.at(i) + t, i);
        }
    },
    () => [integers(64, 100, "float64")],
  ),
  specimen(
    "sums of runs",
    "while with a counter that two loops move",
    (x: NDArray, sums: NDArray) => {
      let [i, runs] = [0, 0];
      while (i < x.length) {
        let [s, j] = [0, i];
        while (j < x.length && x.at(j) === x.at(i)) {
          s += x.at(j);
          j++;
        }
        sums.set(s, runs++);
        i = j;
      }
      return runs;
    },
    () => [integers(60, 3, "float64"), vector(60)],
  ),
  specimen(
    "a merge of sorted halves",
    "three counters of while loops",
    (x: NDArray, y: NDArray, out: NDArray) => {
      let [i, j, k] = [0, 0, 0];
      while (i < x.length && j < y.length) {
        if (x.at(i) <= y.at(j)) out.set(x.at(i++), k++);
        else out.set(y.at(j++), k++);
      }
      while (i < x.length) out.set(x.at(i++), k++);
      for (; j < y.length; j++, k++) out.set(y.at(j), k);
      return k;
    },
    () => [vector(20), vector(15, 3), vector(35, 9)],
  ),
  specimen(
    "every third, downwards",
    "while (--i >= 0)",
    (x: NDArray) => {
      let [s, i] = [0, x.length];
      while (--i >= 0) {
        if (i % 3 !== 0) continue;
        s += x.at(i);
      }
      return s;
    },
    () => [vector(50)],
  ),
  specimen(
    "a banded product",
    "bounds by min and max of the outer counter",
    (a: NDArray, x: NDArray, y: NDArray, w: number) => {
      const n = x.length;
      for (const i of prange(n)) {
        let s = 0;
        for (let j = Math.max(0, i - w); j <= Math.min(n - 1, i + w); j++)
          s += a.at(i, j) * x.at(j);
        y.set(s, i);
      }
    },
    () => [matrix(30, 30), vector(30), vector(30, 4), 3],
  ),
  specimen(
    "rows that only their own loop sets",
    "elements side by side in the inner loop",
    (a: NDArray, scale: NDArray) => {
      const [rows, columns] = a.shape as [number, number];
      for (const i of prange(rows))
        for (let j = 0; j < columns; j++) a.set(Math.exp(a.at(i, j)) * scale.at(j), i, j);
    },
    () => [matrix(6, 37), vector(37)],
    FUNCTIONS,
  ),
  specimen(
    "columns in strides",
    "an inner step of an argument, elements apart",
    (a: NDArray, by: number, out: NDArray) => {
      const [rows, columns] = a.shape as [number, number];
      for (const i of prange(rows)) {
        let s = 0;
        for (let j = 1; j < columns; j += by) s += a.at(i, j) - a.at(i, j - 1);
        for (let j = columns - 1; j > 0; j -= 3) s *= 1 + a.at(i, j);
        out.set(s, i);
      }
    },
    () => [matrix(9, 31), 2, vector(9)],
  ),
  specimen(
    "rows of a triangle",
    "j < i, j <= i and j > i",
    (a: NDArray, low: NDArray) => {
      const n = a.length;
      for (const i of prange(n)) {
        let [below, above, all] = [0, 0, 0];
        for (let j = 0; j < i; j++) below += a.at(i, j);
        for (let j = 0; j <= i; j++) all += a.at(i, j) ** 2;
        for (let j = n - 1; j > i; j--) above = Math.max(above, a.at(i, j));
        low.set(below + 10 * above + 100 * all, i);
      }
    },
    () => [matrix(33, 33), vector(33)],
  ),
  specimen(
    "least and greatest of each row",
    "minima and maxima of an inner loop",
    (a: NDArray, low: NDArray, high: NDArray) => {
      for (const i of prange(a.length)) {
        let [least, most] = [Infinity, -Infinity];
        for (let j = 0; j < a.shape[1]!; j++) {
          least = Math.min(least, a.at(i, j));
          most = Math.max(most, a.at(i, j) * a.at(i, 0));
        }
        low.set(least, i);
        high.set(most, i);
      }
    },
    () => [matrix(5, 101), vector(5), vector(5)],
  ),
  specimen(
    "a histogram by its data",
    "a reduction into the elements of an array that the kernel makes",
    (x: NDArray, bins: number) => {
      const counts = zeros([bins, 2]);
      for (const i of prange(x.length)) {
        const k = Math.floor(((x.at(i) + 1) / 2) * bins);
        counts.data[2 * k]! += 1;
        counts.data[2 * k + 1]! += x.at(i);
      }
      return counts;
    },
    () => [vector(1000), 7],
    REORDERED,
  ),
  specimen(
    "a table by its data",
    "elements of an array that the kernel makes, by one index",
    (x: NDArray) => {
      const out = zeros([x.length, 3]);
      for (const i of prange(x.length))
        for (let k = 0; k < 3; k++) out.data[3 * i + k] = x.at(i) ** k;
      return out;
    },
    () => [vector(40)],
    FUNCTIONS,
  ),
  specimen(
    "forces between pairs, each counted once",
    "a prange inside another that sums, and adds to a row of the outer one's",
    (x: NDArray, mass: NDArray, rows: NDArray, blocks: Int32Array) => {
      for (const block of prange(rows.length)) {
        for (let i = blocks[block]!; i < blocks[block + 1]!; i++) {
          let sum = 0;
          for (const j of prange(i)) {
            const d = x.at(j) - x.at(i);
            const f = d / (1e-4 + d * d) ** 1.5;
            sum += f * mass.at(j);
            rows.set(rows.at(block, j) - f * mass.at(i), block, j);
          }
          rows.set(rows.at(block, i) + sum, block, i);
        }
      }
    },
    () => [vector(61), vector(61, 7), zeros([4, 61]), Int32Array.of(0, 30, 43, 53, 61)],
    REORDERED,
  ),
  specimen(
    "points in cells of a grid",
    "floors as indices of two axes, in lanes that gather",
    (x: NDArray, y: NDArray, grid: NDArray, found: NDArray) => {
      for (const i of prange(x.length)) {
        const row = Math.floor((x.at(i) + 1) * 3.5);
        const column = Math.floor((y.at(i) + 1) * 2.5);
        found.set(grid.at(row, column) * Math.sqrt(1 + x.at(i) ** 2) + y.at(i) / 3, i);
      }
    },
    () => [vector(203), vector(203, 9), matrix(7, 5), zeros(203)],
    FUNCTIONS,
  ),
];
