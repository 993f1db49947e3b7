/** The curve beside an animation: a number for each frame over time, as shapes in a panel. */
import { type AnimationFigure, FARTHEST, type FrameCurve, widened } from "./animation.js";
import type { Shape } from "./drawing.js";
import { frame, type PlotAxis, xAxis, yAxis } from "./plot-axes.js";
import type { Panel } from "./projection.js";
import { inkOf, type Theme } from "./theme.js";

const LINE: Readonly<Record<Theme, string>> = { light: "#2f6db5", dark: "#6ba3de" };
const NOW: Readonly<Record<Theme, string>> = { light: "#c8442e", dark: "#ff8a70" };

/** Free room above and below the curve, as a part of its height. */
const MARGIN = 0.08;

/** Whether a value has a place on the curve's axis. */
function isShown(value: number): boolean {
  return Math.abs(value) <= FARTHEST;
}

/** The axis of the frames' times. */
export function timeAxis({ times, timeLabel }: AnimationFigure): PlotAxis {
  const domain = widened([times[0]!, times[times.length - 1]!], 0.5);
  return { domain, label: timeLabel };
}

/** The axis of the curve's values. */
export function curveAxis({ values, label }: FrameCurve): PlotAxis {
  const finite = values.filter(isShown);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const [from, to] = widened([low, high], 1);
  const room = MARGIN * (to - from);
  return { domain: [from - room, to + room], label };
}

/** Where a frame stands in the curve's panel; undefined where it has no value. */
export function curvePoint(
  figure: AnimationFigure,
  curve: FrameCurve,
  panel: Panel,
  index: number,
): readonly [number, number] | undefined {
  const value = curve.values[index]!;
  if (!isShown(value)) return undefined;
  const time = timeAxis(figure).domain;
  const [low, high] = curveAxis(curve).domain;
  return [
    panel.left + ((figure.times[index]! - time[0]) / (time[1] - time[0])) * panel.width,
    panel.top + ((high - value) / (high - low)) * panel.height,
  ];
}

/** The frame whose time is nearest to a place across the panel. */
export function frameAt(figure: AnimationFigure, panel: Panel, x: number): number {
  const [from, to] = timeAxis(figure).domain;
  return frameNear(figure, from + ((x - panel.left) / panel.width) * (to - from));
}

/** The frame whose time is nearest to a time. */
export function frameNear({ times }: AnimationFigure, time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle;
  }
  return time - times[low]! <= times[high]! - time ? low : high;
}

/** The curve with its axes. */
export function curveShapes(
  figure: AnimationFigure,
  curve: FrameCurve,
  panel: Panel,
  room: number,
  theme: Theme,
): Shape[] {
  return [
    ...xAxis(timeAxis(figure), panel, theme),
    ...yAxis(curveAxis(curve), panel, room, theme),
    ...polylines(figure, curve, panel).map((points): Shape => {
      return { shape: "line", points, color: LINE[theme], width: 1.5 };
    }),
    frame(panel, theme),
  ];
}

/** A frame's mark on the curve: a line through its time, and a dot at its value. */
export function curveMark(
  figure: AnimationFigure,
  curve: FrameCurve,
  panel: Panel,
  index: number,
  theme: Theme,
): Shape[] {
  const point = curvePoint(figure, curve, panel, index);
  if (!point) return [];
  const [x, y] = point;
  const points = [
    [x, panel.top],
    [x, panel.top + panel.height],
  ] as const;
  return [
    { shape: "line", points, color: inkOf(theme).line, width: 1 },
    { shape: "dot", x, y, radius: 4.5, color: NOW[theme] },
  ];
}

/** The curve's unbroken parts; of more values than can be seen, the extremes of each pixel. */
function polylines(figure: AnimationFigure, curve: FrameCurve, panel: Panel) {
  const lines: [number, number][][] = [];
  const stride = Math.max(1, Math.ceil(curve.values.length / (2 * panel.width)));
  let line: [number, number][] | undefined;
  for (let start = 0; start < curve.values.length; start += stride) {
    const points = Array.from({ length: stride }, (_, i) => start + i)
      .filter((i) => i < curve.values.length)
      .map((i) => curvePoint(figure, curve, panel, i))
      .filter((point) => point !== undefined);
    if (points.length === 0) {
      line = undefined;
      continue;
    }
    const kept = stride === 1 ? points : extremes(points);
    if (line) line.push(...kept.map(([x, y]): [number, number] => [x, y]));
    else lines.push((line = kept.map(([x, y]): [number, number] => [x, y])));
  }
  return lines;
}

function extremes(points: readonly (readonly [number, number])[]) {
  const top = points.reduce((a, b) => (b[1] < a[1] ? b : a));
  const bottom = points.reduce((a, b) => (b[1] > a[1] ? b : a));
  return top[0] <= bottom[0] ? [top, bottom] : [bottom, top];
}
