/**
 * What is drawn of a curve: of all its points those that can be seen. A run of points within one
 * column of pixels is drawn by its first, lowest, highest and last, which gives the same picture
 * (U. Jugel et al., M4, VLDB 2014); points on top of each other are drawn once. Reading out and saving
 * know all points, and nothing of this.
 */
import type { Curve } from "./curves.js";
import { isDrawable, placer, type PlotScale } from "./curve-scale.js";

/** The two scales of a plot, and its size in pixels. */
export interface PlotArea {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly width: number;
  readonly height: number;
}

/** Shorter curves are drawn as they are. */
const FEW = 2000;
/** The most points and vertices of a curve; more of them are thinned out. */
const MOST_POINTS = 10_000;
const MOST_VERTICES = 50_000;

/** Whether a curve has a point here. */
function isPoint({ x, y }: Curve, area: PlotArea, i: number): boolean {
  return isDrawable(x[i]!, area.x.type) && isDrawable(y[i]!, area.y.type);
}

/** Tells the column of pixels in which a value of x stands. */
function columnsOf({ x, width }: PlotArea): (value: number) => number {
  const place = placer(x);
  // what lies beside the part that is shown is one column at either side
  return (value) => Math.max(-1, Math.min(Math.floor(place(value) * width), width + 1));
}

/** The runs of points between gaps: first index, and one past the last. */
function* runsOf(curve: Curve, has: (i: number) => boolean): Generator<[number, number]> {
  let start = -1;
  for (let i = 0; i <= curve.x.length; i++) {
    const inside = i < curve.x.length && has(i);
    if (inside && start < 0) start = i;
    if (!inside && start >= 0) {
      yield [start, i];
      start = -1;
    }
  }
}

/** The indices of the points that draw a run: of those in one column the four that show. */
function verticesOf(curve: Curve, area: PlotArea, [start, end]: [number, number]): number[] {
  const { x, y } = curve;
  const columnOf = columnsOf(area);
  const vertices: number[] = [];
  for (let i = start; i < end;) {
    const column = columnOf(x[i]!);
    let [low, high, last] = [i, i, i];
    for (let next = i + 1; next < end && columnOf(x[next]!) === column; next++) {
      if (y[next]! < y[low]!) low = next;
      if (y[next]! > y[high]!) high = next;
      last = next;
    }
    for (const vertex of [i, Math.min(low, high), Math.max(low, high), last]) {
      if (vertex !== vertices.at(-1)) vertices.push(vertex);
    }
    i = last + 1;
  }
  return vertices;
}

/** Every so many-th of a list that is too long, and its last. */
function thinned(indices: number[], most: number): number[] {
  const every = Math.ceil(indices.length / most);
  return every <= 1
    ? indices
    : indices.filter((_, i) => i % every === 0 || i === indices.length - 1);
}

/** The lines of a curve: the indices of their points, a list for each stretch between gaps. */
export function linesOf(curve: Curve, area: PlotArea): number[][] {
  const runs = [...runsOf(curve, (i) => isPoint(curve, area, i))];
  const isShort = curve.x.length <= FEW;
  const lines = runs
    .filter(([start, end]) => end - start > 1)
    .map((run) =>
      isShort
        ? Array.from({ length: run[1] - run[0] }, (_, k) => run[0] + k)
        : verticesOf(curve, area, run),
    );
  const vertices = lines.reduce((sum, line) => sum + line.length, 0);
  if (vertices <= MOST_VERTICES) return lines;
  return lines.map((line) => thinned(line, (MOST_VERTICES * line.length) / vertices));
}

/** The points of a curve that stand alone between gaps, where a line shows nothing. */
export function lonelyOf(curve: Curve, area: PlotArea): number[] {
  const alone = [...runsOf(curve, (i) => isPoint(curve, area, i))]
    .filter(([start, end]) => end - start === 1)
    .map(([start]) => start);
  return thinned(alone, MOST_POINTS);
}

/** The points of a curve, one of those on the same pixel. */
export function pointsOf(curve: Curve, area: PlotArea): number[] {
  const all = Array.from(curve.x.keys()).filter((i) => isPoint(curve, area, i));
  if (all.length <= FEW) return all;
  const across = placer(area.x);
  const down = placer(area.y);
  const columns = Math.ceil(area.width) + 1;
  const taken = new Uint8Array(columns * (Math.ceil(area.height) + 1));
  const apart = all.filter((i) => {
    const [left, up] = [across(curve.x[i]!), down(curve.y[i]!)];
    if (!(left >= 0 && left <= 1 && up >= 0 && up <= 1)) return false;
    const column = Math.floor(left * area.width);
    const row = Math.floor(up * area.height);
    const isFirst = !taken[row * columns + column];
    taken[row * columns + column] = 1;
    return isFirst;
  });
  return thinned(apart, MOST_POINTS);
}

/** A stretch of a band above one abscissa. */
export interface BandEdge {
  readonly x: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The bands of a curve, a list for each stretch between gaps; a column of pixels has one pair of
 * edges. `withErrors`: error bars are shown as a band, too.
 */
export function bandsOf(curve: Curve, area: PlotArea, withErrors: boolean): BandEdge[][] {
  const { x, y, error, band } = curve;
  const edgesAt = band
    ? (i: number) => [band.lower[i]!, band.upper[i]!] as const
    : withErrors && error
      ? (i: number) => [y[i]! - error[i]!, y[i]! + error[i]!] as const
      : undefined;
  if (!edgesAt) return [];
  const { type, domain } = area.y;
  // a log axis has no place for zero and below: a band that reaches there ends at the axis's edge
  const lowest = type === "log" ? domain[0] : -Infinity;
  const has = (i: number): boolean => {
    const [lower, upper] = edgesAt(i);
    const isPlaced = isDrawable(Math.max(lower, lowest), type) && isDrawable(upper, type);
    return isPlaced && isDrawable(x[i]!, area.x.type);
  };
  const isShort = x.length <= FEW;
  const columnOf = columnsOf(area);
  return Array.from(runsOf(curve, has), ([start, end]) => {
    const edges: BandEdge[] = [];
    for (let i = start; i < end;) {
      const column = columnOf(x[i]!);
      let [lower, upper] = edgesAt(i);
      let next = i + 1;
      for (; !isShort && next < end && columnOf(x[next]!) === column; next++) {
        const more = edgesAt(next);
        lower = Math.min(lower, more[0]);
        upper = Math.max(upper, more[1]);
      }
      edges.push({ x: x[next - 1]!, lower: Math.max(lower, lowest), upper });
      i = next;
    }
    return edges;
  });
}
