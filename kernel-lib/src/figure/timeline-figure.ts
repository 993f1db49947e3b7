/**
 * A timeline's data: a parallel call's record becomes a payload and back, and a few sentences. Bars
 * and lanes are made in timeline-spec.ts.
 */
import { FigureError } from "../errors.js";
import { type BinaryArray, decodeArray, encodeArray } from "./binary.js";
import { checkInteger, checkNumber, checkRecord, checkText } from "./checks.js";
import type { Timeline, TimelineChunk } from "./timeline.js";

/** The most chunks of one timeline. */
export const MAX_CHUNKS = 1_000_000;
/** The most workers of one timeline. */
const MAX_THREADS = 4096;

/** The longest time, in milliseconds: 30,000 years. */
export const MAX_TIME = 1e15;

/** A timeline, ready to be drawn. */
export interface TimelineFigure {
  readonly kind: "timeline";
  readonly title: string;
  readonly timeline: Timeline;
  /** How long the same work took in a plain loop, in milliseconds, if it was measured. */
  readonly serial: number | undefined;
}

/** A timeline as JSON. */
export interface TimelinePayload {
  readonly version: 1;
  readonly kind: "timeline";
  readonly title: string;
  readonly threads: number;
  readonly elapsed: number;
  readonly serial: number | null;
  /** A row a chunk: worker, from, to, start, end. */
  readonly chunks: BinaryArray;
}

const COLUMNS = 5;

function isChunk({ worker, from, to, start, end }: TimelineChunk, threads: number): boolean {
  const isCounted = [worker, from, to].every((count) => Number.isSafeInteger(count) && count >= 0);
  return (
    isCounted && worker < threads && from <= to && start >= 0 && start <= end && end <= MAX_TIME
  );
}

/** The timeline in a payload whose version and kind are checked. */
export function parseTimeline(json: unknown): TimelineFigure {
  const record = checkRecord(json, "timeline", [
    "version",
    "kind",
    "title",
    "threads",
    "elapsed",
    "serial",
    "chunks",
  ]);
  const threads = checkInteger(record.threads, "threads", 1, MAX_THREADS);
  const elapsed = checkNumber(record.elapsed, "elapsed", 0, MAX_TIME);
  const { array, shape } = decodeArray(record.chunks, "chunks", 2, COLUMNS * MAX_CHUNKS);
  if (shape[1] !== COLUMNS) throw new FigureError(`chunks has not ${COLUMNS} columns`);
  const chunks: TimelineChunk[] = [];
  for (let row = 0; row < shape[0]!; row++) {
    const at = COLUMNS * row;
    const chunk = {
      worker: array[at]!,
      from: array[at + 1]!,
      to: array[at + 2]!,
      start: array[at + 3]!,
      end: array[at + 4]!,
    };
    if (!isChunk(chunk, threads)) throw new FigureError(`chunks[${row}] is no chunk of items`);
    chunks.push(chunk);
  }
  return {
    kind: "timeline",
    title: checkText(record.title, "title"),
    timeline: { threads, elapsed, chunks },
    serial: record.serial === null ? undefined : checkNumber(record.serial, "serial", 0, MAX_TIME),
  };
}

/** The payload of a timeline. */
export function timelinePayload(figure: TimelineFigure): TimelinePayload {
  const { threads, elapsed, chunks } = figure.timeline;
  const rows = new Float64Array(COLUMNS * chunks.length);
  chunks.forEach(({ worker, from, to, start, end }, row) => {
    rows.set([worker, from, to, start, end], COLUMNS * row);
  });
  return {
    version: 1,
    kind: "timeline",
    title: figure.title,
    threads,
    elapsed,
    serial: figure.serial ?? null,
    chunks: encodeArray(rows, [chunks.length, COLUMNS]),
  };
}
