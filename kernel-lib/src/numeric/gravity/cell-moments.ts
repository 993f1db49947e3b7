/**
 * What a cell of an octree is to bodies far from it: mass, centre of mass, second moments, and how
 * large it is. Leaves sum up their bodies, in parallel; cells above them sum up their children.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";

/**
 * Numbers of a cell: centre of mass x, y, z (0 to 2); mass (3); three times the second moments about the centre,
 * xx, xy, xz, yy, yz, zz (4 to 9); longest edge of its bounds (10); distance of their middle from the
 * centre of mass (11); radius about the centre of mass that holds all bodies (12).
 */
export const CELL = 13;

function setMoments(
  cells: NDArray,
  cell: number,
  xx: number,
  xy: number,
  xz: number,
  yy: number,
  yz: number,
  zz: number,
): void {
  cells.set(xx, cell, 4);
  cells.set(xy, cell, 5);
  cells.set(xz, cell, 6);
  cells.set(yy, cell, 7);
  cells.set(yz, cell, 8);
  cells.set(zz, cell, 9);
}

/** The centre of mass; of bodies without mass, the place of the first. */
function setCentre(
  cells: NDArray,
  cell: number,
  mass: number,
  sx: number,
  sy: number,
  sz: number,
  x: number,
  y: number,
  z: number,
): void {
  cells.set(mass > 0 ? sx / mass : x, cell, 0);
  cells.set(mass > 0 ? sy / mass : y, cell, 1);
  cells.set(mass > 0 ? sz / mass : z, cell, 2);
  cells.set(mass, cell, 3);
}

/** Fills `cells`. */
export const cellMoments = jit(
  (x: NDArray, y: NDArray, z: NDArray, m: NDArray, links: NDArray, cells: NDArray) => {
    const count = links.length;
    for (const cell of prange(count)) {
      if (links.at(cell, 2) !== cell + 1) continue;
      const [first, end] = [links.at(cell, 0), links.at(cell, 1)];
      let [mass, sx, sy, sz] = [0, 0, 0, 0];
      for (let i = first; i < end; i++) {
        mass += m.at(i);
        sx += m.at(i) * x.at(i);
        sy += m.at(i) * y.at(i);
        sz += m.at(i) * z.at(i);
      }
      setCentre(cells, cell, mass, sx, sy, sz, x.at(first), y.at(first), z.at(first));
      let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
      for (let i = first; i < end; i++) {
        const dx = x.at(i) - cells.at(cell, 0);
        const dy = y.at(i) - cells.at(cell, 1);
        const dz = z.at(i) - cells.at(cell, 2);
        const share = 3 * m.at(i);
        xx += share * dx * dx;
        xy += share * dx * dy;
        xz += share * dx * dz;
        yy += share * dy * dy;
        yz += share * dy * dz;
        zz += share * dz * dz;
      }
      setMoments(cells, cell, xx, xy, xz, yy, yz, zz);
    }
    for (let cell = count - 1; cell >= 0; cell--) {
      const behind = links.at(cell, 2);
      if (behind === cell + 1) continue;
      let [mass, sx, sy, sz] = [0, 0, 0, 0];
      for (let child = cell + 1; child < behind; child = links.at(child, 2)) {
        mass += cells.at(child, 3);
        sx += cells.at(child, 3) * cells.at(child, 0);
        sy += cells.at(child, 3) * cells.at(child, 1);
        sz += cells.at(child, 3) * cells.at(child, 2);
      }
      const first = links.at(cell, 0);
      setCentre(cells, cell, mass, sx, sy, sz, x.at(first), y.at(first), z.at(first));
      let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
      for (let child = cell + 1; child < behind; child = links.at(child, 2)) {
        const dx = cells.at(child, 0) - cells.at(cell, 0);
        const dy = cells.at(child, 1) - cells.at(cell, 1);
        const dz = cells.at(child, 2) - cells.at(cell, 2);
        const share = 3 * cells.at(child, 3);
        xx += cells.at(child, 4) + share * dx * dx;
        xy += cells.at(child, 5) + share * dx * dy;
        xz += cells.at(child, 6) + share * dx * dz;
        yy += cells.at(child, 7) + share * dy * dy;
        yz += cells.at(child, 8) + share * dy * dz;
        zz += cells.at(child, 9) + share * dz * dz;
      }
      setMoments(cells, cell, xx, xy, xz, yy, yz, zz);
    }
    for (const cell of prange(count)) {
      const [first, end] = [links.at(cell, 0), links.at(cell, 1)];
      const [cx, cy, cz] = [cells.at(cell, 0), cells.at(cell, 1), cells.at(cell, 2)];
      let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
      let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
      let far = 0;
      for (let i = first; i < end; i++) {
        const [dx, dy, dz] = [x.at(i) - cx, y.at(i) - cy, z.at(i) - cz];
        xLow = Math.min(xLow, dx);
        yLow = Math.min(yLow, dy);
        zLow = Math.min(zLow, dz);
        xHigh = Math.max(xHigh, dx);
        yHigh = Math.max(yHigh, dy);
        zHigh = Math.max(zHigh, dz);
        far = Math.max(far, dx * dx + dy * dy + dz * dz);
      }
      const [offX, offY, offZ] = [xLow + xHigh, yLow + yHigh, zLow + zHigh];
      cells.set(Math.max(xHigh - xLow, yHigh - yLow, zHigh - zLow), cell, 10);
      cells.set(0.5 * Math.sqrt(offX * offX + offY * offY + offZ * offZ), cell, 11);
      cells.set(Math.sqrt(far), cell, 12);
    }
  },
);
