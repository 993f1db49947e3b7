/**
 * Conducts a run: bodies and options come in, snapshots and the conserved quantities at each go out.
 * Steps are done in calls of about a tenth of a second, so that progress is seen and a run can be
 * stopped; how they are cut doesn't change a bit. What a step is, a scheme says; what forces are, a
 * mover.
 */
import { inspect } from "node:util";
import { InterruptError } from "../../errors.js";
import type { Progress } from "../../runtime/progress.js";
import { ProgressMeter } from "../../runtime/progress.js";
import {
  joinColumns,
  type MovingPoints,
  pointColumns,
  velocityColumns,
  zeroColumns,
} from "./bodies.js";
import { measure } from "./energy.js";
import { directMover, treeMover, type MotionState } from "./mover.js";
import { gravityLaw, type GravityOptions, whole, within } from "./options.js";
import type { Scheme } from "./scheme.js";
import { checkOpeningAngle } from "./tree-gravity.js";
import { Snapshots, type GravityRun } from "./gravity-run.js";

/** Options of `leapfrog`, `eulerCromer` and `yoshida4`. */
export interface IntegrationOptions extends GravityOptions {
  /** Time of a step, in your units; negative to run backwards. */
  readonly dt: number;
  /** How many steps. */
  readonly steps: number;
  /** Steps from one snapshot to the next. Default: so many that there are about 100 snapshots. */
  readonly every?: number;
  /**
   * `"direct"` sums over all pairs, `"tree"` takes the tree of `treeGravity`: worth it from some
   * thousands of bodies on; its energies are as good as its forces. Default `"direct"`.
   */
  readonly forces?: "direct" | "tree";
  /** Of the tree, see `treeGravity`. Default 0.7. */
  readonly openingAngle?: number;
  /** MiB that snapshots may take. Default 1024. */
  readonly memoryLimit?: number;
  /** `true` draws a progress bar; a function is told instead, at most ten times a second. */
  readonly progress?: boolean | ((progress: Progress) => void);
  /** Stops the run: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Milliseconds of steps from one look at the clock to the next. */
const STRETCH_MS = 100;

const ownOptions = [
  "dt",
  "steps",
  "every",
  "forces",
  "openingAngle",
  "memoryLimit",
  "progress",
  "signal",
];

/** Runs `steps` steps of a scheme. */
export async function integrate(
  scheme: Scheme,
  bodies: MovingPoints,
  options: IntegrationOptions,
  call: string,
): Promise<GravityRun> {
  const law = gravityLaw(options, call, ownOptions);
  const { dt, steps, every, forces, openingAngle, signal, progress } = checked(options, call);
  const points = pointColumns(bodies, call);
  const n = points.m.length;
  const state: MotionState = {
    points,
    velocities: velocityColumns(bodies, n, call),
    accelerations: zeroColumns(n),
  };
  const frames = 1 + Math.ceil(steps / every);
  const snapshots = new Snapshots(frames, n, { steps, limit: options.memoryLimit ?? 1024, call });
  signal?.throwIfAborted();
  const meter = new ProgressMeter(progress, call, steps);
  try {
    const moves =
      forces === "tree"
        ? treeMover(scheme, state, law, openingAngle)
        : directMover(scheme, state, law);
    await moves.begin(signal);
    let stretch = 1;
    for (let done = 0; ;) {
      if (done % every === 0 || done === steps) {
        const found = measure(points, state.velocities, await moves.potential(signal));
        if (!Number.isFinite(found.total)) throw lostFinite(done, dt, call);
        snapshots.add(done * dt, state, found);
      }
      if (done === steps) break;
      const next = Math.min(stretch, every - (done % every), steps - done);
      const began = performance.now();
      await moves.advance(dt, next, signal);
      const took = performance.now() - began;
      stretch = Math.max(1, Math.min(4 * next, Math.round((next * STRETCH_MS) / took)));
      done += next;
      meter.add(next);
    }
    meter.end("done");
  } catch (error) {
    const isStopped = signal?.aborted === true || error instanceof InterruptError;
    meter.end(isStopped ? "stopped" : "failed");
    throw error;
  }
  return {
    ...snapshots.taken,
    masses: points.m,
    final: {
      positions: joinColumns(points),
      velocities: joinColumns(state.velocities),
      masses: points.m,
    },
  };
}

/** The options of the run itself, checked and with their defaults. */
function checked(options: IntegrationOptions, call: string) {
  const { progress, signal, forces = "direct" } = options;
  if (progress !== undefined && typeof progress !== "boolean" && typeof progress !== "function")
    throw new TypeError(`${call}: progress is ${inspect(progress)}: give true or a function`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`${call}: signal is no AbortSignal: give new AbortController().signal`);
  if ((forces as unknown) !== "direct" && (forces as unknown) !== "tree")
    throw new TypeError(`${call}: forces is ${inspect(forces)}: give "direct" or "tree"`);
  const steps = whole(options.steps, 0, `${call}: steps`);
  return {
    dt: within(options.dt, -Infinity, Infinity, `${call}: dt`, "the time of a step"),
    steps,
    every: whole(options.every ?? Math.max(1, Math.ceil(steps / 100)), 1, `${call}: every`),
    forces,
    openingAngle: checkOpeningAngle(options.openingAngle, call),
    signal,
    progress,
  };
}

function lostFinite(done: number, dt: number, call: string): RangeError {
  return new RangeError(
    `${call}: the energy isn't finite any more after step ${done}, at t = ${done * dt}: ` +
      `make dt smaller than ${Math.abs(dt)}, or give a softening`,
  );
}
