import assert from "node:assert/strict";
import { jit, prange } from "hotcell";

describe("constants of vector code", () => {
  const kernel = jit(
    (n: number) => {
      let total = 0;
      for (const i of prange(n)) total += (i % 7) * 3 + (i & 1 ? 0.5 : -0.25);
      return total;
    },
    { cache: false },
  );

  it("are read from the frame and not made in the loop", () => {
    // multiples of a quarter: exact in any order
    assert.equal(kernel(10_000), kernel.js(10_000));
    const [, loop = ""] = kernel.inspect("wat").split('(export "loop0")');
    const made = loop.match(/v128\.const f64x2 .*/g) ?? [];
    assert.deepEqual(
      made.filter((each) => !/f64x2 0 0$/.test(each)),
      [],
    );
    assert.match(loop, /v128\.load offset=/);
  });
});
