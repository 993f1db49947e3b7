/**
 * The cells along one axis: centres go in, edges and the cell under a point come out. Edges lie half
 * way between neighbouring centres on the axis's own scale; the outer cells are symmetric.
 */
import type { AxisScale, HeatmapAxis, HeatmapFigure } from "./heatmap.js";

/** Where a value stands on a scale, up to a linear map. */
function place(value: number, scale: AxisScale): number {
  return scale === "log" ? Math.log(value) : value;
}

function unplace(position: number, scale: AxisScale): number {
  return scale === "log" ? Math.exp(position) : position;
}

/** The `n + 1` edges of `n` cells as places on the axis's scale. A single cell is one unit wide. */
function edgePlaces({ values, scale }: HeatmapAxis): Float64Array {
  const n = values.length;
  const edges = new Float64Array(n + 1);
  if (n === 1) {
    const centre = place(values[0]!, scale);
    const half = scale === "log" ? Math.LN10 / 2 : 0.5;
    edges.set([centre - half, centre + half]);
    return edges;
  }
  for (let i = 1; i < n; i++) {
    edges[i] = place(values[i - 1]!, scale) / 2 + place(values[i]!, scale) / 2;
  }
  edges[0] = 2 * place(values[0]!, scale) - edges[1]!;
  edges[n] = 2 * place(values[n - 1]!, scale) - edges[n - 1]!;
  return edges;
}

/** The outer edges of an axis's cells, smaller value first. */
export function extent(axis: HeatmapAxis): [number, number] {
  const edges = edgePlaces(axis);
  const ends = [edges[0]!, edges[edges.length - 1]!].map((end) => unplace(end, axis.scale));
  return [Math.min(...ends), Math.max(...ends)];
}

/** The two edges of one cell, in the order of the axis. */
export function edgesOf(axis: HeatmapAxis, index: number): [number, number] {
  const edges = edgePlaces(axis);
  return [unplace(edges[index]!, axis.scale), unplace(edges[index + 1]!, axis.scale)];
}

/** Whether all cells are equally wide on the axis's scale, to a hundredth of a cell. */
export function isUniform({ values, scale }: HeatmapAxis): boolean {
  const last = values.length - 1;
  const first = place(values[0]!, scale);
  const step = (place(values[last]!, scale) - first) / last;
  return values.every((value, i) => {
    return last === 0 || Math.abs(place(value, scale) - first - i * step) <= 0.01 * Math.abs(step);
  });
}

/** For each of `count` equal strips from the smaller edge to the larger: the cell at its middle. */
export function cellsAlong(axis: HeatmapAxis, count: number): Int32Array {
  const edges = edgePlaces(axis);
  const n = axis.values.length;
  const descending = edges[n]! < edges[0]!;
  if (descending) edges.reverse();
  const cells = new Int32Array(count);
  const low = edges[0]!;
  const width = (edges[n]! - low) / count;
  let cell = 0;
  for (let strip = 0; strip < count; strip++) {
    const middle = low + (strip + 0.5) * width;
    while (cell < n - 1 && middle >= edges[cell + 1]!) cell++;
    cells[strip] = descending ? n - 1 - cell : cell;
  }
  return cells;
}

/** Width of the narrowest cell as a fraction of the axis. */
export function narrowest(axis: HeatmapAxis): number {
  const edges = edgePlaces(axis);
  const whole = Math.abs(edges[edges.length - 1]! - edges[0]!);
  let least = whole;
  for (let i = 1; i < edges.length; i++) {
    least = Math.min(least, Math.abs(edges[i]! - edges[i - 1]!));
  }
  return whole > 0 ? least / whole : 1;
}

function indexAt(axis: HeatmapAxis, value: number): number | undefined {
  if (Number.isNaN(value) || (axis.scale === "log" && value <= 0)) return undefined;
  const edges = edgePlaces(axis);
  const position = place(value, axis.scale);
  const ascending = edges[edges.length - 1]! > edges[0]!;
  const index = edges.findIndex((edge) => (ascending ? edge > position : edge < position)) - 1;
  return index < 0 ? undefined : index;
}

/** One cell of a heatmap. */
export interface Cell {
  readonly column: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** The cell that covers a point of the axes, or undefined outside of the map. */
export function cellAt(figure: HeatmapFigure, x: number, y: number): Cell | undefined {
  const column = indexAt(figure.x, x);
  const row = indexAt(figure.y, y);
  if (column === undefined || row === undefined) return undefined;
  return cellOf(figure, column, row);
}

/** A cell by its place in the grid, which must be inside. */
export function cellOf(figure: HeatmapFigure, column: number, row: number): Cell {
  return {
    column,
    row,
    x: figure.x.values[column]!,
    y: figure.y.values[row]!,
    z: figure.z.values[row * figure.x.values.length + column]!,
  };
}
