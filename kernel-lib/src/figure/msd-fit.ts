/**
 * The straight line through a mean squared displacement over a window of lags: MSD(t) = 2·d·D·t + a, by
 * ordinary least squares, and the local exponent, the slope of log MSD over log t.
 *
 * Neighbouring lags share their displacements, so that the line's residuals tell nothing of its error:
 * the standard errors of the values are taken as fully correlated, and the error of a weighted sum of
 * values is the weighted sum of their errors.
 */
import type { CurvesFigure, FitWindow } from "./curves.js";
import { countText, numberText } from "./number-text.js";

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

/** The fit through the first curve of a figure, over a window. Lags at zero and gaps are left out. */
export function fitMsd({ curves }: CurvesFigure, { from, to, dimensions }: FitWindow): MsdFit {
  const { x, y, error } = curves[0]!;
  const inside = Array.from(x.keys()).filter((i) => {
    return x[i]! >= from && x[i]! <= to && x[i]! > 0 && Number.isFinite(y[i]!);
  });
  const count = inside.length;
  const times = inside.map((i) => x[i]!);
  const range = {
    first: times.reduce((a, b) => Math.min(a, b), Infinity),
    last: times.reduce((a, b) => Math.max(a, b), -Infinity),
    count,
  };
  if (count < LEAST) {
    return { D: NaN, DError: NaN, exponent: NaN, exponentError: NaN, intercept: NaN, ...range };
  }
  const values = inside.map((i) => y[i]!);
  const errors = inside.map((i) => error?.[i] ?? NaN);
  const weights = slopeWeights(times);
  const slope = dot(weights, values);
  const logWeights = slopeWeights(times.map(Math.log));
  const isPositive = values.every((value) => value > 0);
  return {
    D: slope / (2 * dimensions),
    DError: Math.abs(dot(weights, errors)) / (2 * dimensions),
    exponent: isPositive ? dot(logWeights, values.map(Math.log)) : NaN,
    exponentError: Math.abs(
      dot(
        logWeights,
        errors.map((each, k) => each / values[k]!),
      ),
    ),
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
    return `(${a} ± ${b})×${numberText(unit)}`;
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
