/**
 * The gravitational forces between 1000 bodies, summed directly. The peers are Numba's code as the post
 * has it (serial), the same over all threads, and with one array a coordinate, which LLVM vectorises
 * with all the lanes of the machine.
 */
import assert from "node:assert/strict";
import { array, jit, prange, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const n = 1000;
const softening2 = 1e-4;
const G = 1;

const positions = zeros([n, 3]);
for (let k = 0; k < 3 * n; k++) positions.data[k] = Math.sin(k * k);
const masses = array(Array.from({ length: n }, (_, i) => 1 + 0.5 * Math.sin(i)));
const [x, y, z] = [0, 1, 2].map((axis) =>
  array(Array.from({ length: n }, (_, i) => positions.at(i, axis))),
) as [NDArray, NDArray, NDArray];

const rows = jit(
  (r: NDArray, mass: NDArray, force: NDArray) => {
    const bodies = mass.length;
    for (const i of prange(bodies)) {
      let fx = 0;
      let fy = 0;
      let fz = 0;
      for (let j = 0; j < bodies; j++) {
        const dx = r.at(j, 0) - r.at(i, 0);
        const dy = r.at(j, 1) - r.at(i, 1);
        const dz = r.at(j, 2) - r.at(i, 2);
        const r2 = dx * dx + dy * dy + dz * dz + softening2;
        const f = mass.at(j) / (r2 * Math.sqrt(r2));
        fx += f * dx;
        fy += f * dy;
        fz += f * dz;
      }
      const scale = G * mass.at(i);
      force.set(scale * fx, i, 0);
      force.set(scale * fy, i, 1);
      force.set(scale * fz, i, 2);
    }
  },
  { fastMath: true },
);

const columns = jit(
  (px: NDArray, py: NDArray, pz: NDArray, mass: NDArray, force: NDArray) => {
    const bodies = mass.length;
    for (const i of prange(bodies)) {
      let fx = 0;
      let fy = 0;
      let fz = 0;
      for (let j = 0; j < bodies; j++) {
        const dx = px.at(j) - px.at(i);
        const dy = py.at(j) - py.at(i);
        const dz = pz.at(j) - pz.at(i);
        const r2 = dx * dx + dy * dy + dz * dz + softening2;
        const f = mass.at(j) / (r2 * Math.sqrt(r2));
        fx += f * dx;
        fy += f * dy;
        fz += f * dz;
      }
      const scale = G * mass.at(i);
      force.set(scale * fx, i, 0);
      force.set(scale * fy, i, 1);
      force.set(scale * fz, i, 2);
    }
  },
  { fastMath: true },
);

const forces = zeros([n, 3]);

const row: Row = {
  title: "forces between 1000 bodies",
  pairs: [
    ["rows", "numba-post"],
    ["rows", "numba-parallel"],
    ["columns", "numba-columns"],
    ["rows", "c"],
    ["columns", "c"],
  ],
  ours: {
    rows: () => {
      rows(positions, masses, forces);
      return forces.data.slice();
    },
    columns: () => {
      columns(x, y, z, masses, forces);
      return forces.data.slice();
    },
  },
  c: (bind) => {
    const pull = bind(
      "void forces(const double *x, const double *y, const double *z, const double *mass, int64_t n, double *force)",
    );
    return () => {
      pull(x.data, y.data, z.data, masses.data, n, forces.data);
      return forces.data.slice();
    };
  },
  check(ours, peers) {
    const sides = Object.entries({ ...ours, ...peers }) as [string, number[]][];
    const [, expected] = sides[0]!;
    const size = Math.max(...expected.map(Math.abs));
    for (const [name, values] of sides)
      for (const [k, value] of values.entries())
        // sums of 1000 terms in other orders
        assert.ok(Math.abs(value - expected[k]!) < 1e-11 * size, `${name} differs at ${k}`);
  },
};
export default row;
