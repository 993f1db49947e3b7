/**
 * Where the names of curves stand above a plot: in rows as wide as the plot, in the order of the
 * curves. A fit has a row of its own below them.
 */
import type { CurvesFigure } from "./curves.js";
import { textWidth } from "./text-width.js";

/** Measures in pixels: of a row, of the sample before a name, of the gaps, and of the longest name. */
export const LEGEND = {
  row: 20,
  // three dashes
  sample: 29,
  gap: 7,
  between: 20,
  above: 10,
  fontSize: 12,
  longest: 260,
} as const;

/** The middle of what a fit says, and the height that it takes. */
export const FIT_ROW = { middle: -14, height: 24 } as const;

/** Fonts of a page may be wider than ours. */
const SPARE = 1.1;

/** A name's place: left edge and middle line, relative to the plot's upper left corner. */
export interface LegendEntry {
  /** Which curve. */
  readonly curve: number;
  readonly name: string;
  readonly left: number;
  readonly middle: number;
  readonly width: number;
}

/** Of a picture's width what its axis and margins may take. */
const BESIDE = 90;

/**
 * The names of curves that have one, with their places, in a picture of some width.
 */
export function legendOf({ curves, fit }: CurvesFigure, pictureWidth: number): LegendEntry[] {
  const placed: (Omit<LegendEntry, "middle"> & { row: number })[] = [];
  const width = pictureWidth - BESIDE;
  let left = 0;
  let row = 0;
  curves.forEach(({ label }, curve) => {
    if (!label) return;
    const text = Math.min(textWidth(label, LEGEND.fontSize) * SPARE, LEGEND.longest);
    const size = LEGEND.sample + LEGEND.gap + text;
    if (left > 0 && left + size > width) {
      left = 0;
      row++;
    }
    placed.push({ curve, name: label, left, row, width: size });
    left += size + LEGEND.between;
  });
  const height = (row + 1) * LEGEND.row + LEGEND.above + (fit ? FIT_ROW.height : 0);
  return placed.map(({ row: at, ...entry }) => ({
    ...entry,
    middle: (at + 0.5) * LEGEND.row - height,
  }));
}
