/**
 * How an animation is laid out: space, colour bar and curve, for the still picture with its first,
 * middle and last frame, and for a live view of one frame. Bodies are pixels (bodies-raster.ts), which
 * are laid into the panels of space that are returned here.
 */
import type { AnimationAxis, AnimationFigure } from "./animation.js";
import { colorBar, colorBarWidth } from "./color-bar.js";
import type { Drawing, Shape } from "./drawing.js";
import { curveAxis, curveMark, curveShapes } from "./frame-curve.js";
import { numberText } from "./number-text.js";
import { frame, type PlotAxis, roomBelow, roomLeft, xAxis, yAxis } from "./plot-axes.js";
import {
  type Panel,
  projection,
  type Projection,
  seenSize,
  START,
  type Viewpoint,
} from "./projection.js";
import { spaceBox } from "./space-box.js";
import { inkOf, type Theme, titleLines } from "./theme.js";

/** A panel in which the bodies of a frame are to be painted. */
export interface SpacePanel {
  readonly frame: number;
  readonly panel: Panel;
  /** Into CSS pixels from the panel's upper left corner. */
  readonly projection: Projection;
}

/** A drawing that lacks only the bodies. */
export interface AnimationDrawing extends Drawing {
  readonly spaces: readonly SpacePanel[];
  /** Where the curve is, if there is one. */
  readonly curve: Panel | undefined;
}

const EDGE = { left: 6, right: 14, top: 8, bottom: 8 };
const TITLE_LINE = 20;
/** Between two panels side by side, and between space and the curve below it. */
const GAP = 14;
const CURVE_GAP = 20;
const CURVE_HEIGHT = 96;
const CAPTION = 20;

/** Below a box in space, where the still picture names its axes. */
const NAME_ROOM = 30;

/** Proportions of a panel of space: height to width at most and least. */
const FLAT = 0.45;
const LIVE = 0.64;
const MOST_HEIGHT = 460;

/** The values at the edges of a panel in two dimensions. */
function visible(
  axis: AnimationAxis,
  [from, to]: readonly [number, number],
  i: number,
  seen: Projection,
): PlotAxis {
  const linear = i === 0 ? seen.x : seen.y;
  const invert = (pixel: number) => (pixel - linear[3]) / linear[i]!;
  return { domain: [invert(from), invert(to)], label: axis.label };
}

/** The frames of the still picture: first, middle and last. */
export function stillFrames(frames: number): number[] {
  return [...new Set([0, Math.floor((frames - 1) / 2), frames - 1])];
}

/** When a frame is, in words: `time = 3.5`, `frame 7`. */
export function timeText({ times, timeLabel }: AnimationFigure, index: number): string {
  const time = numberText(times[index]!, 5);
  if (timeLabel === "frame") return `frame ${time}`;
  return timeLabel ? `${timeLabel} = ${time}` : time;
}

interface Layout {
  readonly theme: Theme;
  readonly width: number;
  readonly viewpoint: Viewpoint;
  /** One panel of space each, side by side. */
  readonly frames: readonly number[];
  readonly isStill: boolean;
}

