import assert from "node:assert/strict";
import { array, unwrap, type BoxOption, type NDArray } from "hotcell";
import { notices, path, randomWalk } from "./walks.js";

type Vectors = readonly (readonly [number, number, number])[];

/** The walk folded into a box, by whole numbers of its vectors. */
function fold(walk: NDArray, vectors: Vectors): NDArray<"float64"> {
  const [particles, frames] = walk.shape as [number, number, number];
  const folded = array(walk.toArray());
  const [a, b, c] = vectors as [Row, Row, Row];
  for (let i = 0; i < particles; i++) {
    for (let k = 0; k < frames; k++) {
      const r = [0, 1, 2].map((axis) => walk.at(i, k, axis));
      // the vectors of a box form a triangle: the last one decides about z, then y, then x
      for (const [axis, vector] of [[2, c] as const, [1, b] as const, [0, a] as const]) {
        const times = Math.floor(r[axis]! / vector[axis]);
        for (const d of [0, 1, 2]) r[d]! -= times * vector[d]!;
      }
      r.forEach((x, axis) => {
        folded.set(x, i, k, axis);
      });
    }
  }
  return folded;
}

type Row = readonly [number, number, number];

/** Whether two trajectories differ by the same vector in all frames, as whole boxes do. */
function assertParallel(a: NDArray, b: NDArray): void {
  const [particles, frames, axes] = a.shape as [number, number, number];
  for (let i = 0; i < particles; i++) {
    for (let c = 0; c < axes; c++) {
      const apart = a.at(i, 0, c) - b.at(i, 0, c);
      for (let k = 1; k < frames; k++) {
        const off = Math.abs(a.at(i, k, c) - b.at(i, k, c) - apart);
        // boxes of about 10 are added and taken away, fewer than 100 times
        assert.ok(off < 1e-12, `particle ${i}, frame ${k}, axis ${c}: ${off}`);
      }
    }
  }
}

const cubic: Vectors = [
  [3, 0, 0],
  [0, 4, 0],
  [0, 0, 5],
];
const skewed: Vectors = [
  [6, 0, 0],
  [2, 5, 0],
  [-1, 1.5, 4],
];

describe("unwrap", () => {
  const walk = randomWalk([10, 400, 3], 0.3, 1);

  it("undoes what folding into a box did", () => {
    assertParallel(unwrap(fold(walk, cubic), [3, 4, 5]), walk);
    assertParallel(unwrap(fold(walk, cubic), cubic), walk);
    assertParallel(unwrap(fold(walk, skewed), skewed), walk);
  });

  it("takes lengths and angles of a triclinic box", () => {
    const degrees = (cos: number): number => (Math.acos(cos) * 180) / Math.PI;
    const [a, b, c] = skewed as [Row, Row, Row];
    const dot = (u: Row, v: Row): number => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    const [la, lb, lc] = [a, b, c].map((v) => Math.sqrt(dot(v, v))) as [number, number, number];
    const angles = [dot(b, c) / (lb * lc), dot(a, c) / (la * lc), dot(a, b) / (la * lb)].map(
      degrees,
    );
    assertParallel(unwrap(fold(walk, skewed), [la, lb, lc, ...angles]), walk);
    assertParallel(unwrap(fold(walk, cubic), [3, 4, 5, 90, 90, 90]), walk);
  });

  it("takes one box a frame, which may all be the same", () => {
    const folded = fold(walk, skewed);
    const boxes: BoxOption[] = [() => skewed, Array.from({ length: 400 }, () => skewed)];
    for (const box of boxes) assertParallel(unwrap(folded, box), walk);
  });

  it("adds up the steps of a box that breathes, each in the box of its frame", () => {
    const edge = (k: number): number => 2 + 0.2 * Math.sin(k);
    const steps = randomWalk([5, 100, 1], 0.2, 2);
    const folded = path(
      [5, 100, 1],
      (i, k) => steps.at(i, k, 0) - edge(k) * Math.floor(steps.at(i, k, 0) / edge(k)),
    );
    const there = unwrap(folded, (k) => [edge(k)]);
    for (let i = 0; i < 5; i++) {
      for (let k = 1; k < 100; k++) {
        const raw = folded.at(i, k, 0) - folded.at(i, k - 1, 0);
        const nearest = raw - edge(k) * Math.round(raw / edge(k));
        assert.ok(Math.abs(there.at(i, k, 0) - there.at(i, k - 1, 0) - nearest) < 1e-14 * 100);
      }
    }
  });

  it("leaves alone what isn't folded, and axes that aren't periodic", () => {
    const slab = randomWalk([4, 100, 2], 0.4, 3);
    const folded = path(
      [4, 100, 2],
      (i, k, c) => slab.at(i, k, c) - (c === 0 ? 3 * Math.floor(slab.at(i, k, c) / 3) : 0),
    );
    const there = unwrap(folded, [3, Infinity]);
    assertParallel(there, slab);
    assert.deepEqual(unwrap(slab, [Infinity, Infinity]).toArray(), slab.toArray());
    assert.deepEqual(unwrap(slab, [9, 9]).toArray(), slab.toArray());
    const free = path([1, 3, 1], (_, k) => 7 * k);
    assert.deepEqual(unwrap(free, [Infinity]).toArray(), free.toArray());
  });

  it("says so where nothing can tell which way a particle went", () => {
    const jumpy = path([3, 5, 1], (i, k) => (i === 1 && k === 3 ? 0.49 : 0));
    const said = notices(() => unwrap(jumpy, [1]));
    assert.equal(said.length, 1);
    assert.match(
      said[0]!,
      /^unwrap: particle 1 moves by 0.49 of the box from frame 2 to 3, .* more often/,
    );
    assert.deepEqual(
      notices(() => unwrap(jumpy, [2])),
      [],
    );
  });

  it("refuses what is no box", () => {
    const r = path([1, 4, 3], () => 0);
    const refused = (box: unknown) => () => unwrap(r, box as BoxOption);
    assert.throws(
      refused([1, 2]),
      /unwrap: the box is \[ 1, 2 \]: give 3 lengths, three lengths and three angles, or 3 vectors/,
    );
    assert.throws(refused([1, 2, 0]), /has the length 0: give a positive one, Infinity where/);
    assert.throws(refused([1, 2, NaN]), RangeError);
    assert.throws(refused([1, 1, 1, 10, 90, 150]), /no box has these/);
    assert.throws(
      refused([
        [1, 0, 0],
        [2, 0, 0],
        [0, 0, 1],
      ]),
      /volume of 0/,
    );
    assert.throws(
      refused([
        [1, 1, 1],
        [1, 1, 1],
      ]),
      /2 boxes for 4 frames/,
    );
    assert.throws(
      refused((k: number) => [1, 1, 2 - k]),
      /box of frame 2 has the length 0/,
    );
    assert.throws(refused(undefined), TypeError);
  });
});
