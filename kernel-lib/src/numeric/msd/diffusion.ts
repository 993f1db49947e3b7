/**
 * `diffusion`: a mean squared displacement and a window of times come in, the diffusion coefficient goes
 * out, with a standard error and a word on whether the motion is diffusive there. Knows lags and
 * numbers, nothing of trajectories.
 */
import { inspect } from "node:util";
import { noticeOnce } from "../../runtime/notice.js";
import type { Msd } from "./msd-options.js";

/** Options of `diffusion`; times are in the unit of `dt` of the `msd`. */
export interface DiffusionOptions {
  /** Where the window begins. Default: the shortest time above 0. */
  readonly from?: number;
  /** Where it ends. Default: a fifth of the trajectory; longer lags have few independent origins. */
  readonly to?: number;
  /** How far the exponent may be from 1, besides twice its standard error. Default 0.1. */
  readonly tolerance?: number;
}

/** What `diffusion` returns. */
export interface Diffusion {
  /** The diffusion coefficient: slope / (2 × dimensions), in squared length a time. */
  readonly D: number;
  /** Of D, from the spread over particles; NaN for a single one. */
  readonly standardError: number;
  /** The fitted line at time 0: below 0 after ballistic motion, above 0 for noisy positions. */
  readonly intercept: number;
  /** The anomalous exponent α of MSD ∝ t^α, the log–log slope over the window. */
  readonly exponent: number;
  readonly exponentError: number;
  readonly isDiffusive: boolean;
  /** Why D means little; absent if the motion is diffusive. */
  readonly reason?: string;
  /** The first and the last time of the window, and how many lags it has. */
  readonly from: number;
  readonly to: number;
  readonly lags: number;
}

/**
 * The diffusion coefficient, from a straight line through the mean squared displacement over a window
 * of times: MSD(t) = 2·d·D·t + intercept.
 *
 * Neighbouring lags share their displacements, so that the residuals of the line tell nothing about its
 * error. The line is therefore fitted for each particle, and the spread of these slopes gives the
 * standard error; if the `msd` has no `perParticle`, its standard errors are taken as fully correlated.
 *
 * @param msd What `msd` returned.
 * @param options `from` and `to` in the unit of `dt`, `tolerance`.
 * @throws RangeError if the window has fewer than three lags.
 *
 * Gives a notice if the log–log slope says that the motion isn't diffusive in the window.
 *
 * @example
 * const { D, standardError, exponent } = diffusion(msd(positions, { dt: 0.1 }), { from: 1, to: 10 });
 */
export function diffusion(msd: Msd, options: DiffusionOptions = {}): Diffusion {
  const { from, to, tolerance } = checked(msd, options);
  const window = [...msd.times.keys()].filter((i) => {
    const t = msd.times[i]!;
    return t > 0 && t >= from && t <= to;
  });
  if (window.length < 3)
    throw new RangeError(
      `diffusion: there ${window.length === 1 ? "is one lag" : `are ${window.length} lags`} from ${from} to ${to}: ` +
        `give a window of three or more; times go from ${msd.times[0]!} to ${msd.times.at(-1)!}`,
    );
  const times = window.map((i) => msd.times[i]!);
  const values = window.map((i) => msd.msd[i]!);
  const slope = slopeWeights(times);
  const logSlope = slopeWeights(times.map(Math.log));
  const isMoving = values.every((value) => value > 0);
  const D = dot(slope, values) / (2 * msd.dimensions);
  const exponent = isMoving ? dot(logSlope, values.map(Math.log)) : NaN;
  // how a small change of a particle's displacements changes the exponent
  const relative = logSlope.map((weight, k) => weight / values[k]!);
  const exponentError = isMoving ? errorOf(msd, window, relative) : NaN;
  const reason = verdict(exponent, exponentError, tolerance, times);
  if (reason !== undefined) noticeOnce(`diffusion: ${reason}`);
  return {
    D,
    standardError: errorOf(msd, window, slope) / (2 * msd.dimensions),
    intercept: mean(values) - dot(slope, values) * mean(times),
    exponent,
    exponentError,
    isDiffusive: reason === undefined,
    ...(reason !== undefined && { reason }),
    from: times[0]!,
    to: times.at(-1)!,
    lags: window.length,
  };
}

function verdict(
  exponent: number,
  error: number,
  tolerance: number,
  times: readonly number[],
): string | undefined {
  if (Number.isNaN(exponent)) return "the particles don't move";
  const doubt = tolerance + 2 * (error > 0 ? error : 0);
  if (Math.abs(exponent - 1) <= doubt) return undefined;
  const kind =
    exponent < 1 ? "they are caged or hindered" : "they haven't forgotten their velocity, or drift";
  return (
    `from ${round(times[0]!)} to ${round(times.at(-1)!)} displacements grow as t^${exponent.toFixed(2)}, not as t: ` +
    `${kind}; D means something only in a window where they diffuse`
  );
}

/** The weights with which values at these abscissae make the slope of the least-squares line. */
function slopeWeights(x: readonly number[]): readonly number[] {
  const centre = mean(x);
  const squares = x.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return x.map((each) => (each - centre) / squares);
}

/** The standard error of a weighted sum of the displacements in a window. */
function errorOf(msd: Msd, window: readonly number[], weights: readonly number[]): number {
  const { perParticle, particles } = msd;
  if (!perParticle)
    return Math.abs(
      dot(
        weights,
        window.map((i) => msd.standardError[i]!),
      ),
    );
  const sums = Array.from({ length: particles }, (_, p) =>
    dot(
      weights,
      window.map((i) => perParticle.at(p, i)),
    ),
  );
  const centre = mean(sums);
  const squares = sums.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return Math.sqrt(squares / (particles * (particles - 1)));
}

function checked(msd: Msd, options: DiffusionOptions): Required<DiffusionOptions> {
  const { times, frames, dt } = msd as Partial<Msd>;
  if (times === undefined || frames === undefined || dt === undefined)
    throw new TypeError(`diffusion got ${inspect(msd, { depth: 0 })}: give what msd returned`);
  const { from = 0, to, tolerance = 0.1 } = options;
  const end = to ?? Math.min(Math.max(...times), Math.max(4 * dt, ((frames - 1) * dt) / 5));
  for (const [name, value] of Object.entries({ from, to: end, tolerance })) {
    if (!(value >= 0))
      throw new RangeError(`diffusion: ${name} is ${inspect(value)}: give a number, 0 or more`);
  }
  return { from, to: end, tolerance };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, i) => sum + each * b[i]!, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
