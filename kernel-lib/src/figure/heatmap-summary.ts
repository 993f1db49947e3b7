/** A heatmap in words: what a terminal prints and a screen reader says in place of the picture. */
import type { FloatArray } from "./binary.js";
import { countText, numberText } from "./number-text.js";
import type { HeatmapAxis, HeatmapFigure } from "./heatmap.js";

/** What a heatmap's cells hold. */
export interface CellCounts {
  readonly finite: number;
  readonly nan: number;
  readonly above: number;
  readonly below: number;
  /** Finite cells without a colour: not positive, on a log scale. */
  readonly grey: number;
  /** Indices of the smallest and the largest finite cell; undefined if there are none. */
  readonly least: number | undefined;
  readonly greatest: number | undefined;
}

/** The counts of cells that were counted before: a map of millions is asked for several times. */
const known = new WeakMap<FloatArray, Omit<CellCounts, "grey"> & { notPositive: number }>();

/** Counts the cells that aren't finite, and finds the extremes of those that are. */
export function cellCounts({ z: { values }, colorScale }: HeatmapFigure): CellCounts {
  const found = known.get(values) ?? countCells(values);
  known.set(values, found);
  const { notPositive, ...counts } = found;
  return { ...counts, grey: colorScale === "log" ? notPositive : 0 };
}

function countCells(values: FloatArray) {
  let notPositive = 0;
  let nan = 0;
  let above = 0;
  let below = 0;
  let least = -1;
  let greatest = -1;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) nan++;
    else if (value === Infinity) above++;
    else if (value === -Infinity) below++;
    if (value <= 0 && value !== -Infinity) notPositive++;
    if (value < low && value !== -Infinity) {
      low = value;
      least = i;
    }
    if (value > high && value !== Infinity) {
      high = value;
      greatest = i;
    }
  }
  const found = least >= 0;
  return {
    finite: values.length - nan - above - below,
    nan,
    above,
    below,
    notPositive,
    least: found ? least : undefined,
    greatest: found ? greatest : undefined,
  };
}

function cells(count: number): string {
  return count === 1 ? "1 cell is" : `${numberText(count, 12)} cells are`;
}

/** How the cells that aren't finite are shown; empty if there are none. */
export function countsText({ nan, above, below, grey }: CellCounts): string {
  return [
    grey > 0 ? `${cells(grey)} not positive, shown in grey` : "",
    nan > 0 ? `${cells(nan)} NaN, shown in grey` : "",
    above > 0 ? `${cells(above)} +∞, shown as the top colour` : "",
    below > 0 ? `${cells(below)} −∞, shown as the bottom colour` : "",
  ]
    .filter(Boolean)
    .join("; ");
}

function axisText(name: string, { values, label, scale }: HeatmapAxis): string {
  const title = label ? `${name}: ${label}` : name;
  const first = numberText(values[0]!);
  if (values.length === 1) return `${title}, ${first}`;
  const count = countText(values.length, "value");
  const ends = `${first} to ${numberText(values[values.length - 1]!)} (${count})`;
  return `${title}, ${ends}${scale === "log" ? ", log scale" : ""}`;
}

/** How values become colours, where that isn't linear, and at which levels lines are drawn. */
function colorsText({ colorScale, contours }: HeatmapFigure): string {
  const scale = colorScale === "linear" ? "" : `, ${colorScale} colours`;
  const lines = contours.slice(0, 6).map((level) => numberText(level));
  const rest = contours.length > 6 ? ` and ${contours.length - 6} more` : "";
  return contours.length === 0 ? scale : `${scale}; lines at ${lines.join(", ")}${rest}`;
}

/** A heatmap's shape, axes, extremes with their places, and what isn't finite. */
export function heatmapSummary(figure: HeatmapFigure): string {
  const { x, y, z, title } = figure;
  const counts = cellCounts(figure);
  const extreme = (word: string, index: number) => {
    const column = index % x.values.length;
    const row = Math.floor(index / x.values.length);
    const place = `x = ${numberText(x.values[column]!)}, y = ${numberText(y.values[row]!)}`;
    return `${word} ${numberText(z.values[index]!)} at ${place}`;
  };
  const { least, greatest } = counts;
  const extremes =
    least === undefined || greatest === undefined
      ? "no finite value"
      : least === greatest || z.values[least] === z.values[greatest]
        ? `all ${numberText(z.values[least]!)}`
        : `${extreme("min", least)}; ${extreme("max", greatest)}`;
  const shape = `${y.values.length} × ${x.values.length} cells`;
  return [
    title ? `Heatmap: ${title} (${shape})` : `Heatmap (${shape})`,
    axisText("x", x),
    axisText("y", y),
    `${z.label ? `z: ${z.label}` : "z"}, ${extremes}${colorsText(figure)}`,
    countsText(counts),
  ]
    .filter(Boolean)
    .join("\n");
}
