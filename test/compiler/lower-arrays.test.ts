import assert from "node:assert/strict";
import { NDArray } from "../../kernel-lib/src/runtime/ndarray.js";
import { array, full, zeros } from "../../kernel-lib/src/runtime/arrays.js";
import { bound, compiled, expectSame, prange } from "./source.js";
import { SiteError } from "./run.js";

describe("lowering arrays", () => {
  const matrix = (): NDArray =>
    array([
      [1, 2, 3],
      [4, 5, 6],
    ]);

  it("reads and writes NDArrays and their parts", () => {
    expectSame(
      (m: NDArray) => {
        const [rows, columns] = m.shape as [number, number];
        let total = 0;
        for (let i = 0; i < rows; i++) {
          const row = m.slice(i);
          for (let j = 0; j < columns; j++) {
            total = 10 * total + row.at(j);
            row.set(row.at(j) * 2, j);
          }
        }
        const column = m.slice(undefined, -1);
        const part = m.slice([0, 2], [-2]);
        return [
          total,
          m.size,
          m.length,
          column.length,
          column.at(1),
          part.at(1, 0),
          part.shape[1]!,
        ];
      },
      [matrix()],
    );
  });

  it("sees strides of views that are passed in", () => {
    const view = matrix().slice(undefined, [1]);
    expectSame(
      (m: NDArray) => {
        let s = 0;
        for (const x of m) s = s * 10 + x;
        return s + m.at(1, 1);
      },
      [view],
    );
  });

  it("makes arrays", () => {
    expectSame(
      (n: number) => {
        const a = zeros([n, 2]);
        for (let i = 0; i < n; i++) a.set(i, i, 1);
        const b = new Float64Array(n);
        b.fill(2);
        const c = new Int32Array([1.7, n, -2]);
        const d = full([2], 7, "int32");
        return { a, b, c, d, sum: c[0]! + d.at(1) };
      },
      [3],
    );
  });

  it("swaps two arrays", () => {
    expectSame(
      (a: Float64Array, steps: number) => {
        let now = a;
        let next: Float64Array = new Float64Array(a.length);
        for (let step = 0; step < steps; step++) {
          for (let i = 1; i < a.length - 1; i++) next[i] = now[i - 1]! + now[i + 1]!;
          [now, next] = [next, now];
        }
        return now;
      },
      [Float64Array.of(0, 1, 2, 3, 0), 3],
    );
  });

  it("reads captured arrays", () => {
    const table = Float64Array.of(1, 2, 4);
    const image = matrix();
    const look = (i: number) => table[i]! + image.at(0, i);
    expectSame(
      (n: number) => {
        let s = 0;
        for (const i of prange(n)) s += look(i) * table[2 - i]!;
        return s;
      },
      [3],
      { table, image, look: bound(look, () => ({ table, image })) },
    );
  });

  it("stores as typed arrays do", () => {
    for (const a of [
      new Uint8Array(4),
      new Int16Array(4),
      new Float32Array(4),
      new Uint32Array(4),
    ]) {
      expectSame(
        (a: Uint8Array, x: number) => {
          a[0] = x;
          a[1] = -x;
          a[2] = x / 3;
          const y = (a[3] = x * 1.5);
          a[0] += 1;
          return y + a[1];
        },
        [a, 300.7],
      );
    }
  });

  it("fails where an index isn't inside, or isn't whole", () => {
    const read = (a: Float64Array, i: number) => a[i]!;
    for (const i of [-1, 3, 0.5, NaN, Infinity]) {
      assert.throws(() => compiled(read, [new Float64Array(3), i]), SiteError);
    }
    assert.throws(() => compiled((n: number) => new Float64Array(n).length, [-1]), SiteError);
  });
});
