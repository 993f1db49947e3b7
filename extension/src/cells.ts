/** Where a heatmap's cells lie along one axis: values in, cell numbers and edges out. */
import type { HeatmapAxis } from "hotcell/figure";

/** Distances on a log axis are those of the logarithms. */
function straighten(axis: HeatmapAxis, value: number): number {
  return axis.scale === "log" ? Math.log(value) : value;
}

function bend(axis: HeatmapAxis, place: number): number {
  return axis.scale === "log" ? Math.exp(place) : place;
}

/** The number of the cell whose centre is nearest to a value on the axis. */
export function cellAt(axis: HeatmapAxis, value: number): number {
  const { values } = axis;
  const last = values.length - 1;
  const sign = values[last]! >= values[0]! ? 1 : -1;
  const target = sign * straighten(axis, value);
  const centre = (i: number): number => sign * straighten(axis, values[i]!);
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((centre(middle) + centre(middle + 1)) / 2 < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The two edges of a cell, midway to its neighbours; the outermost are as far out as in. */
export function edgesOf(axis: HeatmapAxis, cell: number): readonly [number, number] {
  const { values } = axis;
  const last = values.length - 1;
  if (last === 0) return [values[0]!, values[0]!];
  const centre = (i: number): number => straighten(axis, values[i]!);
  const between = (i: number): number => (centre(i) + centre(i + 1)) / 2;
  const before = cell > 0 ? between(cell - 1) : 2 * centre(0) - between(0);
  const after = cell < last ? between(cell) : 2 * centre(last) - between(last - 1);
  return [bend(axis, before), bend(axis, after)];
}
