/* eslint-disable prefer-const, @typescript-eslint/no-unnecessary-condition -- what a compiler has to cope with */
import assert from "node:assert/strict";
import { NDArray } from "../../kernel-lib/src/runtime/ndarray.js";
import { arange, array, linspace, zeros } from "../../kernel-lib/src/runtime/arrays.js";
import { compiled, expectSame, prange } from "./source.js";
describe("lowering whole kernels", () => {
  it("sums forces between particles", () => {
    expectSame(
      (pos: NDArray, mass: Float64Array) => {
        const n = pos.shape[0]!;
        const force = zeros([n, 3]);
        for (const i of prange(n)) {
          const [xi, yi, zi] = [pos.at(i, 0), pos.at(i, 1), pos.at(i, 2)];
          let f = { x: 0, y: 0, z: 0 };
          for (let j = 0; j < n; j++) {
            if (i === j) continue;
            const d = [pos.at(j, 0) - xi, pos.at(j, 1) - yi, pos.at(j, 2) - zi] as const;
            let r2 = 1e-12;
            for (const c of d) r2 += c * c;
            const s = (mass[i]! * mass[j]!) / (r2 * Math.sqrt(r2));
            f.x += s * d[0];
            f.y += s * d[1];
            f.z += s * d[2];
          }
          force.set(f.x, i, 0);
          force.set(f.y, i, 1);
          force.set(f.z, i, 2);
        }
        return force;
      },
      [
        array([
          [0, 1, 2],
          [3, 4, 5],
          [1, 0, 1],
        ]),
        Float64Array.of(1, 2, 3),
      ],
    );
  });
  it("counts into a histogram", () => {
    expectSame(
      (x: Float64Array, bins: number) => {
        const h = new Int32Array(bins);
        for (const i of prange(x.length)) h[Math.min(bins - 1, Math.floor(x[i]! * bins))]! += 1;
        return h;
      },
      [Float64Array.of(0.1, 0.2, 0.9, 0.99), 4],
    );
  });
  it("iterates points of the plane until they escape", () => {
    expectSame(
      (out: NDArray) => {
        const [h, w] = out.shape as [number, number];
        for (const y of prange(h))
          for (let x = 0; x < w; x++) {
            const cr = -2 + (3 * x) / w,
              ci = -1 + (2 * y) / h;
            let zr = 0,
              zi = 0,
              k = 0;
            while (zr * zr + zi * zi <= 4 && k < 50) {
              [zr, zi] = [zr * zr - zi * zi + cr, 2 * zr * zi + ci];
              k++;
            }
            out.set(k, y, x);
          }
      },
      [zeros([6, 8])],
    );
  });
  it("keeps JavaScript's order and identity where a line does several things", () => {
    expectSame(
      (n: number, a: Float64Array) => {
        let i = 0;
        a[i++] = i;
        a[i] = a[i - 1]! + (i = 2);
        const swap = (p: { x: number; y: number }) => {
          [p.x, p.y] = [p.y, p.x];
          return p;
        };
        const p = { x: n, y: 2 };
        const q = swap(swap(swap(p)));
        let v = [1, 2];
        let w = [3, 4];
        for (let k = 0; k < 3; k++) [v, w] = [w, [...v]];
        const f = (k: number) => {
          if (k > 1) return { r: k, ok: true };
          return { r: 0, ok: false };
        };
        let { r, ok } = f(n);
        const t = n > 3 ? [1, n] : [2, 3];
        const m = [
          [1, 2],
          [3, 4],
        ] as const;
        let s = 0;
        for (let y = 0; y < 2; y++) for (let x = 0; x < 2; x++) s += m[y]![x]! * (y + 1);
        for (const [key, val] of [
          [1, 2],
          [3, 4],
        ] as const)
          s += key * val;
        let u: number | undefined = n;
        u ??= 3;
        let z = 5;
        z &&= 7;
        z ||= 9;
        const late = () => hoisted(2);
        function hoisted(k: number) {
          return k * n;
        }
        const c = (s++, s);
        return [
          i,
          q.x,
          p.y,
          v,
          w,
          r,
          ok,
          t,
          s,
          u,
          z,
          late(),
          c,
          void 0 === undefined,
          typeof n === "number",
        ];
      },
      [4, new Float64Array(3)],
    );
  });
  it("leaves a loop over a matrix, and nests pranges", () => {
    expectSame(
      (m: NDArray) => {
        let s = 0;
        for (const x of m) {
          if (x > 4) break;
          if (x === 2) continue;
          s += x;
        }
        for (const i of prange(3)) {
          for (const j of prange(2)) {
            if (j > 0) continue;
            m.set(i, 0, i);
          }
          if (i >= 0) continue;
        }
        return s;
      },
      [
        array([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ],
    );
  });
  it("counts pranges by fractions and backwards", () => {
    expectSame(
      (n: number, a: Float64Array) => {
        let s = 0;
        for (const x of prange(0.5, n, 0.5)) {
          s += x;
        }
        for (const x of prange(n, 0, -n)) a[x] = -1;
        return s;
      },
      [2, new Float64Array(4)],
    );
  });

  it("makes arrays of given and of evenly spaced numbers", () => {
    expectSame(
      (n: number, x: Float64Array, m: NDArray) => ({
        list: array([n, 2 * n, -0]),
        table: array([
          [n, 1, 2],
          [3, 4, n],
        ]),
        single: array([0.1, n], "float32"),
        copy: array(x),
        column: array(m.slice(undefined, 1)),
        grid: linspace(-1, n, 7),
        one: linspace(n, 2, 1),
        none: linspace(0, 1, 0),
        fifty: linspace(0, n),
        up: arange(n),
        tenths: arange(1, 1.3, 0.1),
        down: arange(n, -2, -0.75),
        empty: arange(n, 0),
      }),
      [
        4.5,
        Float64Array.of(3, 1, 2),
        array([
          [1, 2],
          [3, 4],
        ]),
      ],
    );
  });

  it("refuses ranges without an end", () => {
    assert.throws(() => compiled((step: number) => arange(0, 1, step), [0]), /./);
    assert.throws(() => compiled((stop: number) => arange(0, stop), [Infinity]), /./);
  });
});
