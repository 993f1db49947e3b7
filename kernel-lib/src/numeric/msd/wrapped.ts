/**
 * Whether trajectories look as if they had been folded into a periodic box: a sample of particles is
 * looked at, a sentence for the user comes out. A guess, good enough for a notice.
 */
import type { Trajectories } from "./positions.js";

/** Particles and steps that are looked at. */
const PARTICLES = 64;
const STEPS = 100_000;
/** A step may be this part of the whole range before it counts as short no more. */
const SHORT = 0.1;

/**
 * The axis along which coordinates jump across their whole range while all other steps are short;
 * undefined where there is none.
 */
export function wrappedAxis(
  trajectories: Trajectories,
  along: readonly number[],
): { readonly axis: number; readonly range: number } | undefined {
  const { particles, frames } = trajectories;
  const count = Math.min(particles, PARTICLES, Math.max(1, Math.floor(STEPS / frames)));
  const sample = Array.from({ length: count }, (_, i) => Math.floor((i * particles) / count));
  for (const axis of along) {
    let [low, high] = [Infinity, -Infinity];
    for (const i of sample) {
      for (let k = 0; k < frames; k++) {
        const x = trajectories.at(i, k, axis);
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
    }
    const range = high - low;
    let [jumps, steps, squares, longest, shortestJump] = [0, 0, 0, 0, Infinity];
    for (const i of sample) {
      for (let k = 1; k < frames; k++) {
        const step = Math.abs(trajectories.at(i, k, axis) - trajectories.at(i, k - 1, axis));
        if (step > range / 2) {
          jumps++;
          shortestJump = Math.min(shortestJump, step);
        } else {
          steps++;
          squares += step * step;
          longest = Math.max(longest, step);
        }
      }
    }
    // a face is crossed by a jump of one box less one usual step
    const isFold = shortestJump >= range - 2 * longest && squares <= steps * (SHORT * range) ** 2;
    if (jumps >= 2 && steps >= 10 * jumps && isFold) return { axis, range };
  }
  return undefined;
}
