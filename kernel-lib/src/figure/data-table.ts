/**
 * The numbers of a figure as rows and columns: what a CSV file holds, and what a screen reader walks
 * through in place of the picture. Rows are made when they are asked for; a map has millions.
 */

/** What one cell of a table says. */
export type Datum = number | string;

/** Numbers and names in rows and columns. */
export interface DataTable {
  readonly columns: readonly string[];
  /** Number of rows. */
  readonly length: number;
  /** One row, a value a column. */
  row(index: number): readonly Datum[];
}

/** Rows of a CSV text that are made at once. */
const ROWS = 10_000;

/**
 * A field of CSV (RFC 4180): quoted where it must be. A text that a spreadsheet would run as a
 * formula gets an apostrophe, for names may come from a stranger's notebook.
 */
function field(datum: Datum): string {
  if (typeof datum === "number") return String(datum);
  const text = /^[=+\-@\t\r]/.test(datum) ? `'${datum}` : datum;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV with a line of names, in parts that follow each other. */
export function* csvParts(table: DataTable): Generator<string, void, undefined> {
  const line = (row: readonly Datum[]): string => `${row.map(field).join(",")}\r\n`;
  yield line(table.columns);
  for (let from = 0; from < table.length; from += ROWS) {
    let part = "";
    const to = Math.min(from + ROWS, table.length);
    for (let index = from; index < to; index++) part += line(table.row(index));
    yield part;
  }
}
