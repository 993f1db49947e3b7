/** Yoshida's fourth-order integrator: three leapfrogs, the middle one backwards. */
import type { MovingPoints } from "./bodies.js";
import { integrate, type IntegrationOptions } from "./integrate.js";
import type { GravityRun } from "./gravity-run.js";

const outer = 1 / (2 - Math.cbrt(2));
const inner = 1 - 2 * outer;

/**
 * Moves bodies by Yoshida's method of fourth order: half the step, a sixteenth of the error. Symplectic
 * and reversible; three forces a step, so worth it where high accuracy of smooth orbits is wanted.
 *
 * Arguments, results and errors are those of `leapfrog`.
 *
 * @example
 * const run = await yoshida4(figureEight(), { dt: 1e-2, steps: 633 });
 *
 * Source: H. Yoshida, "Construction of higher order symplectic integrators", Phys. Lett. A 150, 262
 * (1990), doi:10.1016/0375-9601(90)90092-3.
 */
export function yoshida4(bodies: MovingPoints, options: IntegrationOptions): Promise<GravityRun> {
  return integrate(
    {
      kicks: [outer / 2, (outer + inner) / 2, (inner + outer) / 2, outer / 2],
      drifts: [outer, inner, outer],
    },
    bodies,
    options,
    "yoshida4",
  );
}
