/**
 * The box around a space of three dimensions, seen from a viewpoint: its far edges, and along its
 * outline ticks and names of the axes. Nothing is drawn over the bodies that are nearer.
 */
import type { AnimationAxis } from "./animation.js";
import type { Shape } from "./drawing.js";
import { at, type Projection } from "./projection.js";
import { inkOf, type Theme } from "./theme.js";
import { linearTicks } from "./ticks.js";

type Point = readonly [x: number, y: number];
/** 0 or 1 for each axis: its lower or its upper end. */
type Corner = readonly [number, number, number];

/** Shorter edges, in pixels, have no ticks: they are looked along. */
const SHORTEST = 40;
const TICK_LABEL = 13;
const NAME_WITH_TICKS = 34;
const NAME_ALONE = 11;

const CORNERS: readonly Corner[] = Array.from({ length: 8 }, (_, i) => [
  i & 1,
  (i >> 1) & 1,
  i >> 2,
]);

/** An edge of the box: along which axis, and at which ends of the other two. */
interface Edge {
  readonly axis: number;
  readonly from: Corner;
  readonly to: Corner;
}

const EDGES: readonly Edge[] = [0, 1, 2].flatMap((axis) =>
  CORNERS.filter((corner) => corner[axis] === 0).map((from) => ({
    axis,
    from,
    to: from.map((end, i) => (i === axis ? 1 : end)) as unknown as Corner,
  })),
);

/** The box's edges, ticks and names; `detailed` with ticks. */
export function spaceBox(
  axes: readonly AnimationAxis[],
  projection: Projection,
  theme: Theme,
  detailed: boolean,
): Shape[] {
  const ink = inkOf(theme);
  const cornerAt = (corner: Corner) => corner.map((end, i) => axes[i]!.extent[end]!);
  const seen = (point: readonly number[]): Point => [
    at(projection.x, point),
    at(projection.y, point),
  ];
  const nearness = (corner: Corner) => at(projection.nearness, cornerAt(corner));
  const nearest = CORNERS.reduce((a, b) => (nearness(b) > nearness(a) ? b : a));
  const isNear = ({ axis, from }: Edge) =>
    [0, 1, 2].every((i) => i === axis || from[i] === nearest[i]);
  const edges = EDGES.filter((edge) => !isNear(edge)).map(({ from, to }): Shape => ({
    shape: "line",
    points: [seen(cornerAt(from)), seen(cornerAt(to))],
    color: ink.box,
    width: 1,
  }));
  const middle = seen(axes.map(({ extent }) => extent[0] / 2 + extent[1] / 2));
  const names = axes.flatMap((axis, i): Shape[] => {
    const candidates = outlineEdges(i, projection);
    const ends = candidates.map(
      ({ from, to }) => [seen(cornerAt(from)), seen(cornerAt(to))] as const,
    );
    const [start, end] = ends.reduce((a, b) => (preference(b, i) > preference(a, i) ? b : a));
    const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
    if (length < SHORTEST) return [];
    const outward = awayFrom(middle, start, end);
    const along = (fraction: number, distance: number): Point => [
      start[0] + fraction * (end[0] - start[0]) + distance * outward[0],
      start[1] + fraction * (end[1] - start[1]) + distance * outward[1],
    ];
    const text = (words: string, point: Point, size: number, color: string): Shape => ({
      shape: "text",
      text: words,
      x: point[0],
      y: point[1],
      size,
      color,
      align: Math.abs(outward[0]) < 0.5 ? "middle" : outward[0] > 0 ? "start" : "end",
    });
    const name = axis.label || "xyz".charAt(i);
    const title = text(
      name,
      along(0.5, detailed ? NAME_WITH_TICKS : NAME_ALONE),
      detailed ? 13 : 12,
      ink.strong,
    );
    if (!detailed) return [title];
    const [low, high] = axis.extent;
    const ticks = linearTicks(low, high, Math.max(2, length / 90)).flatMap(({ value, label }) => {
      const fraction = (value - low) / (high - low);
      return [
        {
          shape: "line" as const,
          points: [along(fraction, 0), along(fraction, 5)],
          color: ink.line,
          width: 1,
        },
        text(label, along(fraction, TICK_LABEL), 12, ink.text),
      ];
    });
    return [...ticks, title];
  });
  return [...edges, ...names];
}

/** The edges along an axis that lie on the box's outline: one of their two faces is seen. */
function outlineEdges(axis: number, { nearness }: Projection): Edge[] {
  const faces = ({ from }: Edge) =>
    [0, 1, 2]
      .filter((other) => other !== axis)
      .map((other) => nearness[other]! * (from[other] === 1 ? 1 : -1) > 0);
  const along = EDGES.filter((edge) => edge.axis === axis);
  const found = along.filter((edge) => {
    const [first, second] = faces(edge);
    return first !== second;
  });
  return found.length > 0 ? found : along;
}

/** The third axis is named at its left, the others below. */
function preference([start, end]: readonly [Point, Point], axis: number): number {
  return axis === 2 ? -(start[0] + end[0]) : start[1] + end[1];
}

/** The direction from an edge straight away from the middle of the box. */
function awayFrom(middle: Point, start: Point, end: Point): Point {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const length = Math.hypot(dx, dy) || 1;
  const normal: Point = [-dy / length, dx / length];
  const side =
    ((start[0] + end[0]) / 2 - middle[0]) * normal[0] +
    ((start[1] + end[1]) / 2 - middle[1]) * normal[1];
  return side < 0 ? [-normal[0], -normal[1]] : normal;
}
