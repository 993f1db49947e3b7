/**
 * `msd`: trajectories come in, the mean squared displacement at each lag goes out, with its spread over
 * particles. Checks what it is given, chooses the method, and takes the particles through the kernels
 * batch by batch; how displacements are computed stands in direct and fourier.
 */
import { empty, zeros } from "../../runtime/arrays.js";
import type { Kernel } from "../../runtime/kernel.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { noticeOnce } from "../../runtime/notice.js";
import { ProgressMeter } from "../../runtime/progress.js";
import { cellsOf } from "./box.js";
import { directMsd } from "./direct.js";
import { Ensemble } from "./ensemble.js";
import { fourierMsd } from "./fourier.js";
import { fourierPlan } from "./fourier-plan.js";
import { checkedLags, isFourierFaster, largest } from "./lags.js";
import {
  checkMsdOptions,
  MEMORY_BUDGET,
  type Msd,
  type MsdAsyncOptions,
  type MsdOptions,
  type MsdStreamOptions,
} from "./msd-options.js";
import { axesOf, Trajectories, type Positions } from "./positions.js";
import type { Frame } from "../readers/frame.js";
import { isStream, streamedMsd } from "./streamed.js";
import { unwrapped } from "./unwrap.js";
import { wrappedAxis } from "./wrapped.js";

/** Pairs of particles that go side by side through a transform, and how much memory they may take. */
const LANES = 8;
const LANE_BYTES = 2 ** 27;

/** A call of a kernel that is to be made before the work goes on. */
interface Call {
  readonly kernel: Kernel<(...args: never[]) => void>;
  readonly args: readonly unknown[];
  /** Particles that are done then, and all of them. */
  readonly done: number;
  readonly total: number;
}

/** `msd` as it can be called. */
interface MeanSquaredDisplacement {
  /**
   * The mean squared displacement of trajectories, averaged over all time origins and particles:
   * ⟨|r(t₀ + ℓ) − r(t₀)|²⟩ for every lag ℓ, in the squared unit of the positions.
   *
   * @param positions Array of the shape [nParticles, nFrames, d], d = 1, 2 or 3, frames at equal times.
   * @param options `lags` (all unless given), `dt`, `msdType` such as `"xy"`, `box` to unwrap first, `fft`,
   *   `perParticle`, `memoryBudget`.
   * @returns `lags` and `times`, `msd`, its `standardError` over the particles, and more.
   * @throws RangeError, TypeError for positions of another shape, a position that isn't finite, or an option
   *   out of its range.
   *
   * Gives a notice if positions look folded into a periodic box and no `box` is given. `msd.async` takes
   * the same, leaves the cell free, and has `progress` and `signal` besides.
   *
   * The standard error takes particles for independent; neighbours in a liquid aren't quite, and lags
   * of more than a tenth of the trajectory have few independent origins.
   *
   * @example
   * const { times, msd: r2, standardError } = msd(positions, { dt: 0.1 });
   * msd(positions, { lags: [1, 10, 100], msdType: "xy", box: [20, 20, 20] });
   * const slow = await msd.async(positions, { progress: true });
   */
  (positions: Positions, options?: MsdOptions): Msd;
  /**
   * The same for frames that are read one at a time, such as those of `readTrajectory`, at chosen lags; in
   * memory are only as many as the largest lag spans.
   *
   * @throws RangeError if they need more than `memoryBudget`, or there are no more of them than a lag;
   *   what the reader throws; InterruptError.
   * @example
   * const run = readTrajectory("water.xtc");
   * const slow = await msd(run, { lags: [1, 10, 100], box: "trajectory", progress: true });
   */
  (frames: AsyncIterable<Frame>, options: MsdStreamOptions): Promise<Msd>;
  /** The same on other threads than the caller's: `await msd.async(positions, { progress: true })`. */
  readonly async: (positions: Positions, options?: MsdAsyncOptions) => Promise<Msd>;
}

export const msd: MeanSquaredDisplacement = Object.assign(measured as MeanSquaredDisplacement, {
  async: measuredAsync,
});

function measured(
  positions: Positions | AsyncIterable<Frame>,
  options: MsdOptions | MsdStreamOptions = {},
): Msd | Promise<Msd> {
  if (isStream(positions))
    return streamedMsd(positions, checkMsdOptions(options as MsdStreamOptions, true));
  const work = measure(positions, checkMsdOptions(options as MsdOptions, false));
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    value.kernel(...(value.args as never[]));
  }
}

