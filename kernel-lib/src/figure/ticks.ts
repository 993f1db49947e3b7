/**
 * Places and labels of an axis's ticks. A domain goes in, round numbers within it come out; pixels
 * and fonts are not known here.
 */
import { fixedText, numberText, powerText } from "./number-text.js";

/** A tick; one with an empty label is a minor one. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** With more digits a power of ten would say little. */
const MOST_DIGITS = 4;

/** The step of 1, 2 or 5 times a power of ten that comes nearest to `count` steps in `span`. */
function niceStep(span: number, count: number): number {
  const raw = span / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const rest = raw / power;
  // geometric means of neighbouring steps: √2, √10, √50
  const factor = rest < Math.SQRT2 ? 1 : rest < 3.1623 ? 2 : rest < 7.0711 ? 5 : 10;
  return factor * power;
}

/** About `count` round numbers within [low, high], at least two. */
export function linearTicks(low: number, high: number, count: number): Tick[] {
  const step = niceStep(high / 2 - low / 2, count / 2);
  // among denormal numbers nothing is round
  if (!(step > 1e-300)) return [low, high].map(plain);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // one number makes no scale
  if (last <= first) return linearTicks(low, high, 2 * Math.max(count, 1));
  const values = Array.from({ length: last - first + 1 }, (_, i) => {
    // divided where the step is 1/10ⁿ, so that 3 steps of 0.1 are 0.3
    const index = first + i;
    return step < 1 ? index / Math.round(1 / step) : index * step;
  });
  return withLabels(values, step);
}

function plain(value: number): Tick {
  return { value, label: numberText(value) };
}

/** Labels with as many decimals as the step asks for and one power of ten, so that they line up. */
function withLabels(values: readonly number[], step: number): Tick[] {
  const largest = Math.max(...values.map(Math.abs));
  const exponent = exponentOf(step);
  if (largest < 1e6 && largest >= 1e-3) {
    return values.map((value) => ({ value, label: fixedText(value, Math.max(0, -exponent)) }));
  }
  const digits = exponentOf(largest) - exponent + 1;
  if (digits > MOST_DIGITS)
    return values.map((value) => ({ value, label: numberText(value, Math.min(digits, 17)) }));
  // 0, 5×10⁻⁵, 10×10⁻⁵ are read at a glance, and so are 0.98×10⁶ and 1.00×10⁶
  const power = digits > 2 ? exponentOf(largest) : exponent;
  const label = (value: number) =>
    value === 0 ? "0" : `${fixedText(value / 10 ** power, power - exponent)}×${powerText(power)}`;
  return values.map((value) => ({ value, label: label(value) }));
}

function exponentOf(step: number): number {
  return Math.floor(Math.log10(step) + 1e-9);
}

/**
 * Ticks at powers of ten with minor ones between, of which some are labelled, too, where there is but
 * one power; over less than a decade, round numbers.
 */
export function logTicks(low: number, high: number, count: number): Tick[] {
  const from = Math.log10(low);
  const to = Math.log10(high);
  if (to - from < 1) return linearTicks(low, high, count);
  const every = Math.max(1, Math.ceil((to - from) / count));
  const isShort = Math.floor(to) - Math.ceil(from) < 1;
  const ticks: Tick[] = [];
  for (let exponent = Math.floor(from); exponent <= Math.ceil(to); exponent++) {
    const labelled = exponent % every === 0;
    const labelOf = (digit: number): string => {
      if (digit === 1 && labelled) return powerText(exponent);
      return isShort && (digit === 2 || digit === 5) ? `${digit}×${powerText(exponent)}` : "";
    };
    for (let digit = 1; digit < 10; digit++) {
      const value = digit * 10 ** exponent;
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      if (digit > 1 && every > 1) continue;
      ticks.push({ value, label: labelOf(digit) });
    }
  }
  return ticks;
}

/** Zero and powers of ten to both sides of it, from the threshold on. */
export function symlogTicks(low: number, high: number, threshold: number, count: number): Tick[] {
  const side = (end: number): Tick[] =>
    end > threshold ? logTicks(threshold, end, count / 2).filter(({ label }) => label !== "") : [];
  const below = side(-low).map(({ value, label }) => ({ value: -value, label: `−${label}` }));
  const above = side(high);
  if (below.length + above.length === 0) return linearTicks(low, high, count);
  const zero = low <= 0 && high >= 0 ? [{ value: 0, label: "0" }] : [];
  return [...below.reverse(), ...zero, ...above].filter(
    ({ value }) => value >= low && value <= high,
  );
}
