import assert from "node:assert/strict";
import { bound, compiled, expectSame, prange } from "./source.js";
import { SiteError } from "./run.js";

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
