/**
 * The walk of Barnes and Hut, by groups: near bodies walk the tree together, once, and make two lists,
 * of cells that are far from all of them and of bodies that aren't; then each takes the pull of all
 * that is listed (J. E. Barnes, J. Comput. Phys. 87, 161, 1990). Lanes are the bodies of a group. The order of each
 * sum follows from the tree alone.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";

/** Entries of each list of a group; a longer one is taken in parts. */
export const LISTED = 1024;

/**
 * Accelerations and potentials, over G, of each group's bodies: `field[group][k][lane]`, k from x, y,
 * z to potential. Groups have up to as many lanes as `field` has, a multiple of all numbers of SIMD
 * lanes; those that are left over repeat the last body.
 */
export const treeWalk = jit(
  (
    x: NDArray,
    y: NDArray,
    z: NDArray,
    m: NDArray,
    links: NDArray,
    cells: NDArray,
    groups: NDArray,
    openingAngle: number,
    eps2: number,
    listed: number,
    field: NDArray,
  ) => {
    const count = links.length;
    const lanes = field.shape[2]!;
    for (const group of prange(groups.length)) {
      const [first, end] = [groups.at(group, 0), groups.at(group, 1)];
      const gx = new Float64Array(lanes);
      const gy = new Float64Array(lanes);
      const gz = new Float64Array(lanes);
      const far = new Int32Array(listed);
      const from = new Int32Array(listed);
      const to = new Int32Array(listed);
      let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
      let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
      const used = Math.min(lanes, Math.ceil((end - first) / 8) * 8);
      for (let b = 0; b < used; b++) {
        const i = Math.min(first + b, end - 1);
        gx[b] = x.at(i);
        gy[b] = y.at(i);
        gz[b] = z.at(i);
        xLow = Math.min(xLow, x.at(i));
        yLow = Math.min(yLow, y.at(i));
        zLow = Math.min(zLow, z.at(i));
        xHigh = Math.max(xHigh, x.at(i));
        yHigh = Math.max(yHigh, y.at(i));
        zHigh = Math.max(zHigh, z.at(i));
      }
      let cell = 0;
      while (cell < count) {
        let [fars, nears] = [0, 0];
        while (cell < count && fars < listed && nears < listed) {
          const skip = links.at(cell, 2);
          const [start, stop] = [links.at(cell, 0), links.at(cell, 1)];
          const dx = Math.max(xLow - cells.at(cell, 0), cells.at(cell, 0) - xHigh, 0);
          const dy = Math.max(yLow - cells.at(cell, 1), cells.at(cell, 1) - yHigh, 0);
          const dz = Math.max(zLow - cells.at(cell, 2), cells.at(cell, 2) - zHigh, 0);
          const size = cells.at(cell, 10);
          const reach = (size > 0 ? size / openingAngle : 0) + cells.at(cell, 11);
          const holds = start <= first && first < stop;
          if (!holds && dx * dx + dy * dy + dz * dz > reach * reach) {
            far[fars] = cell;
            fars++;
            cell = skip;
          } else if (skip === cell + 1) {
            // leaves that stand side by side are one run of bodies
            if (nears > 0 && to[nears - 1] === start) to[nears - 1] = stop;
            else {
              from[nears] = start;
              to[nears] = stop;
              nears++;
            }
            cell = skip;
          } else cell++;
        }
        const [runs, others] = [nears | 0, fars | 0];
        for (let b = 0; b < used; b++) {
          let [sx, sy, sz, sum] = [0, 0, 0, 0];
          for (let near = 0; near < runs; near++) {
            for (let j = from[near]!; j < to[near]!; j++) {
              const dx = x.at(j) - gx[b]!;
              const dy = y.at(j) - gy[b]!;
              const dz = z.at(j) - gz[b]!;
              const r2 = dx * dx + dy * dy + dz * dz + eps2;
              const inverse = 1 / Math.sqrt(r2);
              const mass = m.at(j);
              const pull = j === first + b || mass === 0 ? 0 : mass * inverse;
              sum += pull;
              const f = r2 > 0 ? pull * inverse * inverse : 0;
              sx += f * dx;
              sy += f * dy;
              sz += f * dz;
            }
          }
          for (let k = 0; k < others; k++) {
            const c = far[k]!;
            const dx = cells.at(c, 0) - gx[b]!;
            const dy = cells.at(c, 1) - gy[b]!;
            const dz = cells.at(c, 2) - gz[b]!;
            const inverse = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz + eps2);
            const [ux, uy, uz] = [dx * inverse, dy * inverse, dz * inverse];
            // moments over distance squared: small beside the mass at any scale of lengths
            const square = inverse * inverse;
            const qx = (cells.at(c, 4) * ux + cells.at(c, 5) * uy + cells.at(c, 6) * uz) * square;
            const qy = (cells.at(c, 5) * ux + cells.at(c, 7) * uy + cells.at(c, 8) * uz) * square;
            const qz = (cells.at(c, 6) * ux + cells.at(c, 8) * uy + cells.at(c, 9) * uz) * square;
            const along = qx * ux + qy * uy + qz * uz;
            const trace = (cells.at(c, 4) + cells.at(c, 7) + cells.at(c, 9)) * (square * (1 / 3));
            sum += (cells.at(c, 3) + 0.5 * (along - trace)) * inverse;
            const f = cells.at(c, 3) + 2.5 * along - 1.5 * trace;
            sx += (f * ux - qx) * square;
            sy += (f * uy - qy) * square;
            sz += (f * uz - qz) * square;
          }
          field.set(field.at(group, 0, b) + sx, group, 0, b);
          field.set(field.at(group, 1, b) + sy, group, 1, b);
          field.set(field.at(group, 2, b) + sz, group, 2, b);
          field.set(field.at(group, 3, b) + sum, group, 3, b);
        }
      }
    }
  },
  // every index is one that the tree was built with
  { boundsCheck: false },
);
