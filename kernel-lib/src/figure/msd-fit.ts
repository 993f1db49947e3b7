/**
 * The straight line through a mean squared displacement over a window of lags: MSD(t) = 2·d·D·t + a, by
 * ordinary least squares, and the local exponent, the slope of log MSD over log t.
 *
 * Neighbouring lags share their displacements, so that the line's residuals tell nothing of its error.
 * D and the exponent are weighted sums of the values, and their variance is that of the sum, wᵀ C w, where
 * the covariance C over the particles is known, if only at some of the lags; else the standard errors
 * are taken as fully correlated, and the error of a sum is the sum of the errors.
 */
import type { Curve, CurvesFigure, FitWindow } from "./curves.js";
import { countText, numberText, powerText } from "./number-text.js";

/** What the line says. NaN where the window has too few points. */
export interface MsdFit {
  /** The diffusion coefficient: slope / (2 d), in squared length a time. */
  readonly D: number;
  /** NaN if the values have no standard errors. */
  readonly DError: number;
  /** α of MSD ∝ t^α over the window: 1 for diffusion, 2 for straight flight. */
  readonly exponent: number;
  readonly exponentError: number;
  /** The line at t = 0. */
  readonly intercept: number;
  /** The first and the last lag in the window, and how many it has. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** The least points that make a line whose fit says anything. */
const LEAST = 3;

/** The weights with which values at these abscissae make the slope of their line. */
function slopeWeights(x: readonly number[]): number[] {
  const centre = mean(x);
  const squares = x.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return x.map((each) => (each - centre) / squares);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, i) => sum + each * b[i]!, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** The points in a window: the places of their lags, and what stands there. */
interface Inside {
  readonly indices: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
}

function inside({ x, y }: Curve, indices: Iterable<number>, { from, to }: FitWindow): Inside {
  const found = [...indices].filter((i) => {
    return x[i]! >= from && x[i]! <= to && x[i]! > 0 && Number.isFinite(y[i]!);
  });
  return { indices: found, times: found.map((i) => x[i]!), values: found.map((i) => y[i]!) };
}

/** The weights with which small changes of the values change their slope, and their log–log slope. */
function weightsOf({ times, values }: Inside): {
  readonly slope: number[];
  readonly log: number[];
} {
  const log = slopeWeights(times.map(Math.log));
  return { slope: slopeWeights(times), log: log.map((weight, k) => weight / values[k]!) };
}

/** The standard errors of slope and log–log slope. */
function errorsOf(
  curve: Curve,
  window: FitWindow,
  all: Inside,
): { readonly slope: number; readonly log: number } {
  const { covariance } = window;
  const known = covariance && inside(curve, covariance.points, window);
  if (!covariance || !known || known.indices.length < LEAST) {
    const errors = all.indices.map((i) => curve.error?.[i] ?? NaN);
    const { slope, log } = weightsOf(all);
    return { slope: Math.abs(dot(slope, errors)), log: Math.abs(dot(log, errors)) };
  }
  const size = covariance.points.length;
  const rows = known.indices.map((i) => covariance.points.indexOf(i));
  const spread = (weights: readonly number[]): number =>
    Math.sqrt(
      weights.reduce((sum, weight, a) => {
        const row = rows[a]! * size;
        return (
          sum +
          weight *
            dot(
              weights,
              rows.map((column) => covariance.values[row + column]!),
            )
        );
      }, 0),
    );
  const { slope, log } = weightsOf(known);
  return { slope: spread(slope), log: spread(log) };
}

/** The fit through the first curve of a figure, over a window. Lags at zero and gaps are left out. */
export function fitMsd({ curves }: CurvesFigure, window: FitWindow): MsdFit {
  const curve = curves[0]!;
  const all = inside(curve, curve.x.keys(), window);
  const { times, values } = all;
  const range = {
    first: times.reduce((a, b) => Math.min(a, b), Infinity),
    last: times.reduce((a, b) => Math.max(a, b), -Infinity),
    count: times.length,
  };
  if (times.length < LEAST) {
    return { D: NaN, DError: NaN, exponent: NaN, exponentError: NaN, intercept: NaN, ...range };
  }
  const slope = dot(slopeWeights(times), values);
  const isPositive = values.every((value) => value > 0);
  const errors = errorsOf(curve, window, all);
  return {
    D: slope / (2 * window.dimensions),
    DError: errors.slope / (2 * window.dimensions),
    exponent: isPositive ? dot(slopeWeights(times.map(Math.log)), values.map(Math.log)) : NaN,
    exponentError: isPositive ? errors.log : NaN,
    intercept: mean(values) - slope * mean(times),
    ...range,
  };
}

/** A value and its error with the same decimals, the error with two digits: `0.5012 ± 0.0034`. */
export function plusMinusText(value: number, error: number): string {
  if (!Number.isFinite(value)) return "–";
  // an error of rounding only says nothing
  if (!(error > 1e-9 * Math.abs(value) && error < Infinity)) return numberText(value, 4);
  const size = Math.max(Math.abs(value), error);
  const decimals = 1 - Math.floor(Math.log10(error));
  const exponent = Math.floor(Math.log10(size));
  // few zeros before the digits, or a power of ten for both
  if (exponent < -3 || exponent > 5) {
    const unit = 10 ** exponent;
    const shown = Math.min(Math.max(decimals + exponent, 0), 12);
    const [a, b] = [value, error].map((each) => (each / unit).toFixed(shown).replace("-", "−"));
    return `(${a} ± ${b})×${powerText(exponent)}`;
  }
  const shown = Math.min(Math.max(decimals, 0), 12);
  return `${value.toFixed(shown).replace("-", "−")} ± ${error.toFixed(shown)}`;
}

/** A fit in words: the coefficient, and what else there is to say of it. */
export function fitTexts(fit: MsdFit): { readonly result: string; readonly remark: string } {
  const { D, DError, exponent, exponentError, first, last, count } = fit;
  if (count < LEAST) {
    return {
      result: "D = –",
      remark: `${countText(count, "lag")} in the window, three are needed`,
    };
  }
  const range = `${numberText(first)} to ${numberText(last)}`;
  return {
    result: `D = ${plusMinusText(D, DError)}`,
    remark: `exponent ${plusMinusText(exponent, exponentError)}, ${countText(count, "lag")} from ${range}`,
  };
}

/** A fit in one line. */
export function fitText(fit: MsdFit): string {
  const { result, remark } = fitTexts(fit);
  return `${result}; ${remark}`;
}
