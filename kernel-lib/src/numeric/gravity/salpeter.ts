/** Masses of stars as they are born. */
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { philox } from "../philox.js";
import { checkOptions, whole } from "./options.js";

/** Options of {@link salpeter}. */
export interface SalpeterOptions {
  /** Whole number; the same masses for the same seed. Default 0. */
  readonly seed?: number;
  /** Smallest mass. Default 0.1, in solar masses. */
  readonly from?: number;
  /** Largest mass. Default 50, in solar masses. */
  readonly to?: number;
  /** α of dN/dm ∝ m^−α. Default 2.35, Salpeter's. */
  readonly slope?: number;
}

/**
 * Masses drawn from a power law, dN/dm ∝ m^−2.35 from 0.1 to 50 solar masses unless given. Their mean
 * is 0.342 solar masses then.
 *
 * The first masses are the same whatever `n` is.
 *
 * @returns shape [n].
 * @throws RangeError unless 0 < from ≤ to.
 * @example
 * const stars = uniformSphere(1000, { radius: 300, masses: salpeter(1000) });
 *
 * Source: E. E. Salpeter, ApJ 121, 161 (1955).
 */
export function salpeter(n: number, options: SalpeterOptions = {}): NDArray<"float64"> {
  checkOptions(options, "salpeter", ["seed", "from", "to", "slope"]);
  const { seed = 0, from = 0.1, to = 50, slope = 2.35 } = options;
  if (!(from > 0 && from <= to && to < Infinity))
    throw new RangeError(`salpeter got masses from ${from} to ${to}: give 0 < from ≤ to`);
  if (!Number.isFinite(slope))
    throw new RangeError(`salpeter got the slope ${slope}: give a finite number`);
  const masses = zeros(whole(n, 0, "salpeter: n"));
  const power = 1 - slope;
  for (let i = 0; i < n; i++) {
    const u = philox(seed, i).uniform();
    masses.data[i] =
      // the inverse of the cumulative distribution; a slope of 1 makes its logarithm uniform
      power === 0
        ? from * (to / from) ** u
        : (from ** power + u * (to ** power - from ** power)) ** (1 / power);
  }
  return masses;
}
