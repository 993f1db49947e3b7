/** What a run has seen, kept within a budget of memory that is known before the run begins. */
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { type Bodies, joinColumns } from "./bodies.js";
import type { Energy } from "./energy.js";
import type { MotionState } from "./mover.js";
import { within } from "./options.js";

/** What a run has seen. Frame 0 is the start, the last one the end. */
export interface GravityRun {
  /** Time of each frame, 0 at the start: shape [frames]. */
  readonly times: NDArray<"float64">;
  /** Shape [frames, n, 3]. */
  readonly positions: NDArray<"float64">;
  /** Shape [frames, n, 3]. */
  readonly velocities: NDArray<"float64">;
  /** Shape [n]. */
  readonly masses: NDArray<"float64">;
  /** Kinetic energy, shape [frames]. */
  readonly kinetic: NDArray<"float64">;
  /** Potential energy, shape [frames]. */
  readonly potential: NDArray<"float64">;
  /** Total energy, shape [frames]: constant but for the integrator's error. */
  readonly energies: NDArray<"float64">;
  /** 2 K/|W|, shape [frames]. */
  readonly virialRatios: NDArray<"float64">;
  /** Shape [frames, 3]. */
  readonly momenta: NDArray<"float64">;
  /** About the origin, shape [frames, 3]. */
  readonly angularMomenta: NDArray<"float64">;
  /** The bodies at the end: what to go on with. */
  readonly final: Bodies;
}

/** Frames of `n` bodies, filled one after the other. */
export class Snapshots {
  readonly taken: Omit<GravityRun, "masses" | "final">;
  #count = 0;

  /** @throws RangeError if the frames would take more than `limit` MiB. */
  constructor(
    frames: number,
    n: number,
    {
      steps,
      limit,
      call,
    }: { readonly steps: number; readonly limit: number; readonly call: string },
  ) {
    within(limit, 0, Number.MAX_VALUE, `${call}: memoryLimit`, "MiB, such as 1024");
    const mebibytes = (frames * n * 6 * 8) / 2 ** 20;
    if (mebibytes > limit) {
      const affordable = Math.floor((limit * frames) / mebibytes);
      const remedy =
        affordable > 1 ? `every: ${Math.ceil(steps / (affordable - 1))}` : "fewer bodies";
      throw new RangeError(
        `${call}: ${frames} snapshots of ${n} bodies take ${Math.ceil(mebibytes)} MiB, memoryLimit is ` +
          `${limit}: give ${remedy}, or more memory`,
      );
    }
    this.taken = {
      times: zeros(frames),
      positions: zeros([frames, n, 3]),
      velocities: zeros([frames, n, 3]),
      kinetic: zeros(frames),
      potential: zeros(frames),
      energies: zeros(frames),
      virialRatios: zeros(frames),
      momenta: zeros([frames, 3]),
      angularMomenta: zeros([frames, 3]),
    };
  }

  add(time: number, { points, velocities }: MotionState, found: Energy): void {
    const { taken } = this;
    const frame = this.#count++;
    const n = points.m.length;
    taken.times.data[frame] = time;
    joinColumns(points, taken.positions, frame * n);
    joinColumns(velocities, taken.velocities, frame * n);
    taken.kinetic.data[frame] = found.kinetic;
    taken.potential.data[frame] = found.potential;
    taken.energies.data[frame] = found.total;
    taken.virialRatios.data[frame] = found.virialRatio;
    taken.momenta.data.set(found.momentum, 3 * frame);
    taken.angularMomenta.data.set(found.angularMomentum, 3 * frame);
  }
}
