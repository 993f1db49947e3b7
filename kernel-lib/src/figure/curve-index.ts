/**
 * Finds the points of curves above an abscissa: an abscissa goes in, the nearest one that has a point
 * comes out, and each curve's points there. Knows all points, whichever are drawn.
 */
import { isDrawable, placer, type PlotScale } from "./curve-scale.js";
import type { Curve, CurvesFigure } from "./curves.js";

/** The points of one curve in the order of their abscissae. */
interface Sorted {
  readonly place: number;
  readonly curve: Curve;
  readonly order: Uint32Array;
}

/** A point of a curve. */
export interface CurvePoint {
  /** Which curve, and which of its points. */
  readonly place: number;
  readonly index: number;
}

/** The points of the curves that aren't hidden. */
export class CurveIndex {
  readonly #sorted: readonly Sorted[];
  readonly #place: (value: number) => number;

  constructor({ curves, x, y }: CurvesFigure, scale: PlotScale, hidden: ReadonlySet<number>) {
    this.#place = placer(scale);
    this.#sorted = curves.flatMap((curve, place) => {
      if (hidden.has(place)) return [];
      const drawn = Uint32Array.from(curve.x.keys()).filter(
        (i) => isDrawable(curve.x[i]!, x.scale) && isDrawable(curve.y[i]!, y.scale),
      );
      const isSorted = drawn.every((i, k) => k === 0 || curve.x[drawn[k - 1]!]! <= curve.x[i]!);
      const order = isSorted ? drawn : drawn.sort((a, b) => curve.x[a]! - curve.x[b]! || a - b);
      return order.length > 0 ? [{ place, curve, order }] : [];
    });
  }

  /** The abscissa of a point that stands nearest to a value on the axis. */
  nearest(value: number): number | undefined {
    let best: number | undefined;
    for (const { curve, order } of this.#sorted) {
      const after = lowerBound(curve, order, value);
      for (const k of [after - 1, after]) {
        if (k < 0 || k >= order.length) continue;
        const x = curve.x[order[k]!]!;
        if (best === undefined || this.#distance(x, value) < this.#distance(best, value)) best = x;
      }
    }
    return best;
  }

  /** The abscissa so many points further, over all curves together; the last one where there are fewer. */
  step(from: number, by: number): number {
    let x = from;
    for (let left = Math.abs(by); left > 0; left--) {
      if (left === Infinity) return this.#end(by);
      const next = this.#next(x, by > 0);
      if (next === undefined) return x;
      x = next;
    }
    return x;
  }

  /** The points above an abscissa, curve by curve. */
  at(x: number): CurvePoint[] {
    return this.#sorted.flatMap(({ place, curve, order }) => {
      const points: CurvePoint[] = [];
      let k = lowerBound(curve, order, x);
      for (; k < order.length && curve.x[order[k]!] === x; k++) {
        points.push({ place, index: order[k]! });
      }
      return points;
    });
  }

  #distance(a: number, b: number): number {
    return Math.abs(this.#place(a) - this.#place(b));
  }

  #end(by: number): number {
    const ends = this.#sorted.map(({ curve, order }) => curve.x[order.at(by > 0 ? -1 : 0)!]!);
    return by > 0 ? Math.max(...ends) : Math.min(...ends);
  }

  #next(x: number, isUp: boolean): number | undefined {
    const found = this.#sorted.flatMap(({ curve, order }) => {
      const k = isUp ? upperBound(curve, order, x) : lowerBound(curve, order, x) - 1;
      return k >= 0 && k < order.length ? [curve.x[order[k]!]!] : [];
    });
    if (found.length === 0) return undefined;
    return isUp ? Math.min(...found) : Math.max(...found);
  }
}

/** The first place whose abscissa satisfies what all later ones do. */
function firstThat(order: Uint32Array, satisfies: (index: number) => boolean): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (satisfies(order[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function lowerBound({ x }: Curve, order: Uint32Array, value: number): number {
  return firstThat(order, (index) => x[index]! >= value);
}

function upperBound({ x }: Curve, order: Uint32Array, value: number): number {
  return firstThat(order, (index) => x[index]! > value);
}
