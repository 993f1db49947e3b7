/**
 * How a table's numbers are written: those of a column with the same decimals, as many as they have or
 * as can be read, so that digits of the same weight stand below each other.
 */
import type { Datum } from "./data-table.js";
import { countText, fixedText, numberText } from "./number-text.js";
import type { TableColumn, TableFigure } from "./table.js";
import { type Side, textTable } from "./text-table.js";

/** Significant digits of the largest number of a column, and at least of the smallest. */
const DIGITS = 6;
const LEAST_DIGITS = 3;

/** The most rows of a text, of which the last ones are left out. */
const MOST_ROWS = 60;

/** The longest text of a cell that is written in full. */
const LONGEST = 48;

/** Decimals of a number as it would be typed. */
function decimalsOf(value: number): number {
  const [, fraction = "", exponent = "0"] = /^-?\d+\.?(\d*)(?:e(.+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

/** The numbers of a column, texts left out. */
function numbersIn({ values }: TableColumn): Float64Array {
  if (values instanceof Float64Array) return values;
  return Float64Array.from(values.filter((datum) => typeof datum === "number"));
}

/** Writes the values of a column: numbers alike, texts as they are. */
export function columnWriter(column: TableColumn): (datum: Datum) => string {
  const write = numberWriter(numbersIn(column));
  return (datum) => (typeof datum === "number" ? write(datum) : shortened(datum));
}

function numberWriter(values: Float64Array): (value: number) => string {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  // a column of widely different numbers is read number by number
  const isEven = sizes.length === 0 || (least >= 1e-4 && most < 1e9 && most / least < 1e6);
  if (!isEven) return (value) => numberText(value, DIGITS);
  const own = values.reduce((a, value) => Math.max(a, decimalsOf(value)), 0);
  const read = Math.max(decimalsFor(most, DIGITS), decimalsFor(least, LEAST_DIGITS), 0);
  const decimals = Math.min(own, read);
  return (value) => (Number.isFinite(value) ? fixedText(value, decimals) : numberText(value));
}

/** The decimals with which a number has so many significant digits. */
function decimalsFor(size: number, digits: number): number {
  return size > 0 && size < Infinity ? digits - 1 - Math.floor(Math.log10(size)) : 0;
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** On which side a column lines up. */
export function columnSide({ values }: TableColumn): Side {
  const isNumeric =
    values instanceof Float64Array || values.some((datum) => typeof datum === "number");
  return isNumeric ? "right" : "left";
}

/** A table's first rows as written, and how many there are besides. */
export function writtenRows(
  { columns }: TableFigure,
  most: number,
): { readonly rows: readonly (readonly string[])[]; readonly more: number } {
  const length = columns[0]!.values.length;
  const shown = length > most ? most - 1 : length;
  const writers = columns.map(columnWriter);
  const rows = Array.from({ length: shown }, (_, row) =>
    columns.map(({ values }, i) => writers[i]!(values[row]!)),
  );
  return { rows, more: length - shown };
}

/** A table as text. */
export function tableText(figure: TableFigure): string {
  const { title, columns } = figure;
  const { rows, more } = writtenRows(figure, MOST_ROWS);
  const names = columns.map(({ name }) => shortened(name));
  const [head, ...lines] = textTable([names, ...rows], columns.map(columnSide));
  const width = [head!, ...lines].reduce((most, line) => Math.max(most, line.length), 0);
  return [
    ...(title ? [title] : []),
    head!,
    "─".repeat(width),
    ...lines,
    ...(more > 0 ? [`… and ${countText(more, "more row")}`] : []),
    ...(rows.length === 0 ? ["no rows"] : []),
  ].join("\n");
}
