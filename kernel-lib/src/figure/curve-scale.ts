/**
 * The axes of a plot: data go in; which part of each axis is shown, and where a value stands in it,
 * come out. Pixels are not known here.
 */
import type { Curve, CurvesFigure, CurveScale } from "./curves.js";
import { powerText } from "./number-text.js";
import { linearTicks, logTicks, type Tick } from "./ticks.js";

/** The largest number that is drawn, and the same for log axes, so that what lies between is finite. */
const MAX_VALUE = 1e300;
const MAX_LOG = 1e150;

/** The part of an axis that the data leave free at either end. */
const MARGIN = { x: 0.02, y: 0.05 };

/** An axis with the values at its ends. */
export interface PlotScale {
  readonly type: CurveScale;
  readonly domain: readonly [number, number];
  /** Up to where a symlog axis is nearly linear. */
  readonly constant: number;
}

/** Whether a value can stand on an axis; where it can't, a curve has a gap. */
export function isDrawable(value: number, type: CurveScale): boolean {
  return type === "log" ? value >= 1 / MAX_LOG && value <= MAX_LOG : Math.abs(value) <= MAX_VALUE;
}

/** A value's place up to a linear map. */
function transformed(value: number, type: CurveScale, constant: number): number {
  if (type === "log") return Math.log(value);
  if (type === "symlog") return Math.sign(value) * Math.log1p(Math.abs(value) / constant);
  // halves, so that the width of the widest axis is finite
  return value / 2;
}

function restored(place: number, type: CurveScale, constant: number): number {
  if (type === "log") return Math.exp(place);
  if (type === "symlog") return Math.sign(place) * Math.expm1(Math.abs(place)) * constant;
  return Math.max(-MAX_VALUE, Math.min(2 * place, MAX_VALUE));
}

/** Where values stand between the ends of an axis: from 0 to 1. */
export function placer({ type, domain, constant }: PlotScale): (value: number) => number {
  const [low, high] = domain.map((end) => transformed(end, type, constant));
  const width = high! - low!;
  return (value) => (transformed(value, type, constant) - low!) / width;
}

/** The value at a place between the ends of an axis. */
export function valueOn({ type, domain, constant }: PlotScale, fraction: number): number {
  const [low, high] = domain.map((end) => transformed(end, type, constant));
  return restored(low! + fraction * (high! - low!), type, constant);
}

/** Smallest and largest of what is drawn, and the smallest magnitude besides zero. */
class Extent {
  low = Infinity;
  high = -Infinity;
  least = Infinity;
  readonly #type: CurveScale;

  constructor(type: CurveScale) {
    this.#type = type;
  }

