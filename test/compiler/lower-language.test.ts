import assert from "node:assert/strict";
import { NDArray } from "../../kernel-lib/src/runtime/ndarray.js";
import { array, full, zeros } from "../../kernel-lib/src/runtime/arrays.js";
import { bound, compiled, expectSame, prange } from "./source.js";
import { SiteError } from "./run.js";

/* eslint-disable prefer-const, no-var -- the language has them */

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  3,
  7.75,
  1e10,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  NaN,
  Infinity,
  -Infinity,
];

describe("lowering expressions", () => {
  const operators: Record<string, (a: number, b: number) => unknown> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "&": (a, b) => a & b,
    "|": (a, b) => a | b,
    "^": (a, b) => a ^ b,
    "<<": (a, b) => a << b,
    ">>": (a, b) => a >> b,
    ">>>": (a, b) => a >>> b,
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "===": (a, b) => a === b,
    "!==": (a, b) => a !== b,
    "==": (a, b) => a == b,
    "&&": (a, b) => a && b,
    "||": (a, b) => a || b,
    "? :": (a, b) => (a > b ? a : b),
    "! and !!": (a, b) => [!a, !!b],
    "- + ~": (a, b) => [-a, +(a < b), ~a],
    "** of 2 and -1": (a, b) => [a ** 2, b ** -1, a ** 1],
    "min and max": (a, b) => [Math.min(a, b), Math.max(a, b, 2), Math.min(), Math.max()],
    "abs sqrt floor ceil trunc": (a, b) => [
      Math.abs(a),
      Math.sqrt(a),
      Math.floor(b),
      Math.ceil(b),
      Math.trunc(b),
    ],
    "imul and clz32": (a, b) => [Math.imul(a, b), Math.clz32(a)],
    "the tests of Number": (a, b) => [
      Number.isNaN(a),
      isFinite(a),
      Number.isInteger(a),
      Number.isSafeInteger(b),
    ],
    "the constants": (a) => [Math.PI + a, Math.E, Math.SQRT1_2, Number.EPSILON, Infinity, NaN],
    "x | 0 and x >>> 0": (a, b) => [a | 0, b >>> 0, (a | 0) + (b | 0)],
    "booleans in calculations": (a, b) => [Number(a > b) + Number(b > 1), +(a < b)],
    "a list with a varying index": (a) => {
      const list = [10, 20, 30];
      return list[(a & 1) + 1];
    },
  };
  for (const [name, fn] of Object.entries(operators)) {
    it(`computes ${name} as JavaScript does`, () => {
      for (const a of numbers) for (const b of numbers) expectSame(fn, [a, b]);
    });
  }

  it("evaluates from left to right", () => {
    expectSame(
      (x: number) => {
        let y = x;
        const a = y + (y = 5) + y++ + ++y;
        let z = 1;
        z += z++ * 2 + z;
        const next = () => (y *= 2);
        const list = [y, next(), y, next()];
        return [a, y, z, list];
      },
      [3],
    );
  });

  it("evaluates only what JavaScript evaluates", () => {
    expectSame(
      (a: Float64Array, i: number) => {
        const inside = i < a.length ? a[i]! : -1;
        const both = i < a.length && a[i]! > 1;
        const either = i >= a.length || a[i]! > 1;
        let count = 0;
        const touch = () => ++count > 0;
        const skipped = inside > 100 && touch();
        return [inside, both, either, skipped, count];
      },
      [Float64Array.of(1, 2), 5],
    );
  });
});

