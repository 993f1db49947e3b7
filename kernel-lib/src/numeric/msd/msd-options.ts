/** What `msd` takes and gives, and the checks of what it takes. */
import { inspect } from "node:util";
import type { NDArray } from "../../runtime/ndarray.js";
import type { AsyncOptions } from "../../runtime/kernel-options.js";
import { checkAsyncOptions } from "../../runtime/kernel-options.js";
import type { BoxOption } from "./box.js";
import type { MsdType } from "./positions.js";

/** Options of `msd`. */
export interface MsdOptions {
  /** Lags in frames, from 0 to nFrames − 1. Default: all of them, so that `msd[ℓ]` belongs to lag ℓ. */
  readonly lags?: Iterable<number> | ArrayLike<number>;
  /** Time from one frame to the next, in any unit. Default 1. */
  readonly dt?: number;
  /** Axes along which displacements are measured. Default: all that the positions have. */
  readonly msdType?: MsdType;
  /** The periodic box that the positions were folded into, see `unwrap`. Default: they weren't. */
  readonly box?: BoxOption;
  /**
   * `true` takes the Fourier transform, which costs the same for all lags as for a few; `false` the
   * definition. They agree to about 1e-13 of the mean square displacement from the straight line.
   * Default `"auto"`: what takes less time.
   */
  readonly fft?: boolean | "auto";
  /** Keep the displacements of every particle. Default: if they fit into the memory budget. */
  readonly perParticle?: boolean;
  /** Bytes to use at a time besides input and result. Default 512 MiB. */
  readonly memoryBudget?: number;
}

/** Options of `msd.async`. */
export interface MsdAsyncOptions extends MsdOptions, AsyncOptions {}

/** Options of `msd` for frames that come one at a time. */
export interface MsdStreamOptions extends Omit<MsdAsyncOptions, "box"> {
  /** Lags in frames; all frames that the largest one spans are in memory at once. */
  readonly lags: Iterable<number> | ArrayLike<number>;
  /** As for arrays; or `"trajectory"` for the box that the file has in each frame. */
  readonly box?: BoxOption | "trajectory";
}

/** The default of `memoryBudget`. */
export const MEMORY_BUDGET = 2 ** 29;

/** What `msd` returns. */
export interface Msd {
  /** In frames. */
  readonly lags: Int32Array;
  /** The lags in the unit of `dt`. */
  readonly times: Float64Array;
  /** Mean over particles and time origins, one a lag. */
  readonly msd: Float64Array;
  /** Standard deviation over the particles, divided by the root of their number; NaN for one particle. */
  readonly standardError: Float64Array;
  /** Mean over time origins, [nParticles, nLags]. */
  readonly perParticle?: NDArray<"float64">;
  /** How many axes displacements were measured along. */
  readonly dimensions: number;
  readonly particles: number;
  readonly frames: number;
  readonly dt: number;
  readonly method: "fft" | "direct";
}

const NAMES = ["lags", "dt", "msdType", "box", "fft", "perParticle", "memoryBudget"];
const ASYNC_NAMES = ["progress", "signal"];

export function checkMsdOptions<O extends MsdOptions | MsdStreamOptions>(
  options: O,
  isAsync: boolean,
): O {
  if (typeof options !== "object" || (options as unknown) === null)
    throw new TypeError(
      `msd got ${inspect(options)} as its options: give an object such as { dt: 0.1 }`,
    );
  const known = isAsync ? [...NAMES, ...ASYNC_NAMES] : NAMES;
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const remedy = ASYNC_NAMES.includes(unknown)
      ? "it is one of msd.async"
      : `there are ${known.slice(0, -1).join(", ")} and ${known.at(-1)!}`;
    throw new TypeError(`msd has no option '${unknown}': ${remedy}`);
  }
  const { dt, fft, perParticle, memoryBudget } = options;
  if (dt !== undefined && !(dt > 0 && dt < Infinity))
    throw new RangeError(`msd: dt is ${inspect(dt)}: give the time between two frames, above 0`);
  if (fft !== undefined && fft !== "auto" && typeof fft !== "boolean")
    throw new TypeError(`msd: fft is ${inspect(fft)}: give true, false or "auto"`);
  if (perParticle !== undefined && typeof perParticle !== "boolean")
    throw new TypeError(`msd: perParticle is ${inspect(perParticle)}: give true or false`);
  if (memoryBudget !== undefined && !(memoryBudget > 0))
    throw new RangeError(`msd: memoryBudget is ${inspect(memoryBudget)}: give a number of bytes`);
  if (isAsync) {
    const { progress, signal } = options as MsdAsyncOptions;
    checkAsyncOptions({ ...(progress !== undefined && { progress }), ...(signal && { signal }) });
  }
  return options;
}
