/** A heatmap as a table: a row a cell, the place before the value. */
import type { DataTable } from "./data-table.js";
import { exactNumber } from "./exact-text.js";
import type { HeatmapFigure } from "./heatmap.js";

/** The table of a heatmap's cells, row by row of the map. */
export function heatmapTable({ x, y, z }: HeatmapFigure): DataTable {
  const nx = x.values.length;
  return {
    columns: [x.label || "x", y.label || "y", z.label || "z"],
    length: z.values.length,
    row: (index) => [
      x.values[index % nx]!,
      y.values[Math.floor(index / nx)]!,
      exactNumber(z.values[index]!, z.values instanceof Float32Array),
    ],
  };
}
