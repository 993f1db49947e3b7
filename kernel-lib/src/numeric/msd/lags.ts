/**
 * The lags of a mean squared displacement, and by which method it costs least: what the user asked for
 * comes in, checked numbers of frames go out.
 */
import { smoothLength } from "./fourier-plan.js";

/** A checked list of lags, in frames; all of them unless some were chosen. */
export function checkedLags(
  lags: Iterable<number> | ArrayLike<number> | undefined,
  frames: number,
): Int32Array {
  if (lags === undefined) return Int32Array.from({ length: frames }, (_, lag) => lag);
  if (typeof lags !== "object" || !(Symbol.iterator in lags || "length" in lags))
    throw new TypeError(
      `msd: lags are ${String(lags)}: give a list of numbers of frames, such as [1, 10, 100]`,
    );
  const list = Array.from(lags);
  if (list.length === 0) throw new RangeError("msd: lags is empty: leave it out for all lags");
  for (const lag of list) {
    if (!Number.isInteger(lag) || lag < 0 || lag >= frames)
      throw new RangeError(
        `msd: a lag is ${String(lag)}: give whole numbers of frames from 0 ` +
          (frames < Infinity ? `to ${frames - 1}, as there are ${frames} frames` : "on"),
      );
  }
  return Int32Array.from(list);
}

/** The largest of some lags. */
export function largest(lags: Int32Array): number {
  return lags.reduce((most, lag) => Math.max(most, lag), 0);
}

/** What one stage of a transform costs beside one squared difference, for one number; measured. */
const STAGE_COST = 2;

/** Whether the Fourier transform takes less time than the definition. */
export function isFourierFaster(lags: Int32Array, frames: number, axes: number): boolean {
  const direct = lags.reduce((sum, lag) => sum + axes * (frames - lag), 0);
  const length = smoothLength(frames + largest(lags));
  return STAGE_COST * ((axes + 1) / 2) * length * Math.log2(length) < direct;
}
