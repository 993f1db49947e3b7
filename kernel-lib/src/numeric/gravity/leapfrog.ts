/** The leapfrog in its kick–drift–kick form: what gravity is integrated with unless there is a reason. */
import type { MovingPoints } from "./bodies.js";
import { integrate, type IntegrationOptions } from "./integrate.js";
import type { GravityRun } from "./gravity-run.js";

/**
 * Moves bodies by the leapfrog: half a kick, a drift, half a kick; one force a step. Second order:
 * half the step, a quarter of the error. Symplectic and reversible, so the energy doesn't drift
 * but swings about its value, as long as the step is short compared with every orbit.
 *
 * Doesn't touch what it is given. The same bits on any number of threads.
 *
 * @param bodies `positions` and `velocities` of shape [n, 3], and `masses`.
 * @param options `dt` and `steps`, in your units of time; `softening` and `G` of the force; `every`
 * so many steps a snapshot; `forces`: `"direct"` or `"tree"`; `progress`, `signal`, `memoryLimit`.
 * @returns snapshots, with energies and momenta, and the bodies at the end.
 * @throws RangeError, as a rejection, if a number isn't finite, shapes don't fit, snapshots don't fit
 * into `memoryLimit`, or bodies came so close that the numbers overflowed.
 * @throws InterruptError, as a rejection, if the user interrupts.
 * @example
 * const run = await leapfrog(plummer(1000), { dt: 1 / 128, steps: 1280, softening: 0.05 });
 * run.energies.toArray(); // within 1e-4 of the first
 *
 * Source: T. Quinn, N. Katz, J. Stadel & G. Lake, "Time stepping N-body simulations" (1997),
 * arXiv:astro-ph/9710043.
 */
export function leapfrog(bodies: MovingPoints, options: IntegrationOptions): Promise<GravityRun> {
  return integrate({ kicks: [0.5, 0.5], drifts: [1] }, bodies, options, "leapfrog");
}
