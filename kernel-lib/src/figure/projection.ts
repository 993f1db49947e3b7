/**
 * How space is seen: axes, a panel and a direction of view go in, linear maps from coordinates to
 * pixels come out. Two dimensions fill the panel; three are turned and seen from afar (orthographic),
 * so that equal lengths stay equal.
 */
import type { AnimationAxis } from "./animation.js";
import { WHOLE } from "./fractions.js";

/** A part of a drawing, in CSS pixels. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** From where space is seen: angles in radians, and how much larger than at first. */
export interface Viewpoint {
  /** Turns space about its third axis. */
  readonly azimuth: number;
  /** How far above the plane of the first two axes the eye is: 0 beside it, π/2 above it. */
  readonly elevation: number;
  readonly zoom: number;
}

/** Space as it is seen at first. */
export const START: Viewpoint = { azimuth: 0.55, elevation: 0.4, zoom: 1 };

/** A linear function of two or three coordinates: a factor for each, and the constant last. */
export type Linear = readonly [number, number, number, number];

/** Where a point of space is seen. */
export interface Projection {
  readonly x: Linear;
  readonly y: Linear;
  /** From 0, at the far end of the space shown at first, to 1 at its near end. */
  readonly nearness: Linear;
}

/** Axes whose lengths differ by more have units of their own: they are hardly lengths of one space. */
const MOST_UNEQUAL = 20;
/** The part of a panel that is left free at its edges. */
const MARGIN = 0.1;
/** The part of its longest diagonal that a box needs in whichever direction it is seen. */
const SEEN = 0.92;

const span = ({ extent }: AnimationAxis): number => extent[1] / 2 - extent[0] / 2;
const centre = ({ extent }: AnimationAxis): number => extent[0] / 2 + extent[1] / 2;

/** Lengths of the shown space's sides, the longest 1; all 1 where they aren't lengths of one space. */
function sidesOf(axes: readonly AnimationAxis[]): { lengths: number[]; isOneSpace: boolean } {
  const spans = axes.map(span);
  const longest = Math.max(...spans);
  const isOneSpace = longest <= MOST_UNEQUAL * Math.min(...spans);
  return { lengths: spans.map((length) => (isOneSpace ? length / longest : 1)), isOneSpace };
}

/** The function whose value at the centre of the axes is `middle`. */
function linear(
  axes: readonly AnimationAxis[],
  factors: readonly number[],
  middle: number,
): Linear {
  const [a = 0, b = 0, c = 0] = factors;
  const offset = axes.reduce((sum, axis, i) => sum + (factors[i] ?? 0) * centre(axis), 0);
  return [a, b, c, middle - offset];
}

/** How much of a panel's width and height the box of a space takes from a viewpoint, its longest side 1. */
export function seenSize(
  axes: readonly AnimationAxis[],
  { azimuth, elevation }: Viewpoint,
): { across: number; up: number } {
  const [a = 1, b = 1, c = 1] = sidesOf(axes).lengths;
  const [cosA, sinA] = [Math.abs(Math.cos(azimuth)), Math.abs(Math.sin(azimuth))];
  const [cosE, sinE] = [Math.abs(Math.cos(elevation)), Math.abs(Math.sin(elevation))];
  return { across: a * cosA + b * sinA, up: (a * sinA + b * cosA) * sinE + c * cosE };
}

/** How the axes' space is seen in a panel; a view that `turns` leaves room for that. */
export function projection(
  axes: readonly AnimationAxis[],
  panel: Panel,
  viewpoint: Viewpoint,
  turns: boolean,
): Projection {
  const { lengths, isOneSpace } = sidesOf(axes);
  const { azimuth, elevation, zoom } = viewpoint;
  // what a coordinate is in units of the longest side
  const units = axes.map((axis, i) => lengths[i]! / span(axis) / 2);
  const x = panel.left + panel.width / 2;
  const y = panel.top + panel.height / 2;
  const room = [panel.width * (1 - MARGIN), panel.height * (1 - MARGIN)] as const;
  if (axes.length === 2) {
    const [across, up] = [room[0] / lengths[0]!, room[1] / lengths[1]!];
    const least = Math.min(across, up);
    return {
      x: linear(axes, [zoom * (isOneSpace ? least : across) * units[0]!, 0], x),
      y: linear(axes, [0, -zoom * (isOneSpace ? least : up) * units[1]!], y),
      nearness: [0, 0, 0, 1],
    };
  }
  const diagonal = Math.hypot(...lengths);
  const seen = turns ? { across: SEEN * diagonal, up: SEEN * diagonal } : seenSize(axes, viewpoint);
  const size = zoom * Math.min(room[0] / seen.across, room[1] / seen.up);
  const [cosA, sinA] = [Math.cos(azimuth), Math.sin(azimuth)];
  const [cosE, sinE] = [Math.cos(elevation), Math.sin(elevation)];
  const scaled = (factors: readonly number[], by: number) =>
    factors.map((factor, i) => factor * units[i]! * by);
  return {
    x: linear(axes, scaled([cosA, -sinA, 0], size), x),
    y: linear(axes, scaled([sinA * sinE, cosA * sinE, cosE], -size), y),
    nearness: linear(axes, scaled([-sinA * cosE, -cosA * cosE, sinE], 1 / diagonal), 0.5),
  };
}

/** The value of a linear function at a point. */
export function at([a, b, c, d]: Linear, [x = 0, y = 0, z = 0]: readonly number[]): number {
  return a * x + b * y + c * z + d;
}

/** The function of a position's fractions that is this function of the position, `times` as large. */
export function ofFractions(
  { 0: a, 1: b, 2: c, 3: d }: Linear,
  axes: readonly AnimationAxis[],
  times = 1,
): Linear {
  const factors = [a, b, c];
  const step = axes.map(({ range }, i) => (factors[i]! * (range[1] - range[0]) * times) / WHOLE);
  const offset = axes.reduce((sum, { range }, i) => sum + factors[i]! * range[0], d);
  return [step[0] ?? 0, step[1] ?? 0, step[2] ?? 0, offset * times];
}
