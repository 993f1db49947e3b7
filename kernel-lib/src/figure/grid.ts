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

/** The edge before cell `i`, or after the last, as a place on the axis's scale. */
function edgePlace({ values, scale }: HeatmapAxis, i: number): number {
  const n = values.length;
  const centre = (cell: number): number => place(values[cell]!, scale);
  if (n === 1) {
    // a single cell is one unit wide, or one decade
    const half = scale === "log" ? Math.LN10 / 2 : 0.5;
    return centre(0) + (i === 0 ? -half : half);
  }
  const between = (cell: number): number => centre(cell - 1) / 2 + centre(cell) / 2;
  if (i === 0) return 2 * centre(0) - between(1);
  if (i === n) return 2 * centre(n - 1) - between(n - 1);
  return between(i);
}

/** The `n + 1` edges of `n` cells as places on the axis's scale. */
function edgePlaces(axis: HeatmapAxis): Float64Array {
  const edges = new Float64Array(axis.values.length + 1);
  for (let i = 0; i < edges.length; i++) edges[i] = edgePlace(axis, i);
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
  const edge = (i: number): number => unplace(edgePlace(axis, i), axis.scale);
  return [edge(index), edge(index + 1)];
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

/** The cell with a value between its edges; an edge belongs to the cell after it. */
function indexAt(axis: HeatmapAxis, value: number): number | undefined {
  if (Number.isNaN(value) || (axis.scale === "log" && value <= 0)) return undefined;
  const n = axis.values.length;
  const sign = edgePlace(axis, n) > edgePlace(axis, 0) ? 1 : -1;
  const position = sign * place(value, axis.scale);
  const isBefore = (i: number): boolean => position < sign * edgePlace(axis, i);
  if (isBefore(0) || !isBefore(n)) return undefined;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isBefore(middle)) high = middle - 1;
    else low = middle;
  }
  return low;
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
