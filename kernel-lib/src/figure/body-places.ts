/** Where the bodies of a frame are seen: positions and linear maps go in, pixels come out. */
import type { AnimationFigure } from "./animation.js";
import { ABSENT } from "./fractions.js";
import type { Linear } from "./projection.js";

/** From a position's fractions to pixels. */
export interface PixelMap {
  readonly x: Linear;
  readonly y: Linear;
}

/** Where each body is; NaN across for one that is absent. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export function placesFor(bodies: number): Places {
  return { x: new Float32Array(bodies), y: new Float32Array(bodies) };
}

/** Finds the bodies of a frame. */
export function placeBodies(
  { axes, bodies, positions }: AnimationFigure,
  frame: number,
  map: PixelMap,
  { x, y }: Places,
): void {
  const dimensions = axes.length;
  const [xa, xb, xc, xd] = map.x;
  const [ya, yb, yc, yd] = map.y;
  let at = frame * bodies * dimensions;
  for (let i = 0; i < bodies; i++, at += dimensions) {
    const a = positions[at]!;
    const b = positions[at + 1]!;
    const c = dimensions === 3 ? positions[at + 2]! : 0;
    const isAbsent = a === ABSENT || b === ABSENT || c === ABSENT;
    x[i] = isAbsent ? NaN : xa * a + xb * b + xc * c + xd;
    y[i] = ya * a + yb * b + yc * c + yd;
  }
}
