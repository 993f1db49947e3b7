/** Three bodies that chase each other along an eight for ever: the sternest test of an integrator. */
import { array } from "../../runtime/arrays.js";
import type { Bodies } from "./bodies.js";

/**
 * The figure-eight orbit of three bodies of mass 1, with G = 1: periodic, in a plane, and stable. Its
 * energy is −1.287141995631852, its angular momentum 0.
 *
 * @returns `positions` [3, 3], `velocities` [3, 3], `masses` [3], and the `period`, 6.32591398….
 * @example
 * const eight = figureEight();
 * const run = await leapfrog(eight, { dt: eight.period / 20_000, steps: 20_000 });
 * run.final.positions.toArray(); // where they began
 *
 * Source: A. Chenciner & R. Montgomery, Ann. Math. 152, 881 (2000); digits by C. Simó.
 */
export function figureEight(): Bodies & { readonly period: number } {
  const [x, y] = [0.97000435669734, -0.24308753153583];
  const [u, v] = [-0.93240737144104, -0.86473146092102];
  return {
    positions: array([
      [x, y, 0],
      [-x, -y, 0],
      [0, 0, 0],
    ]),
    velocities: array([
      [-u / 2, -v / 2, 0],
      [-u / 2, -v / 2, 0],
      [u, v, 0],
    ]),
    masses: array([1, 1, 1]),
    period: 6.32591398292621,
  };
}
