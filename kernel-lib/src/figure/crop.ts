/** A part of a heatmap as a heatmap of its own: whole cells, in the same colours. */
import type { HeatmapFigure } from "./heatmap.js";

/** Cells from the first up to the last, both included. */
export interface CellRange {
  readonly columns: readonly [first: number, last: number];
  readonly rows: readonly [first: number, last: number];
}

/** A range of at least two cells a side, where there are so many, around the same middle. */
export function fitting(figure: HeatmapFigure, { columns, rows }: CellRange): CellRange {
  const fit = ([first, last]: readonly [number, number], count: number) => {
    const least = Math.min(2, count);
    const size = Math.max(last - first + 1, least);
    const from = Math.max(0, Math.min(count - size, Math.round((first + last + 1 - size) / 2)));
    return [from, Math.min(count, from + size) - 1] as const;
  };
  return {
    columns: fit(columns, figure.x.values.length),
    rows: fit(rows, figure.y.values.length),
  };
}

/** The heatmap of those cells alone. */
export function crop(figure: HeatmapFigure, { columns, rows }: CellRange): HeatmapFigure {
  const { x, y, z } = figure;
  const nx = x.values.length;
  const [left, right] = [columns[0], columns[1] + 1];
  const width = right - left;
  const height = rows[1] + 1 - rows[0];
  if (width === nx && height === y.values.length) return figure;
  const values =
    z.values instanceof Float32Array
      ? new Float32Array(width * height)
      : new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (rows[0] + row) * nx;
    values.set(z.values.subarray(start + left, start + right), row * width);
  }
  return {
    ...figure,
    x: { ...x, values: x.values.slice(left, right) },
    y: { ...y, values: y.values.slice(rows[0], rows[1] + 1) },
    z: { ...z, values },
  };
}
