/** An animation as a table: a row a body in a frame, to the digits that its payload keeps. */
import type { AnimationFigure } from "./animation.js";
import { colorScale } from "./color-scale.js";
import type { DataTable, Datum } from "./data-table.js";
import { fromFraction } from "./fractions.js";

/** Significant digits of what 16 bits keep of a range. */
export const DIGITS = 5;

/** A number to the digits that it has. */
function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** What is known of a body in a frame: its coordinates, and the value of its colour if it has one. */
export function bodyValues(figure: AnimationFigure, frame: number, body: number): number[] {
  const { axes, bodies, positions, colors } = figure;
  const start = (frame * bodies + body) * axes.length;
  const place = axes.map(({ range }, i) => fromFraction(positions[start + i]!, range));
  if (!colors) return place;
  const at = colors.values.length > bodies ? frame * bodies + body : body;
  const fraction = fromFraction(colors.values[at]!, [0, 1]);
  return [...place, colorScale(colors.scale, colors.range).value(fraction)];
}

/** The names of those values. */
export function bodyColumns({ axes, colors }: AnimationFigure): string[] {
  const places = axes.map(({ label }, i) => label || "xyz".charAt(i));
  return colors ? [...places, colors.label || "colour"] : places;
}

/** The table of an animation, frame by frame. */
export function animationTable(figure: AnimationFigure): DataTable {
  const { bodies, times, timeLabel, curve } = figure;
  return {
    columns: [
      timeLabel || "time",
      ...(curve ? [curve.label || "curve"] : []),
      "body",
      ...bodyColumns(figure),
    ],
    length: bodies * times.length,
    row(index): Datum[] {
      const frame = Math.floor(index / bodies);
      const body = index % bodies;
      return [
        times[frame]!,
        ...(curve ? [curve.values[frame]!] : []),
        body,
        ...bodyValues(figure, frame, body).map(rounded),
      ];
    },
  };
}
