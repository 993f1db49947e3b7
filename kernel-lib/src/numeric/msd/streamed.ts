/**
 * Mean squared displacements of a trajectory that is read once, frame by frame, and may be larger than
 * memory: frames come in, the same result as that of arrays goes out, at chosen lags.
 */
import { zeros } from "../../runtime/arrays.js";
import { delist, enlist } from "../../runtime/interrupt.js";
import { ProgressMeter } from "../../runtime/progress.js";
import type { Frame } from "../readers/frame.js";
import { Ensemble } from "./ensemble.js";
import { type BoxOfFrame, FrameWindow } from "./frame-window.js";
import { checkedLags } from "./lags.js";
import { type Msd, type MsdStreamOptions, MEMORY_BUDGET } from "./msd-options.js";
import type { BoxOption, PeriodicBox } from "./box.js";
import { axesOf } from "./positions.js";

/** Whether these are frames that come one at a time. */
export function isStream(positions: unknown): positions is AsyncIterable<Frame> {
  return typeof positions === "object" && positions !== null && Symbol.asyncIterator in positions;
}

export async function streamedMsd(
  frames: AsyncIterable<Frame>,
  options: MsdStreamOptions,
): Promise<Msd> {
  const { lags: given, fft } = options as Partial<MsdStreamOptions>;
  if (given === undefined || fft === true)
    throw new TypeError(
      `msd: frames that come one at a time need lags, such as [1, 10, 100], and can't be transformed: give ` +
        `lags, or read the whole file with await trajectory.positions()`,
    );
  const lags = checkedLags(given, Infinity);
  const along = axesOf(options.msdType, 3);
  const meter = new ProgressMeter(options.progress, "msd", undefined);
  let interrupted: Error | undefined;
  const job = { abort: (reason: Error) => void (interrupted = reason) };
  let window: FrameWindow | undefined;
  let state: "failed" | "stopped" | "done" = "failed";
  enlist(job);
  try {
    for await (const frame of frames) {
      if (interrupted) throw interrupted;
      options.signal?.throwIfAborted();
      const { memoryBudget = MEMORY_BUDGET } = options;
      window ??= new FrameWindow(frame.positions.length, lags, boxOf(options.box), memoryBudget);
      window.add(frame);
      meter.add(1);
    }
    window?.end();
    const result = resultOf(window, lags, along, options);
    state = "done";
    return result;
  } finally {
    delist(job);
    meter.end(interrupted || options.signal?.aborted === true ? "stopped" : state);
  }
}

function boxOf(box: BoxOption | "trajectory" | undefined): BoxOfFrame {
  if (box === undefined) return undefined;
  if (box === "trajectory") {
    const open = [Infinity, Infinity, Infinity];
    return ({ box: own, isUnwrapped }) => (isUnwrapped === true ? open : own);
  }
  return typeof box === "function" ? (_, index) => box(index) : () => box as PeriodicBox;
}

function resultOf(
  window: FrameWindow | undefined,
  lags: Int32Array,
  along: readonly number[],
  options: MsdStreamOptions,
): Msd {
  const frames = window?.frames ?? 0;
  const particles = window?.particles ?? 0;
  checkedLags(lags, frames);
  const { dt = 1, memoryBudget = MEMORY_BUDGET } = options;
  const values = zeros([particles, lags.length]);
  for (let i = 0; i < particles; i++) {
    lags.forEach((lag, l) => {
      const sum = along.reduce((total, axis) => total + window!.sum(l, i, axis), 0);
      values.data[i * lags.length + l] = sum / (frames - lag);
    });
  }
  const ensemble = new Ensemble(lags.length);
  ensemble.add(values, particles);
  const isKept = options.perParticle ?? 8 * values.size <= memoryBudget;
  return {
    lags,
    times: Float64Array.from(lags, (lag) => lag * dt),
    msd: ensemble.mean,
    standardError: ensemble.standardError(),
    ...(isKept && { perParticle: values }),
    dimensions: along.length,
    particles,
    frames,
    dt,
    method: "direct",
  };
}
