import assert from "node:assert/strict";
import { quad } from "hotcell";

describe("quad", () => {
  it("integrates an inverse power up to a singular end", () => {
    const { integral, error, converged } = quad((x) => x ** -0.9, 0, 1);
    assert.ok(converged);
    // the default tolerance, relative
    assert.ok(Math.abs(integral - 10) <= 1.49e-8 * 10);
    assert.ok(Math.abs(integral - 10) <= error);
  });
});
