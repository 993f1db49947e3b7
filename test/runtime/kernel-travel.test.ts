import assert from "node:assert/strict";
import { jit, Pool, prange, zeros, type Kernel } from "hotcell";

const scale = 3;
const sum = jit((n: number) => {
  let total = 0;
  for (const i of prange(n)) total += scale / (i + 1);
  return total;
});

describe("a kernel in a worker", () => {
  let pool: Pool;
  before(() => {
    pool = new Pool({ threads: 2 });
  });
  after(() => pool.close());

  it("is compiled there, and gives the same bits", async () => {
    const sizes = [1, 10, 1000, 12345];
    assert.deepEqual(
      [...(await pool.map((n) => sum(n) + 0, sizes))],
      sizes.map((n) => sum(n)),
    );
    const counts = await pool.map((n) => [sum(n), sum.stats.calls > 0], [5]);
    assert.deepEqual(counts[0], [sum(5), true]);
  });

  it("can be the mapped function itself", async () => {
    const square = jit((x: number) => x * x);
    assert.deepEqual([...(await pool.map(square, [1, 2, 3]))], [1, 4, 9]);
  });

  it("keeps its options", async () => {
    const plain = jit((x: number) => x + 1, { target: "js" });
    assert.deepEqual([...(await pool.map((x) => [plain(x), plain.stats.calls], [1]))], [[2, 0]]);
  });

  it("writes to the arrays that it captured", async () => {
    const table = zeros([4, 100]);
    const fill = jit((row: number) => {
      for (const i of prange(100)) table.set(row, row, i);
    });
    await pool.map(
      (row) => {
        fill(row);
      },
      [0, 1, 2, 3],
    );
    assert.ok(table.data.every((x, i) => x === Math.floor(i / 100)));
  });

  it("may be named by its own function", async () => {
    const holder: { kernel?: Kernel<(x: number) => number> } = {};
    const plain = (x: number): number => (holder.kernel === undefined ? 0 : x + 1);
    holder.kernel = jit(plain, { target: "js" });
    const { kernel } = holder;
    assert.deepEqual([...(await pool.map((x) => kernel(x), [1]))], [2]);
  });
});
