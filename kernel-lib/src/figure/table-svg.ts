/** A table as an SVG, for front ends that don't show our payload: its first rows, a line under their names. */
import { countText } from "./number-text.js";
import type { TableFigure } from "./table.js";
import { columnSide, writtenRows } from "./table-text.js";
import { textWidth } from "./text-width.js";
import { FONT, inkOf } from "./theme.js";
import { escaped } from "./svg-text.js";

/** Pixels: height of a row, space to both sides of a column, and above and below the whole. */
const ROW = 24;
const GAP = 14;
const MARGIN = 6;
const TITLE = 30;

const FONT_SIZE = 13;
const MOST_ROWS = 40;

/** The SVG of a table, and its size in CSS pixels. */
export function tableSvg(figure: TableFigure): { svg: string; width: number; height: number } {
  const ink = inkOf("light");
  const { title, columns } = figure;
  const { rows, more } = writtenRows(figure, MOST_ROWS);
  const parts: string[] = [];
  const write = (
    text: string,
    x: number,
    y: number,
    { color = ink.strong, weight = 400, size = FONT_SIZE, end = false } = {},
  ): void => {
    const anchor = end ? ` text-anchor="end"` : "";
    parts.push(
      `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" fill="${color}"${anchor}>${escaped(text)}</text>`,
    );
  };
  const top = MARGIN + (title ? TITLE : 0);
  if (title) write(title, GAP, MARGIN + 19, { weight: 600, size: 15 });
  let left = 0;
  columns.forEach((column, i) => {
    const texts = rows.map((row) => row[i]!);
    const room = texts.reduce(
      (most, text) => Math.max(most, textWidth(text, FONT_SIZE)),
      textWidth(column.name, FONT_SIZE, true),
    );
    const end = columnSide(column) === "right";
    const x = Math.round(left + GAP + (end ? room : 0));
    write(column.name, x, top + 16, { weight: 600, end });
    texts.forEach((text, row) => {
      write(text, x, top + ROW * (row + 1) + 18, { end });
    });
    left += room + 2 * GAP;
  });
  const remark =
    more > 0 ? `and ${countText(more, "more row")}` : rows.length === 0 ? "no rows" : "";
  const below = top + ROW * (rows.length + 1) + 4;
  if (remark) write(remark, GAP, below + 14, { color: ink.faint, size: 12 });
  const titleWidth = title ? textWidth(title, 15, true) + 2 * GAP : 0;
  const width = Math.ceil(Math.max(left, titleWidth, 120));
  const height = below + (remark ? ROW : 0) + MARGIN;
  const line = `<rect x="0" y="${top + ROW}" width="${Math.ceil(left)}" height="1" fill="${ink.line}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${line}${parts.join("")}</svg>`;
  return { svg, width, height };
}
