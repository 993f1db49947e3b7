/**
 * One line that tells how far something is. In a notebook one output is updated in place; on a
 * terminal the line is rewritten; in a file or pipe only its first and last state are printed.
 *
 * A loop within a loop has the same line each time it runs: its output is used again in a notebook,
 * and on a terminal it stands behind the outer one's.
 */
import { MIME_TYPE, toPayload } from "../figure/figure.js";
import { type ProgressFigure, type ProgressState, progressText } from "../figure/progress.js";
import type { Progress } from "../runtime/progress.js";
import { pictureBundle } from "./picture.js";
import { canUpdate, type MimeBundle, type Output, runningCell, show } from "./tslab.js";

/** Draws a state; every state but "running" is the last one. */
export type ProgressLine = (progress: Progress, state: ProgressState) => void;

/** Moves to the line's start, and clears what stands after the new text. */
const RETURN = "\r";
const CLEAR = "\u001b[K";

/** A line, and what has taken it. */
interface Place {
  readonly label: string;
  readonly cell: unknown;
  isTaken: boolean;
  output?: Output;
  /** What it says on a terminal. */
  text: string;
}

/** The lines of what runs now, and of what has run within it. */
let places: Place[] = [];

/** A line of its own; of what runs within something else the line that it had before. */
function takePlace(label: string): Place {
  if (!places.some(({ isTaken }) => isTaken)) places = [];
  const cell = runningCell();
  const before = places.find((place, depth) => {
    return depth > 0 && !place.isTaken && place.label === label && place.cell === cell;
  });
  const place = before ?? { label, cell, isTaken: true, text: "" };
  place.isTaken = true;
  if (!before) places.push(place);
  return place;
}

/** The line as it runs; only its last state is worth a PNG. */
function bundleOf(figure: ProgressFigure): { bundle: MimeBundle; metadata?: MimeBundle } {
  if (figure.state !== "running") return pictureBundle(figure);
  return { bundle: { [MIME_TYPE]: toPayload(figure), "text/plain": progressText(figure) } };
}

function drawInNotebook(place: Place, figure: ProgressFigure): void {
  const { bundle, metadata } = bundleOf(figure);
  if (place.output) place.output.update(bundle, metadata);
  else place.output = show(bundle, metadata);
}

function drawOnTerminal(place: Place, figure: ProgressFigure, stream: NodeJS.WriteStream): void {
  const isRunning = figure.state === "running";
  place.text = isRunning ? progressText(figure) : "";
  const running = places.map(({ text }) => text).filter(Boolean);
  const settles = !isRunning && running.length === 0;
  const line = settles ? progressText(figure) : running.join(" › ");
  stream.write(
    `${RETURN}${line.slice(0, (stream.columns || 80) - 1)}${CLEAR}${settles ? "\n" : ""}`,
  );
}

function drawPlainly(figure: ProgressFigure, isFirst: boolean, stream: NodeJS.WriteStream): void {
  if (isFirst || figure.state !== "running") stream.write(`${progressText(figure)}\n`);
}

/** Opens a line under a name; nothing is drawn before its first state. */
export function openProgressLine(label: string): ProgressLine {
  const { stdout } = process;
  const isNotebook = canUpdate();
  const place = takePlace(label);
  let isFirst = true;
  return (progress, state) => {
    const figure = { kind: "progress", label, ...progress, state } as const;
    if (isNotebook) drawInNotebook(place, figure);
    else if (stdout.isTTY) drawOnTerminal(place, figure, stdout);
    else drawPlainly(figure, isFirst, stdout);
    isFirst = false;
    if (state !== "running") place.isTaken = false;
  };
}
