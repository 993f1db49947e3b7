/** Timings in words: one line for one function, a table for several. */
import { durationUnit, numberText } from "./number-text.js";
import { textTable } from "./text-table.js";
import { mean, median, quantile, ratios, standardDeviation } from "./statistics.js";
import type { Timing, TimingsFigure } from "./timings.js";

/** Three significant digits, trailing zeros kept so that columns compare. */
function threeDigits(value: number): string {
  return value >= 0.001 && value < 999.5 ? value.toPrecision(3) : numberText(value, 3);
}

/** A duration and its deviation in the same unit and with the same decimals: 1.23 ± 0.04 ms. */
export function spreadText(value: number, deviation: number): string {
  const { name, size } = durationUnit(value);
  const shown = threeDigits(value / size);
  const decimals = shown.split(".")[1]?.length ?? 0;
  const spread = (deviation / size).toFixed(decimals);
  return `${shown} ± ${Number(spread) > 0 ? spread : numberText(deviation / size, 1)} ${name}`;
}

/** A duration with three significant digits. */
export function timeText(value: number): string {
  const { name, size } = durationUnit(value);
  return `${threeDigits(value / size)} ${name}`;
}

/** How often the function ran. */
export function runsText({ samples, calls }: Timing): string {
  const runs = `${numberText(samples.length, 12)} run${samples.length === 1 ? "" : "s"}`;
  return calls === 1 ? runs : `${runs} × ${numberText(calls, 12)} calls`;
}

/** One function's timing: `median 1.23 ± 0.04 ms (min 1.20 ms, mean 1.25 ms, 57 runs × 10 calls)`. */
export function timingText(timing: Timing): string {
  const { samples } = timing;
  const centre = spreadText(median(samples), standardDeviation(samples));
  const least = timeText(samples.reduce((a, b) => Math.min(a, b)));
  return `median ${centre} (min ${least}, mean ${timeText(mean(samples))}, ${runsText(timing)})`;
}

/**
 * How many times as fast as the reference, from the rounds in which both ran: `1.92 (1.82 to 2.00)`, the
 * spread being that of the middle half.
 */
export function ratioText(timing: Timing, reference: Timing, spread = true): string {
  if (timing === reference) return "1.00";
  const each = ratios(reference.samples, timing.samples);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => threeDigits(quantile(each, part)));
  return spread ? `${middle} (${low} to ${high})` : middle!;
}

/** Timings' text. */
export function timingsSummary({ title, timings }: TimingsFigure): string {
  const [first, ...others] = timings;
  if (others.length === 0) return [title, timingText(first!)].filter(Boolean).join(": ");
  const rows = timings.map((timing) => [
    timing.name,
    spreadText(median(timing.samples), standardDeviation(timing.samples)),
    timeText(timing.samples.reduce((a, b) => Math.min(a, b))),
    ratioText(timing, first!),
    runsText(timing),
  ]);
  const head = ["", "median ± deviation", "min", `speed ÷ ${first!.name}`, "measured"];
  const sides = ["left", "right", "right", "right", "left"] as const;
  return [...(title ? [title] : []), ...textTable([head, ...rows], sides)].join("\n");
}
