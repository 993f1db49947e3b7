/** Which body is seen at a point: positions and a projection go in, a body's number comes out. */
import type { AnimationFigure } from "./animation.js";
import { bodyRadius } from "./bodies-raster.js";
import { ABSENT } from "./fractions.js";
import { ofFractions, type Projection } from "./projection.js";

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
  const [xa, xb, xc, xd] = ofFractions(projection.x, axes);
  const [ya, yb, yc, yd] = ofFractions(projection.y, axes);
  const [na, nb, nc, nd] = ofFractions(projection.nearness, axes);
  const dimensions = axes.length;
  const reach = (bodyRadius(bodies) + SLACK) ** 2;
  let found: number | undefined;
  let best = -Infinity;
  let at = frame * bodies * dimensions;
  for (let body = 0; body < bodies; body++, at += dimensions) {
    const a = positions[at]!;
    const b = positions[at + 1]!;
    const c = dimensions === 3 ? positions[at + 2]! : 0;
    const dx = xa * a + xb * b + xc * c + xd - x;
    const dy = ya * a + yb * b + yc * c + yd - y;
    const distance = dx * dx + dy * dy;
    if (distance > reach || a === ABSENT || b === ABSENT || c === ABSENT) continue;
    // of equally near ones that under the pointer's very tip
    const rank = na * a + nb * b + nc * c + nd - distance / reach / 100;
    if (rank <= best) continue;
    best = rank;
    found = body;
  }
  return found;
}