async function measuredAsync(positions: Positions, options: MsdAsyncOptions = {}): Promise<Msd> {
  const { progress, signal } = checkMsdOptions(options, true);
  const work = measure(positions, options);
  const meter = new ProgressMeter(progress, "msd", undefined);
  let state: "failed" | "stopped" | "done" = "failed";
  try {
    for (;;) {
      const { done, value } = work.next();
      if (done === true) {
        state = "done";
        return value;
      }
      const { kernel, args } = value;
      await kernel.async.with(signal ? { signal } : {})(...(args as never[]));
      meter.reach(value.done, value.total);
    }
  } finally {
    meter.end(signal?.aborted === true ? "stopped" : state);
  }
}

function* measure(positions: Positions, options: MsdOptions): Generator<Call, Msd, void> {
  const trajectories = new Trajectories(positions, "msd");
  const { particles, frames, axes } = trajectories;
  const along = axesOf(options.msdType, axes);
  const lags = checkedLags(options.lags, frames);
  const { fft = "auto", dt = 1, memoryBudget = MEMORY_BUDGET } = options;
  const isFourier = fft === "auto" ? isFourierFaster(lags, frames, along.length) : fft;
  const cells = options.box === undefined ? undefined : cellsOf(options.box, axes, frames, "msd");
  if (!cells) noticeIfWrapped(trajectories, along);

  const lagArray = zeros(lags.length, "int32");
  lagArray.data.set(lags);
  const isKept = options.perParticle ?? 8 * particles * lags.length <= memoryBudget;
  const kept = isKept ? empty([particles, lags.length]) : undefined;
  const ensemble = new Ensemble(lags.length);
  const lanes = lanesFor(frames + largest(lags), particles);
  const size = batchSize(memoryBudget, frames * axes * (cells ? 2 : 1) + lags.length, lanes);
  for (let first = 0; first < particles; first += size) {
    const rows = rowsOf(trajectories, first, size, along, cells);
    const out = kept?.slice([first, first + rows.length]) ?? empty([rows.length, lags.length]);
    const progress = { done: first + rows.length, total: particles };
    if (isFourier) {
      const { radices, cos, sin } = fourierPlan(frames + largest(lags));
      const blocks = zeros(Math.ceil(rows.length / (2 * lanes)), "int32");
      yield {
        kernel: fourierMsd(lanes),
        args: [rows, blocks, lagArray, radices, cos, sin, out],
        ...progress,
      };
    } else {
      const flat = rows.reshape(rows.length, frames * along.length);
      yield { kernel: directMsd, args: [flat, along.length, lagArray, out], ...progress };
    }
    ensemble.add(out, rows.length);
  }
  if (!ensemble.mean.every(Number.isFinite)) refuseOdd(trajectories, along);
  return {
    lags,
    times: Float64Array.from(lags, (lag) => lag * dt),
    msd: ensemble.mean,
    standardError: ensemble.standardError(),
    ...(kept && { perParticle: kept }),
    dimensions: along.length,
    particles,
    frames,
    dt,
    method: isFourier ? "fft" : "direct",
  };
}

/** A batch of trajectories, continuous and along the axes that are wanted. */
function rowsOf(
  trajectories: Trajectories,
  first: number,
  count: number,
  along: readonly number[],
  cells: NDArray<"float64"> | undefined,
): NDArray<"float64"> {
  if (!cells) return trajectories.rows(first, count, along);
  const all = [0, 1, 2].slice(0, trajectories.axes);
  const rows = unwrapped(trajectories.rows(first, count, all), cells, first, "msd");
  return new Trajectories(rows, "msd").rows(0, count, along);
}

/** One where there are few particles, or series so long that they need much memory. */
function lanesFor(points: number, particles: number): number {
  return particles > 2 && 64 * points * LANES <= LANE_BYTES ? LANES : 1;
}

function batchSize(budget: number, numbersEach: number, lanes: number): number {
  const block = 2 * lanes;
  return block * Math.max(1, Math.floor(budget / (8 * numbersEach * block)));
}

function noticeIfWrapped(trajectories: Trajectories, along: readonly number[]): void {
  const found = wrappedAxis(trajectories, along);
  if (!found) return;
  noticeOnce(
    `msd: along ${"xyz"[found.axis]!} the particles jump to and fro over the whole range of ` +
      `${Number(found.range.toPrecision(3))}, as in a periodic box: give its lengths as box, ` +
      `else the displacements can't grow beyond it`,
  );
}

function refuseOdd(trajectories: Trajectories, along: readonly number[]): void {
  const odd = trajectories.firstOdd(along);
  if (!odd) return;
  const [particle, frame, axis] = odd;
  throw new RangeError(
    `msd: positions[${particle}][${frame}] has ${"xyz"[axis]!} = ${trajectories.at(...odd)}: ` +
      `leave the particle out, or the frames from there on`,
  );
}