  add(value: number): void {
    if (!isDrawable(value, this.#type)) return;
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
    const size = Math.abs(value);
    if (size > 0 && size < this.least) this.least = size;
  }
}

/** The scale that shows an extent with some room around it. */
function scaleAround({ low, high, least }: Extent, type: CurveScale, margin: number): PlotScale {
  if (low > high) return { type, domain: type === "log" ? [1, 10] : [0, 1], constant: 1 };
  const largest = Math.max(Math.abs(low), Math.abs(high));
  // six decades below the largest at most, lest one tiny number fills the axis
  const constant = 10 ** Math.floor(Math.log10(Math.max(least, 1e-6 * largest, 1e-290)));
  const place = (value: number) => transformed(value, type, Math.min(constant, 1e290));
  const from = place(low);
  const to = place(high);
  const flat = type === "linear" ? Math.abs(from) / 10 || 0.5 : Math.LN10 / 2;
  const room = to > from ? margin * (to - from) : flat;
  const value = (at: number) => restored(at, type, Math.min(constant, 1e290));
  let [start, end] = [value(from - room), value(to + room)];
  // nothing below zero is hinted at where there is nothing
  if (type === "linear" && low >= 0 && start < 0) start = 0;
  if (type === "linear" && high <= 0 && end > 0) end = 0;
  if (!(start < end)) [start, end] = apart(low, type);
  return { type, domain: [start, end], constant: Math.min(constant, 1e290) };
}

/** Ends around a value so small or large that a tenth of it is nothing. */
function apart(value: number, type: CurveScale): [number, number] {
  return type === "log" ? [value / 2, value * 2] : [value - 0.5, value + 0.5];
}

/** The part of a plot that a reader has chosen to see: the values at the ends of its axes. */
export interface PlotWindow {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** The two scales of a plot of the curves that aren't hidden, or of a part of it. */
export function plotScales(
  { curves, x, y }: CurvesFigure,
  hidden: ReadonlySet<number>,
  window?: PlotWindow,
): { readonly x: PlotScale; readonly y: PlotScale } {
  const extents = { x: new Extent(x.scale), y: new Extent(y.scale) };
  curves.forEach((curve, i) => {
    if (hidden.has(i)) return;
    for (let at = 0; at < curve.x.length; at++) {
      const place = curve.x[at]!;
      if (!isDrawable(place, x.scale)) continue;
      let seen = false;
      for (const value of valuesAt(curve, at)) {
        extents.y.add(value);
        seen ||= isDrawable(value, y.scale);
      }
      if (!seen) continue;
      extents.x.add(place);
      const half = curve.xError?.[at] ?? 0;
      if (half > 0) {
        extents.x.add(place - half);
        extents.x.add(place + half);
      }
    }
  });
  const scales = {
    x: scaleAround(extents.x, x.scale, MARGIN.x),
    y: scaleAround(extents.y, y.scale, MARGIN.y),
  };
  if (!window) return scales;
  return {
    x: { ...scales.x, domain: window.x },
    y: { ...scales.y, domain: window.y },
  };
}

/** All that stands above one abscissa: a point, the ends of its bar, the edges of its band. */
function* valuesAt({ y, error, band }: Curve, at: number): Generator<number> {
  const value = y[at]!;
  yield value;
  if (error && error[at]! > 0) {
    yield value - error[at]!;
    yield value + error[at]!;
  }
  if (band) {
    yield band.lower[at]!;
    yield band.upper[at]!;
  }
}

/** About `count` ticks of an axis. */
export function scaleTicks({ type, domain, constant }: PlotScale, count: number): Tick[] {
  const [low, high] = domain;
  if (type === "log") return logTicks(low, high, count);
  if (type === "linear") return linearTicks(low, high, count);
  const first = Math.ceil(Math.log10(constant));
  const sizes = (limit: number): number[] => {
    const last = Math.floor(Math.log10(limit) + 1e-9);
    const every = Math.max(1, Math.ceil((2 * (last - first + 1)) / count));
    const powers: number[] = [];
    for (let exponent = last; exponent >= first; exponent -= every) powers.push(exponent);
    return powers;
  };
  const above = high > constant ? sizes(high).reverse() : [];
  const below = low < -constant ? sizes(-low) : [];
  const ticks = [
    ...below.map((power) => ({ value: -(10 ** power), label: `−${powerText(power)}` })),
    ...(low <= 0 && high >= 0 ? [{ value: 0, label: "0" }] : []),
    ...above.map((power) => ({ value: 10 ** power, label: powerText(power) })),
  ].filter(({ value }) => value >= low && value <= high);
  return ticks.length > 1 ? ticks : linearTicks(low, high, count);
}

/**
 * The part of a plot between two places on its axes, from 0 to 1 each; undefined where so little is
 * left that numbers can't tell its ends apart.
 */
export function windowBetween(
  scales: { readonly x: PlotScale; readonly y: PlotScale },
  x: readonly [number, number],
  y: readonly [number, number],
): PlotWindow | undefined {
  const part = (scale: PlotScale, ends: readonly [number, number]) => {
    const [low, high] = ends.map((end) => valueOn(scale, Math.max(0, Math.min(end, 1))));
    return [low!, high!] as const;
  };
  const window = { x: part(scales.x, x), y: part(scales.y, y) };
  const isWide = ([low, high]: readonly [number, number]) =>
    high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high));
  return isWide(window.x) && isWide(window.y) ? window : undefined;
}
