import assert from "node:assert/strict";
import fc from "fast-check";
import { Pool } from "hotcell";
import { isTable, fromTable, toTable } from "../../kernel-lib/dist/runtime/table.js";

const many = <T>(make: (i: number) => T): T[] => Array.from({ length: 100 }, (_, i) => make(i));

describe("records as a table", () => {
  it("come back as they were, with NaN and -0", () => {
    const field = fc.oneof(fc.double(), fc.constantFrom(NaN, -0, Infinity));
    const keys = fc.uniqueArray(
      fc.string().filter((key) => key !== "__proto__"),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    const records = keys.chain((names) =>
      fc
        .array(fc.tuple(...names.map(() => field)), { minLength: 32, maxLength: 60 })
        .map((rows) => ({
          objects: rows.map((row) => Object.fromEntries(names.map((name, k) => [name, row[k]]))),
          rows,
        })),
    );
    fc.assert(
      fc.property(records, ({ objects, rows }) => {
        for (const items of [objects, rows]) {
          const table = toTable(items);
          assert.ok(table !== undefined && isTable(table));
          const back = fromTable(table);
          assert.deepEqual(back, items);
          assert.deepEqual(Object.keys(back[0] as object), Object.keys(items[0]!));
        }
      }),
    );
  });

  it("are refused where items differ or aren't of numbers", () => {
    for (const items of [
      many((i) => i),
      many((i) => ({ a: String(i) })),
      many((i) => (i < 99 ? { a: i } : { b: i })),
      many((i) => (i < 99 ? { a: i, b: 1 } : { a: i })),
      many((i) => (i < 99 ? { a: i } : { a: i, b: 1 })),
      many((i) => (i < 99 ? { a: 1, b: 2 } : { b: 2, a: 1 })),
      many((i) => (i < 99 ? [i] : { 0: i })),
      many((i) => (i < 99 ? { 0: i } : [i])),
      many((i) => (i < 99 ? [i] : [i, i])),
      many((i) => (i < 99 ? { a: i } : null)),
      many(() => ({})),
      many(() => []),
      many((i) => new Date(i)),
      many((i) => Object.create(null, { a: { value: i, enumerable: true } }) as object),
      many((i) => JSON.parse(`{ "__proto__": ${i} }`) as object),
      [{ a: 1 }, { a: 2 }],
      new Array<unknown>(100),
      Object.assign(
        many((i) => ({ a: i })),
        { length: 101 },
      ),
    ]) {
      assert.equal(toTable(items), undefined);
    }
  });

  it("give a map the same results", async () => {
    const pool = new Pool({ threads: 2 });
    const points = many((i) => ({ x: i, y: -0 }));
    const pairs = many((i): [number, number] => [i, NaN]);
    const show = (item: object): string => Object.entries(item).map(String).join();
    assert.deepEqual([...(await pool.map(show, points, { chunkSize: 50 }))], points.map(show));
    assert.deepEqual([...(await pool.map(show, pairs, { chunkSize: 50 }))], pairs.map(show));
    const sum = (x: number, y: number): number => x + y;
    const sums = await pool.starmap(
      sum,
      many((i): [number, number] => [i, i]),
      { chunkSize: 50 },
    );
    assert.deepEqual(
      [...sums],
      many((i) => 2 * i),
    );
    const lines = await pool.map((x) => [1, 2, 3].map((y) => x / y), many(Number), {
      chunkSize: 50,
    });
    assert.deepEqual(
      [...lines],
      many((x) => [x, x / 2, x / 3]),
    );
    await pool.close();
  });
});
