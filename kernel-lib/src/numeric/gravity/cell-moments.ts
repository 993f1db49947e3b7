/**
 * What a cell of an octree is to bodies far from it: mass, centre of mass, second moments, and how
 * large it is. Leaves sum up their bodies, in parallel; cells above them sum up their children.
 */
import { zeros } from "../../runtime/arrays.js";
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

/** Bounds are low x, y, z and high x, y, z. */
function setBounds(
  bounds: NDArray,
  cell: number,
  xLow: number,
  yLow: number,
  zLow: number,
  xHigh: number,
  yHigh: number,
  zHigh: number,
): void {
  bounds.set(xLow, cell, 0);
  bounds.set(yLow, cell, 1);
  bounds.set(zLow, cell, 2);
  bounds.set(xHigh, cell, 3);
  bounds.set(yHigh, cell, 4);
  bounds.set(zHigh, cell, 5);
}

/** Copies bodies into their order, and fills `cells`. */
export const cellMoments = jit(
  (
    ownX: NDArray,
    ownY: NDArray,
    ownZ: NDArray,
    ownM: NDArray,
    order: Int32Array,
    x: NDArray,
    y: NDArray,
    z: NDArray,
    m: NDArray,
    links: NDArray,
    cells: NDArray,
  ) => {
    for (const k of prange(order.length)) {
      x.set(ownX.at(order[k]!), k);
      y.set(ownY.at(order[k]!), k);
      z.set(ownZ.at(order[k]!), k);
      m.set(ownM.at(order[k]!), k);
    }
    const count = links.length;
    const bounds = zeros([count, 6]);
    for (const cell of prange(count)) {
      if (links.at(cell, 2) !== cell + 1) continue;
      const [first, end] = [links.at(cell, 0), links.at(cell, 1)];
      let [mass, sx, sy, sz] = [0, 0, 0, 0];
      let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
      let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
      for (let i = first; i < end; i++) {
        const [xi, yi, zi, mi] = [x.at(i), y.at(i), z.at(i), m.at(i)];
        mass += mi;
        sx += mi * xi;
        sy += mi * yi;
        sz += mi * zi;
        xLow = xi < xLow ? xi : xLow;
        yLow = yi < yLow ? yi : yLow;
        zLow = zi < zLow ? zi : zLow;
        xHigh = xi > xHigh ? xi : xHigh;
        yHigh = yi > yHigh ? yi : yHigh;
        zHigh = zi > zHigh ? zi : zHigh;
      }
      setCentre(cells, cell, mass, sx, sy, sz, x.at(first), y.at(first), z.at(first));
      setBounds(bounds, cell, xLow, yLow, zLow, xHigh, yHigh, zHigh);
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
      // a cell that is divided has two children
      const [left, right] = [cell + 1, links.at(cell + 1, 2)];
      const [a, b] = [cells.at(left, 3), cells.at(right, 3)];
      setCentre(
        cells,
        cell,
        a + b,
        a * cells.at(left, 0) + b * cells.at(right, 0),
        a * cells.at(left, 1) + b * cells.at(right, 1),
        a * cells.at(left, 2) + b * cells.at(right, 2),
        cells.at(left, 0),
        cells.at(left, 1),
        cells.at(left, 2),
      );
      setBounds(
        bounds,
        cell,
        Math.min(bounds.at(left, 0), bounds.at(right, 0)),
        Math.min(bounds.at(left, 1), bounds.at(right, 1)),
        Math.min(bounds.at(left, 2), bounds.at(right, 2)),
        Math.max(bounds.at(left, 3), bounds.at(right, 3)),
        Math.max(bounds.at(left, 4), bounds.at(right, 4)),
        Math.max(bounds.at(left, 5), bounds.at(right, 5)),
      );
      let [xx, xy, xz, yy, yz, zz] = [0, 0, 0, 0, 0, 0];
      for (let child = left; child < behind; child = links.at(child, 2)) {
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
      const [cx, cy, cz] = [cells.at(cell, 0), cells.at(cell, 1), cells.at(cell, 2)];
      let far = 0;
      for (let i = links.at(cell, 0); i < links.at(cell, 1); i++) {
        const [dx, dy, dz] = [x.at(i) - cx, y.at(i) - cy, z.at(i) - cz];
        far = Math.max(far, dx * dx + dy * dy + dz * dz);
      }
      const [xLow, xHigh] = [bounds.at(cell, 0) - cx, bounds.at(cell, 3) - cx];
      const [yLow, yHigh] = [bounds.at(cell, 1) - cy, bounds.at(cell, 4) - cy];
      const [zLow, zHigh] = [bounds.at(cell, 2) - cz, bounds.at(cell, 5) - cz];
      const [offX, offY, offZ] = [xLow + xHigh, yLow + yHigh, zLow + zHigh];
      cells.set(Math.max(xHigh - xLow, yHigh - yLow, zHigh - zLow), cell, 10);
      cells.set(0.5 * Math.sqrt(offX * offX + offY * offY + offZ * offZ), cell, 11);
      cells.set(Math.sqrt(far), cell, 12);
    }
  },
  // every index is a place, a body or a cell
  { boundsCheck: false },
);
