/**
 * The walk of Barnes and Hut, by groups: near bodies walk the tree together, once, and list what they
 * meet (J. E. Barnes, J. Comput. Phys. 87, 161, 1990): bodies, which each of the group is pulled by directly; far
 * cells, by their moments; and cells so far that all of the group take them as one series. Lanes are
 * the bodies of a group, and of a series its cells. The order of each sum follows from the tree alone.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";
import { ABREAST, addCells, addLanes, addSeries, TERMS } from "./local-expansion.js";

/** Entries of each list of a group; a longer one is taken in parts. */
export const LISTED = 1024;

/**
 * A cell and a group make a series where their radii together are less than this part of the opening
 * angle times their distance: where it errs a tenth of what the moments leave out. A series of wider
 * angles hardly converges, so that the angle counts no further than to `WIDEST`.
 */
const SERIES_SHARE = 2 / 3;
const WIDEST = 0.9;

/** Adds the pull of the body j on the bodies of a group, of which it may be the one at `own`. */
function addBody(
  jx: number,
  jy: number,
  jz: number,
  mass: number,
  own: number,
  eps2: number,
  used: number,
  gx: Float64Array,
  gy: Float64Array,
  gz: Float64Array,
  ax: Float64Array,
  ay: Float64Array,
  az: Float64Array,
  phi: Float64Array,
): void {
  for (let b = 0; b < used; b++) {
    const [dx, dy, dz] = [jx - gx[b]!, jy - gy[b]!, jz - gz[b]!];
    const r2 = dx * dx + dy * dy + dz * dz + eps2;
    const inverse = 1 / Math.sqrt(r2);
    const pull = b === own || mass === 0 ? 0 : mass * inverse;
    phi[b]! += pull;
    const f = r2 > 0 ? pull * inverse * inverse : 0;
    ax[b]! += f * dx;
    ay[b]! += f * dy;
    az[b]! += f * dz;
  }
}

/** Adds the pull of a cell, by mass and second moments, on each body of a group. */
function addCell(
  cells: NDArray,
  c: number,
  eps2: number,
  used: number,
  gx: Float64Array,
  gy: Float64Array,
  gz: Float64Array,
  ax: Float64Array,
  ay: Float64Array,
  az: Float64Array,
  phi: Float64Array,
): void {
  const [cx, cy, cz, mass] = [cells.at(c, 0), cells.at(c, 1), cells.at(c, 2), cells.at(c, 3)];
  const [xx, xy, xz] = [cells.at(c, 4), cells.at(c, 5), cells.at(c, 6)];
  const [yy, yz, zz] = [cells.at(c, 7), cells.at(c, 8), cells.at(c, 9)];
  const third = (xx + yy + zz) / 3;
  for (let b = 0; b < used; b++) {
    const [dx, dy, dz] = [cx - gx[b]!, cy - gy[b]!, cz - gz[b]!];
    const inverse = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz + eps2);
    const [ux, uy, uz] = [dx * inverse, dy * inverse, dz * inverse];
    // moments over distance squared: small beside the mass at any scale of lengths
    const square = inverse * inverse;
    const qx = (xx * ux + xy * uy + xz * uz) * square;
    const qy = (xy * ux + yy * uy + yz * uz) * square;
    const qz = (xz * ux + yz * uy + zz * uz) * square;
    const along = qx * ux + qy * uy + qz * uz;
    const trace = third * square;
    phi[b]! += (mass + 0.5 * (along - trace)) * inverse;
    const f = mass + 2.5 * along - 1.5 * trace;
    ax[b]! += (f * ux - qx) * square;
    ay[b]! += (f * uy - qy) * square;
    az[b]! += (f * uz - qz) * square;
  }
}

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
    // a size of 0 makes NaN at an angle of 0, which isn't far either
    const reachOfSize = 1 / openingAngle;
    const reachOfRadii = 1 / (SERIES_SHARE * Math.min(openingAngle, WIDEST));
    for (const group of prange(groups.length)) {
      const [first, end] = [groups.at(group, 0), groups.at(group, 1)];
      const gx = new Float64Array(lanes);
      const gy = new Float64Array(lanes);
      const gz = new Float64Array(lanes);
      const ax = new Float64Array(lanes);
      const ay = new Float64Array(lanes);
      const az = new Float64Array(lanes);
      const phi = new Float64Array(lanes);
      const series = new Float64Array(TERMS * ABREAST);
      const sums = new Float64Array(TERMS);
      const wide = new Int32Array(listed);
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
      // the middle of the group's bounds, and how far they go from there
      const [hx, hy, hz] = [(xHigh - xLow) / 2, (yHigh - yLow) / 2, (zHigh - zLow) / 2];
      const [mx, my, mz] = [xLow + hx, yLow + hy, zLow + hz];
      let reached = 0;
      for (let b = 0; b < used; b++) {
        const [dx, dy, dz] = [gx[b]! - mx, gy[b]! - my, gz[b]! - mz];
        reached = Math.max(reached, dx * dx + dy * dy + dz * dz);
      }
      const radius = Math.sqrt(reached);
      let cell = 0;
      while (cell < count) {
        let [wides, fars, runs] = [0, 0, 0];
        while (cell < count && wides < listed && fars < listed && runs < listed) {
          const skip = links.at(cell, 2);
          const [start, stop] = [links.at(cell, 0), links.at(cell, 1)];
          const cx = Math.abs(cells.at(cell, 0) - mx);
          const cy = Math.abs(cells.at(cell, 1) - my);
          const cz = Math.abs(cells.at(cell, 2) - mz);
          const dx = cx > hx ? cx - hx : 0;
          const dy = cy > hy ? cy - hy : 0;
          const dz = cz > hz ? cz - hz : 0;
          const reach = cells.at(cell, 10) * reachOfSize + cells.at(cell, 11);
          if (dx * dx + dy * dy + dz * dz > reach * reach && (stop <= first || end <= start)) {
            const apart = (radius + cells.at(cell, 12)) * reachOfRadii;
            if (radius > 0 && cx * cx + cy * cy + cz * cz > apart * apart) {
              wide[wides] = cell;
              wides = (wides + 1) | 0;
            } else {
              far[fars] = cell;
              fars = (fars + 1) | 0;
            }
            cell = skip;
          } else if (skip === cell + 1) {
            // leaves that stand side by side are one run of bodies
            if (runs > 0 && to[runs - 1] === start) to[runs - 1] = stop;
            else {
              from[runs] = start;
              to[runs] = stop;
              runs = (runs + 1) | 0;
            }
            cell = skip;
          } else cell = (cell + 1) | 0;
        }
        addCells(cells, wide, wides, mx, my, mz, radius, eps2, series);
        for (let run = 0; run < runs; run++) {
          for (let j = from[run]!; j < to[run]!; j++) {
            // prettier-ignore
            addBody(x.at(j), y.at(j), z.at(j), m.at(j), (j - first) | 0, eps2, used, gx, gy, gz, ax, ay, az, phi);
          }
        }
        for (let k = 0; k < fars; k++)
          addCell(cells, far[k]!, eps2, used, gx, gy, gz, ax, ay, az, phi);
      }
      if (radius > 0) {
        addLanes(series, sums);
        addSeries(sums, mx, my, mz, radius, used, gx, gy, gz, ax, ay, az, phi);
      }
      for (let b = 0; b < used; b++) {
        field.set(ax[b]!, group, 0, b);
        field.set(ay[b]!, group, 1, b);
        field.set(az[b]!, group, 2, b);
        field.set(phi[b]!, group, 3, b);
      }
    }
  },
  // every index is one that the tree was built with
  { boundsCheck: false },
);
