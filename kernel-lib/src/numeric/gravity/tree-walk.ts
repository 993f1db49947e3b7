/**
 * The walk of Barnes and Hut, by groups: near bodies walk the tree together, once, and list what they
 * meet (J. E. Barnes, J. Comput. Phys. 87, 161, 1990): bodies, which each of the group is pulled by directly; far
 * cells, by their moments; and cells so far that all of the group take them as one series. A cluster of
 * groups has walked before them: it takes what is as far from all of them as one series, too, and leaves
 * its groups the rest. Lanes are the bodies of a group, and of a series its cells. The order of each sum
 * follows from the tree alone.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";
import { GROUP_SIZE } from "./octree.js";
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

/** Adds the pull of the body j, which has a mass, on the bodies of a group, of which it may be the one at `own`. */
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
    // both sides of a choice are cheap, so that lanes take it without a branch
    const product = mass * inverse;
    const pull = b === own ? 0 : product;
    phi[b]! += pull;
    const strength = pull * inverse * inverse;
    const f = r2 > 0 ? strength : 0;
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

/** Numbers of a box around bodies: its middle (0 to 2); half its edges (3 to 5); radius about the middle that holds all bodies (6). */
const BOX = 7;

function setBox(
  x: NDArray,
  y: NDArray,
  z: NDArray,
  first: number,
  end: number,
  box: Float64Array,
): void {
  let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
  let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
  for (let i = first; i < end; i++) {
    xLow = Math.min(xLow, x.at(i));
    yLow = Math.min(yLow, y.at(i));
    zLow = Math.min(zLow, z.at(i));
    xHigh = Math.max(xHigh, x.at(i));
    yHigh = Math.max(yHigh, y.at(i));
    zHigh = Math.max(zHigh, z.at(i));
  }
  const [hx, hy, hz] = [(xHigh - xLow) / 2, (yHigh - yLow) / 2, (zHigh - zLow) / 2];
  const [mx, my, mz] = [xLow + hx, yLow + hy, zLow + hz];
  let reached = 0;
  for (let i = first; i < end; i++) {
    const [dx, dy, dz] = [x.at(i) - mx, y.at(i) - my, z.at(i) - mz];
    reached = Math.max(reached, dx * dx + dy * dy + dz * dz);
  }
  box[0] = mx;
  box[1] = my;
  box[2] = mz;
  box[3] = hx;
  box[4] = hy;
  box[5] = hz;
  box[6] = Math.sqrt(reached);
}

/** The square of how far what is `distance` away from the middle of a box is from its side. */
function beyond(distance: number, half: number): number {
  const out = Math.abs(distance) - half;
  return out > 0 ? out * out : 0;
}

/** Whether all of a box see a cell under less than the opening angle. */
function isFar(cells: NDArray, cell: number, box: Float64Array, reachOfSize: number): boolean {
  const reach = cells.at(cell, 10) * reachOfSize + cells.at(cell, 11);
  const x2 = beyond(cells.at(cell, 0) - box[0]!, box[3]!);
  const y2 = beyond(cells.at(cell, 1) - box[1]!, box[4]!);
  const z2 = beyond(cells.at(cell, 2) - box[2]!, box[5]!);
  return x2 + y2 + z2 > reach * reach;
}

/** Whether a cell is far enough from a box for a series; a box without extent has none. */
function isWide(cells: NDArray, cell: number, box: Float64Array, reachOfRadii: number): boolean {
  const apart = (cells.at(cell, 12) + box[6]!) * reachOfRadii;
  const dx = cells.at(cell, 0) - box[0]!;
  const dy = cells.at(cell, 1) - box[1]!;
  const dz = cells.at(cell, 2) - box[2]!;
  return box[6]! > 0 && dx * dx + dy * dy + dz * dz > apart * apart;
}

