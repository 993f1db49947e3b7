/** Timings as a table: a row a run. */
import type { DataTable } from "./data-table.js";
import type { TimingsFigure } from "./timings.js";

/** The table of all runs, function by function, in the order of measuring. */
export function timingsTable({ timings }: TimingsFigure): DataTable {
  return {
    columns: ["function", "run", "time per call (ms)"],
    length: timings.reduce((sum, { samples }) => sum + samples.length, 0),
    row(index) {
      let run = index;
      let i = 0;
      while (run >= timings[i]!.samples.length) run -= timings[i++]!.samples.length;
      return [timings[i]!.name, run + 1, timings[i]!.samples[run]!];
    },
  };
}
