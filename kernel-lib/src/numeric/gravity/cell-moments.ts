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
 * centre of mass (11).
 */
export const CELL = 12;

/** Fills `cells` and their `bounds`: the least and largest x, y, z. */
export const cellMoments = jit(
  (
    x: NDArray,
    y: NDArray,
    z: NDArray,
    m: NDArray,
    links: NDArray,
    cells: NDArray,
    bounds: NDArray,
  ) => {
    const count = links.length;
    for (const cell of prange(count)) {
      if (links.at(cell, 2) !== cell + 1) continue;
      const [first, end] = [links.at(cell, 0), links.at(cell, 1)];
      let [mass, sx, sy, sz] = [0, 0, 0, 0];
      let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
      let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
      for (let i = first; i < end; i++) {
        mass += m.at(i);
        sx += m.at(i) * x.at(i);
        sy += m.at(i) * y.at(i);
        sz += m.at(i) * z.at(i);
        xLow = Math.min(xLow, x.at(i));
        yLow = Math.min(yLow, y.at(i));
        zLow = Math.min(zLow, z.at(i));
        xHigh = Math.max(xHigh, x.at(i));
        yHigh = Math.max(yHigh, y.at(i));
        zHigh = Math.max(zHigh, z.at(i));
      }
      const cx = mass > 0 ? sx / mass : xLow;
      const cy = mass > 0 ? sy / mass : yLow;
      const cz = mass > 0 ? sz / mass : zLow;
      let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
      for (let i = first; i < end; i++) {
        const [dx, dy, dz] = [x.at(i) - cx, y.at(i) - cy, z.at(i) - cz];
        xx += m.at(i) * dx * dx;
        xy += m.at(i) * dx * dy;
        xz += m.at(i) * dx * dz;
        yy += m.at(i) * dy * dy;
        yz += m.at(i) * dy * dz;
        zz += m.at(i) * dz * dz;
      }
      cells.set(cx, cell, 0);
      cells.set(cy, cell, 1);
      cells.set(cz, cell, 2);
      cells.set(mass, cell, 3);
      cells.set(3 * xx, cell, 4);
      cells.set(3 * xy, cell, 5);
      cells.set(3 * xz, cell, 6);
      cells.set(3 * yy, cell, 7);
      cells.set(3 * yz, cell, 8);
      cells.set(3 * zz, cell, 9);
      bounds.set(xLow, cell, 0);
      bounds.set(yLow, cell, 1);
      bounds.set(zLow, cell, 2);
      bounds.set(xHigh, cell, 3);
      bounds.set(yHigh, cell, 4);
      bounds.set(zHigh, cell, 5);
    }
    for (let cell = count - 1; cell >= 0; cell--) {
      const behind = links.at(cell, 2);
      if (behind === cell + 1) continue;
      let [mass, sx, sy, sz] = [0, 0, 0, 0];
      let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
      let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
      for (let child = cell + 1; child < behind; child = links.at(child, 2)) {
        mass += cells.at(child, 3);
        sx += cells.at(child, 3) * cells.at(child, 0);
        sy += cells.at(child, 3) * cells.at(child, 1);
        sz += cells.at(child, 3) * cells.at(child, 2);
        xLow = Math.min(xLow, bounds.at(child, 0));
        yLow = Math.min(yLow, bounds.at(child, 1));
        zLow = Math.min(zLow, bounds.at(child, 2));
        xHigh = Math.max(xHigh, bounds.at(child, 3));
        yHigh = Math.max(yHigh, bounds.at(child, 4));
        zHigh = Math.max(zHigh, bounds.at(child, 5));
      }
      const cx = mass > 0 ? sx / mass : xLow;
      const cy = mass > 0 ? sy / mass : yLow;
      const cz = mass > 0 ? sz / mass : zLow;
      let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
      for (let child = cell + 1; child < behind; child = links.at(child, 2)) {
        const share = 3 * cells.at(child, 3);
        const dx = cells.at(child, 0) - cx;
        const dy = cells.at(child, 1) - cy;
        const dz = cells.at(child, 2) - cz;
        xx += cells.at(child, 4) + share * dx * dx;
        xy += cells.at(child, 5) + share * dx * dy;
        xz += cells.at(child, 6) + share * dx * dz;
        yy += cells.at(child, 7) + share * dy * dy;
        yz += cells.at(child, 8) + share * dy * dz;
        zz += cells.at(child, 9) + share * dz * dz;
      }
      cells.set(cx, cell, 0);
      cells.set(cy, cell, 1);
      cells.set(cz, cell, 2);
      cells.set(mass, cell, 3);
      cells.set(xx, cell, 4);
      cells.set(xy, cell, 5);
      cells.set(xz, cell, 6);
      cells.set(yy, cell, 7);
      cells.set(yz, cell, 8);
      cells.set(zz, cell, 9);
      bounds.set(xLow, cell, 0);
      bounds.set(yLow, cell, 1);
      bounds.set(zLow, cell, 2);
      bounds.set(xHigh, cell, 3);
      bounds.set(yHigh, cell, 4);
      bounds.set(zHigh, cell, 5);
    }
    for (const cell of prange(count)) {
      const dx = bounds.at(cell, 3) - bounds.at(cell, 0);
      const dy = bounds.at(cell, 4) - bounds.at(cell, 1);
      const dz = bounds.at(cell, 5) - bounds.at(cell, 2);
      const offX = bounds.at(cell, 0) + dx / 2 - cells.at(cell, 0);
      const offY = bounds.at(cell, 1) + dy / 2 - cells.at(cell, 1);
      const offZ = bounds.at(cell, 2) + dz / 2 - cells.at(cell, 2);
      cells.set(Math.max(dx, dy, dz), cell, 10);
      cells.set(Math.sqrt(offX * offX + offY * offY + offZ * offZ), cell, 11);
    }
  },
);
