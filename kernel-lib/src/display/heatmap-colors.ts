/** How a heatmap's values become colours: options and values go in, checked parts of a figure come out. */
import { FigureError } from "../errors.js";
import type { FloatArray } from "../figure/binary.js";
import { COLOR_MAPS, type ColorMap, diverges } from "../figure/color-map.js";
import { COLOR_SCALES, colorScale, type ColorScaleName } from "../figure/color-scale.js";
import { checkColorScale, type HeatmapFigure, MAX_CONTOURS, MAX_VALUE } from "../figure/heatmap.js";
import { quantile } from "../figure/statistics.js";
import { quoted } from "./quoted.js";

/** Percentiles are those of so many values at most, taken evenly. */
const SAMPLES = 1_000_000;
/** The threshold of a symlog scale, as a part of the largest size in the range. */
const THRESHOLD = 1e-3;

type Range = readonly [number, number];

/** How `heatmap` turns values into colours. */
export interface HeatmapColorOptions {
  /**
   * Default "viridis", or what a reader has set in JupyterLab; all are perceptually uniform. "coolwarm"
   * and "berlin" diverge from a light and from a dark middle, which stands for zero unless a range is
   * given; "twilight" is cyclic.
   */
  readonly colorMap?:
    "viridis" | "magma" | "inferno" | "plasma" | "cividis" | "coolwarm" | "berlin" | "twilight";
  /**
   * How values are spread over the colours. Default "linear"; "log" shows what is not positive in
   * grey; "symlog" is linear up to the threshold on both sides of zero and logarithmic beyond.
   */
  readonly colorScale?: "linear" | "log" | "symlog";
  /** Of a symlog scale; default: a thousandth of the largest size in the range. */
  readonly threshold?: number;
  /** Values at the two ends of the colour bar; default: the smallest and largest finite value. */
  readonly range?: readonly [number, number];
  /** The range by percentages of the finite values, such as [2, 98], in place of `range`. */
  readonly percentiles?: readonly [number, number];
  /** Lines of equal value: at these values, or about so many at round ones. At most 50. */
  readonly contours?: number | readonly number[];
}

function oneOf<W extends string>(word: W, name: string, words: readonly W[]): W {
  if (words.includes(word)) return word;
  throw new FigureError(`heatmap: ${name} is ${quoted(word)}; it is one of ${words.join(", ")}`);
}

function pair(given: readonly number[], name: string, low: number, high: number): Range {
  const [from, to] = given as [number, number];
  if (given.length === 2 && from >= low && to <= high && from < to) return [from, to];
  const wanted = name === "range" ? "two finite numbers" : `two percentages from ${low} to ${high}`;
  throw new FigureError(
    `heatmap: ${name} is [${given.map(quoted).join(", ")}]; it is ${wanted}, the smaller first`,
  );
}

/** The values that have a place on the scale. */
function isPlaced(value: number, scale: ColorScaleName): boolean {
  return Math.abs(value) <= MAX_VALUE && (scale !== "log" || value > 0);
}

/** The smallest and the largest placed value; the first is larger where there is none. */
function extremes(values: FloatArray, scale: ColorScaleName): Range {
  let low = Infinity;
  let high = -Infinity;
  // by index, which is three times as fast with arrays of two types
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!isPlaced(value, scale)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function percentileRange(values: FloatArray, given: Range, scale: ColorScaleName): Range {
  const stride = Math.ceil(values.length / SAMPLES);
  const placed: number[] = [];
  for (let i = 0; i < values.length; i += stride) {
    if (isPlaced(values[i]!, scale)) placed.push(values[i]!);
  }
  if (placed.length === 0) return [Infinity, -Infinity];
  const samples = Float64Array.from(placed);
  const [low, high] = given.map((percent) => quantile(samples, percent / 100)) as [number, number];
  return [low, high];
}

/** A range with a length, around one that may have none. */
function widened([low, high]: Range, scale: ColorScaleName): Range {
  if (low < high) return [low, high];
  if (scale === "log") return low > high ? [1, 10] : [low / 2, low * 2];
  if (low > high) return [0, 1];
  const half = Math.abs(low) / 10 || 1;
  return [Math.max(low - half, -MAX_VALUE), Math.min(low + half, MAX_VALUE)];
}

/** The range as it is given, or that of the values; around zero where the map has a middle. */
function rangeOf(
  values: FloatArray,
  options: HeatmapColorOptions,
  map: ColorMap | undefined,
  scale: ColorScaleName,
) {
  if (options.range !== undefined && options.percentiles !== undefined) {
    throw new FigureError("heatmap: give range or percentiles, not both");
  }
  if (options.range !== undefined) return pair(options.range, "range", -MAX_VALUE, MAX_VALUE);
  const found =
    options.percentiles === undefined
      ? extremes(values, scale)
      : percentileRange(values, pair(options.percentiles, "percentiles", 0, 100), scale);
  const range = widened(found, scale);
  if (!map || !diverges(map) || scale === "log") return range;
  const size = Math.max(Math.abs(range[0]), Math.abs(range[1]));
  return [-size, size] as const;
}

/** The levels as they are given, or round ones within the range. */
function levelsOf(
  contours: HeatmapColorOptions["contours"],
  range: Range,
  scale: ColorScaleName,
  threshold: number,
): number[] {
  if (contours === undefined) return [];
  if (typeof contours !== "number") {
    contours.forEach((level, i) => {
      if (Math.abs(level) <= MAX_VALUE) return;
      throw new FigureError(`heatmap: contours[${i}] is ${quoted(level)}, not a finite number`);
    });
    if (contours.length <= MAX_CONTOURS) return [...contours];
  } else if (Number.isInteger(contours) && contours >= 1 && contours <= MAX_CONTOURS) {
    const ticks = colorScale(scale, range, threshold).ticks(contours);
    return ticks.map(({ value }) => value).slice(0, MAX_CONTOURS);
  }
  const found = typeof contours === "number" ? contours : `${contours.length} values`;
  throw new FigureError(
    `heatmap: contours is ${found}; it is a whole number from 1 to ${MAX_CONTOURS}, or at most so many values`,
  );
}

/** What a heatmap's options and values say of its colours. */
export function colorsOf(
  values: FloatArray,
  options: HeatmapColorOptions,
): Pick<HeatmapFigure, "colorMap" | "colorScale" | "threshold" | "range" | "contours"> {
  const map =
    options.colorMap === undefined
      ? undefined
      : oneOf<ColorMap>(options.colorMap, "colorMap", COLOR_MAPS);
  const scale = oneOf<ColorScaleName>(options.colorScale ?? "linear", "colorScale", COLOR_SCALES);
  const range = rangeOf(values, options, map, scale);
  checkColorScale(scale, range, "heatmap: range");
  const size = Math.max(Math.abs(range[0]), Math.abs(range[1]));
  const threshold =
    options.threshold ?? (scale === "symlog" ? Math.max(THRESHOLD * size, 1e-150) : 1);
  if (!(threshold >= 1e-150 && threshold <= 1e150)) {
    throw new FigureError(
      `heatmap: threshold is ${quoted(threshold)}; it is a positive number: where a symlog scale stops being linear`,
    );
  }
  return {
    colorMap: map,
    colorScale: scale,
    threshold,
    range,
    contours: levelsOf(options.contours, range, scale, threshold),
  };
}
