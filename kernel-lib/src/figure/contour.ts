/**
 * Lines of equal value over a heatmap: a level goes in, polylines in the values of the axes come out.
 * Marching squares between the cells' centres (W. Lorensen and H. Cline, SIGGRAPH 1987, in two
 * dimensions), on a map that is first averaged to what a line can show.
 */
import type { AxisScale, HeatmapFigure } from "./heatmap.js";

/** A line's points, x and y in turn. */
export type Contour = readonly (readonly [x: number, y: number])[];

/** The most rows or columns that lines are drawn through. */
const FINEST = 200;

/** Values at places on the axes' own scales. */
interface Field {
  readonly scales: { readonly x: AxisScale; readonly y: AxisScale };
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Row by row; NaN where there is none. */
  readonly z: Float64Array;
}

function place(value: number, scale: AxisScale): number {
  return scale === "log" ? Math.log(value) : value;
}

/** Means of neighbouring numbers, at most so many. */
function means(values: readonly number[], block: number): number[] {
  return Array.from({ length: Math.ceil(values.length / block) }, (_, i) => {
    const part = values.slice(i * block, (i + 1) * block);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/** The heatmap as a field whose sides are at most `finest`: blocks of cells become their means. */
function fieldOf({ x, y, z }: HeatmapFigure, finest: number): Field {
  const [nx, ny] = [x.values.length, y.values.length];
  const [across, down] = [Math.ceil(nx / finest), Math.ceil(ny / finest)];
  const xs = means(
    Array.from(x.values, (value) => place(value, x.scale)),
    across,
  );
  const ys = means(
    Array.from(y.values, (value) => place(value, y.scale)),
    down,
  );
  const sums = new Float64Array(xs.length * ys.length);
  const counts = new Uint32Array(sums.length);
  for (let row = 0; row < ny; row++) {
    const start = Math.floor(row / down) * xs.length;
    for (let column = 0; column < nx; column++) {
      const to = start + Math.floor(column / across);
      sums[to]! += z.values[row * nx + column]!;
      counts[to]!++;
    }
  }
  return {
    scales: { x: x.scale, y: y.scale },
    x: xs,
    y: ys,
    z: sums.map((sum, i) => sum / counts[i]!),
  };
}

/**
 * The edges that lines cross in a square, in pairs, by which of its corners are above the level: bit 0
 * is the first column and row, then against the clock. Edges: 0 first row, 1 next column, 2 next
 * row, 3 first column.
 */
const CROSSINGS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
];

/** The lines of some levels, each as long as it goes; a closed one ends where it begins. */
export function contoursOf(
  figure: HeatmapFigure,
  levels: readonly number[],
  finest = FINEST,
): Contour[] {
  const field = fieldOf(figure, finest);
  return levels.flatMap((level) => linesAt(field, level));
}

function linesAt(field: Field, level: number): Contour[] {
  const nx = field.x.length;
  const places = new Map<number, readonly [number, number]>();
  const neighbours = new Map<number, number[]>();
  const link = (from: number, to: number): void => {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
  };
  for (let row = 0; row + 1 < field.y.length; row++) {
    for (let column = 0; column + 1 < nx; column++) {
      const corners = [0, 1, nx + 1, nx].map((step) => row * nx + column + step);
      const values = corners.map((corner) => field.z[corner]!);
      if (!values.every(Number.isFinite)) continue;
      const above = values.reduce((bits, value, i) => bits | (value > level ? 1 << i : 0), 0);
      for (const pair of CROSSINGS[above]!) {
        const [from, to] = pair.map((edge) => {
          const [a, b] = [corners[edge]!, corners[(edge + 1) % 4]!];
          const key = edgeKey(a, b, nx);
          if (!places.has(key)) places.set(key, crossing(field, a, b, level));
          return key;
        }) as [number, number];
        link(from, to);
        link(to, from);
      }
    }
  }
  return chains(neighbours).map((chain) => chain.map((key) => places.get(key)!));
}

/** One number for the edge between two neighbouring corners. */
function edgeKey(a: number, b: number, nx: number): number {
  return 2 * Math.min(a, b) + (Math.abs(a - b) === nx ? 1 : 0);
}

/** Where the level lies between two corners, on a straight line between their values. */
function crossing(field: Field, a: number, b: number, level: number): readonly [number, number] {
  const nx = field.x.length;
  const [za, zb] = [field.z[a]!, field.z[b]!];
  // halves, so that the widest difference is finite
  const part = (level / 2 - za / 2) / (zb / 2 - za / 2);
  const between = (from: number, to: number, scale: AxisScale): number => {
    const at = from * (1 - part) + to * part;
    return scale === "log" ? Math.exp(at) : at;
  };
  return [
    between(field.x[a % nx]!, field.x[b % nx]!, field.scales.x),
    between(field.y[Math.floor(a / nx)]!, field.y[Math.floor(b / nx)]!, field.scales.y),
  ];
}

/** Walks from edge to edge: first lines from their ends, then those that are closed. */
function chains(neighbours: Map<number, number[]>): number[][] {
  const found: number[][] = [];
  const walk = (start: number): void => {
    const chain = [start];
    for (let at = start; ;) {
      const next = neighbours.get(at)!.pop();
      if (next === undefined) break;
      const back = neighbours.get(next)!;
      back.splice(back.indexOf(at), 1);
      chain.push(next);
      at = next;
    }
    if (chain.length > 1) found.push(chain);
  };
  for (const [start, next] of neighbours) if (next.length === 1) walk(start);
  for (const [start, next] of neighbours) if (next.length > 0) walk(start);
  return found;
}
