/**
 * One line that tells how far something is. In a notebook one output is updated in place; on a
 * terminal the line is rewritten; in a file or pipe only its first and last state are printed.
 */
import { MIME_TYPE, toPayload } from "../figure/figure.js";
import { type ProgressFigure, type ProgressState, progressText } from "../figure/progress.js";
import type { Progress } from "../runtime/progress.js";
import { pictureBundle } from "./picture.js";
import { canUpdate, type MimeBundle, type Output, show } from "./tslab.js";

/** Draws a state; every state but "running" is the last one. */
export type ProgressLine = (progress: Progress, state: ProgressState) => void;

/** Moves to the line's start, and clears what stands after the new text. */
const RETURN = "\r";
const CLEAR = "\u001b[K";

/** The line as it runs; only its last state is worth a PNG. */
function bundleOf(figure: ProgressFigure): { bundle: MimeBundle; metadata?: MimeBundle } {
  if (figure.state !== "running") return pictureBundle(figure);
  return { bundle: { [MIME_TYPE]: toPayload(figure), "text/plain": progressText(figure) } };
}

function notebookLine(): (figure: ProgressFigure) => void {
  let output: Output | undefined;
  return (figure) => {
    const { bundle, metadata } = bundleOf(figure);
    if (output) output.update(bundle, metadata);
    else output = show(bundle, metadata);
  };
}

function terminalLine(stream: NodeJS.WriteStream): (figure: ProgressFigure) => void {
  return (figure) => {
    const text = progressText(figure).slice(0, (stream.columns || 80) - 1);
    stream.write(`${RETURN}${text}${CLEAR}${figure.state === "running" ? "" : "\n"}`);
  };
}

function plainLine(stream: NodeJS.WriteStream): (figure: ProgressFigure) => void {
  let first = true;
  return (figure) => {
    if (first || figure.state !== "running") stream.write(`${progressText(figure)}\n`);
    first = false;
  };
}

/** Opens a line under a name; nothing is drawn before its first state. */
export function openProgressLine(label: string): ProgressLine {
  const { stdout } = process;
  const draw = canUpdate()
    ? notebookLine()
    : stdout.isTTY
      ? terminalLine(stdout)
      : plainLine(stdout);
  return (progress, state) => {
    draw({ kind: "progress", label, ...progress, state });
  };
}
