/** A star cluster in equilibrium: Plummer's sphere. */
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { philox, type RandomGenerator } from "../philox.js";
import { type Bodies, massColumn, type Scalars } from "./bodies.js";
import { checkOptions, whole, within } from "./options.js";
import { onSphere } from "./uniform-sphere.js";

/** Options of {@link plummer}. */
export interface PlummerOptions {
  /** Whole number; the same bodies for the same seed. Default 0. */
  readonly seed?: number;
  /** Plummer's a. Default 3π/16, with which the energy is −1/4 in Hénon's units. */
  readonly scaleRadius?: number;
  /** Mass of all bodies together, which they have equal shares of. Default 1. */
  readonly totalMass?: number;
  /** Mass of each body, in place of `totalMass`; drawn without regard to where it is. */
  readonly masses?: Scalars;
  /** The gravitational constant, which speeds depend on. Default 1. */
  readonly G?: number;
}

/**
 * Bodies drawn from Plummer's model in equilibrium, ρ ∝ (1 + r²/a²)^(−5/2), with velocities from its
 * distribution function. Energy −3πGM²/64a: −1/4 with the defaults, Hénon's units, in which a body
 * crosses the cluster in 2√2. Centre of mass and momentum are at rest at the origin, to rounding.
 *
 * @returns `positions` [n, 3], `velocities` [n, 3] and `masses` [n].
 * @throws RangeError if an option is negative or not finite.
 * @example
 * const cluster = plummer(1000, { seed: 2026 });
 * energy(cluster).virialRatio; // near 1
 *
 * Source: S. J. Aarseth, M. Hénon & R. Wielen, A&A 37, 183 (1974).
 */
export function plummer(n: number, options: PlummerOptions = {}): Bodies {
  checkOptions(options, "plummer", ["seed", "scaleRadius", "totalMass", "masses", "G"]);
  const { seed = 0, scaleRadius = (3 * Math.PI) / 16, G = 1 } = options;
  whole(n, 0, "plummer: n");
  within(scaleRadius, Number.MIN_VALUE, Infinity, "plummer: scaleRadius", "a length above 0");
  within(G, 0, Infinity, "plummer: G", "a number of at least 0");
  const masses = massColumn(n, options, "plummer");
  const total = masses.data.reduce((sum, mass) => sum + mass, 0);
  const positions = zeros([n, 3]);
  const velocities = zeros([n, 3]);
  for (let i = 0; i < n; i++) {
    const random = philox(seed, i);
    // the mass inside of r is uniform
    const radius = scaleRadius / Math.sqrt((1 - random.uniform()) ** (-2 / 3) - 1);
    positions.data.set(onSphere(random, radius), 3 * i);
    const escape = Math.sqrt((2 * G * total) / Math.hypot(radius, scaleRadius));
    velocities.data.set(onSphere(random, escape * shareOfEscape(random)), 3 * i);
  }
  centre(positions, masses);
  centre(velocities, masses);
  return { positions, velocities, masses };
}

/** A speed in units of the escape speed, by rejection from q²(1 − q²)^(7/2), whose maximum is 0.092. */
function shareOfEscape(random: RandomGenerator): number {
  for (;;) {
    const q = random.uniform();
    if (0.1 * random.uniform() < q * q * (1 - q * q) ** 3.5) return q;
  }
}

/** Takes the mean, by mass, off vectors. */
function centre({ data }: NDArray<"float64">, masses: NDArray<"float64">): void {
  for (let axis = 0; axis < 3; axis++) {
    let [sum, total] = [0, 0];
    for (let i = 0; i < masses.length; i++) {
      sum += masses.data[i]! * data[3 * i + axis]!;
      total += masses.data[i]!;
    }
    if (total > 0) for (let k = axis; k < data.length; k += 3) data[k] = data[k]! - sum / total;
  }
}
