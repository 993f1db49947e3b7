/**
 * The octree of Barnes and Hut over bodies in Morton order: columns of bodies come in, cells with
 * their mass, centre, second moments and extent go out, in shared memory and depth-first, so that a
 * walk needs no stack: the next cell is either the following one or the one that `skip` names.
 *
 * Cells are halved along one axis after the other, three halvings to a level of eight, as halves are
 * filled more evenly than eighths: a body then meets two thirds as many cells at one error. A cell
 * that would have one child is left out, and a cell whose bodies the keys don't tell apart is sorted
 * again within its own bounds: however uneven bodies lie, no cell holds many at different places.
 */
import { zeros } from "../../runtime/arrays.js";
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { type PointColumns, zeroColumns } from "./bodies.js";
import { CELL, cellMoments } from "./cell-moments.js";
import { sortMorton } from "./morton.js";

/** A cell of more bodies is divided. */
const LEAF_SIZE = 8;
/** Most bodies that walk the tree together; a multiple of all numbers of lanes. */
export const GROUP_SIZE = 64;
/** Most bodies of groups that look at what is far together. */
export const CLUSTER_SIZE = 512;

/** Where the first bit that isn't the same in all keys turns to 1: found by halving, as keys are sorted. */
function middle(keys: Int32Array, first: number, end: number): number {
  const bit = 1 << (31 - Math.clz32(keys[first]! ^ keys[end - 1]!));
  let low = (first + 1) | 0;
  let high = (end - 1) | 0;
  while (low < high) {
    const place = (low + high) >> 1;
    if ((keys[place]! & bit) === 0) low = (place + 1) | 0;
    else high = place;
  }
  return low;
}

/** Sorts bodies into cells, and says how many cells, groups and clusters there are. */
const divide = jit(
  (
    x: NDArray,
    y: NDArray,
    z: NDArray,
    order: Int32Array,
    keys: Int32Array,
    spareOrder: Int32Array,
    spareKeys: Int32Array,
    links: NDArray,
    groups: Int32Array,
    clusters: Int32Array,
    slots: Int32Array,
  ): readonly [cells: number, groups: number, clusters: number] => {
    const n = x.length;
    for (let i = 0; i < n; i++) {
      order[i] = i;
      // all the same: the first cell sorts
      keys[i] = 0;
    }
    let [cells, grouped, clustered] = [0, 0, 0];
    let [first, end, parent] = [0, n | 0, -1];
    while (first < n) {
      const size = (end - first) | 0;
      const around = parent < 0 ? n | 0 : (links.at(parent, 1) - links.at(parent, 0)) | 0;
      const isInCluster = around <= CLUSTER_SIZE && parent >= 0;
      const isInGroup = around <= GROUP_SIZE && parent >= 0;
      if (!isInCluster && size <= CLUSTER_SIZE) {
        clusters[clustered] = grouped;
        clustered = (clustered + 1) | 0;
      }
      if (!isInGroup && size <= GROUP_SIZE) {
        groups[grouped] = first;
        grouped = (grouped + 1) | 0;
      }
      const cell = cells;
      cells = (cells + 1) | 0;
      links.set(first, cell, 0);
      links.set(end, cell, 1);
      // until the cell ends: the one above it
      links.set(parent, cell, 2);
      if (size > LEAF_SIZE && keys[first] === keys[end - 1])
        sortMorton(x, y, z, order, keys, spareOrder, spareKeys, first, end);
      if (size > LEAF_SIZE && keys[first] !== keys[end - 1]) {
        parent = cell | 0;
        end = middle(keys, first, end) | 0;
        continue;
      }
      // more bodies at one place than walk together
      if (size > GROUP_SIZE) {
        for (let from = first; from < end; from += GROUP_SIZE) {
          if (size > CLUSTER_SIZE && (from - first) % CLUSTER_SIZE === 0) {
            clusters[clustered] = grouped;
            clustered = (clustered + 1) | 0;
          }
          groups[grouped] = from;
          grouped = (grouped + 1) | 0;
        }
      }
      first = end | 0;
      parent = cell | 0;
      while (parent >= 0 && links.at(parent, 1) === first) {
        const above = links.at(parent, 2);
        links.set(cells, parent, 2);
        parent = above | 0;
      }
      end = (parent < 0 ? n : links.at(parent, 1)) | 0;
    }
    groups[grouped] = n;
    clusters[clustered] = grouped;
    for (let cluster = 0; cluster < clustered; cluster++) {
      const start = groups[clusters[cluster]!]!;
      const behind = groups[clusters[cluster + 1]!]!;
      for (let k = start; k < behind; k++)
        slots[order[k]!] = 4 * CLUSTER_SIZE * cluster + k - start;
    }
    return [cells, grouped, clustered];
  },
  // every index is a place, a body or a cell, of which there are fewer than two a body
  { boundsCheck: false },
);

/** Bodies in cells. What `build` finds stands in arrays that the next `build` overwrites. */
export class Octree {
  /** The bodies in Morton order. */
  readonly bodies: PointColumns;
  /** Which of the caller's bodies stands at each place. */
  readonly order: Int32Array;
  /** Of each of the caller's bodies: where the walk leaves its acceleration. */
  readonly slots: Int32Array;
  /** Of each cell: the first place of its bodies, the place behind the last, the cell to skip to. */
  links: NDArray<"int32">;
  /** Of each cell: its moments, as `cell-moments` lays them out. */
  cells = zeros([0, CELL]);
  /** Of each run of bodies that walk the tree together: the first place; at the end, the number of bodies. */
  groups: NDArray<"int32">;
  /** Of each run of near groups: the first; at the end, the number of groups. */
  clusters: NDArray<"int32">;

  readonly #links: NDArray<"int32">;
  readonly #groups: NDArray<"int32">;
  readonly #clusters: NDArray<"int32">;
  readonly #scratch: readonly [keys: Int32Array, spareOrder: Int32Array, spareKeys: Int32Array];

  constructor(readonly points: PointColumns) {
    const n = points.m.length;
    const whole = (length: number): NDArray<"int32"> => zeros(length, "int32");
    this.bodies = { ...zeroColumns(n), m: zeros(n) };
    this.order = whole(n).data;
    this.slots = whole(n).data;
    this.links = this.#links = zeros([2 * n, 3], "int32");
    this.groups = this.#groups = whole(n + 1);
    this.clusters = this.#clusters = whole(n + 1);
    this.#scratch = [whole(n).data, whole(n).data, whole(n).data];
  }

  /** Divides the bodies, where they are now, into cells. */
  build(): void {
    const { points, bodies, order, slots } = this;
    const [links, groups, clusters] = [this.#links, this.#groups, this.#clusters];
    const found = divide(points.x, points.y, points.z, order, ...this.#scratch, links, groups.data, clusters.data, slots); // prettier-ignore
    this.links = links.slice([0, found[0]]);
    this.groups = groups.slice([0, found[1] + 1]);
    this.clusters = clusters.slice([0, found[2] + 1]);
    // with room for a few more next time
    if (this.cells.length < found[0]) this.cells = zeros([Math.ceil(1.05 * found[0]), CELL]);
    // prettier-ignore
    cellMoments(points.x, points.y, points.z, points.m, order, bodies.x, bodies.y, bodies.z, bodies.m, this.links, this.cells);
  }
}
