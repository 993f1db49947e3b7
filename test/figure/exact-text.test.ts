import assert from "node:assert/strict";
import fc from "fast-check";
import { exactText } from "../../kernel-lib/dist/figure/exact-text.js";

describe("the exact text of a number", () => {
  it("reads back as the same float64", () => {
    fc.assert(
      fc.property(fc.double(), (value) => Object.is(Number(exactText(value)) || value, value)),
    );
  });

  it("reads back as the same float32, in at most nine digits", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = exactText(value, true);
        const digits = text
          .replace(/e.*/, "")
          .replace(/\D/g, "")
          .replace(/^0+|0+$/g, "");
        return digits.length <= 9 && Math.fround(Number(text)) === value;
      }),
    );
  });

  it("says 0.1 of the float32 that 0.1 becomes", () => {
    assert.equal(exactText(Math.fround(0.1), true), "0.1");
    assert.equal(exactText(Math.fround(0.1)), "0.10000000149011612");
  });
});