/**
 * Accelerations and potentials, over G, of each cluster's bodies: `field[cluster][k][body]`, k from x,
 * y, z to potential. A group's lanes that are left over repeat its last body.
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
    clusters: NDArray,
    openingAngle: number,
    eps2: number,
    listed: number,
    field: NDArray,
  ) => {
    const count = links.length;
    // a size of 0 makes NaN at an angle of 0, which isn't far either
    const reachOfSize = 1 / openingAngle;
    const reachOfRadii = 1 / (SERIES_SHARE * Math.min(openingAngle, WIDEST));
    for (const cluster of prange(clusters.length - 1)) {
      const [firstGroup, endGroup] = [clusters.at(cluster), clusters.at(cluster + 1)];
      const start = groups.at(firstGroup);
      const [whole, own] = [new Float64Array(BOX), new Float64Array(BOX)];
      const near = new Int32Array(listed);
      const behind = new Int32Array(listed);
      const wide = new Int32Array(listed);
      const far = new Int32Array(listed);
      const from = new Int32Array(listed);
      const to = new Int32Array(listed);
      const series = new Float64Array(TERMS * ABREAST);
      const shared = new Float64Array(TERMS);
      const sums = new Float64Array(TERMS);
      const gx = new Float64Array(GROUP_SIZE);
      const gy = new Float64Array(GROUP_SIZE);
      const gz = new Float64Array(GROUP_SIZE);
      const ax = new Float64Array(GROUP_SIZE);
      const ay = new Float64Array(GROUP_SIZE);
      const az = new Float64Array(GROUP_SIZE);
      const phi = new Float64Array(GROUP_SIZE);
      setBox(x, y, z, start, groups.at(endGroup), whole);
      let [cell, wides, nears] = [0, 0, 0];
      while (cell < count) {
        const skip = links.at(cell, 2);
        if (isFar(cells, cell, whole, reachOfSize) && isWide(cells, cell, whole, reachOfRadii)) {
          wide[wides] = cell;
          wides = (wides + 1) | 0;
          if (wides === listed) {
            addCells(cells, wide, wides, whole, eps2, series);
            wides = 0;
          }
          cell = skip;
        } else if (skip === cell + 1 || cells.at(cell, 12) <= whole[6]! || nears === listed - 1) {
          // left to the groups; the last entry takes all that is to come
          const stop = nears === listed - 1 || whole[6] === 0 ? count : skip;
          if (nears > 0 && behind[nears - 1] === cell) behind[nears - 1] = stop;
          else {
            near[nears] = cell;
            behind[nears] = stop;
            nears = (nears + 1) | 0;
          }
          cell = stop;
        } else cell = (cell + 1) | 0;
      }
      addCells(cells, wide, wides, whole, eps2, series);
      addLanes(series, shared);
      for (let group = firstGroup; group < endGroup; group++) {
        const [first, end] = [groups.at(group), groups.at(group + 1)];
        const used = Math.min(GROUP_SIZE, Math.ceil((end - first) / 8) * 8);
        for (let b = 0; b < used; b++) {
          const i = Math.min(first + b, end - 1);
          gx[b] = x.at(i);
          gy[b] = y.at(i);
          gz[b] = z.at(i);
          ax[b] = 0;
          ay[b] = 0;
          az[b] = 0;
          phi[b] = 0;
        }
        series.fill(0);
        setBox(x, y, z, first, end, own);
        let entry = 0;
        let [at, stop] = [near[0]!, behind[0]!];
        while (entry < nears) {
          let [wides, fars, runs] = [0, 0, 0];
          while (entry < nears && wides < listed && fars < listed && runs < listed) {
            const skip = links.at(at, 2);
            const [head, tail] = [links.at(at, 0), links.at(at, 1)];
            if (isFar(cells, at, own, reachOfSize) && (tail <= first || end <= head)) {
              if (isWide(cells, at, own, reachOfRadii)) {
                wide[wides] = at;
                wides = (wides + 1) | 0;
              } else {
                far[fars] = at;
                fars = (fars + 1) | 0;
              }
              at = skip;
            } else if (skip === at + 1) {
              // leaves that stand side by side are one run of bodies
              if (runs > 0 && to[runs - 1] === head) to[runs - 1] = tail;
              else {
                from[runs] = head;
                to[runs] = tail;
                runs = (runs + 1) | 0;
              }
              at = skip;
            } else at = (at + 1) | 0;
            if (at >= stop) {
              entry = (entry + 1) | 0;
              if (entry < nears) {
                at = near[entry]!;
                stop = behind[entry]!;
              }
            }
          }
          addCells(cells, wide, wides, own, eps2, series);
          for (let run = 0; run < runs; run++) {
            for (let j = from[run]!; j < to[run]!; j++) {
              if (m.at(j) === 0) continue;
              // prettier-ignore
              addBody(x.at(j), y.at(j), z.at(j), m.at(j), (j - first) | 0, eps2, used, gx, gy, gz, ax, ay, az, phi);
            }
          }
          for (let k = 0; k < fars; k++)
            addCell(cells, far[k]!, eps2, used, gx, gy, gz, ax, ay, az, phi);
        }
        addLanes(series, sums);
        addSeries(sums, own, used, gx, gy, gz, ax, ay, az, phi);
        addSeries(shared, whole, used, gx, gy, gz, ax, ay, az, phi);
        for (let i = first; i < end; i++) {
          field.set(ax[i - first]!, cluster, 0, i - start);
          field.set(ay[i - first]!, cluster, 1, i - start);
          field.set(az[i - first]!, cluster, 2, i - start);
          field.set(phi[i - first]!, cluster, 3, i - start);
        }
      }
    }
  },
  // every index is one that the tree was built with
  { boundsCheck: false },
);
