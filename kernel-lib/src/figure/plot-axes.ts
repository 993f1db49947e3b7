/** The axes of a panel as shapes: ticks and labels below it and to its left, and faint lines inside. */
import { outline, type Shape } from "./drawing.js";
import type { Panel } from "./projection.js";
import { textWidth } from "./text-width.js";
import { inkOf, type Theme } from "./theme.js";
import { linearTicks, logTicks, type Tick } from "./ticks.js";

/** One axis of a panel: the values at its two ends, left or lower first. */
export interface PlotAxis {
  readonly domain: readonly [number, number];
  readonly label: string;
  /** Default: linear. */
  readonly isLog?: boolean;
}

const LABEL_SIZE = 12;
const TITLE_SIZE = 13;
/** From the panel to its tick labels, and what a title takes besides. */
const LABEL_GAP = 8;
const TITLE_ROOM = 22;
/** How far labels reach beyond the ends of their axis. */
const OVERHANG = 8;
/** Ticks that even a low panel asks for. */
const MIN_TICKS = 3;

/** Room below a panel for the ticks and the title of its horizontal axis. */
export function roomBelow({ label }: Pick<PlotAxis, "label">): number {
  return LABEL_GAP + LABEL_SIZE + (label ? TITLE_ROOM : 0);
}

function ticksOf({ domain: [low, high], isLog }: PlotAxis, count: number): Tick[] {
  return isLog ? logTicks(low, high, count) : linearTicks(low, high, count);
}

function xTicks(axis: PlotAxis, width: number): Tick[] {
  // powers of ten are short
  return ticksOf(axis, width / (axis.isLog ? 45 : 90));
}

function yTicks(axis: PlotAxis, height: number): Tick[] {
  return ticksOf(axis, Math.max(height / 55, MIN_TICKS));
}

/** Room to the left of a panel of this height for the ticks and the title of its vertical axis. */
export function roomLeft(axis: PlotAxis, height: number): number {
  const widths = yTicks(axis, height).map(({ label }) => textWidth(label, LABEL_SIZE));
  return LABEL_GAP + Math.max(...widths) + (axis.label ? TITLE_ROOM : 0);
}

/** Where a value stands between the ends of an axis that is so long; not finite where it has no place. */
export function placeOn({ domain, isLog }: PlotAxis, value: number, length: number): number {
  const [low, high, at] = [...domain, value].map((end) => (isLog ? Math.log(end) : end)) as [
    number,
    number,
    number,
  ];
  // halves, so that the widest range is finite
  return ((at / 2 - low / 2) / (high / 2 - low / 2)) * length;
}

/** The horizontal axis of a panel. */
export function xAxis(axis: PlotAxis, panel: Panel, theme: Theme): Shape[] {
  const ink = inkOf(theme);
  const bottom = panel.top + panel.height;
  const shapes = xTicks(axis, panel.width).flatMap(({ value, label }): Shape[] => {
    const x = panel.left + placeOn(axis, value, panel.width);
    const half = textWidth(label, LABEL_SIZE) / 2;
    // a label stays near its panel, or it would meet that of the next one
    const [from, to] = [panel.left - OVERHANG, panel.left + panel.width + OVERHANG];
    const text = Math.min(Math.max(x, from + half), to - half);
    return [
      ...(label ? [line([x, panel.top], [x, bottom], ink.grid)] : []),
      line([x, bottom], [x, bottom + 4], ink.line),
      {
        shape: "text",
        text: label,
        x: text,
        y: bottom + LABEL_GAP + LABEL_SIZE / 2,
        size: LABEL_SIZE,
        color: ink.text,
        align: "middle",
      },
    ];
  });
  if (!axis.label) return shapes;
  const title: Shape = {
    shape: "text",
    text: axis.label,
    x: panel.left + panel.width / 2,
    y: bottom + LABEL_GAP + LABEL_SIZE + 13,
    size: TITLE_SIZE,
    color: ink.strong,
    align: "middle",
  };
  return [...shapes, title];
}

/** The vertical axis of a panel, its title at the very left of the room it has. */
export function yAxis(axis: PlotAxis, panel: Panel, room: number, theme: Theme): Shape[] {
  const ink = inkOf(theme);
  const right = panel.left + panel.width;
  const shapes = yTicks(axis, panel.height).flatMap(({ value, label }): Shape[] => {
    const y = panel.top + panel.height - placeOn(axis, value, panel.height);
    return [
      ...(label ? [line([panel.left, y], [right, y], ink.grid)] : []),
      line([panel.left - 4, y], [panel.left, y], ink.line),
      {
        shape: "text",
        text: label,
        x: panel.left - LABEL_GAP,
        y,
        size: LABEL_SIZE,
        color: ink.text,
        align: "end",
      },
    ];
  });
  if (!axis.label) return shapes;
  const title: Shape = {
    shape: "text",
    text: axis.label,
    x: panel.left - room + TITLE_SIZE / 2,
    y: panel.top + panel.height / 2,
    size: TITLE_SIZE,
    color: ink.strong,
    align: "middle",
    upright: true,
  };
  return [...shapes, title];
}

/** The frame around a panel, above its grid lines. */
export function frame(panel: Panel, theme: Theme): Shape {
  return outline(panel, inkOf(theme).line);
}

function line(
  from: readonly [number, number],
  to: readonly [number, number],
  color: string,
): Shape {
  return { shape: "line", points: [from, to], color, width: 1 };
}
