import assert from "node:assert/strict";
import fc from "fast-check";
import { FigureError, table } from "hotcell";
import { parseFigure, summary, toPayload } from "../../kernel-lib/dist/figure/index.js";
import { pictureBundle } from "../../kernel-lib/dist/display/picture.js";
import { type TableData, tableFigure } from "../../kernel-lib/dist/display/table.js";
import { tables } from "../figure/figures.js";
import { Png } from "./png.js";
import { quietly } from "./stdout.js";

const linesOf = (data: TableData, title?: string): string[] =>
  summary(tableFigure(data, title === undefined ? {} : { title })).split("\n");

describe("table", () => {
  it("prints numbers with the same decimals below each other, and texts to the left", () => {
    const rows = [
      { rule: "trapezoid", n: 64, integral: 0.6931318 },
      { rule: "Simpson", n: 4096, integral: 0.69 },
      { rule: "日本", n: 12800, integral: NaN },
    ];
    assert.deepEqual(linesOf(rows, "ln 2"), [
      "ln 2",
      "rule            n  integral",
      "───────────────────────────",
      "trapezoid      64  0.693132",
      "Simpson      4096  0.690000",
      "日本       12,800       NaN",
    ]);
  });

  it("writes no more decimals than there are, and powers of ten where numbers differ widely", () => {
    assert.deepEqual(linesOf({ columns: { x: [1, 2.5], y: [1e-9, 30] } }).slice(2), [
      "1.0  10⁻⁹",
      "2.5    30",
    ]);
  });

  it("says nothing where there is no value, and keeps numbers below each other", () => {
    const rows = [{ n: 10, ms: 1.5 }, { n: 100, ms: 12 }, { n: 1000 }, { n: 10_000, ms: "–" }];
    assert.deepEqual(linesOf(rows), [
      "     n    ms",
      "────────────",
      "    10   1.5",
      "   100  12.0",
      "  1000",
      "10,000     –",
    ]);
    assert.deepEqual(parseFigure(toPayload(tableFigure(rows))), tableFigure(rows));
    // what JSON can't say
    assert.deepEqual(tableFigure([{ a: NaN }, {}]).columns[0]!.values, ["NaN", ""]);
  });

  it("has every key of any row as a column, in the order in which they occur", () => {
    const figure = tableFigure([{ a: 1 }, { b: "x", a: 2 }, { c: true }]);
    assert.deepEqual(figure.columns, [
      { name: "a", values: [1, 2, ""] },
      { name: "b", values: ["", "x", ""] },
      { name: "c", values: ["", "", "true"] },
    ]);
  });

  it("prints itself where there is no notebook, and leaves the last of many rows out", () => {
    const { printed } = quietly(() => {
      table({ columns: { i: Array.from({ length: 1000 }, (_, i) => i) } });
    });
    assert.match(printed, /^ *i\n─+\n *0\n/);
    assert.match(printed, /\n58\n… and 941 more rows\n$/);
  });

  it("is drawn as wide as it is, whatever table it is", () => {
    fc.assert(
      fc.property(tables, (figure) => {
        const { bundle, metadata } = pictureBundle(figure);
        const png = new Png(bundle["image/png"] as string);
        assert.equal(png.width, 2 * (metadata["image/png"] as { width: number }).width);
      }),
      { numRuns: 30 },
    );
  });

  const refused: [string, unknown, RegExp][] = [
    ["a number", 3, /^table: 3 is neither a list of rows nor \{ columns:/],
    ["no columns", [], /^table: there are no columns/],
    ["a row that is a list", [[1, 2]], /^table: row 0 is 1,2, not an object/],
    ["columns of two lengths", { columns: { a: [1], b: [1, 2] } }, /column b has 2 values, but/],
    ["a column that is a number", { columns: { a: 1 } }, /columns\.a is 1, not an array/],
    ["an object in a cell", [{ a: { b: 1 } }], /column a has an object; it holds numbers/],
  ];
  for (const [what, data, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => tableFigure(data as TableData),
        (error) => error instanceof FigureError && message.test(error.message),
      );
    });
  }
});
