/** Vectors, matrices, stencils. */
import { type NDArray, prange, zeros } from "hotcell";
import { matrix, REORDERED, specimen, type Specimen, vector } from "./specimen.js";

export const linearAlgebra: readonly Specimen[] = [
  specimen(
    "a x + y in place",
    "the simplest map",
    (a: number, x: NDArray, y: NDArray) => {
      for (const i of prange(x.length)) y.set(a * x.at(i) + y.at(i), i);
    },
    () => [0.3, vector(1000), vector(1000, 3)],
  ),
  specimen(
    "a dot product",
    "a sum",
    (x: NDArray, y: NDArray) => {
      let s = 0;
      for (const i of prange(x.length)) s += x.at(i) * y.at(i);
      return s;
    },
    () => [vector(1003), vector(1003, 3)],
    REORDERED,
  ),
  specimen(
    "a dot product in source order",
    "a serial sum keeps its order",
    (x: NDArray, y: NDArray) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) s += x.at(i) * y.at(i);
      return s;
    },
    () => [vector(1003), vector(1003, 3)],
  ),
  specimen(
    "a Euclidean norm",
    "sqrt after a sum",
    (x: NDArray) => {
      let s = 0;
      for (const i of prange(x.length)) s += x.at(i) ** 2;
      return Math.sqrt(s);
    },
    () => [vector(777)],
    REORDERED,
  ),
  specimen(
    "a matrix times a vector",
    "rows in parallel",
    (m: NDArray, x: NDArray) => {
      const y = zeros([m.length]);
      for (const i of prange(m.length)) {
        let s = 0;
        for (let j = 0; j < x.length; j++) s += m.at(i, j) * x.at(j);
        y.set(s, i);
      }
      return y;
    },
    () => [matrix(30, 20), vector(20)],
  ),
  specimen(
    "a matrix product",
    "three loops, an array result of two axes",
    (a: NDArray, b: NDArray) => {
      const [n, k] = a.shape as [number, number];
      const m = b.shape[1]!;
      const c = zeros([n, m]);
      for (const i of prange(n))
        for (let j = 0; j < m; j++) {
          let s = 0;
          for (let l = 0; l < k; l++) s += a.at(i, l) * b.at(l, j);
          c.set(s, i, j);
        }
      return c;
    },
    () => [matrix(17, 13), matrix(13, 11, 5)],
  ),
  specimen(
    "a transpose",
    "strided reads",
    (a: NDArray, t: NDArray) => {
      for (const i of prange(a.shape[0]!))
        for (let j = 0; j < a.shape[1]!; j++) t.set(a.at(i, j), j, i);
    },
    () => [matrix(9, 14), matrix(14, 9)],
  ),
  specimen(
    "a trace",
    "a diagonal's stride",
    (a: NDArray) => {
      let s = 0;
      for (let i = 0; i < a.length; i++) s += a.at(i, i);
      return s;
    },
    () => [matrix(12, 12)],
  ),
  specimen(
    "an outer product",
    "broadcast of one operand",
    (x: NDArray, y: NDArray, o: NDArray) => {
      for (const i of prange(x.length))
        for (let j = 0; j < y.length; j++) o.set(x.at(i) * y.at(j), i, j);
    },
    () => [vector(8), vector(9), matrix(8, 9)],
  ),
  specimen(
    "a LU decomposition in place",
    "loops whose bounds depend on others",
    (a: NDArray) => {
      const n = a.length;
      for (let k = 0; k < n; k++)
        for (let i = k + 1; i < n; i++) {
          const f = a.at(i, k) / a.at(k, k);
          a.set(f, i, k);
          for (let j = k + 1; j < n; j++) a.set(a.at(i, j) - f * a.at(k, j), i, j);
        }
    },
    () => [matrix(9, 9)],
  ),
  specimen(
    "a back substitution",
    "a loop that runs downwards",
    (a: NDArray, b: NDArray) => {
      for (let i = b.length - 1; i >= 0; i--) {
        let s = b.at(i);
        for (let j = i + 1; j < b.length; j++) s -= a.at(i, j) * b.at(j);
        b.set(s / (a.at(i, i) + 2), i);
      }
    },
    () => [matrix(8, 8), vector(8)],
  ),
  specimen(
    "a Cholesky factor",
    "sqrt and triangular loops",
    (a: NDArray) => {
      for (let j = 0; j < a.length; j++) {
        let d = a.at(j, j) + 20;
        for (let k = 0; k < j; k++) d -= a.at(j, k) ** 2;
        const root = Math.sqrt(d);
        a.set(root, j, j);
        for (let i = j + 1; i < a.length; i++) {
          let s = a.at(i, j);
          for (let k = 0; k < j; k++) s -= a.at(i, k) * a.at(j, k);
          a.set(s / root, i, j);
        }
      }
    },
    () => [matrix(8, 8)],
  ),
  specimen(
    "the largest element and its place",
    "a max that carries an index, serial",
    (x: NDArray) => {
      let best = -Infinity;
      let at = -1;
      for (let i = 0; i < x.length; i++)
        if (x.at(i) > best) {
          best = x.at(i);
          at = i;
        }
      return { best, at };
    },
    () => [vector(100)],
  ),
  specimen(
    "minimum and maximum",
    "two reductions of one loop",
    (x: NDArray) => {
      let low = Infinity;
      let high = -Infinity;
      for (const i of prange(x.length)) {
        low = Math.min(low, x.at(i));
        high = Math.max(high, x.at(i));
      }
      return [low, high];
    },
    () => [vector(1001)],
  ),
  specimen(
    "a product of many factors",
    "a product as a reduction",
    (x: NDArray) => {
      let p = 1;
      for (const i of prange(x.length)) p *= 1 + 0.01 * x.at(i);
      return p;
    },
    () => [vector(400)],
    REORDERED,
  ),
  specimen(
    "mean and variance in one pass",
    "Welford's recurrence, serial",
    (x: NDArray) => {
      let [mean, m2] = [0, 0];
      for (let i = 0; i < x.length; i++) {
        const d = x.at(i) - mean;
        mean += d / (i + 1);
        m2 += d * (x.at(i) - mean);
      }
      return [mean, m2 / (x.length - 1)];
    },
    () => [vector(200)],
  ),
  specimen(
    "a heat step on a line",
    "a stencil of three, the edges apart",
    (u: NDArray, next: NDArray) => {
      const n = u.length;
      for (const i of prange(1, n - 1))
        next.set(u.at(i) + 0.1 * (u.at(i - 1) - 2 * u.at(i) + u.at(i + 1)), i);
      next.set(u.at(0), 0);
      next.set(u.at(n - 1), n - 1);
    },
    () => [vector(101), vector(101, 9)],
  ),
  specimen(
    "a Laplacian in two dimensions",
    "a stencil of five",
    (u: NDArray, next: NDArray) => {
      const [rows, columns] = u.shape as [number, number];
      for (const i of prange(1, rows - 1))
        for (let j = 1; j < columns - 1; j++)
          next.set(
            u.at(i - 1, j) + u.at(i + 1, j) + u.at(i, j - 1) + u.at(i, j + 1) - 4 * u.at(i, j),
            i,
            j,
          );
    },
    () => [matrix(20, 23), matrix(20, 23, 7)],
  ),
  specimen(
    "Gauss–Seidel sweeps",
    "a loop that must stay serial",
    (u: NDArray) => {
      for (let s = 0; s < 5; s++)
        for (let i = 1; i < u.length - 1; i++) u.set(0.5 * (u.at(i - 1) + u.at(i + 1)), i);
    },
    () => [vector(40)],
  ),
  specimen(
    "a periodic wave step",
    "the remainder of an index",
    (u: NDArray, w: NDArray) => {
      const n = u.length;
      for (const i of prange(n))
        w.set(
          2 * u.at(i) - w.at(i) + 0.25 * (u.at((i + 1) % n) - 2 * u.at(i) + u.at((i + n - 1) % n)),
          i,
        );
    },
    () => [vector(64), vector(64, 2)],
  ),
  specimen(
    "a convolution",
    "a window at each element",
    (x: NDArray, k: NDArray, y: NDArray) => {
      for (const i of prange(y.length)) {
        let s = 0;
        for (let j = 0; j < k.length; j++) s += x.at(i + j) * k.at(j);
        y.set(s, i);
      }
    },
    () => [vector(60), vector(5), vector(56)],
  ),
  specimen(
    "a steps-of-two average",
    "prange with a step",
    (x: NDArray, y: NDArray) => {
      for (const i of prange(0, x.length - 1, 2)) y.set((x.at(i) + x.at(i + 1)) / 2, i);
    },
    () => [vector(41), vector(41, 4)],
  ),
  specimen(
    "a four-axis sum along the last",
    "four axes",
    (a: NDArray, out: NDArray) => {
      const [n, m, k, l] = a.shape as [number, number, number, number];
      for (const i of prange(n))
        for (let j = 0; j < m; j++)
          for (let p = 0; p < k; p++) {
            let s = 0;
            for (let q = 0; q < l; q++) s += a.at(i, j, p, q);
            out.set(s, i, j, p);
          }
    },
    () => [vector(120).reshape(2, 3, 4, 5), vector(24).reshape(2, 3, 4)],
  ),
  specimen(
    "a slice's row sums",
    "a view with gaps as an argument",
    (a: NDArray) => {
      const out = zeros([a.shape[0]!]);
      for (const i of prange(a.shape[0]!)) {
        let s = 0;
        for (let j = 0; j < a.shape[1]!; j++) s += a.at(i, j);
        out.set(s, i);
      }
      return out;
    },
    () => [matrix(10, 12).slice([2, 9], [1, -3])],
  ),
  specimen(
    "rows by a view made in the loop",
    "slice inside a kernel",
    (a: NDArray, out: NDArray) => {
      for (const i of prange(a.shape[0]!)) {
        const row = a.slice(i);
        let s = 0;
        for (let j = 0; j < row.length; j++) s += row.at(j);
        out.set(s, i);
      }
    },
    () => [matrix(7, 9), vector(7)],
  ),
  specimen(
    "a cumulative sum",
    "a prefix sum, serial",
    (x: NDArray, y: NDArray) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) {
        s += x.at(i);
        y.set(s, i);
      }
    },
    () => [vector(90), vector(90, 5)],
  ),
];
