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
import type { NDArray } from "../../runtime/ndarray.js";
import { type PointColumns, zeroColumns } from "./bodies.js";
import { CELL, cellMoments } from "./cell-moments.js";
import { MortonOrder } from "./morton.js";

/** A cell of more bodies is divided. */
const LEAF_SIZE = 8;
/** Most bodies that walk the tree together; a multiple of all numbers of lanes. */
export const GROUP_SIZE = 64;
/** Most bodies of groups that look at what is far together. */
export const CLUSTER_SIZE = 512;

/** Bodies in cells. */
export interface Octree {
  /** The bodies in Morton order. */
  readonly bodies: PointColumns;
  /** Which of the caller's bodies stands at each place. */
  readonly order: Int32Array;
  /** Of each cell: the first place of its bodies, the place behind the last, the cell to skip to. */
  readonly links: NDArray<"int32">;
  /** Of each cell: its moments, as `cell-moments` lays them out. */
  readonly cells: NDArray<"float64">;
  /** Runs of bodies that walk the tree together: the first place and the place behind the last. */
  readonly groups: NDArray<"int32">;
  /** Runs of near groups: the first and the one behind the last. */
  readonly clusters: NDArray<"int32">;
}

export function buildOctree(points: PointColumns): Octree {
  const n = points.m.length;
  const morton = new MortonOrder(points.x.data, points.y.data, points.z.data);
  const topology = new Topology(morton, n);
  const { order } = morton;
  const bodies = { ...zeroColumns(n), m: zeros(n) };
  for (const axis of ["x", "y", "z", "m"] as const) {
    const [from, to] = [points[axis].data, bodies[axis].data];
    for (let k = 0; k < n; k++) to[k] = from[order[k]!]!;
  }
  const links = topology.links.array();
  const cells = zeros([links.length, CELL]);
  cellMoments(bodies.x, bodies.y, bodies.z, bodies.m, links, cells);
  const [groups, clusters] = [topology.groups.array(), topology.clusters.array()];
  return { bodies, order, links, cells, groups, clusters };
}

/** Divides bodies into cells. */
class Topology {
  readonly links = new Rows(3);
  readonly groups = new Rows(2);
  readonly clusters = new Rows(2);

  constructor(
    readonly morton: MortonOrder,
    n: number,
  ) {
    if (n === 0) return;
    morton.sort(0, n);
    this.#cell(0, n, false, false);
  }

  #cell(first: number, end: number, clustered: boolean, grouped: boolean): void {
    const { links, groups } = this;
    const isCluster = !clustered && end - first <= CLUSTER_SIZE;
    const cluster = isCluster ? this.clusters.add(groups.length, 0) : -1;
    const cell = links.add(first, end, 0);
    const isGroup = !grouped && end - first <= GROUP_SIZE;
    if (isGroup) groups.add(first, end);
    const isLeaf = end - first <= LEAF_SIZE || !this.#isDivisible(first, end);
    if (!isLeaf) {
      const middle = this.#middle(first, end);
      this.#cell(first, middle, clustered || isCluster, grouped || isGroup);
      this.#cell(middle, end, clustered || isCluster, grouped || isGroup);
    } else if (!grouped && !isGroup) this.#heap(first, end, clustered || isCluster);
    links.set(cell, 2, links.length);
    if (isCluster) this.clusters.set(cluster, 1, groups.length);
  }

  /** Groups, and clusters of them, of more bodies at one place than walk together. */
  #heap(first: number, end: number, clustered: boolean): void {
    const { groups, clusters } = this;
    for (let from = first; from < end; from += GROUP_SIZE) {
      if (!clustered && (from - first) % CLUSTER_SIZE === 0) clusters.add(groups.length, 0);
      groups.add(from, Math.min(end, from + GROUP_SIZE));
      if (!clustered) clusters.set(clusters.length - 1, 1, groups.length);
    }
  }

  /** Whether keys tell the bodies apart; sorts them again if need be. */
  #isDivisible(first: number, end: number): boolean {
    const { keys } = this.morton;
    if (keys[first] !== keys[end - 1]) return true;
    this.morton.sort(first, end);
    return keys[first] !== keys[end - 1];
  }

  /** Where the first bit that isn't the same in all keys turns to 1: found by halving, as keys are sorted. */
  #middle(first: number, end: number): number {
    const { keys } = this.morton;
    const bit = 1 << (31 - Math.clz32(keys[first]! ^ keys[end - 1]!));
    let [low, high] = [first + 1, end - 1];
    while (low < high) {
      const place = (low + high) >> 1;
      if ((keys[place]! & bit) === 0) low = place + 1;
      else high = place;
    }
    return low;
  }
}

/** Rows of whole numbers, as many as come. */
class Rows {
  length = 0;
  #data: Int32Array;

  constructor(readonly width: number) {
    this.#data = new Int32Array(width * 1024);
  }

  add(...row: number[]): number {
    const at = this.length * this.width;
    if (at === this.#data.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.#data);
      this.#data = larger;
    }
    for (let k = 0; k < this.width; k++) this.#data[at + k] = row[k]!;
    return this.length++;
  }

  set(row: number, column: number, value: number): void {
    this.#data[row * this.width + column] = value;
  }

  array(): NDArray<"int32"> {
    const made = zeros([this.length, this.width], "int32");
    made.data.set(this.#data.subarray(0, made.size));
    return made;
  }
}
