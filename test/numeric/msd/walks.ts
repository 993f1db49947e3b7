/**
 * Trajectories whose mean squared displacement is known, and the definition written as plainly as can
 * be, for the tests of `msd` and what belongs to it.
 */
import { philox, setNumThreads, zeros, type NDArray } from "hotcell";
import { setNotice } from "../../../kernel-lib/dist/runtime/notice.js";

/** A random walk of normal steps, [nParticles, nFrames, d]. */
export function randomWalk(
  shape: readonly [particles: number, frames: number, d: number],
  sigma: number,
  seed: number,
): NDArray<"float64"> {
  const [particles, frames, d] = shape;
  const walk = zeros(shape);
  for (let i = 0; i < particles; i++) {
    const random = philox(seed, i);
    for (let c = 0; c < d; c++) {
      let x = 0;
      for (let k = 0; k < frames; k++) {
        walk.data[(i * frames + k) * d + c] = x;
        x += random.normal(0, sigma);
      }
    }
  }
  return walk;
}

/** Trajectories of a formula. */
export function path(
  shape: readonly [particles: number, frames: number, d: number],
  x: (particle: number, frame: number, axis: number) => number,
): NDArray<"float64"> {
  const [particles, frames, d] = shape;
  const made = zeros(shape);
  for (let i = 0; i < particles; i++) {
    for (let k = 0; k < frames; k++) {
      for (let c = 0; c < d; c++) made.set(x(i, k, c), i, k, c);
    }
  }
  return made;
}

/** The mean squared displacement of one particle, as it is defined. */
export function definition(
  r: NDArray,
  particle: number,
  lag: number,
  along: readonly number[],
): number {
  const frames = r.shape[1]!;
  let sum = 0;
  for (let k = 0; k + lag < frames; k++) {
    for (const c of along) sum += (r.at(particle, k + lag, c) - r.at(particle, k, c)) ** 2;
  }
  return sum / (frames - lag);
}

/** The variance of the windowed estimate for `particles` random walks of `frames`, for frames ≥ 2 lag. */
export function walkVariance(
  particles: number,
  frames: number,
  lag: number,
  d: number,
  sigma: number,
): number {
  const m = frames - lag;
  let sum = m * lag ** 2;
  for (let j = 1; j < lag; j++) sum += 2 * (m - j) * (lag - j) ** 2;
  return (2 * d * sigma ** 4 * sum) / (particles * m ** 2);
}

/** The largest relative difference of two lists. */
export function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, x, i) => {
    const y = b[i]!;
    return Math.max(most, x === y ? 0 : Math.abs(x - y) / Math.abs(y));
  }, 0);
}

function show(message: string): void {
  process.emitWarning(message, "HotcellWarning");
}

/** What is said to the user while something runs. */
export function notices(run: () => void): readonly string[] {
  const said: string[] = [];
  setNotice((message) => said.push(message));
  try {
    run();
  } finally {
    setNotice(show);
  }
  return said;
}

/** What is said to the user while something asynchronous runs. */
export async function noticesOf(run: () => Promise<unknown>): Promise<readonly string[]> {
  const said: string[] = [];
  setNotice((message) => said.push(message));
  try {
    await run();
  } finally {
    setNotice(show);
  }
  return said;
}

/** Runs something with so many threads. */
export function withThreads<T>(count: number, before: number, run: () => T): T {
  setNumThreads(count);
  try {
    return run();
  } finally {
    setNumThreads(before);
  }
}
