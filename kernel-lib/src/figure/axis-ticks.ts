/** Ticks of our own as Vega-Lite takes them. */
import type { Tick } from "./ticks.js";

/** The places, and an expression that looks their labels up. */
export function tickAxis(ticks: readonly Tick[]): { values: number[]; labelExpr: string } {
  const values = ticks.map(({ value }) => value);
  const labels = ticks.map(({ label }) => label);
  // only numbers of ours and their texts are in it, so that nothing of a payload is evaluated
  const labelExpr = `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]`;
  return { values, labelExpr };
}
