/**
 * How values become places along a colour bar, and back. A range goes in, fractions of 0 to 1 come
 * out; colours are not known here.
 */
import { linearTicks, logTicks, symlogTicks, type Tick } from "./ticks.js";

export const COLOR_SCALES = ["linear", "log", "symlog"] as const;
/** How values are spread over the colours. */
export type ColorScaleName = (typeof COLOR_SCALES)[number];

/** A range of values spread over the fractions from 0 to 1. */
export interface ColorScale {
  /** Where a value stands: below 0 or above 1 outside of the range, NaN where it has no place. */
  fraction(value: number): number;
  /** The value at a place. */
  value(fraction: number): number;
  /** About so many round values within the range. */
  ticks(count: number): Tick[];
}

/**
 * The scale of this name over [low, high], low < high; both are positive on a log scale. A symlog scale,
 * sign(v) ln(1 + |v|/threshold), is linear around zero and logarithmic beyond the threshold.
 */
export function colorScale(
  name: ColorScaleName,
  [low, high]: readonly [number, number],
  threshold = 1,
): ColorScale {
  if (name === "symlog") {
    const bent = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value) / threshold);
    const [from, to] = [bent(low), bent(high)];
    return {
      fraction: (value) => (bent(value) - from) / (to - from),
      value(fraction) {
        const at = from + fraction * (to - from);
        return Math.sign(at) * threshold * Math.expm1(Math.abs(at));
      },
      ticks: (count) => symlogTicks(low, high, threshold, count),
    };
  }
  if (name === "log") {
    const from = Math.log(low);
    const span = Math.log(high) - from;
    return {
      fraction: (value) => (value > 0 ? (Math.log(value) - from) / span : NaN),
      value: (fraction) => Math.exp(from + fraction * span),
      ticks: (count) => logTicks(low, high, count),
    };
  }
  // halves, so that the width of the widest range is finite
  const span = high / 2 - low / 2;
  return {
    fraction: (value) => (value / 2 - low / 2) / span,
    value: (fraction) => low * (1 - fraction) + high * fraction,
    ticks: (count) => linearTicks(low, high, count),
  };
}