describe("lowering variables", () => {
  it("knows var, let and const, shadowing and closures", () => {
    expectSame(
      (n: number) => {
        var total = 0;
        let x = n;
        const add = (by: number) => {
          total += by;
          return total;
        };
        {
          let x = 10;
          add(x);
          x = 20;
          add(x);
        }
        for (let i = 0; i < 3; i++) {
          let x = i;
          add(x);
          var last = x;
        }
        return [total, x, last!];
      },
      [7],
    );
  });

  it("gives a variable without a value the type of its first assignment", () => {
    expectSame(
      (a: Float64Array) => {
        let best;
        let found;
        let previous: number | undefined;
        let rises = 0;
        for (const x of a) {
          found = x > 3;
          if (previous! < x) rises++;
          previous = x;
        }
        if (found) best = 1;
        else best = 2;
        return [best, found, rises];
      },
      [Float64Array.of(1, 5, 2, 4)],
    );
  });

  it("takes lists and objects apart and puts them together", () => {
    expectSame(
      (n: number) => {
        const point = { x: n, y: 2 * n, inner: { z: 3 } };
        const {
          x,
          y: other,
          inner: { z },
          w = 9,
        } = point as typeof point & { w?: number };
        const [a, , b, ...rest] = [1, 2, x, 4, 5];
        let p = 1;
        let q = 2;
        [p, q] = [q, p];
        const copy = { ...point, x: 100 };
        copy.y += 1;
        const alias = point;
        alias.x = -1;
        return { x, other, z, w, a, b, rest, p, q, copy, px: point.x, list: [...rest, ...[x]] };
      },
      [4],
    );
  });

  it("writes elements of a list by a varying index", () => {
    expectSame(
      (n: number) => {
        const counts = [0, 0, 0];
        for (let i = 0; i < n; i++) counts[i & 1]! += i;
        return counts;
      },
      [10],
    );
  });
});

describe("lowering control flow", () => {
  it("runs every kind of loop", () => {
    expectSame(
      (n: number) => {
        let s = 0;
        for (let i = 0; i <= n; i += 2) s += i;
        for (let i = n; i > 0; i -= 3) s = 2 * s + i;
        for (let i = 0.5; i < n; i += 0.5) s += i;
        for (let i = 0; i <= 2.5; i += 0.5) s += i;
        for (let i = 0, j = n; i < j; i++, j--) s += i * j;
        for (let i = 0; n > i; i++) s -= 1;
        for (let i = 0; i < n; i++) {
          if (i === 3) i += 2;
          s += i;
        }
        let k = n;
        for (let i = 0; i < k; i++) k -= 0.5;
        do {
          s += k;
          k -= 1;
          if (k === 2) continue;
          s += 1;
        } while (k > 0);
        while (s > 1000) s /= 2;
        for (const x of [1, 2, 3]) {
          if (x === 2) continue;
          s += x;
        }
        return [s, k];
      },
      [12],
    );
  });

  it("evaluate a bound with effects anew each time", () => {
    expectSame(
      (n: number) => {
        let [v, most, s] = [0, 3, 0];
        for (let i = 1; i > Math.max((v = 0), -3); i -= 2) v = 2;
        for (let i = 0; i < Math.min(most++, n); i++) s += i;
        return [v, most, s];
      },
      [9],
    );
  });

  it("keep the label of a loop that doesn't count", () => {
    expectSame(
      (n: number) => {
        let s = 0;
        doubling: for (let i = 1; i < n; i *= 2)
          for (let j = 0; j < i; j++) {
            if (j === 3) continue doubling;
            if (s > 20) break doubling;
            s += j;
          }
        return s;
      },
      [100],
    );
  });

  it("switches", () => {
    const classify = (x: number) => {
      let r = 0;
      switch (x) {
        case 0:
          r = 1;
          break;
        case 1:
        case 2:
          r = 2;
          if (x === 1) break;
          r = 3;
          break;
        default:
          r = 9;
      }
      switch (x) {
        // @ts-expect-error -- falls through
        case 1:
          r += 10;
        case 2:
          r += 100;
          break;
        // @ts-expect-error -- falls through
        default:
          r += 1000;
        case 3:
          r += 10000;
      }
      switch (true) {
        case x > 2:
          return r + 0.5;
        default:
          return r;
      }
    };
    for (const x of [0, 1, 2, 3, 4]) expectSame(classify, [x]);
  });

  it("returns early from the kernel and from functions in it", () => {
    const kernel = (a: Float64Array, limit: number) => {
      const first = (from: number): number => {
        for (let i = from; i < a.length; i++) {
          if (a[i]! > limit) return i;
        }
        return -1;
      };
      const i = first(0);
      if (i < 0) return { at: -1, next: -1 };
      return { at: i, next: first(i + 1) };
    };
    for (const limit of [0, 2, 10]) expectSame(kernel, [Float64Array.of(1, 3, 2, 4), limit]);
  });

  it("ends with the error of a throw", () => {
    const kernel = (n: number) => {
      if (n < 0) throw new RangeError("n is negative");
      return n;
    };
    expectSame(kernel, [3]);
    assert.throws(() => compiled(kernel, [-1]), SiteError);
  });
});

