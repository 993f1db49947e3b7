/**
 * `plot`: points as a user has them become checked curves, and one output. Pictures are made in
 * figure/.
 */
import { FigureError } from "../errors.js";
import type { FloatArray } from "../figure/binary.js";
import { checkText } from "../figure/checks.js";
import {
  type Curve,
  CURVE_MARKS,
  CURVE_SCALES,
  type CurveAxis,
  type CurvesFigure,
  DASHES,
  MAX_CURVES,
  MAX_POINTS,
} from "../figure/curves.js";
import { linkOf } from "../figure/link.js";
import { type Numbers, numbersOf } from "./numbers.js";
import { showPicture } from "./picture.js";
import { quoted } from "./quoted.js";

/** One curve of a plot. */
export interface CurveOptions {
  /** Places of the points, in the order in which they are joined; default 0, 1, 2 … */
  readonly x?: Numbers;
  /** Their values. NaN and ±∞ are gaps in the curve. */
  readonly y: Numbers;
  /** Half the length of each point's error bar, or one for all; NaN and 0 draw none. */
  readonly yError?: Numbers | number;
  /** The same along the x axis; drawn where a curve has points. */
  readonly xError?: Numbers | number;
  /** The edges of a band along the curve. */
  readonly band?: { readonly lower: Numbers; readonly upper: Numbers };
  /** Its name, above the plot; a click on it hides the curve. */
  readonly label?: string;
  /** Default "line"; a single point is always drawn. */
  readonly mark?: "line" | "points" | "linePoints";
  /** Default: each curve has its own. `true` is "dashed", `false` is "solid". */
  readonly dash?: "solid" | "dashed" | "dotted" | "dashDotted" | boolean;
}

/** Title and axes of a plot. */
export interface PlotAxes {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Default "linear". On a "log" axis only positive values have a place; "symlog" is linear around zero. */
  readonly xScale?: "linear" | "log" | "symlog";
  readonly yScale?: "linear" | "log" | "symlog";
  /**
   * Figures of a notebook with the same link show the same place: what the pointer marks on the x axis
   * of one, or the time at which an animation stands, is marked in the others.
   */
  readonly link?: string;
}

/** What `plot` draws: one curve, or several. */
export type PlotOptions =
  (CurveOptions & PlotAxes) | ({ readonly curves: readonly CurveOptions[] } & PlotAxes);

/** Arrays of a plot by the objects they came from, so that shared abscissae stay shared. */
type Seen = Map<unknown, FloatArray>;

/** What the arrays of a curve are called where they come from. */
interface Names {
  readonly x: string;
  readonly y: string;
  readonly yError: string;
}

/** The curve of some options; `place` stands before names in errors, such as `plot: curves[1].`. */
export function curveOf(
  options: CurveOptions,
  place: string,
  seen: Seen = new Map(),
  names: Names = { x: "x", y: "y", yError: "yError" },
): Curve {
  const { xError, yError, band, label = "", mark = "line", dash } = options;
  const arrayOf = (value: unknown, name: string): FloatArray => {
    const array = seen.get(value) ?? numbersOf(value, place + name);
    seen.set(value, array);
    return array;
  };
  const y = arrayOf(options.y, names.y);
  const alike = (value: unknown, name: string): FloatArray => {
    const array = arrayOf(value, name);
    if (array.length === y.length) return array;
    throw new FigureError(
      `${place}${name} has ${array.length} values, but ${names.y} has ${y.length}; each point has one of both`,
    );
  };
  const errorOf = (given: Numbers | number | undefined, name: string): FloatArray | undefined => {
    if (given === undefined) return undefined;
    const halves =
      typeof given === "number" ? new Float64Array(y.length).fill(given) : alike(given, name);
    const negative = halves.findIndex((half) => half < 0);
    if (negative < 0) return halves;
    throw new FigureError(
      `${place}${name}[${negative}] is ${halves[negative]!}; half the length of a bar isn't negative`,
    );
  };
  return {
    label: checkText(label, `${place}label`),
    x: options.x === undefined ? indices(y.length) : alike(options.x, names.x),
    y,
    error: errorOf(yError, names.yError),
    xError: errorOf(xError, "xError"),
    band: band && {
      lower: alike(band.lower, "band.lower"),
      upper: alike(band.upper, "band.upper"),
    },
    mark: oneOf(mark, CURVE_MARKS, `${place}mark`),
    dash:
      typeof dash === "boolean"
        ? dash
          ? "dashed"
          : "solid"
        : dash && oneOf(dash, DASHES, `${place}dash`),
  };
}

function indices(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => i);
}

function oneOf<W extends string>(value: W, words: readonly W[], place: string): W {
  if (words.includes(value)) return value;
  const list = words.map((word) => JSON.stringify(word)).join(", ");
  throw new FigureError(`${place} is ${quoted(value)}; it is one of ${list}`);
}

/** Title and axes, checked; `call` names them in errors. */
export function axesOf(
  { title = "", xLabel = "", yLabel = "", xScale = "linear", yScale = "linear" }: PlotAxes,
  call: string,
): { title: string; x: CurveAxis; y: CurveAxis } {
  return {
    title: checkText(title, `${call}: title`),
    x: {
      label: checkText(xLabel, `${call}: xLabel`),
      scale: oneOf(xScale, CURVE_SCALES, `${call}: xScale`),
    },
    y: {
      label: checkText(yLabel, `${call}: yLabel`),
      scale: oneOf(yScale, CURVE_SCALES, `${call}: yScale`),
    },
  };
}

/** The figure that `plot` shows. */
export function plotFigure(options: PlotOptions): CurvesFigure {
  const several = "curves" in options;
  const list = several ? options.curves : [options];
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_CURVES) {
    const found = Array.isArray(list) ? `has ${list.length} curves` : `is ${quoted(list)}`;
    throw new FigureError(`plot: curves ${found}; it is a list of 1 to ${MAX_CURVES}`);
  }
  const seen: Seen = new Map();
  const curves = list.map((curve: unknown, i) => {
    const place = several ? `plot: curves[${i}]` : "plot: what is given";
    if (typeof curve !== "object" || curve === null || !("y" in curve)) {
      throw new FigureError(`${place} has no y; a curve is { y, x, label, … }`);
    }
    return curveOf(curve as CurveOptions, several ? `${place}.` : "plot: ", seen);
  });
  const points = curves.reduce((sum, { x }) => sum + x.length, 0);
  if (points > MAX_POINTS) {
    throw new FigureError(
      `plot: there are ${points} points, at most ${MAX_POINTS} can be drawn: take every so many-th`,
    );
  }
  return {
    kind: "curves",
    ...axesOf(options, "plot"),
    curves,
    fit: undefined,
    ...linkOf(options, "plot: link"),
  };
}

/**
 * Draws curves over two axes as an output of the cell: lines, points, error bars, bands.
 *
 * Curves are told apart by colour, dash and shape, and named above the plot. However many points there
 * are, the output stays quick: what falls onto the same pixels is drawn once, and read out and saved
 * in full. The output is live in JupyterLab with hotcell's extension, a PNG elsewhere. Nothing is
 * returned. Throws a FigureError where lengths don't fit together or a value is not a number.
 *
 * @example
 * plot({ x: times, y: energies, xLabel: "t (s)", yLabel: "E (J)" });
 * plot({
 *   curves: [
 *     { x, y: measured, yError: 0.1, mark: "points", label: "measured" },
 *     { x, y: x.map((t) => Math.exp(-t)), label: "exp(−t)" },
 *   ],
 *   yScale: "log",
 * });
 */
export function plot(options: PlotOptions): void {
  showPicture(plotFigure(options));
}
