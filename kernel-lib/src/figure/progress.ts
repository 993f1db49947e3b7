/** How far a loop or a parallel call has come: its payload, and the one line that says it. */
import { checkInteger, checkNumber, checkRecord, checkText, checkWord } from "./checks.js";
import { countText, durationText, numberText } from "./number-text.js";

const PROGRESS_STATES = ["running", "done", "stopped", "failed"] as const;
/** `stopped`: the loop was left early; `failed`: it threw. */
export type ProgressState = (typeof PROGRESS_STATES)[number];

/** The longest time, in milliseconds. */
const MAX_TIME = 1e15;

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
    elapsed: checkNumber(record.elapsed, "elapsed", 0, MAX_TIME),
    state: checkWord(record.state, "state", PROGRESS_STATES),
  };
}

/** The payload of a progress line. */
export function progressPayload(figure: ProgressFigure): ProgressPayload {
  return { version: 1, ...figure, total: figure.total ?? null };
}

/** `done/total` as far as it is known: `37/100`. */
function countOf({ done, total }: ProgressFigure): string {
  return total === undefined ? countText(done, "item") : `${done}/${total}`;
}

/** The rate at which items were done: `12.3 items/s`, `4.1 s/item`. */
function rateText({ done, elapsed }: ProgressFigure): string {
  if (done === 0 || elapsed === 0) return "";
  const rate = (1000 * done) / elapsed;
  return rate >= 1 ? `${numberText(rate, 3)}/s` : `${durationText(elapsed / done)} each`;
}

const WIDTH = 24;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of text, filled to a fraction. */
function barText(fraction: number): string {
  const eighths = Math.round(8 * WIDTH * Math.min(Math.max(fraction, 0), 1));
  const filled = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
  return `│${filled.padEnd(WIDTH)}│`;
}

/**
 * The line of a progress display: while it runs with bar, rate and time left, then settled. A front
 * end that draws its own bar asks for the words alone.
 */
export function progressText(figure: ProgressFigure, withBar = true): string {
  const { label, done, total, elapsed, state } = figure;
  const name = label ? `${label}: ` : "";
  const rate = rateText(figure);
  if (state === "running") {
    const bar =
      total && withBar ? `${Math.floor((100 * done) / total)} % ${barText(done / total)} ` : "";
    const left = total && done > 0 && done < total ? (elapsed / done) * (total - done) : 0;
    const times = [
      done > 0 ? durationText(elapsed, 2) : "",
      left ? `${durationText(left, 2)} left` : "",
      rate,
    ];
    return `${name}${bar}${[countOf(figure), ...times].filter(Boolean).join(", ")}`;
  }
  const end = { done: "", stopped: " (stopped early)", failed: " (failed)" }[state];
  return `${name}${countOf(figure)} in ${durationText(elapsed)}${rate ? `, ${rate}` : ""}${end}`;
}
