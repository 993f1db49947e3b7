/**
 * `unwrap`: trajectories that were folded into a periodic box come in, continuous ones go out. Says so
 * where a step is so long that nothing can tell which way the particle went.
 */
import { zeros } from "../../runtime/arrays.js";
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { noticeOnce } from "../../runtime/notice.js";
import { prange } from "../../runtime/prange.js";
import { cellsOf, type BoxOption } from "./box.js";
import { Trajectories, type Positions } from "./positions.js";

/** A step of this part of the box, or more, may as well have gone the other way. */
const DOUBTFUL = 0.45;

/**
 * Unfolds rows [particle, frame, axis] into `out`, after adding `carry` [particle, 3] to all of a
 * particle's frames, which is then what the last frame was moved by. `steps` [particle, 2] gets each
 * particle's longest step, in parts of the box, and its frame.
 */
export const unwrapRows = jit(
  (rows: NDArray, cells: NDArray, carry: NDArray, out: NDArray, steps: NDArray): void => {
    const [particles, frames, axes] = rows.shape as [number, number, number];
    const isFixed = cells.length === 1;
    for (const i of prange(particles)) {
      let [px, py, pz] = [0, 0, 0];
      // in boxes moved by, where the box is fixed: whole numbers, so that errors don't add up
      let [na, nb, nc] = [0, 0, 0];
      let [mx, my, mz] = [carry.at(i, 0), carry.at(i, 1), carry.at(i, 2)];
      const [cx, cy, cz] = [mx, my, mz];
      let longest = 0;
      let place = 0;
      for (let k = 0; k < frames; k++) {
        const x = rows.at(i, k, 0);
        const y = axes > 1 ? rows.at(i, k, 1) : 0;
        const z = axes > 2 ? rows.at(i, k, 2) : 0;
        const c = isFixed ? 0 : k;
        const dx = k > 0 ? x - px : 0;
        const dy = k > 0 ? y - py : 0;
        const dz = k > 0 ? z - pz : 0;
        const fa = dx * cells.at(c, 9) + dy * cells.at(c, 12) + dz * cells.at(c, 15);
        const fb = dx * cells.at(c, 10) + dy * cells.at(c, 13) + dz * cells.at(c, 16);
        const fc = dx * cells.at(c, 11) + dy * cells.at(c, 14) + dz * cells.at(c, 17);
        const ra = Math.round(fa);
        const rb = Math.round(fb);
        const rc = Math.round(fc);
        const step = Math.max(Math.abs(fa - ra), Math.abs(fb - rb), Math.abs(fc - rc));
        if (step > longest) {
          longest = step;
          place = k;
        }
        na += ra;
        nb += rb;
        nc += rc;
        const ja = isFixed ? na : ra;
        const jb = isFixed ? nb : rb;
        const jc = isFixed ? nc : rc;
        mx =
          (isFixed ? cx : mx) - (ja * cells.at(c, 0) + jb * cells.at(c, 3) + jc * cells.at(c, 6));
        my =
          (isFixed ? cy : my) - (ja * cells.at(c, 1) + jb * cells.at(c, 4) + jc * cells.at(c, 7));
        mz =
          (isFixed ? cz : mz) - (ja * cells.at(c, 2) + jb * cells.at(c, 5) + jc * cells.at(c, 8));
        out.set(x + mx, i, k, 0);
        if (axes > 1) out.set(y + my, i, k, 1);
        if (axes > 2) out.set(z + mz, i, k, 2);
        px = x;
        py = y;
        pz = z;
      }
      carry.set(mx, i, 0);
      carry.set(my, i, 1);
      carry.set(mz, i, 2);
      steps.set(longest, i, 0);
      steps.set(place, i, 1);
    }
  },
);

/** Says so where steps are too long; frames and particles are counted from `firstFrame` and `first`. */
export function noticeLongSteps(steps: NDArray, caller: string, first = 0, firstFrame = 0): void {
  for (let i = 0; i < steps.length; i++) {
    if (!(steps.at(i, 0) >= DOUBTFUL)) continue;
    const frame = firstFrame + steps.at(i, 1);
    noticeOnce(
      `${caller}: particle ${first + i} moves by ${steps.at(i, 0).toFixed(2)} of the box from frame ` +
        `${frame - 1} to ${frame}, where half a box can't be told from the other half: ` +
        `save frames more often, or check the box`,
    );
    return;
  }
}

/**
 * Makes trajectories that were folded into a periodic box continuous: whenever a coordinate jumps by
 * more than half the box from one frame to the next, the particle has crossed a face.
 *
 * @param positions Array of the shape [nParticles, nFrames, d], d = 1, 2 or 3; what isn't folded stays
 *   as it is.
 * @param box The box, in the units of the positions: edge lengths `[lx, ly, lz]`, lengths and angles
 *   `[a, b, c, α, β, γ]` in degrees, or vectors `[[ax, ay, az], …]`. For a box that changes, one a frame, or
 *   a function of the frame.
 * @returns A new array of the same shape.
 * @throws RangeError, TypeError for positions of another shape or a box that is none.
 *
 * Gives a notice where a step is about half the box: then frames were saved too seldom to tell.
 *
 * With a box for each frame, steps are added up in the box of their later frame (the toroidal-view-
 * preserving scheme), which keeps diffusion right at constant pressure.
 *
 * @example
 * const folded = [[[0.9], [0.1], [0.3]]];
 * unwrap(folded, [1]).toArray(); // [[[0.9], [1.1], [1.3]]]
 *
 * Source: S. von Bülow, J. T. Bullerjahn & G. Hummer, J. Chem. Phys. 153, 021101 (2020).
 */
export function unwrap(positions: Positions, box: BoxOption): NDArray<"float64"> {
  const folded = new Trajectories(positions, "unwrap");
  const { particles, frames, axes } = folded;
  const cells = cellsOf(box, axes, frames, "unwrap");
  const along = [0, 1, 2].slice(0, axes);
  return unwrapped(folded.rows(0, particles, along), cells, 0, "unwrap");
}

/** A continuous copy of the rows of the particles from `first` on. */
export function unwrapped(
  rows: NDArray<"float64">,
  cells: NDArray<"float64">,
  first: number,
  caller: string,
): NDArray<"float64"> {
  const out = zeros(rows.shape);
  const steps = zeros([rows.length, 2]);
  unwrapRows(rows, cells, zeros([rows.length, 3]), out, steps);
  noticeLongSteps(steps, caller, first);
  return out;
}
