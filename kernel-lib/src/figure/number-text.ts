/**
 * Numbers as people write them: −0.05, 1,200, 3×10⁻⁷, 1.23 ms. Text for axes, tooltips and
 * summaries; it never reads a number back.
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10 to an integer power, such as 10⁻⁷. */
export function powerText(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) =>
    SUPERSCRIPTS.charAt(Number(digit)),
  );
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** Thousands apart: 12,345. */
function grouped(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const groups = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** A number with so many decimals. */
export function fixedText(value: number, decimals: number): string {
  const digits = Math.abs(value).toFixed(decimals);
  return (value < 0 && Number(digits) > 0 ? "−" : "") + grouped(digits);
}

/** A number with at most `digits` significant digits and no trailing zeros. */
export function numberText(value: number, digits = 6): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  const [mantissa = "", power = "0"] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < Math.max(digits, 6)) {
    return sign + grouped(String(Number(size.toPrecision(digits))));
  }
  const factor = String(Number(mantissa));
  return sign + (factor === "1" ? "" : `${factor}×`) + powerText(exponent);
}

const UNITS = [
  [60_000, "min"],
  [1000, "s"],
  [1, "ms"],
  [1e-3, "µs"],
  [1e-6, "ns"],
] as const;

/** The unit in which a duration reads best: its name, and how many milliseconds it has. */
export function durationUnit(milliseconds: number): {
  readonly name: string;
  readonly size: number;
} {
  const found = UNITS.find(([size]) => milliseconds >= size * (size === 60_000 ? 2 : 1));
  const [size, name] = found ?? UNITS[4];
  return { name, size };
}

/** A duration given in milliseconds, in the unit in which it reads best. */
export function durationText(milliseconds: number, digits = 3): string {
  if (milliseconds === 0) return "0 s";
  const { name, size } = durationUnit(milliseconds);
  const value = milliseconds / size;
  const shown = value >= 1000 ? grouped(value.toFixed(0)) : Number(value.toPrecision(digits));
  return `${shown} ${name}`;
}

/** A count and its noun: 1 worker, 2 workers, 3 bodies. */
export function countText(count: number, noun: string): string {
  const nouns = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${grouped(String(count))} ${count === 1 ? noun : nouns}`;
}
