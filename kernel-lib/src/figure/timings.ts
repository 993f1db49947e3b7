/**
 * Timings of one function or several: samples become a payload and back, and statistics. How they
 * were measured is display/timeit.ts's business.
 */
import { FigureError } from "../errors.js";
import { type BinaryArray, decodeArray, encodeArray } from "./binary.js";
import { checkInteger, checkList, checkNumber, checkRecord, checkText } from "./checks.js";

/** The most functions in one comparison. */
export const MAX_TIMINGS = 100;
/** The most samples of one function. */
const MAX_SAMPLES = 100_000;

/** The longest time a call, in milliseconds. */
export const MAX_TIME = 1e15;

/** The timing of one function. */
export interface Timing {
  readonly name: string;
  /** Milliseconds a call, one number a run. */
  readonly samples: Float64Array;
  /** Calls in each run. */
  readonly calls: number;
}

/** One timing, or several to compare, ready to be drawn. */
export interface TimingsFigure {
  readonly kind: "timings";
  readonly title: string;
  readonly timings: readonly Timing[];
}

/** Timings as JSON. */
export interface TimingsPayload {
  readonly version: 1;
  readonly kind: "timings";
  readonly title: string;
  readonly timings: readonly {
    readonly name: string;
    readonly samples: BinaryArray;
    readonly calls: number;
  }[];
}

function checkTiming(json: unknown, place: string): Timing {
  const record = checkRecord(json, place, ["name", "samples", "calls"]);
  const { array } = decodeArray(record.samples, `${place}.samples`, 1, MAX_SAMPLES);
  if (array.length === 0) throw new FigureError(`${place}.samples is empty`);
  array.forEach((sample, i) => checkNumber(sample, `${place}.samples[${i}]`, 0, MAX_TIME));
  return {
    name: checkText(record.name, `${place}.name`),
    samples: Float64Array.from(array),
    calls: checkInteger(record.calls, `${place}.calls`, 1, Number.MAX_SAFE_INTEGER),
  };
}

/** The timings in a payload whose version and kind are checked. */
export function parseTimings(json: unknown): TimingsFigure {
  const record = checkRecord(json, "timings", ["version", "kind", "title", "timings"]);
  const timings = checkList(record.timings, "timings", 1, MAX_TIMINGS);
  return {
    kind: "timings",
    title: checkText(record.title, "title"),
    timings: timings.map((timing, i) => checkTiming(timing, `timings[${i}]`)),
  };
}

/** The payload of timings. */
export function timingsPayload(figure: TimingsFigure): TimingsPayload {
  return {
    version: 1,
    kind: "timings",
    title: figure.title,
    timings: figure.timings.map(({ name, samples, calls }) => ({
      name,
      samples: encodeArray(samples, [samples.length]),
      calls,
    })),
  };
}
