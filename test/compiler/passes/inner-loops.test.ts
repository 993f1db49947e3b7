import assert from "node:assert/strict";
import { arange, jit, type NDArray, prange, zeros } from "hotcell";
import { expectSame, reasons } from "../inner-loops.js";
import { vector } from "../zoo/specimen.js";

describe("an ordinary loop runs several iterations at once", () => {
  it("where each sets an element of its own", () => {
    const stencil = expectSame(
      (from: NDArray, into: NDArray) => {
        for (let k = 1; k < from.length - 1; k++) {
          into.set(0.25 * from.at(k - 1) + 0.5 * from.at(k) + 0.25 * from.at(k + 1), k);
        }
      },
      (n) => [vector(n), zeros([n])],
    );
    assert.deepEqual(reasons(stencil), [undefined]);
    const inPlace = expectSame(
      (x: Float64Array, scale: number) => {
        for (let k = 0; k < x.length; k++) {
          if (x[k]! < 0) continue;
          x[k] = Math.sqrt(x[k]!) * scale;
        }
      },
      (n) => [Float64Array.from(vector(n)), 3],
    );
    assert.deepEqual(reasons(inPlace), [undefined]);
  });

  it("in the two halves of a butterfly, which never meet", () => {
    const butterflies = expectSame(
      (re: NDArray, im: NDArray) => {
        const half = re.length >> 2;
        for (let pair = 0; pair < 2; pair++) {
          const start = 2 * pair * half;
          for (let k = start; k < start + half; k++) {
            const [a, b] = [re.at(k), re.at(k + half)];
            const [c, d] = [im.at(k), im.at(k + half)];
            re.set(a + b, k);
            re.set(a - b, k + half);
            im.set(c + d, k);
            im.set(c - d, k + half);
          }
        }
      },
      (n) => [vector(n), vector(n, 5)],
    );
    assert.equal(reasons(butterflies)[1], undefined);
  });

  it("on arrays that an iteration of a prange makes for itself", () => {
    const rows = expectSame(
      (m: NDArray, into: NDArray) => {
        for (const i of prange(m.length)) {
          const row = zeros([m.shape[1]!]);
          for (let k = 0; k < row.length; k++) row.set(Math.abs(m.at(i, k)) + 1, k);
          for (let k = 0; k < row.length; k++) into.set(1 / row.at(k), i, k);
        }
      },
      (n) => [vector(5 * n).reshape(5, n), zeros([5, n])],
    );
    assert.deepEqual(reasons(rows), [
      "makes the array zeros in each iteration",
      undefined,
      undefined,
    ]);
  });

  it("where a prange would reach far apart elements, and says so", () => {
    const rows = expectSame(
      (m: NDArray, largest: NDArray) => {
        for (const i of prange(m.length)) {
          let most = -Infinity;
          for (let k = 0; k < m.shape[1]!; k++) most = Math.max(most, m.at(i, k));
          largest.set(most, i);
        }
      },
      (n) => [vector(7 * n).reshape(7, n), zeros([7])],
    );
    assert.deepEqual(reasons(rows), ["a loop in it reaches its elements side by side", undefined]);
  });

  it("also where the loop stands there twice, with and without checks", () => {
    const pushed = expectSame(
      (x: NDArray, into: NDArray, starts: NDArray) => {
        for (const c of prange(into.length)) {
          for (let d = 1; d < 4; d++) {
            const first = starts.at(c) + d;
            for (let k = 0; k < 9; k++) {
              const by = x.at(first + k) - x.at(first + k + d);
              const [near, far] = [x.at(first + k), x.at(first + k + 2 * d)];
              into.set(into.at(c, k) + by / (1 + near * far * Math.sqrt(by * by)), c, k);
            }
          }
        }
      },
      (n) => [vector(n + 20), zeros([n, 9]), arange(n)],
    );
    assert.deepEqual(reasons(pushed), [
      "a loop in it reaches its elements side by side",
      "a loop in it is",
      undefined,
    ]);
  });

  it("but not where all iterations of a prange read what the loop would have to gather", () => {
    const nearest = expectSame(
      (m: NDArray, squares: NDArray) => {
        for (const i of prange(m.length)) {
          let least = Infinity;
          for (let k = 0; k < m.length; k++) {
            const [dx, dy] = [m.at(k, 0) - m.at(i, 0), m.at(k, 1) - m.at(i, 1)];
            if (k !== i) least = Math.min(least, dx * dx + dy * dy);
          }
          squares.set(least, i, 0);
          squares.set(Math.sqrt(least), i, 1);
        }
      },
      (n) => [vector(2 * n).reshape(n, 2), zeros([n, 2])],
    );
    assert.equal(reasons(nearest)[0], undefined);
  });

  it("where it takes a minimum or a maximum, of NaN and −0 as well", () => {
    for (const odd of [[], [-0], [0, -0], [-0, 0], [NaN], [Infinity], [-Infinity, NaN]]) {
      const extremes = expectSame(
        (x: NDArray, start: number) => {
          let [least, most] = [start, start];
          for (let k = 0; k < x.length; k++) {
            least = Math.min(least, Math.abs(x.at(k)));
            most = Math.max(x.at(k), most);
          }
          return [1 / least, 1 / most, least];
        },
        (n) => {
          const x = zeros([n + odd.length]);
          odd.forEach((value, k) => {
            x.set(value, (k + n) >> 1);
          });
          return [x, -0];
        },
      );
      assert.deepEqual(reasons(extremes), [undefined]);
    }
  });

  it("up to an end that its counter is compared with ahead of itself", () => {
    const differences = expectSame(
      (from: NDArray, into: NDArray) => {
        for (let k = 0; k + 1 < from.length; k++) into.set(from.at(k + 1) - from.at(k), k);
        for (let k = 2; from.length >= k + 3; k++) into.set(into.at(k) / 3, k);
        for (let k = 1; k - 1 <= into.length; k++) if (k < 5) into.set(0.5 * k, 0);
      },
      (n) => [vector(n + 4), zeros([n + 4])],
    );
    assert.deepEqual(reasons(differences).slice(0, 2), [undefined, undefined]);
  });

  it("in rows that end where another array says", () => {
    const scaled = expectSame(
      (ends: Int32Array, x: Float64Array, y: Float64Array) => {
        for (let i = 0; i + 1 < ends.length; i++) {
          const end = ends[i + 1]!;
          for (let k = ends[i]!; k < end; k++) y[k] = 2 * x[k]! + i;
        }
      },
      (n) => [Int32Array.of(0, n >> 2, n >> 1, n >> 1, n), vector(n).data, new Float64Array(n)],
    );
    assert.equal(reasons(scaled)[1], undefined);
  });

  it("and fails where the plain loop does, with the same elements written", () => {
    const gathering = jit(
      (x: Float64Array, at: Int32Array, into: Float64Array) => {
        for (let k = 0; k < at.length; k++) into[k] = Math.sqrt(x[at[k]!]! + 1);
      },
      { cache: false },
    );
    const x = Float64Array.from({ length: 50 }, (_, k) => k);
    for (const wrong of [0, 1, 6, 17, 38, 40]) {
      const at = Int32Array.from({ length: 41 }, (_, k) => (k * 7) % 50);
      at[wrong] = 1000 + wrong;
      const into = new Float64Array(41).fill(-1);
      assert.throws(
        () => {
          gathering(x, at, into);
        },
        new RegExp(`index ${1000 + wrong} is outside`),
      );
      assert.deepEqual(
        [...into],
        Array.from(into, (_, k) => (k < wrong ? Math.sqrt(x[at[k]!]! + 1) : -1)),
      );
    }
    assert.deepEqual(reasons(gathering), [undefined]);
  });
});
