/**
 * The direct sum: every body's pull on every other, exact but for rounding, at a cost of n². SIMD
 * lanes are bodies, and each adds up its sum in the order of the bodies, so that the bits depend
 * neither on lanes nor on threads.
 */
import { zeros } from "../../runtime/arrays.js";
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";
import { joinColumns, type MassPoints, pointColumns, zeroColumns } from "./bodies.js";
import { gravityLaw, type GravityOptions } from "./options.js";

/** What bodies do to each other. */
export interface GravityField {
  /** Shape [n, 3]. */
  readonly accelerations: NDArray<"float64">;
  /** Potential per unit of mass at each body, without its own: shape [n], 0 or below. */
  readonly potentials: NDArray<"float64">;
}

/**
 * Gravitational accelerations and potentials of bodies, by the direct sum over all pairs:
 * aᵢ = G Σⱼ mⱼ (xⱼ − xᵢ)/(|xⱼ − xᵢ|² + ε²)^(3/2).
 *
 * Takes n² steps: 1000 bodies a millisecond or two, 10⁵ bodies seconds; `treeGravity` takes n log n.
 * The same bits on any number of threads. Bodies at one place don't pull each other; with no
 * softening, their potential is −Infinity.
 *
 * @param bodies `positions` of shape [n, 3], and `masses`.
 * @param options `softening` (default 0) and `G` (default 1).
 * @throws RangeError if a position or mass isn't finite, a mass is negative, or shapes don't fit.
 * @example
 * const { accelerations, potentials } = gravity({
 *   positions: [[0, 0, 0], [2, 0, 0]],
 *   masses: [1, 4],
 * });
 * accelerations.toArray(); // [[1, 0, 0], [-0.25, 0, 0]]
 * potentials.toArray();    // [-2, -0.5]
 */
export function gravity(bodies: MassPoints, options: GravityOptions = {}): GravityField {
  const { softening, G } = gravityLaw(options, "gravity");
  const { x, y, z, m } = pointColumns(bodies, "gravity");
  const a = zeroColumns(m.length);
  const potentials = zeros(m.length);
  directField(x, y, z, m, softening ** 2, G, a.x, a.y, a.z, potentials);
  return { accelerations: joinColumns(a), potentials };
}

/** Accelerations and potentials; `eps2` is the softening squared. */
export const directField = jit(
  (
    x: NDArray,
    y: NDArray,
    z: NDArray,
    m: NDArray,
    eps2: number,
    G: number,
    ax: NDArray,
    ay: NDArray,
    az: NDArray,
    phi: NDArray,
  ) => {
    const n = m.length;
    for (const i of prange(n)) {
      let [sx, sy, sz, sum] = [0, 0, 0, 0];
      for (let j = 0; j < n; j++) {
        const dx = x.at(j) - x.at(i);
        const dy = y.at(j) - y.at(i);
        const dz = z.at(j) - z.at(i);
        const r2 = dx * dx + dy * dy + dz * dz + eps2;
        const inverse = 1 / Math.sqrt(r2);
        const mass = j === i ? 0 : m.at(j);
        // both sides of a choice are cheap, so that lanes take it without a branch
        const product = mass * inverse;
        const pull = mass > 0 ? product : 0;
        sum += pull;
        const strength = pull * inverse * inverse;
        const f = r2 > 0 ? strength : 0;
        sx += f * dx;
        sy += f * dy;
        sz += f * dz;
      }
      ax.set(G * sx, i);
      ay.set(G * sy, i);
      az.set(G * sz, i);
      phi.set(0 - G * sum, i);
    }
  },
);

/** Twice the potential energy over −G: Σ mᵢ mⱼ/√(r² + ε²) over all i ≠ j. */
export const directPairs = jit(
  (x: NDArray, y: NDArray, z: NDArray, m: NDArray, eps2: number): number => {
    const n = m.length;
    let pairs = 0;
    for (const i of prange(n)) {
      let sum = 0;
      for (let j = 0; j < n; j++) {
        const dx = x.at(j) - x.at(i);
        const dy = y.at(j) - y.at(i);
        const dz = z.at(j) - z.at(i);
        const r2 = dx * dx + dy * dy + dz * dz + eps2;
        const mass = j === i ? 0 : m.at(j);
        const product = mass / Math.sqrt(r2);
        sum += mass > 0 ? product : 0;
      }
      pairs += m.at(i) === 0 ? 0 : m.at(i) * sum;
    }
    return pairs;
  },
);
