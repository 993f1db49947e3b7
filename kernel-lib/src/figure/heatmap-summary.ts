/** A heatmap in words: what a terminal prints and a screen reader says in place of the picture. */
import type { FloatArray } from "./binary.js";
import { countText, numberText } from "./number-text.js";
import type { HeatmapAxis, HeatmapFigure } from "./heatmap.js";
import { finish, type Steps } from "./steps.js";

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

/** What is found in all cells, or in some. */
type Found = Omit<CellCounts, "finite" | "grey"> & { readonly notPositive: number };

const NOTHING: Found = {
  nan: 0,
  above: 0,
  below: 0,
  notPositive: 0,
  least: undefined,
  greatest: undefined,
};

/** What was found before: a map of millions is asked for several times. */
const known = new WeakMap<FloatArray, Found>();

/** How many cells are looked at in a step. */
const STEP = 65_536;

/** Counts the cells that aren't finite, and finds the extremes of those that are. */
export function cellCounts(figure: HeatmapFigure): CellCounts {
  const { notPositive, ...counts } = finish(counting(figure));
  return {
    ...counts,
    finite: figure.z.values.length - counts.nan - counts.above - counts.below,
    grey: figure.colorScale === "log" ? notPositive : 0,
  };
}

/** Looks through a heatmap's cells in steps, so that `cellCounts` knows them. */
export function* counting({ z: { values } }: HeatmapFigure): Steps<Found> {
  let found = known.get(values);
  if (found) return found;
  found = NOTHING;
  for (let from = 0; from < values.length; from += STEP) {
    found = findIn(values, from, Math.min(from + STEP, values.length), found);
    yield;
  }
  known.set(values, found);
  return found;
}

/** What is in some of the cells, and was in those before. */
function findIn(values: FloatArray, from: number, to: number, before: Found): Found {
  let { nan, above, below, notPositive, least, greatest } = before;
  let low = least === undefined ? Infinity : values[least]!;
  let high = greatest === undefined ? -Infinity : values[greatest]!;
  for (let i = from; i < to; i++) {
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
  return { nan, above, below, notPositive, least, greatest };
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
