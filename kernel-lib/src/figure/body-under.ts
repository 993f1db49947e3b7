/** Which body is seen at a point: positions and a projection go in, a body's number comes out. */
import type { AnimationFigure } from "./animation.js";
import { bodyRadius } from "./bodies-raster.js";
import { ABSENT } from "./fractions.js";
import { type Linear, ofFractions, type Projection } from "./projection.js";

/** How far beside a body a pointer may be, in CSS pixels. */
const SLACK = 4;

/** The body of a frame at a point of its panel, the nearest to the eye of several. */
export function bodyUnder(
  { axes, bodies, positions }: AnimationFigure,
  frame: number,
  projection: Projection,
  x: number,
  y: number,
): number | undefined {
  const across = ofFractions(projection.x, axes);
  const down = ofFractions(projection.y, axes);
  const nearness = ofFractions(projection.nearness, axes);
  const dimensions = axes.length;
  const reach = (bodyRadius(bodies) + SLACK) ** 2;
  let found: number | undefined;
  let best = -Infinity;
  for (let body = 0; body < bodies; body++) {
    const at = (frame * bodies + body) * dimensions;
    const point = positions.subarray(at, at + dimensions);
    const value = ([a, b, c, d]: Linear) => a * point[0]! + b * point[1]! + c * (point[2] ?? 0) + d;
    const distance = (value(across) - x) ** 2 + (value(down) - y) ** 2;
    if (distance > reach || point.includes(ABSENT)) continue;
    // of equally near ones that under the pointer's very tip
    const rank = value(nearness) - distance / reach / 100;
    if (rank <= best) continue;
    best = rank;
    found = body;
  }
  return found;
}
