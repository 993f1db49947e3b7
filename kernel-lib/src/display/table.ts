/** `table`: rows or columns as a user has them become a checked table, and one output. */
import { FigureError } from "../errors.js";
import { checkText } from "../figure/checks.js";
import type { Datum } from "../figure/data-table.js";
import {
  MAX_COLUMNS,
  MAX_TABLE_CELLS,
  type TableColumn,
  type TableFigure,
} from "../figure/table.js";
import { quoted } from "./quoted.js";
import { showPicture } from "./picture.js";

/** A value in a table; everything but numbers is written as text, and nothing where there is none. */
export type TableValue = number | string | boolean | bigint | null | undefined;

/** What `table` shows: a row an object, or a column an array. */
export type TableData =
  | readonly Readonly<Record<string, TableValue>>[]
  | { readonly columns: Readonly<Record<string, ArrayLike<TableValue>>> };

/** How a table is titled. */
export interface TableOptions {
  readonly title?: string;
}

/** The longest text that a cell keeps. */
const LONGEST = 200;

function fail(problem: string): never {
  throw new FigureError(`table: ${problem}`);
}

/** Each column's values under its name, in the order in which the names first occur. */
function columnsOf(data: TableData): Map<string, ArrayLike<unknown>> {
  const given: unknown = data;
  if (Array.isArray(given)) return fromRows(given);
  if (typeof given !== "object" || given === null || !("columns" in given)) {
    fail(`${quoted(given)} is neither a list of rows nor { columns: { name: values, … } }`);
  }
  const columns = Object.entries(given.columns as object) as [string, unknown][];
  return new Map(
    columns.map(([name, values]) => {
      const { length } = (values ?? {}) as { length?: unknown };
      if (typeof values !== "object" || typeof length !== "number") {
        fail(`columns.${name} is ${quoted(values)}, not an array of values`);
      }
      return [name, values as ArrayLike<unknown>];
    }),
  );
}

function fromRows(rows: readonly unknown[]): Map<string, unknown[]> {
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      fail(`row ${i} is ${quoted(row)}, not an object { name: value, … }`);
    }
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (!column) columns.set(name, (column = new Array<unknown>(rows.length).fill(undefined)));
      column[i] = value;
    }
  });
  return columns;
}

/** A column of numbers if there is nothing else in it. */
function columnOf(name: string, values: ArrayLike<unknown>): TableColumn {
  checkText(name, "table: a column's name");
  const list = Array.from(values);
  const isNumeric = list.length > 0 && list.every((value) => typeof value === "number");
  if (isNumeric) return { name, values: Float64Array.from(list) };
  return { name, values: list.map((value) => datumOf(value, name)) };
}

function datumOf(value: unknown, name: string): Datum {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return plain(value);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return String(value);
  }
  const found = typeof value === "object" ? "an object" : `a ${typeof value}`;
  return fail(`column ${name} has ${found}; it holds numbers and texts`);
}

/** A text on one line, cut where it is too long. */
function plain(value: string): string {
  const text = value.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** The figure that `table` shows. */
export function tableFigure(data: TableData, { title = "" }: TableOptions = {}): TableFigure {
  const columns = columnsOf(data);
  if (columns.size === 0) fail("there are no columns to show");
  if (columns.size > MAX_COLUMNS) {
    fail(`there are ${columns.size} columns, at most ${MAX_COLUMNS} can be shown`);
  }
  const [first] = columns.values();
  const rows = first!.length;
  for (const [name, { length }] of columns) {
    if (length === rows) continue;
    fail(`column ${name} has ${length} values, but column ${[...columns.keys()][0]!} has ${rows}`);
  }
  if (rows * columns.size > MAX_TABLE_CELLS) {
    fail(
      `there are ${rows} rows of ${columns.size} values, at most ${MAX_TABLE_CELLS} values in all can be shown`,
    );
  }
  return {
    kind: "table",
    title: checkText(title, "table: title"),
    columns: Array.from(columns, ([name, values]) => columnOf(name, values)),
  };
}

/**
 * Shows rows as a table, an output of the cell: numbers with the same decimals below each other, texts
 * as they are.
 *
 * Takes a list of objects, whose keys are the columns, or `{ columns }` with an array under each name.
 * In JupyterLab with hotcell's extension a click on a name sorts the rows, and all digits are copied
 * and saved as CSV; elsewhere it is a picture, on a terminal text. Nothing is returned. Throws a
 * FigureError where columns have different lengths or hold objects.
 *
 * @example
 * table([{ n: 1000, error: 3e-3 }, { n: 4000, error: 8e-4 }], { title: "convergence" });
 * table({ columns: { time: times, energy: energies } });
 */
export function table(data: TableData, options?: TableOptions): void {
  showPicture(tableFigure(data, options));
}