function lay(figure: AnimationFigure, { theme, width, viewpoint, frames, isStill }: Layout) {
  const { axes, colors, curve } = figure;
  const ink = inkOf(theme);
  const isFlat = axes.length === 2;
  const titles = figure.title ? titleLines(figure.title, width - EDGE.left - EDGE.right) : [];
  const top =
    EDGE.top + titles.length * TITLE_LINE + (titles.length > 0 ? 6 : 0) + (isStill ? CAPTION : 0);

  // how high space is depends on its width, and that on the labels beside it, hardly on its height
  const guess = Math.min(LIVE * width, MOST_HEIGHT) / frames.length;
  const bar = colors ? colorBarWidth(colors, guess) : 0;
  const curveRoom = curve ? roomLeft(curveAxis(curve), CURVE_HEIGHT) : 0;
  const measure = (room: number) => {
    const inner = width - EDGE.left - room - bar - EDGE.right;
    // whole pixels, where the bodies' own pixels fall on the drawing's
    const across = Math.floor((inner - GAP * (frames.length - 1)) / frames.length);
    const height = Math.round(heightOf(axes, across, isStill));
    const panels = frames.map((index, i): SpacePanel => {
      const panel = { left: EDGE.left + room + i * (across + GAP), top, width: across, height };
      const own = { ...panel, left: 0, top: 0 };
      return { frame: index, panel, projection: projection(axes, own, viewpoint, !isStill) };
    });
    return panels;
  };
  const upright = ({ panel, projection: seen }: SpacePanel) =>
    visible(axes[1]!, [panel.height, 0], 1, seen);
  const draft = measure(curveRoom);
  const spaceRoom = isFlat ? roomLeft(upright(draft[0]!), draft[0]!.panel.height) : 0;
  const room = Math.ceil(Math.max(curveRoom, spaceRoom));
  const spaces = measure(room);

  const shapes: Shape[] = titles.map((text, i) => ({
    shape: "text",
    text,
    x: EDGE.left,
    y: EDGE.top + TITLE_LINE * (i + 0.5),
    size: 15,
    color: ink.strong,
    align: "start",
    bold: true,
  }));
  spaces.forEach((space, i) => {
    const { panel, projection: seen } = space;
    if (isStill) {
      shapes.push({
        shape: "text",
        text: timeText(figure, space.frame),
        x: panel.left + panel.width / 2,
        y: panel.top - CAPTION / 2,
        size: 12,
        color: ink.text,
        align: "middle",
      });
    }
    if (isFlat) {
      shapes.push(...xAxis(visible(axes[0]!, [0, panel.width], 0, seen), panel, theme));
      const own = yAxis(upright(space), panel, room, theme);
      shapes.push(...(i === 0 ? own : own.filter(({ shape }) => shape === "line")));
      shapes.push(frame(panel, theme));
    } else {
      const moved = projection(axes, panel, viewpoint, !isStill);
      shapes.push(...spaceBox(axes, moved, theme, !isStill));
    }
  });
  const last = spaces[spaces.length - 1]!.panel;
  if (colors) shapes.push(...colorBar(colors, last, theme));

  let bottom = last.top + last.height + (isFlat ? roomBelow(axes[0]!) : 0);
  let curvePanel: Panel | undefined;
  if (curve) {
    const left = spaces[0]!.panel.left;
    const across = last.left + last.width - left;
    curvePanel = { left, top: bottom + CURVE_GAP, width: across, height: CURVE_HEIGHT };
    shapes.push(...curveShapes(figure, curve, curvePanel, room, theme));
    bottom = curvePanel.top + CURVE_HEIGHT + roomBelow({ label: figure.timeLabel });
  }
  return { width, height: Math.ceil(bottom + EDGE.bottom), shapes, spaces, curve: curvePanel };
}

function heightOf(axes: readonly AnimationAxis[], width: number, isStill: boolean): number {
  if (!isStill) return Math.max(Math.min(LIVE * width, MOST_HEIGHT), 200);
  if (axes.length === 3) {
    const { across, up } = seenSize(axes, START);
    return Math.min(up / across, 1) * width + NAME_ROOM;
  }
  const [across, up] = axes.map(({ extent }) => extent[1] - extent[0]) as [number, number];
  return Math.min(Math.max(up / across, FLAT), 1) * width;
}

/** The still picture, with a panel for the first, the middle and the last frame. */
export function stillDrawing(
  figure: AnimationFigure,
  { width, theme }: { width: number; theme: Theme },
): AnimationDrawing {
  const frames = stillFrames(figure.times.length);
  const drawing = lay(figure, { theme, width, viewpoint: START, frames, isStill: true });
  const { curve } = figure;
  const marks = curve
    ? frames.flatMap((index) => curveMark(figure, curve, drawing.curve!, index, theme))
    : [];
  return { ...drawing, shapes: [...drawing.shapes, ...marks] };
}

/** What stands still in a live view while frames go by; it depends on the viewpoint. */
export function liveDrawing(
  figure: AnimationFigure,
  { width, theme, viewpoint }: { width: number; theme: Theme; viewpoint: Viewpoint },
): AnimationDrawing {
  return lay(figure, { theme, width, viewpoint, frames: [0], isStill: false });
}
