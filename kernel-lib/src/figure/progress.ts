/** How far a loop or a parallel call has come: its payload, and the one line that says it. */
import { checkInteger, checkNumber, checkRecord, checkText, checkWord } from "./checks.js";

export const PROGRESS_STATES = ["running", "done", "stopped", "failed"] as const;
/** `stopped`: the loop was left early; `failed`: it threw. */
export type ProgressState = (typeof PROGRESS_STATES)[number];

/** A progress line, ready to be drawn. */
export interface ProgressFigure {
  readonly kind: "progress";
  readonly label: string;
  readonly done: number;
  /** Undefined where the number of items isn't known beforehand. */
  readonly total: number | undefined;
  /** Milliseconds since the start. */
  readonly elapsed: number;
  readonly state: ProgressState;
}

/** Progress as JSON. */
export interface ProgressPayload {
  readonly version: 1;
  readonly kind: "progress";
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
  readonly elapsed: number;
  readonly state: ProgressState;
}

/** The progress in a payload whose version and kind are checked. */
export function parseProgress(json: unknown): ProgressFigure {
  const record = checkRecord(json, "progress", [
    "version",
    "kind",
    "label",
    "done",
    "total",
    "elapsed",
    "state",
  ]);
  const max = Number.MAX_SAFE_INTEGER;
  return {
    kind: "progress",
    label: checkText(record.label, "label"),
    done: checkInteger(record.done, "done", 0, max),
    total: record.total === null ? undefined : checkInteger(record.total, "total", 0, max),
    elapsed: checkNumber(record.elapsed, "elapsed", 0),
    state: checkWord(record.state, "state", PROGRESS_STATES),
  };
}

/** The payload of a progress line. */
export function progressPayload(figure: ProgressFigure): ProgressPayload {
  return { version: 1, ...figure, total: figure.total ?? null };
}
