/** `timeline`: a parallel call's record becomes one output. The record is the pool's, the picture figure/'s. */
import { FigureError } from "../errors.js";
import { checkNumber, checkText } from "../figure/checks.js";
import type { Timeline } from "../figure/timeline.js";
import { MAX_CHUNKS, type TimelineFigure } from "../figure/timeline-figure.js";
import { showPicture } from "./picture.js";

/** How `timeline` is titled, and what it is compared with. */
export interface TimelineOptions {
  readonly title?: string;
  /** How long the same work took in a plain loop, in milliseconds; it gets a lane of its own. */
  readonly serial?: number;
}

/** The record in the result of a parallel call, or the record itself. */
function recordOf(value: unknown): Timeline {
  const record =
    typeof value === "object" && value !== null && "timeline" in value ? value.timeline : value;
  const found = record as Partial<Timeline> | null | undefined;
  if (typeof found !== "object" || found === null || !Array.isArray(found.chunks)) {
    throw new FigureError(
      "timeline: this has no timeline; the results of `await pool.map(…)` and `recordTimeline(() => kernel(…))` have one",
    );
  }
  return found as Timeline;
}

/** The figure that `timeline` shows. */
export function timelineFigure(
  result: { readonly timeline: Timeline } | Timeline,
  { title = "", serial }: TimelineOptions = {},
): TimelineFigure {
  const record = recordOf(result);
  if (record.chunks.length > MAX_CHUNKS) {
    throw new FigureError(
      `timeline: the call had ${record.chunks.length} chunks, at most ${MAX_CHUNKS} can be drawn`,
    );
  }
  return {
    kind: "timeline",
    title: checkText(title, "timeline: title"),
    timeline: record,
    serial: serial === undefined ? undefined : checkNumber(serial, "timeline: serial", 0),
  };
}

/**
 * Draws which worker did what when in a parallel call: one lane a worker, one bar a chunk of items, in
 * orange those that took longest an item, and how busy the workers were. Its speed-up is the work done
 * over the time taken.
 *
 * Takes the result of `pool.map` or, for kernels, of `recordTimeline`, or its `.timeline`. The output is
 * live in JupyterLab with hotcell's extension, a PNG elsewhere. Nothing is returned. Throws a
 * FigureError where there is no timeline.
 *
 * @example
 * const squares = await pool.map((x) => x * x, xs);
 * timeline(squares, { title: "squares", serial: 980 });
 * timeline(recordTimeline(() => kernel(1_000_000)));
 */
export function timeline(
  result: { readonly timeline: Timeline } | Timeline,
  options?: TimelineOptions,
): void {
  showPicture(timelineFigure(result, options));
}
