/** Control flow, scopes, tuples and objects, arrays of every kind. */
import { type DType, type NDArray, prange, zeros } from "hotcell";
import { integers, matrix, REORDERED, specimen, type Specimen, vector } from "./specimen.js";

const dtypes: readonly DType[] = [
  "float64",
  "float32",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
];
const weight = (x: number, scale = 2): number => (x > 0 ? x * scale : -x);
const lengthOf = ({ x, y }: { x: number; y: number }): number => Math.sqrt(x * x + y * y);
const rotate = ([x, y]: readonly [number, number]): [number, number] => [-y, x];
const apply = (f: (x: number) => number, x: number): number => f(f(x));
const table = new Float64Array([1, 4, 9, 16]);

export const language: readonly Specimen[] = [
  specimen(
    "grades by switch",
    "switch with fall-through and default",
    (n: NDArray<"int32">) => {
      for (const i of prange(n.length)) {
        let g = 0;
        switch (n.at(i)) {
          case 0:
          case 1:
            g = 10;
            break;
          // @ts-expect-error: it falls through on purpose
          case 2:
            g += 5;
          case 3:
            g += 20;
            break;
          default:
            g = -1;
        }
        n.set(g, i);
      }
    },
    () => [integers(40, 6, "int32")],
  ),
  specimen(
    "an early return",
    "return from the middle of a loop",
    (x: NDArray) => {
      for (let i = 0; i < x.length; i++) if (x.at(i) > 0.9) return i;
      return -1;
    },
    () => [vector(90)],
  ),
  specimen(
    "the first common element",
    "a labelled break",
    (a: NDArray<"int32">, b: NDArray<"int32">) => {
      let found = -1;
      search: for (let i = 0; i < a.length; i++)
        for (let j = 0; j < b.length; j++)
          if (a.at(i) === b.at(j) + 3) {
            found = i * 1000 + j;
            break search;
          }
      return found;
    },
    () => [integers(30, 90, "int32"), integers(30, 90, "int32", 50)],
  ),
  specimen(
    "rows without a negative",
    "a labelled continue",
    (a: NDArray) => {
      let count = 0;
      rows: for (let i = 0; i < a.shape[0]!; i++) {
        for (let j = 0; j < a.shape[1]!; j++) if (a.at(i, j) < -0.5) continue rows;
        count++;
      }
      return count;
    },
    () => [matrix(50, 3)],
  ),
  specimen(
    "a state machine of two states",
    "a state in a number",
    (x: NDArray) => {
      let [state, changes] = [0, 0];
      for (let i = 0; i < x.length; i++) {
        if (state === 0 && x.at(i) > 0.5) {
          state = 1;
          changes++;
        } else if (state === 1 && x.at(i) < -0.5) {
          state = 0;
          changes++;
        }
      }
      return changes;
    },
    () => [vector(300)],
  ),
  specimen(
    "weights with a default argument",
    "default parameters of a callee",
    (x: NDArray) => {
      for (const i of prange(x.length)) x.set(weight(x.at(i)) + weight(x.at(i), 3), i);
    },
    () => [vector(60)],
  ),
  specimen(
    "lengths of objects",
    "an object literal as an argument, destructured",
    (x: NDArray) => {
      for (const i of prange(x.length)) x.set(lengthOf({ x: x.at(i), y: i }), i);
    },
    () => [vector(60)],
  ),
  specimen(
    "rotated pairs",
    "tuples in and out of a function",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        let p: [number, number] = [x.at(i), 1];
        for (let k = 0; k < 3; k++) p = rotate(p);
        x.set(p[0] + 10 * p[1], i);
      }
    },
    () => [vector(60)],
  ),
  specimen(
    "a function applied twice",
    "a function as an argument",
    (x: NDArray) => {
      for (const i of prange(x.length)) {
        const k = i;
        x.set(
          apply((v) => v * 2 + k, x.at(i)),
          i,
        );
      }
    },
    () => [vector(40)],
  ),
  specimen(
    "a function inside the kernel",
    "a nested function declaration",
    (x: NDArray) => {
      function inner(v: number): number {
        return v > 0 ? v : inner2(v);
      }
      const inner2 = (v: number): number => v * v;
      for (const i of prange(x.length)) x.set(inner(x.at(i)), i);
    },
    () => [vector(40)],
  ),
  specimen(
    "a result of several members",
    "an object result",
    (x: NDArray) => {
      let [low, high] = [0, 0];
      for (let i = 0; i < x.length; i++)
        if (x.at(i) < 0) low++;
        else high++;
      return { low, high, share: low / x.length, any: low > 0 };
    },
    () => [vector(40)],
  ),
  specimen(
    "an object as an argument",
    "members of a parameter",
    (p: { a: number; on: boolean }, x: number) => (p.on ? p.a * x : -1),
    () => [{ a: 3, on: true }, 4],
  ),
  specimen(
    "a swap by destructuring",
    "assignment to a pattern",
    (a: number, b: number) => {
      let [x, y] = [a, b];
      for (let i = 0; i < 5; i++) [x, y] = [y, x + y];
      return [x, y];
    },
    () => [1, 2],
  ),
  specimen(
    "booleans",
    "boolean parameters and results",
    (a: boolean, b: boolean) => (a && !b) || (!a && b),
    () => [true, false],
  ),
  specimen(
    "shadowed names",
    "inner scopes",
    (n: number) => {
      const x = 1;
      let s = 0;
      for (let i = 0; i < n; i++) {
        const x = i * 2;
        {
          const x = i + 100;
          s += x;
        }
        s += x;
      }
      return s + x;
    },
    () => [7],
  ),
  specimen(
    "a captured typed array by an index",
    "a captured table",
    (n: NDArray<"int32">, x: NDArray) => {
      for (const i of prange(x.length)) x.set(table[n.at(i)]! + x.at(i), i);
    },
    () => [integers(50, 4, "int32"), vector(50)],
  ),
  specimen(
    "a comma and compound assignments",
    "every compound assignment",
    (a: number) => {
      let x = a;
      x += 3;
      x -= 1;
      x *= 2;
      x /= 3;
      x **= 2;
      x %= 7;
      x <<= 3;
      x |= 5;
      x &= 61;
      x ^= 9;
      x >>= 1;
      x >>>= 0;
      return x;
    },
    () => [5],
  ),
  specimen(
    "increments before and after",
    "++ and -- as values",
    (n: number) => {
      let [i, s] = [0, 0];
      while (i < n) s += i++ * 2 + ++i - i--;
      return s;
    },
    () => [9],
  ),
  specimen(
    "nested choices",
    "?: in ?:",
    (x: NDArray) => {
      for (const i of prange(x.length))
        x.set(x.at(i) > 0.5 ? 2 : x.at(i) > 0 ? 1 : x.at(i) > -0.5 ? -1 : -2, i);
    },
    () => [vector(80)],
  ),
  specimen(
    "a loop that never runs",
    "empty ranges",
    (x: NDArray) => {
      let s = 5;
      for (const i of prange(3, 3)) s += i;
      for (let i = 9; i < 3; i++) s++;
      for (const i of prange(0)) x.set(1, i);
      return s;
    },
    () => [vector(3)],
  ),
  specimen(
    "a histogram",
    "a reduction into an array's elements",
    (x: NDArray, bins: number) => {
      const counts = zeros([bins]);
      for (const i of prange(x.length)) {
        const bin = Math.min(bins - 1, Math.floor(((x.at(i) + 1) / 2) * bins));
        counts.set(counts.at(bin) + 1, bin);
      }
      return counts;
    },
    () => [vector(2000), 16],
  ),
  specimen(
    "a weighted histogram",
    "sums into an array's elements",
    (n: NDArray<"int32">, w: NDArray) => {
      const sums = zeros([8]);
      for (const i of prange(n.length)) sums.set(sums.at(n.at(i)) + w.at(i), n.at(i));
      return sums;
    },
    () => [integers(900, 8, "int32"), vector(900)],
    REORDERED,
  ),
  specimen(
    "counts above a limit",
    "a conditional count",
    (x: NDArray, limit: number) => {
      let n = 0;
      for (const i of prange(x.length)) if (x.at(i) > limit) n += 1;
      return n;
    },
    () => [vector(1500), 0.2],
  ),
  specimen(
    "a gather",
    "indices from an array",
    (n: NDArray<"int32">, x: NDArray, y: NDArray) => {
      for (const i of prange(n.length)) y.set(x.at(n.at(i)), i);
    },
    () => [integers(70, 50, "int32"), vector(50), vector(70)],
  ),
  specimen(
    "a serial scatter",
    "writes at indices from an array",
    (n: NDArray<"int32">, x: NDArray, y: NDArray) => {
      for (let i = 0; i < n.length; i++) y.set(x.at(i), n.at(i));
    },
    () => [integers(50, 70, "int32"), vector(50), vector(70)],
  ),
  specimen(
    "an insertion sort",
    "while with a bounds test before an access",
    (x: NDArray) => {
      for (let i = 1; i < x.length; i++) {
        const v = x.at(i);
        let j = i - 1;
        while (j >= 0 && x.at(j) > v) {
          x.set(x.at(j), j + 1);
          j--;
        }
        x.set(v, j + 1);
      }
    },
    () => [vector(60)],
  ),
  specimen(
    "a bitonic sorting network",
    "xor of indices",
    (x: NDArray) => {
      const n = x.length;
      for (let k = 2; k <= n; k *= 2)
        for (let j = k / 2; j >= 1; j /= 2)
          for (let i = 0; i < n; i++) {
            const l = i ^ j;
            if (l <= i) continue;
            const up = (i & k) === 0;
            const [a, b] = [x.at(i), x.at(l)];
            if (up ? a > b : a < b) {
              x.set(b, i);
              x.set(a, l);
            }
          }
    },
    () => [vector(64)],
  ),
  specimen(
    "rows sorted by a network of four",
    "compare and exchange in a prange",
    (a: NDArray) => {
      for (const i of prange(a.shape[0]!)) {
        let [p, q, r, s] = [a.at(i, 0), a.at(i, 1), a.at(i, 2), a.at(i, 3)];
        [p, q] = [Math.min(p, q), Math.max(p, q)];
        [r, s] = [Math.min(r, s), Math.max(r, s)];
        [p, r] = [Math.min(p, r), Math.max(p, r)];
        [q, s] = [Math.min(q, s), Math.max(q, s)];
        [q, r] = [Math.min(q, r), Math.max(q, r)];
        a.set(p, i, 0);
        a.set(q, i, 1);
        a.set(r, i, 2);
        a.set(s, i, 3);
      }
    },
    () => [matrix(33, 4)],
  ),
  specimen(
    "a binary search",
    "halved ranges with >> 1",
    (x: NDArray, key: number) => {
      let [low, high] = [0, x.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (x.at(middle) < key) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    () => [vector(40), 0.1],
  ),
  specimen(
    "an array made in each iteration",
    "zeros inside a prange",
    (out: NDArray) => {
      for (const i of prange(out.length)) {
        const work = zeros([4]);
        for (let k = 0; k < 4; k++) work.set(i * k, k);
        let s = 0;
        for (let k = 0; k < 4; k++) s += work.at(k);
        out.set(s, i);
      }
    },
    () => [vector(50)],
  ),
  specimen(
    "Conway's life",
    "uint8, neighbours modulo the size",
    (a: NDArray<"uint8">, b: NDArray<"uint8">) => {
      const [n, m] = a.shape as [number, number];
      for (const i of prange(n))
        for (let j = 0; j < m; j++) {
          let s = 0;
          for (let di = -1; di <= 1; di++)
            for (let dj = -1; dj <= 1; dj++)
              if (di !== 0 || dj !== 0) s += a.at((i + di + n) % n, (j + dj + m) % m);
          b.set(s === 3 || (s === 2 && a.at(i, j) === 1) ? 1 : 0, i, j);
        }
    },
    () => [integers(120, 2, "uint8").reshape(10, 12), integers(120, 2, "uint8", 9).reshape(10, 12)],
  ),
  ...dtypes.map((dtype) =>
    specimen(
      `what ${dtype} makes of numbers too large for it`,
      "stores that wrap or round",
      (x: NDArray, y: NDArray) => {
        for (const i of prange(x.length)) y.set(x.at(i) * 1000 * i + 0.5, i);
        return y.at(1);
      },
      () => [vector(300), zeros([300], dtype) as NDArray],
    ),
  ),
  ...dtypes.map((dtype) =>
    specimen(
      `sums of ${dtype}`,
      "loads of every dtype",
      (x: NDArray) => {
        let s = 0;
        for (let i = 0; i < x.length; i++) s += x.at(i);
        return s;
      },
      () => [integers<DType>(200, 120, dtype)],
    ),
  ),
];
