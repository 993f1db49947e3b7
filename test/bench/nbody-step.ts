/**
 * Steps of 1000 stars under their gravity: Euler and Cromer's, as in the post, and the leapfrog. The
 * peers are Numba's code as the post has it (forces serial), the same over all threads, and with one
 * array a coordinate, which LLVM vectorises. Ours includes the first forces and the energies at both
 * ends.
 */
import assert from "node:assert/strict";
import { array, eulerCromer, leapfrog, unitSystem, type GravityRun } from "hotcell";
import type { Row } from "./row.js";

const n = 1000;
const radius = 306.601;
const { G, seconds } = unitSystem({ length: "pc", mass: "Msun", speed: "km/s" });
const options = { G, dt: 1e13 / seconds, steps: 100, softening: 1, every: 100 };

/** Evenly strewn numbers in [0, 1), the same in Python. */
const strewn = (i: number, axis: number): number => ((i + 0.5) * Math.sqrt(axis)) % 1;

const positions = Array.from({ length: n }, (_, i) => {
  const cosine = 2 * strewn(i, 3) - 1;
  const azimuth = 2 * Math.PI * strewn(i, 5);
  const r = radius * Math.cbrt(strewn(i, 2));
  const across = r * Math.sqrt(1 - cosine * cosine);
  return [across * Math.cos(azimuth), across * Math.sin(azimuth), r * cosine];
});
const masses = array(Array.from({ length: n }, (_, i) => 0.1 + strewn(i, 7)));
const stars = { positions, velocities: positions.map(() => [0, 0, 0]), masses };

const final = ({ final: { positions } }: GravityRun): number[] => [...positions];

const row: Row = {
  title: "100 steps of 1000 stars",
  pairs: [
    ["euler-cromer", "numba-post"],
    ["euler-cromer", "numba-parallel"],
    ["euler-cromer", "numba-columns"],
    ["leapfrog", "numba-columns"],
  ],
  ours: {
    "euler-cromer": async () => final(await eulerCromer(stars, options)),
    leapfrog: async () => final(await leapfrog(stars, options)),
  },
  check({ "euler-cromer": ours, leapfrog: other }, peers) {
    for (const [name, found] of Object.entries(peers) as [string, number[]][])
      for (const [k, value] of found.entries())
        // a hundred steps of roundings of coordinates of 300
        assert.ok(Math.abs(value - (ours as number[])[k]!) < 1e-9, `${name} differs at ${k}`);
    // half a kick more at the beginning: another order, the same stars
    for (const [k, value] of (other as number[]).entries())
      assert.ok(Math.abs(value - (ours as number[])[k]!) < 1, `leapfrog differs at ${k}`);
  },
};
export default row;
