import { expectSame } from "./source.js";

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
