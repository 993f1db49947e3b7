/** A timeline as a table: a row a chunk, in the order in which they were done. */
import type { DataTable } from "./data-table.js";
import type { TimelineFigure } from "./timeline-figure.js";

/** The table of a timeline's chunks; the serial run, if there is one, stands first. */
export function timelineTable({ timeline, serial }: TimelineFigure): DataTable {
  const { chunks } = timeline;
  const offset = serial === undefined ? 0 : 1;
  return {
    columns: ["worker", "first item", "last item", "start (ms)", "end (ms)"],
    length: chunks.length + offset,
    row(index) {
      if (index < offset) return ["serial", "", "", 0, serial!];
      const { worker, from, to, start, end } = chunks[index - offset]!;
      return [worker, from, to - 1, start, end];
    },
  };
}
