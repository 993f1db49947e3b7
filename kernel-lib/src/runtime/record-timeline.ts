/**
 * `recordTimeline`: kernels run as always while each chunk of their parallel loops is written down.
 * The record is what `timeline` draws.
 */
import type { Timeline } from "../figure/timeline.js";
import { team } from "./team.js";

/** What ran, and who did what when. */
export interface Recorded<T> {
  /** What the function returned. */
  readonly result: T;
  readonly timeline: Timeline;
}

/**
 * Runs a function, and records which thread ran which iterations of the `prange` loops of the kernels
 * that it calls, and when; thread 0 is the one that calls. Of 65,536 chunks at most: what comes later
 * is not in the record. Kernels that nobody records pay nothing for it.
 *
 * Returns the function's result and the record for `timeline`; a promise of both where the function
 * returns a promise. Throws what the function throws, and an Error where another `recordTimeline` was
 * called in the meantime.
 *
 * @example
 * meanSquare(1000, 1);                                            // compile before, not in the record
 * const run = recordTimeline(() => meanSquare(2_000_000, 1));
 * timeline(run, { title: "mean square", serial: 140 });
 */
export function recordTimeline<T>(run: () => Promise<T>): Promise<Recorded<T>>;
export function recordTimeline<T>(run: () => T): Recorded<T>;
export function recordTimeline<T>(run: () => T | Promise<T>): Recorded<T> | Promise<Recorded<T>> {
  const close = team().record();
  const start = performance.now();
  const end = (result: T): Recorded<T> => {
    const elapsed = performance.now() - start;
    return { result, timeline: { ...close(performance.timeOrigin + start), elapsed } };
  };
  try {
    const result = run();
    if (!(result instanceof Promise)) return end(result);
    return result.then(end, (error: unknown) => {
      close(0);
      throw error;
    });
  } catch (error) {
    close(0);
    throw error;
  }
}
