import { expectSame, prange } from "./source.js";

const values = Float64Array.of(3, -1.5, 0, 2.25, 8, -4, 0.125, 7);

describe("lowering loops over arrays", () => {
  it("sums a typed array with a counted loop", () => {
    expectSame(
      (a: Float64Array) => {
        let total = 0;
        for (let i = 0; i < a.length; i++) total += a[i]!;
        return total;
      },
      [values],
    );
  });

  it("writes elements, reads them again and counts down", () => {
    expectSame(
      (a: Float64Array, factor: number) => {
        for (let i = a.length - 1; i >= 0; i--) {
          a[i]! *= factor;
          if (i > 2 && a[i]! > 1) a[i - 1]!++;
        }
      },
      [values, 1.5],
    );
  });

  it("leaves and continues loops", () => {
    expectSame(
      (a: Float64Array, limit: number) => {
        let count = 0;
        outer: for (let i = 0; i < a.length; i++) {
          if (a[i]! < 0) continue;
          let x = a[i]!;
          for (;;) {
            if (x > limit) break;
            if (x === 0) continue outer;
            x *= 2;
            count++;
            if (count > 50) break outer;
          }
        }
        return count;
      },
      [values, 100],
    );
  });

  it("adds up over prange", () => {
    expectSame(
      (a: Float64Array) => {
        let total = 0;
        for (const i of prange(a.length)) {
          const x = a[i]!;
          if (x < 0) continue;
          total += x * x;
        }
        return total;
      },
      [values],
    );
  });
});
