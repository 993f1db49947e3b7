/** The conserved quantities of bodies that attract each other, and how far they are from equilibrium. */
import {
  type Columns,
  type MovingPoints,
  pointColumns,
  type PointColumns,
  velocityColumns,
} from "./bodies.js";
import { directPairs } from "./direct.js";
import { gravityLaw, type GravityOptions } from "./options.js";

/** What bodies have together. Units follow from yours: energy is mass · length²/time². */
export interface Energy {
  /** ½ Σ m v². */
  readonly kinetic: number;
  /** −G Σ mᵢ mⱼ/√(r² + ε²) over all pairs. */
  readonly potential: number;
  /** Kinetic and potential energy together. */
  readonly total: number;
  /** 2 K/|W|: 1 in equilibrium, below it collapses, above it expands; NaN for a body alone. */
  readonly virialRatio: number;
  /** Σ m v. */
  readonly momentum: readonly [number, number, number];
  /** Σ m x × v, about the origin. */
  readonly angularMomentum: readonly [number, number, number];
}

/**
 * Energy, virial ratio, momentum and angular momentum of bodies, by the direct sum over all pairs.
 *
 * @param bodies `positions` and `velocities` of shape [n, 3], and `masses`.
 * @param options `softening` (default 0) and `G` (default 1): those that the bodies move with.
 * @throws RangeError if a number isn't finite, a mass is negative, or shapes don't fit.
 * @example
 * energy(plummer(1000, { seed: 1 })).total; // near -0.25
 */
export function energy(bodies: MovingPoints, options: GravityOptions = {}): Energy {
  const { softening, G } = gravityLaw(options, "energy");
  const points = pointColumns(bodies, "energy");
  const { x, y, z, m } = points;
  const velocities = velocityColumns(bodies, m.length, "energy");
  return measure(points, velocities, pairEnergy(G, directPairs(x, y, z, m, softening ** 2)));
}

/** The potential energy, from the sum over ordered pairs. */
export function pairEnergy(G: number, pairs: number): number {
  return 0 - (G * pairs) / 2;
}

/** All that takes a time of order n, given the potential energy. */
export function measure(points: PointColumns, velocities: Columns, potential: number): Energy {
  const [x, y, z, m] = [points.x.data, points.y.data, points.z.data, points.m.data];
  const [u, v, w] = [velocities.x.data, velocities.y.data, velocities.z.data];
  let kinetic = 0;
  let [px, py, pz] = [0, 0, 0];
  let [lx, ly, lz] = [0, 0, 0];
  for (let i = 0; i < m.length; i++) {
    const mass = m[i]!;
    kinetic += 0.5 * mass * (u[i]! * u[i]! + v[i]! * v[i]! + w[i]! * w[i]!);
    px += mass * u[i]!;
    py += mass * v[i]!;
    pz += mass * w[i]!;
    lx += mass * (y[i]! * w[i]! - z[i]! * v[i]!);
    ly += mass * (z[i]! * u[i]! - x[i]! * w[i]!);
    lz += mass * (x[i]! * v[i]! - y[i]! * u[i]!);
  }
  return {
    kinetic,
    potential,
    total: kinetic + potential,
    virialRatio: (2 * kinetic) / Math.abs(potential),
    momentum: [px, py, pz],
    angularMomentum: [lx, ly, lz],
  };
}
