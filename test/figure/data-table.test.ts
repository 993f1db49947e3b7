import assert from "node:assert/strict";
import fc from "fast-check";
import { csvParts, type DataTable, toTable } from "../../kernel-lib/dist/figure/index.js";
import { heatmapOf, pictures } from "./figures.js";

const csvOf = (table: DataTable): string => [...csvParts(table)].join("");

/** One column of these texts. */
const texts = (...rows: string[]): DataTable => ({
  columns: ["name"],
  length: rows.length,
  row: (index) => [rows[index]!],
});

describe("the table of a figure", () => {
  it("has a value a column in every row, whatever picture it is", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const table = toTable(picture);
        for (let index = 0; index < table.length; index++) {
          const row = table.row(index);
          assert.equal(row.length, table.columns.length);
          assert.ok(row.every((datum) => typeof datum === "number" || typeof datum === "string"));
        }
      }),
    );
  });

  it("has every cell of a heatmap beside its place", () => {
    const x = { values: Float64Array.of(3, 2, 1), label: "time (s)", scale: "linear" as const };
    const table = toTable(heatmapOf(3, 2, (column, row) => 10 * row + column, { x }));
    assert.deepEqual(table.columns, ["time (s)", "y", "z"]);
    assert.deepEqual(
      Array.from({ length: table.length }, (_, i) => table.row(i)),
      [
        [3, 0, 0],
        [2, 0, 1],
        [1, 0, 2],
        [3, 1, 10],
        [2, 1, 11],
        [1, 1, 12],
      ],
    );
  });
});

describe("CSV", () => {
  it("reads back as the same numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (values) => {
        const [, ...lines] = csvOf({
          columns: ["x"],
          length: values.length,
          row: (index) => [values[index]!],
        })
          .trim()
          .split("\r\n");
        // −0 is written as 0
        assert.deepEqual(
          lines.map((line) => Number(line) + 0),
          values.map((value) => value + 0),
        );
      }),
    );
  });

  it("quotes what needs it, and lets no spreadsheet run a name", () => {
    assert.equal(csvOf(texts("a,b", 'say "a"')), 'name\r\n"a,b"\r\n"say ""a"""\r\n');
    assert.equal(csvOf(texts("=1+1", "@x", "-cmd")), "name\r\n'=1+1\r\n'@x\r\n'-cmd\r\n");
  });

  it("comes in parts that join to one text", () => {
    const table: DataTable = { columns: ["i"], length: 25_001, row: (index) => [index] };
    const parts = [...csvParts(table)];
    assert.ok(parts.length > 2);
    assert.equal(parts.join("").trim().split("\r\n").length, 25_002);
  });
});
