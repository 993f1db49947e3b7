/** Bodies at rest, evenly strewn in a sphere: what collapses. */
import { zeros } from "../../runtime/arrays.js";
import type { RandomGenerator } from "../philox.js";
import { philox } from "../philox.js";
import type { Bodies, Scalars } from "./bodies.js";
import { massColumn } from "./bodies.js";
import { checkOptions, whole, within } from "./options.js";

/** Options of {@link uniformSphere}. */
export interface SphereOptions {
  /** Whole number; the same bodies for the same seed. Default 0. */
  readonly seed?: number;
  /** Default 1. */
  readonly radius?: number;
  /** Mass of all bodies together, which they have equal shares of. Default 1. */
  readonly totalMass?: number;
  /** Mass of each body, in place of `totalMass`. */
  readonly masses?: Scalars;
}

/**
 * Bodies at rest in a sphere about the origin, each place as likely as any other. Left alone it
 * collapses in the free-fall time (π/2)√(R³/2GM).
 *
 * @returns `positions` [n, 3], `velocities` [n, 3] and `masses` [n].
 * @throws RangeError if `radius` or a mass is negative or not finite.
 * @example
 * const cluster = uniformSphere(1000, { radius: 306.6, masses: salpeter(1000) }); // pc, solar masses
 */
export function uniformSphere(n: number, options: SphereOptions = {}): Bodies {
  checkOptions(options, "uniformSphere", ["seed", "radius", "totalMass", "masses"]);
  const { seed = 0, radius = 1 } = options;
  whole(n, 0, "uniformSphere: n");
  within(radius, 0, Infinity, "uniformSphere: radius", "a length of at least 0");
  const positions = zeros([n, 3]);
  for (let i = 0; i < n; i++) {
    const random = philox(seed, i);
    positions.data.set(onSphere(random, radius * Math.cbrt(random.uniform())), 3 * i);
  }
  return {
    positions,
    velocities: zeros([n, 3]),
    masses: massColumn(n, options, "uniformSphere"),
  };
}

/** A point at this distance from the origin, in any direction. */
export function onSphere(random: RandomGenerator, radius: number): [number, number, number] {
  const cosine = 2 * random.uniform() - 1;
  const azimuth = 2 * Math.PI * random.uniform();
  const across = radius * Math.sqrt(1 - cosine * cosine);
  return [across * Math.cos(azimuth), across * Math.sin(azimuth), radius * cosine];
}
