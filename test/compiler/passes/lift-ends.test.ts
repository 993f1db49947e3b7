import assert from "node:assert/strict";
import { arange, jit, prange, type NDArray } from "hotcell";

describe("ends of inner loops", () => {
  const shifted = jit(
    (rows: NDArray, shift: number) => {
      const [n, length] = rows.shape as [number, number];
      let total = 0;
      for (const i of prange(n)) {
        for (let k = 0; k < length - shift; k++) total += rows.at(i, k + shift) - rows.at(i, k);
      }
      return total;
    },
    { cache: false },
  );
  const table = arange(600).reshape(20, 30);

  it("are whole numbers where an argument decides them, so that checks leave the loop", () => {
    // sums of whole numbers: exact in any order
    for (const shift of [0, 1, 7, 29, 30, 31, 1000, NaN])
      assert.equal(shifted(table, shift), shifted.js(table, shift));
    assert.deepEqual(
      shifted.diagnostics().map(({ boundsHoisted }) => boundsHoisted.yes),
      [true, true],
    );
  });

  it("are still what they are where they aren't whole, or too large", () => {
    assert.throws(() => shifted(table, -1), /index -1 is outside of `rows`/);
    assert.throws(() => shifted(table, 0.5), /index 0.5 of `rows` isn't a whole number/);
    assert.throws(() => shifted(table, -Infinity), RangeError);
  });
});
