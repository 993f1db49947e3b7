/** What became of a kernel's loops, in words that a cell can show. */
import { inspect } from "node:util";
import type { LoopDiagnosis, SourceFunction, Verdict } from "../compiler/types.js";

/** What became of one loop. */
export interface LoopReport {
  /** As it is written. */
  readonly loop: string;
  /** Line of the cell or file. */
  readonly line: number;
  readonly parallel: Verdict;
  readonly vectorised: Verdict;
  readonly boundsHoisted: Verdict;
  /** Sums and the like that are taken over all turns. */
  readonly reductions: readonly string[];
}

/** One report a loop, in the order of the source; prints as text. */
export type Diagnostics = readonly LoopReport[];

export function describeLoops(
  diagnoses: readonly LoopDiagnosis[],
  kernel: SourceFunction,
): Diagnostics {
  const { locate } = require("../compiler/parse.js") as typeof import("../compiler/parse.js");
  const reports = diagnoses.map(({ position, ...rest }) => ({
    ...rest,
    line: locate(kernel, position).line,
  }));
  return Object.defineProperty(reports, inspect.custom, { value: () => text(reports) });
}

function text(reports: Diagnostics): string {
  if (reports.length === 0) return "no loops";
  return reports
    .map(({ loop, line, parallel, vectorised, boundsHoisted, reductions }) =>
      [
        `line ${line}: ${loop}`,
        `  parallel      ${verdict(parallel)}${reductions.length > 0 ? `; reduces ${reductions.join(", ")}` : ""}`,
        `  vectorised    ${verdict(vectorised)}`,
        `  index checks  ${boundsHoisted.yes ? `outside of the loop${how(boundsHoisted)}` : `in every turn: ${boundsHoisted.why}`}`,
      ].join("\n"),
    )
    .join("\n");
}

function verdict(each: Verdict): string {
  return each.yes ? `yes${how(each)}` : `no: ${each.why}`;
}

function how(each: Verdict): string {
  return each.yes && each.how !== undefined ? ` (${each.how})` : "";
}
