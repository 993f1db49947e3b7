/** The semi-implicit Euler method: the simplest integrator that is symplectic. */
import type { MovingPoints } from "./bodies.js";
import { integrate, type IntegrationOptions } from "./integrate.js";
import type { GravityRun } from "./gravity-run.js";

/**
 * Moves bodies by the method of Euler and Cromer: a kick, then a drift with the new velocity; one
 * force a step. First order: half the step, half the error; `leapfrog` has second order at the same
 * price. Often called explicit Euler, which it isn't: that one gains energy for ever, this one is
 * symplectic.
 *
 * Arguments, results and errors are those of `leapfrog`.
 *
 * @example
 * const run = await eulerCromer(figureEight(), { dt: 1e-3, steps: 6326 });
 *
 * Source: A. Cromer, "Stable solutions using the Euler approximation", Am. J. Phys. 49, 455 (1981).
 */
export function eulerCromer(
  bodies: MovingPoints,
  options: IntegrationOptions,
): Promise<GravityRun> {
  return integrate({ kicks: [1, 0], drifts: [1] }, bodies, options, "eulerCromer");
}
