/** Tables: columns of numbers and texts become a payload and back. How they are written is table-text.ts's business. */
import { FigureError } from "../errors.js";
import { type BinaryArray, decodeArray, encodeArray } from "./binary.js";
import { checkList, checkNumber, checkRecord, checkText } from "./checks.js";
import type { DataTable, Datum } from "./data-table.js";

/** The most columns, and the most cells of all of them. */
export const MAX_COLUMNS = 200;
export const MAX_TABLE_CELLS = 1_000_000;

/** One column: its name, and a value a row. */
export interface TableColumn {
  readonly name: string;
  /** Numbers alone; or texts, with finite numbers among them. */
  readonly values: Float64Array | readonly Datum[];
}

/** A table, ready to be written. */
export interface TableFigure {
  readonly kind: "table";
  readonly title: string;
  /** All of the same length. */
  readonly columns: readonly TableColumn[];
}

/** A table as JSON. */
export interface TablePayload {
  readonly version: 1;
  readonly kind: "table";
  readonly title: string;
  readonly columns: readonly {
    readonly name: string;
    readonly values: BinaryArray | readonly Datum[];
  }[];
}

function checkColumn(json: unknown, place: string): TableColumn {
  const record = checkRecord(json, place, ["name", "values"]);
  const name = checkText(record.name, `${place}.name`);
  if (!Array.isArray(record.values)) {
    const { array } = decodeArray(record.values, `${place}.values`, 1, MAX_TABLE_CELLS);
    return { name, values: Float64Array.from(array) };
  }
  const data = checkList(record.values, `${place}.values`, 0, MAX_TABLE_CELLS);
  return { name, values: data.map((datum, i) => checkDatum(datum, `${place}.values[${i}]`)) };
}

function checkDatum(json: unknown, place: string): Datum {
  return typeof json === "number" ? checkNumber(json, place) : checkText(json, place);
}

/** The table in a payload whose version and kind are checked. */
export function parseTable(json: unknown): TableFigure {
  const record = checkRecord(json, "table", ["version", "kind", "title", "columns"]);
  const list = checkList(record.columns, "columns", 1, MAX_COLUMNS);
  let cells = 0;
  const columns = list.map((json, i) => {
    const column = checkColumn(json, `columns[${i}]`);
    cells += column.values.length;
    if (cells > MAX_TABLE_CELLS) {
      throw new FigureError(`columns have more than ${MAX_TABLE_CELLS} cells`);
    }
    return column;
  });
  columns.forEach(({ values }, i) => {
    const rows = columns[0]!.values.length;
    if (values.length === rows) return;
    throw new FigureError(`columns[${i}] has ${values.length} rows, but columns[0] has ${rows}`);
  });
  return { kind: "table", title: checkText(record.title, "title"), columns };
}

/** The payload of a table. */
export function tablePayload({ title, columns }: TableFigure): TablePayload {
  return {
    version: 1,
    kind: "table",
    title,
    columns: columns.map(({ name, values }) => ({
      name,
      values: values instanceof Float64Array ? encodeArray(values, [values.length]) : values,
    })),
  };
}

/** A table's rows. */
export function tableRows({ columns }: TableFigure): DataTable {
  return {
    columns: columns.map(({ name }) => name),
    length: columns[0]!.values.length,
    row: (index) => columns.map(({ values }) => values[index]!),
  };
}
