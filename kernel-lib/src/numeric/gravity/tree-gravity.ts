/** Gravity by the tree of Barnes and Hut: what far bodies do together is taken as one pull. */
import { zeros } from "../../runtime/arrays.js";
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";
import {
  type Columns,
  joinColumns,
  type MassPoints,
  pointColumns,
  type PointColumns,
  zeroColumns,
} from "./bodies.js";
import type { GravityField } from "./direct.js";
import { CLUSTER_SIZE, Octree } from "./octree.js";
import { gravityLaw, type GravityLaw, type GravityOptions, within } from "./options.js";
import { LISTED, treeWalk } from "./tree-walk.js";

/** Options of `treeGravity`. */
export interface TreeOptions extends GravityOptions {
  /** θ: a cell of size ℓ at the distance d is divided where ℓ/d > θ. 0 gives the direct sum. Default 0.7. */
  readonly openingAngle?: number;
}

/**
 * Gravitational accelerations and potentials of bodies by a Barnes–Hut tree, in a time of order
 * n log n: groups of near bodies take far cells as one, with monopole and quadrupole, and very far
 * ones by one series of fourth order for all of the group. The force that is softened is the direct
 * sum's, `gravity`, and the result tends to it as θ goes to 0.
 *
 * The error of accelerations in Plummer's sphere, root mean square, is about 2.5e-3 at θ = 1, 8e-4 at
 * 0.7 and 2.5e-4 at 0.5. The same bits on any number of threads. Bodies at one place don't pull each
 * other.
 *
 * @param bodies `positions` of shape [n, 3], and `masses`.
 * @param options `openingAngle` (default 0.7), `softening` (default 0) and `G` (default 1).
 * @throws RangeError if a position or mass isn't finite, a mass is negative, or shapes don't fit.
 * @example
 * const { accelerations } = treeGravity(plummer(100_000), { openingAngle: 0.6, softening: 0.01 });
 *
 * Source: J. Barnes & P. Hut, Nature 324, 446 (1986); W. Dehnen, J. Comput. Phys. 179, 27 (2002).
 */
export function treeGravity(bodies: MassPoints, options: TreeOptions = {}): GravityField {
  const law = gravityLaw(options, "treeGravity", ["openingAngle"]);
  const angle = checkOpeningAngle(options.openingAngle, "treeGravity");
  const points = pointColumns(bodies, "treeGravity");
  const field = new TreeField(points, law, angle);
  treeWalk(...field.build());
  const accelerations = zeroColumns(points.m.length);
  const potentials = zeros(points.m.length);
  field.collect(accelerations, potentials);
  return { accelerations: joinColumns(accelerations), potentials };
}

/** The opening angle, or its default. */
export function checkOpeningAngle(angle: unknown, call: string): number {
  return within(angle ?? 0.7, 0, 2, `${call}: openingAngle`, "an angle from 0 to 2, such as 0.7");
}

/** Hands what the walk found to the bodies, in their own order. */
const collect = jit(
  (
    field: Float64Array,
    slots: Int32Array,
    G: number,
    ax: NDArray,
    ay: NDArray,
    az: NDArray,
    phi: NDArray,
  ) => {
    for (const body of prange(slots.length)) {
      const slot = slots[body]!;
      ax.set(G * field[slot]!, body);
      ay.set(G * field[slot + CLUSTER_SIZE]!, body);
      az.set(G * field[slot + 2 * CLUSTER_SIZE]!, body);
      phi.set(0 - G * field[slot + 3 * CLUSTER_SIZE]!, body);
    }
  },
  { boundsCheck: false },
);

/** A tree over bodies, and the field that a walk of it computes. */
export class TreeField {
  readonly #tree: Octree;
  #field = zeros([0, 4, CLUSTER_SIZE]);

  constructor(
    points: PointColumns,
    readonly law: GravityLaw,
    readonly openingAngle: number,
  ) {
    this.#tree = new Octree(points);
  }

  /** Builds the tree over the bodies where they are now; returns what `treeWalk` is to be called with. */
  build(): Parameters<typeof treeWalk> {
    this.#tree.build();
    const { bodies, links, cells, groups, clusters } = this.#tree;
    if (this.#field.length < clusters.length - 1)
      this.#field = zeros([Math.ceil(1.05 * clusters.length), 4, CLUSTER_SIZE]);
    return [
      ...([bodies.x, bodies.y, bodies.z, bodies.m, links, cells, groups, clusters] as const),
      ...([this.openingAngle, this.law.softening ** 2, LISTED, this.#field] as const),
    ];
  }

  /** The result of the walk. */
  collect({ x, y, z }: Columns, potentials: NDArray<"float64">): void {
    collect(this.#field.data, this.#tree.slots, this.law.G, x, y, z, potentials);
  }
}
