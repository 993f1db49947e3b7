/**
 * Steps of symplectic integrators: velocities are kicked and positions drift in turn, by the shares of
 * a step that a scheme says. One kernel does many steps of any scheme, so that neither calls nor
 * snapshots are in the way.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";

/** How a step of dt is cut: kick, drift, kick, drift … kick, each in units of dt. */
export interface Scheme {
  readonly kicks: readonly number[];
  /** One less than kicks. The forces are computed after each. */
  readonly drifts: readonly number[];
}

/** A kick, and a drift with the new velocity. */
function moveBody(
  i: number,
  x: NDArray,
  y: NDArray,
  z: NDArray,
  vx: NDArray,
  vy: NDArray,
  vz: NDArray,
  ax: NDArray,
  ay: NDArray,
  az: NDArray,
  kick: number,
  drift: number,
): void {
  const u = vx.at(i) + kick * ax.at(i);
  const v = vy.at(i) + kick * ay.at(i);
  const w = vz.at(i) + kick * az.at(i);
  vx.set(u, i);
  vy.set(v, i);
  vz.set(w, i);
  x.set(x.at(i) + drift * u, i);
  y.set(y.at(i) + drift * v, i);
  z.set(z.at(i) + drift * w, i);
}

/** Steps with forces by the direct sum. Accelerations come in for the positions that come in. */
export const directSteps = jit(
  (
    x: NDArray,
    y: NDArray,
    z: NDArray,
    m: NDArray,
    vx: NDArray,
    vy: NDArray,
    vz: NDArray,
    ax: NDArray,
    ay: NDArray,
    az: NDArray,
    kicks: NDArray,
    drifts: NDArray,
    dt: number,
    steps: number,
    eps2: number,
    G: number,
  ) => {
    const n = m.length;
    const stages = drifts.length;
    for (let step = 0; step < steps; step++) {
      for (let stage = 0; stage < stages; stage++) {
        const kick = dt * kicks.at(stage);
        const drift = dt * drifts.at(stage);
        const last = stage === stages - 1 ? dt * kicks.at(stages) : 0;
        for (const i of prange(n)) moveBody(i, x, y, z, vx, vy, vz, ax, ay, az, kick, drift);
        for (const i of prange(n)) {
          let [sx, sy, sz] = [0, 0, 0];
          for (let j = 0; j < n; j++) {
            const dx = x.at(j) - x.at(i);
            const dy = y.at(j) - y.at(i);
            const dz = z.at(j) - z.at(i);
            const r2 = dx * dx + dy * dy + dz * dz + eps2;
            // both sides of a choice are cheap, so that lanes take it without a branch
            const pull = m.at(j) / (r2 * Math.sqrt(r2));
            const f = r2 > 0 ? pull : 0;
            sx += f * dx;
            sy += f * dy;
            sz += f * dz;
          }
          ax.set(G * sx, i);
          ay.set(G * sy, i);
          az.set(G * sz, i);
          vx.set(vx.at(i) + last * (G * sx), i);
          vy.set(vy.at(i) + last * (G * sy), i);
          vz.set(vz.at(i) + last * (G * sz), i);
        }
      }
    }
  },
);

/** One kick and one drift, for forces that are computed elsewhere. */
export const kickDrift = jit(
  (
    x: NDArray,
    y: NDArray,
    z: NDArray,
    vx: NDArray,
    vy: NDArray,
    vz: NDArray,
    ax: NDArray,
    ay: NDArray,
    az: NDArray,
    kick: number,
    drift: number,
  ) => {
    for (const i of prange(x.length)) moveBody(i, x, y, z, vx, vy, vz, ax, ay, az, kick, drift);
  },
);
