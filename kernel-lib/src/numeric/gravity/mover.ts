/**
 * Moves bodies on: the forces of a run, direct or by the tree, behind one face. Nothing blocks the
 * calling thread, but for the building of trees.
 */
import { array, zeros } from "../../runtime/arrays.js";
import type { Columns, PointColumns } from "./bodies.js";
import { directPairs } from "./direct.js";
import { pairEnergy } from "./energy.js";
import type { GravityLaw } from "./options.js";
import { directSteps, kickDrift, type Scheme } from "./scheme.js";
import { TreeField } from "./tree-gravity.js";
import { treeWalk } from "./tree-walk.js";

/** Bodies in motion; all in columns that kernels work on in place. */
export interface MotionState {
  readonly points: PointColumns;
  readonly velocities: Columns;
  readonly accelerations: Columns;
}

/** What a run needs of the forces it was asked for. */
export interface Mover {
  /** Computes the accelerations that the first kick needs. */
  begin(signal: AbortSignal | undefined): Promise<void>;
  advance(dt: number, steps: number, signal: AbortSignal | undefined): Promise<void>;
  /** The potential energy. */
  potential(signal: AbortSignal | undefined): Promise<number>;
}

/** Moves with forces by the direct sum. */
export function directMover(scheme: Scheme, state: MotionState, law: GravityLaw): Mover {
  const { points, velocities: v, accelerations: a } = state;
  const { x, y, z, m } = points;
  const kicks = array(scheme.kicks);
  const drifts = array(scheme.drifts);
  const eps2 = law.softening ** 2;
  const { G } = law;
  const columns = [x, y, z, m, v.x, v.y, v.z, a.x, a.y, a.z, kicks, drifts] as const;
  const advance: Mover["advance"] = (dt, steps, signal) =>
    directSteps.async.with({ signal })(...columns, dt, steps, eps2, G);
  return {
    // the same code as in each step, so that a run that goes on has the bits of one that never stopped
    begin: (signal) => advance(0, 1, signal),
    advance,
    potential: async (signal) =>
      pairEnergy(G, await directPairs.async.with({ signal })(x, y, z, m, eps2)),
  };
}

/** Moves with forces by the tree, which is built anew for each, in the same memory. */
export function treeMover(
  scheme: Scheme,
  state: MotionState,
  law: GravityLaw,
  openingAngle: number,
): Mover {
  const { points, velocities: v, accelerations: a } = state;
  const { x, y, z, m } = points;
  const potentials = zeros(m.length);
  const field = new TreeField(points, law, openingAngle);
  const forces = async (signal: AbortSignal | undefined): Promise<void> => {
    await treeWalk.async.with({ signal })(...field.build());
    field.collect(a, potentials);
  };
  const move = (kick: number, drift: number): void => {
    kickDrift(x, y, z, v.x, v.y, v.z, a.x, a.y, a.z, kick, drift);
  };
  return {
    begin: forces,
    async advance(dt, steps, signal) {
      for (let step = 0; step < steps; step++) {
        for (const [stage, drift] of scheme.drifts.entries()) {
          move(dt * scheme.kicks[stage]!, dt * drift);
          await forces(signal);
        }
        move(dt * scheme.kicks.at(-1)!, 0);
      }
    },
    // of the last forces, which were computed where the bodies are now
    potential: () => {
      let sum = 0;
      for (let i = 0; i < m.length; i++) sum += m.data[i]! * potentials.data[i]!;
      return Promise.resolve(sum / 2);
    },
  };
}
