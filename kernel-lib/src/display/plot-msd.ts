/**
 * `plotMsd`: a mean squared displacement becomes curves with a window for a fit, and one output. The
 * fit itself is figure/msd-fit.ts, which the live view shares.
 */
import { FigureError } from "../errors.js";
import type { FloatArray } from "../figure/binary.js";
import type { Curve, CurvesFigure } from "../figure/curves.js";
import { linkOf } from "../figure/link.js";
import { covarianceOf } from "./msd-covariance.js";
import { type Layout, layoutOf, type Numbers, numbersOf, type StridedArray } from "./numbers.js";
import { showPicture } from "./picture.js";
import { quoted } from "./quoted.js";
import { axesOf, curveOf } from "./plot.js";

/** A mean squared displacement, as `msd` returns it. */
export interface MsdData {
  /** Lags in frames; the abscissa unless there are `times`. */
  readonly lags: Numbers;
  /** The same in the unit of time. */
  readonly times?: Numbers;
  /** The mean squared displacement at each lag. */
  readonly msd: Numbers;
  /** Of each value. */
  readonly standardError?: Numbers;
  /** The same for each particle, of the shape [particles, lags]: tells how the errors go together. */
  readonly perParticle?: StridedArray;
  /** Of the space in which the particles move: 1, 2 or 3. */
  readonly dimensions: number;
}

/** How `plotMsd` labels, compares and fits. */
export interface PlotMsdOptions {
  /** What is expected, as values at the lags or a function of the time. */
  readonly theory?: {
    readonly label: string;
    readonly values: Numbers | ((t: number) => number);
  };
  /** Where the line is fitted at first; default: from the shortest lag to a fifth of the longest. */
  readonly fit?: { readonly from: number; readonly to: number };
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly title?: string;
  /** As of `plot`: figures of a notebook with the same link mark the same time. */
  readonly link?: string;
}

/** Up to so many lags are drawn as points, more as a line. */
const FEW = 60;

/** The least lags of a fit. */
const LEAST = 3;

/** The figure that `plotMsd` shows. */
export function plotMsdFigure(data: MsdData, options: PlotMsdOptions = {}): CurvesFigure {
  const given: unknown = data;
  if (typeof given !== "object" || given === null || !("msd" in given)) {
    throw new FigureError(
      `plotMsd: ${quoted(given)} is no mean squared displacement; give what msd(…) returns`,
    );
  }
  const { dimensions, standardError, perParticle } = data;
  if (![1, 2, 3].includes(dimensions)) {
    throw new FigureError(`plotMsd: dimensions is ${quoted(dimensions)}; it is 1, 2 or 3`);
  }
  const names = { x: data.times ? "times" : "lags", y: "msd", yError: "standardError" };
  const x = numbersOf(data.times ?? data.lags, `plotMsd: ${names.x}`);
  const measured = curveOf(
    {
      x,
      y: data.msd,
      ...(standardError && { yError: standardError }),
      label: "MSD",
      mark: x.length > FEW ? "line" : "points",
      dash: "solid",
    },
    "plotMsd: ",
    new Map(),
    names,
  );
  // displacements of no time are none, and have no place on a log axis
  const drawn = Array.from(measured.x.keys()).filter((i) => !(measured.x[i]! <= 0));
  const curves = [measured, ...theoryOf(options.theory, measured)].map((curve) =>
    partOf(curve, drawn),
  );
  const axes = axesOf(
    {
      title: options.title ?? "",
      xLabel: options.xLabel ?? (data.times ? "time" : "lag"),
      yLabel: options.yLabel ?? "mean squared displacement",
      xScale: "log",
      yScale: "log",
    },
    "plotMsd",
  );
  const covariance = perParticle && covarianceOf(displacements(perParticle, x.length), drawn);
  const window = windowOf(options.fit, measured);
  return {
    kind: "curves",
    ...axes,
    curves,
    fit: { ...window, dimensions, ...(covariance && { covariance }) },
    ...linkOf(options, "plotMsd: link"),
  };
}

/** The displacements of each particle, at as many lags as there are. */
function displacements(perParticle: StridedArray, lags: number): Layout {
  const layout = layoutOf(perParticle, "plotMsd: perParticle");
  if (layout.shape.length === 2 && layout.shape[1] === lags) return layout;
  throw new FigureError(
    `plotMsd: perParticle has the shape [${layout.shape.join(", ")}], not [particles, ${lags}]`,
  );
}

/** Some of the points of a curve. */
function partOf(curve: Curve, indices: readonly number[]): Curve {
  const part = (array: FloatArray): FloatArray => Float64Array.from(indices, (i) => array[i]!);
  const { x, y, error } = curve;
  return { ...curve, x: part(x), y: part(y), error: error && part(error) };
}

/** The curve of what is expected. */
function theoryOf(theory: PlotMsdOptions["theory"], { x }: Curve): Curve[] {
  if (theory === undefined) return [];
  const { values, label } = theory;
  const y = typeof values === "function" ? x.map(values) : values;
  return [
    curveOf({ x, y, label, dash: "dashed" }, "plotMsd: theory.", new Map(), {
      x: "lags",
      y: "values",
      yError: "",
    }),
  ];
}

/** The window of the fit, which must hold three lags at least. */
function windowOf(given: PlotMsdOptions["fit"], { x }: Curve): { from: number; to: number } {
  const times = Array.from(x)
    .filter((t) => t > 0)
    .sort((a, b) => a - b);
  if (times.length < LEAST) {
    throw new FigureError(`plotMsd: there are ${times.length} lags above 0; a fit needs ${LEAST}`);
  }
  const fifth = times.at(-1)! / 5;
  const { from, to } = given ?? { from: times[0]!, to: Math.max(fifth, times[LEAST - 1]!) };
  const inside = times.filter((t) => t >= from && t <= to).length;
  if (inside < LEAST) {
    throw new FigureError(
      `plotMsd: fit from ${from} to ${to} holds ${inside} lags, it needs ${LEAST}; they go from ${times[0]!} to ${times.at(-1)!}`,
    );
  }
  return { from, to };
}

/**
 * Draws a mean squared displacement over the lag, on log axes, with its standard errors, what theory
 * expects, and a window in which a straight line is fitted: the diffusion coefficient D = slope / (2 d)
 * with its standard error, and the local exponent, 1 where particles diffuse.
 *
 * In JupyterLab the window can be moved and widened by pointer or keyboard, and D follows; the PNG
 * shows the window as given. The line is fitted by ordinary least squares, as `diffusion` does, and its
 * error comes from the spread over particles if there is `perParticle`; else the standard errors of
 * neighbouring lags, which share their displacements, are taken as fully correlated. Nothing is
 * returned. Throws a FigureError where lengths don't fit together or a window holds less than three lags.
 *
 * @example
 * plotMsd(msd(positions, { dt: 0.1 }), {
 *   theory: { label: "6 D t", values: (t) => 6 * 0.5 * t },
 *   fit: { from: 1, to: 10 },
 * });
 */
export function plotMsd(data: MsdData, options?: PlotMsdOptions): void {
  showPicture(plotMsdFigure(data, options));
}
