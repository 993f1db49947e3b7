/**
 * The gravity of 10⁵ and of 10⁶ bodies of Plummer's sphere by a Barnes–Hut tree, its building
 * included, against pytreegrav at its default opening angle; ours is chosen for an error no larger,
 * which the row checks against the direct sum. And steps of the leapfrog with forces by the tree, against REBOUND's.
 */
import assert from "node:assert/strict";
import { array, jit, leapfrog, type NDArray, prange, treeGravity, zeros } from "hotcell";
import type { Row } from "./row.js";

/** Evenly strewn numbers in (0, 1), the same in Python. */
const strewn = (i: number, axis: number): number => ((i + 0.5) * Math.sqrt(axis)) % 1;

function plummer(n: number): { positions: NDArray; velocities: NDArray; masses: NDArray } {
  const positions = zeros([n, 3]);
  for (let i = 0; i < n; i++) {
    const r = 1 / Math.sqrt(strewn(i, 2) ** (-2 / 3) - 1);
    const cosine = 2 * strewn(i, 3) - 1;
    const azimuth = 2 * Math.PI * strewn(i, 5);
    const across = r * Math.sqrt(1 - cosine * cosine);
    positions.data.set([across * Math.cos(azimuth), across * Math.sin(azimuth), r * cosine], 3 * i);
  }
  return { positions, velocities: zeros([n, 3]), masses: array(new Float64Array(n).fill(1 / n)) };
}

const small = plummer(100_000);
const large = plummer(1_000_000);
const openingAngle = 1;

/** Bodies that errors are looked at of. */
const SAMPLE = 500;

/** The accelerations of every so many bodies, by the direct sum. */
const exact = jit((r: NDArray, m: NDArray, sample: number, a: NDArray) => {
  const every = m.length / sample;
  for (const k of prange(sample)) {
    const i = k * every;
    let [sx, sy, sz] = [0, 0, 0];
    for (let j = 0; j < m.length; j++) {
      const dx = r.at(j, 0) - r.at(i, 0);
      const dy = r.at(j, 1) - r.at(i, 1);
      const dz = r.at(j, 2) - r.at(i, 2);
      const r2 = dx * dx + dy * dy + dz * dz;
      const f = r2 > 0 ? m.at(j) / (r2 * Math.sqrt(r2)) : 0;
      sx += f * dx;
      sy += f * dy;
      sz += f * dz;
    }
    a.set(sx, k, 0);
    a.set(sy, k, 1);
    a.set(sz, k, 2);
  }
});

function sampled(a: NDArray): number[] {
  const every = a.length / SAMPLE;
  return Array.from({ length: 3 * SAMPLE }, (_, k) => a.at(Math.floor(k / 3) * every, k % 3));
}

/** Root mean square of the relative errors. */
function forceError(found: number[], truth: number[]): number {
  let sum = 0;
  for (let k = 0; k < found.length; k += 3) {
    const error = [0, 1, 2].map((axis) => found[k + axis]! - truth[k + axis]!);
    sum += (Math.hypot(...error) / Math.hypot(...truth.slice(k, k + 3))) ** 2;
  }
  return Math.sqrt(sum / SAMPLE);
}

const row: Row = {
  title: "gravity by a tree",
  pairs: [
    ["1e5", "pytreegrav-1e5"],
    ["1e6", "pytreegrav-1e6"],
    ["leapfrog-1e5", "rebound-1e5"],
  ],
  rounds: 1,
  warmUp: 1,
  ours: {
    "1e5": () => sampled(treeGravity(small, { openingAngle }).accelerations),
    "1e6": () => sampled(treeGravity(large, { openingAngle }).accelerations),
    "leapfrog-1e5": async () => {
      await leapfrog(small, { dt: 1e-4, steps: 3, every: 3, forces: "tree", openingAngle });
    },
  },
  check(ours, peers) {
    for (const [bodies, name] of [
      [small, "1e5"],
      [large, "1e6"],
    ] as const) {
      const truth = zeros([SAMPLE, 3]);
      exact(bodies.positions, bodies.masses, SAMPLE, truth);
      const [mine, theirs] = [ours[name], peers[`pytreegrav-${name}`]].map((found) =>
        forceError(found as number[], [...truth]),
      ) as [number, number];
      assert.ok(mine <= theirs, `${name}: the error is ${mine}, pytreegrav's ${theirs}`);
    }
  },
};
export default row;