describe("lowering functions", () => {
  const square = (x: number) => x * x;
  const apply = (f: (x: number) => number, x: number) => f(x);

  it("runs captured functions in place, also those given as arguments", () => {
    const scale = 3;
    const weights = [1, 2, 3];
    const scaled = (x: number) => scale * square(x) + weights[1]!;
    expectSame(
      (x: number) => {
        const twice = (f: (x: number) => number) => (x: number) => f(f(x));
        return apply(twice(scaled), x) + apply((y) => y - x, 1);
      },
      [2],
      { apply, scaled: bound(scaled, () => ({ scale, square, weights })) },
    );
  });

  it("knows defaults, rest and spread", () => {
    expectSame(
      (x: number) => {
        const f = (a: number, b = a + 1, ...rest: number[]) => a * 100 + b * 10 + rest.length;
        const pair = [4, 5] as const;
        return [f(x), f(1, 2), f(1, undefined, 3), f(...pair), Math.max(...pair, x)];
      },
      [2],
    );
  });

  it("calls functions that call themselves", () => {
    const ackermann = (m: number, n: number): number =>
      m === 0 ? n + 1 : n === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
    const isEven = (n: number): boolean => (n === 0 ? true : isOdd(n - 1));
    const isOdd = (n: number): boolean => (n === 0 ? false : isEven(n - 1));
    const table = Float64Array.of(1, 2, 3, 4);
    const sum = (from: number, to: number): number => {
      if (to - from === 1) return table[from]!;
      const middle = (from + to) >> 1;
      return sum(from, middle) + sum(middle, to);
    };
    expectSame(
      (n: number, a: Float64Array) => {
        const scale = n;
        const fibonacci = (k: number): number =>
          k < 2 ? k * scale : fibonacci(k - 1) + fibonacci(k - 2);
        const spread = (k: number): void => {
          if (k >= a.length) return;
          a[k]! += scale;
          spread(2 * k + 1);
          spread(2 * k + 2);
        };
        spread(0);
        return [ackermann(2, n), isEven(n), isOdd(n), fibonacci(n + 5), sum(0, 4)];
      },
      [3, new Float64Array(6)],
      {
        ackermann: bound(ackermann, () => ({ ackermann: bound(ackermann, () => ({})) })),
        isEven: bound(isEven, () => ({
          isOdd: bound(isOdd, () => ({ isEven: bound(isEven, () => ({})) })),
        })),
        isOdd: bound(isOdd, () => ({
          isEven: bound(isEven, () => ({ isOdd: bound(isOdd, () => ({})) })),
        })),
        sum: bound(sum, () => ({ table, sum: bound(sum, () => ({})) })),
      },
    );
  });

  it("calls functions that have the names of the compiler's own", () => {
    expectSame(
      (n: number) => {
        const kernel = (k: number): number => (k < 1 ? 0 : k + kernel(k - 1));
        const loop0 = (k: number): number => (k < 1 ? 1 : k * loop0(k - 1));
        let total = 0;
        for (const i of prange(n)) total += kernel(i) + loop0(i);
        return total;
      },
      [5],
    );
  });

  it("knows parameters that are left out", () => {
    const kernel = (n: number, k?: number, m = 3) => n + (k ?? 10) + m;
    expectSame(kernel, [1]);
    expectSame(kernel, [1, 2]);
    expectSame(kernel, [1, 2, 4]);
  });
});

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
