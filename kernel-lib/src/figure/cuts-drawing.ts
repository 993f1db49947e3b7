/** Two cuts through a heatmap, along the row and the column of a cell, side by side. */
import type { Drawing, Shape } from "./drawing.js";
import { extent } from "./grid.js";
import type { HeatmapAxis, HeatmapFigure } from "./heatmap.js";
import { numberText } from "./number-text.js";
import { frame, placeOn, type PlotAxis, roomBelow, roomLeft, xAxis, yAxis } from "./plot-axes.js";
import type { Panel } from "./projection.js";
import { inkOf, type Theme } from "./theme.js";

const HEIGHT = 110;
const CAPTION = 22;
const EDGE = { left: 6, right: 16, bottom: 8 };
const GAP = 18;

const LINE: Readonly<Record<Theme, string>> = { light: "#2f6db5", dark: "#6ba3de" };
const HERE: Readonly<Record<Theme, string>> = { light: "#c8442e", dark: "#ff8a70" };

/** One cut: its values along an axis, and which of them is the cell's. */
interface Cut {
  readonly axis: HeatmapAxis;
  readonly values: readonly number[];
  readonly index: number;
  readonly caption: string;
}

/** The cuts through the cell in this column and row. */
export function cutsDrawing(
  figure: HeatmapFigure,
  { column, row }: { readonly column: number; readonly row: number },
  { width, theme }: { readonly width: number; readonly theme: Theme },
): Drawing {
  const { x, y, z, range } = figure;
  const nx = x.values.length;
  const at = (axis: HeatmapAxis, name: string, index: number) =>
    `at ${axis.label || name} = ${numberText(axis.values[index]!, 5)}`;
  const cuts: Cut[] = [
    {
      axis: x,
      values: Array.from(x.values, (_, i) => z.values[row * nx + i]!),
      index: column,
      caption: at(y, "y", row),
    },
    {
      axis: y,
      values: Array.from(y.values, (_, i) => z.values[i * nx + column]!),
      index: row,
      caption: at(x, "x", column),
    },
  ];
  const isLog = figure.colorScale === "log";
  const upright: PlotAxis = { domain: range, label: z.label, isLog };
  const room = Math.ceil(roomLeft(upright, HEIGHT));
  const across = Math.floor((width - EDGE.left - EDGE.right - GAP - 2 * room) / 2);
  const shapes = cuts.flatMap((cut, i): Shape[] => {
    const left = EDGE.left + room + i * (across + GAP + room);
    const panel = { left, top: CAPTION, width: across, height: HEIGHT };
    return cutShapes(cut, upright, panel, room, theme);
  });
  const below = Math.max(roomBelow(x), roomBelow(y));
  return { width, height: CAPTION + HEIGHT + below + EDGE.bottom, shapes };
}

function cutShapes(
  { axis, values, index, caption }: Cut,
  upright: PlotAxis,
  panel: Panel,
  room: number,
  theme: Theme,
): Shape[] {
  const along: PlotAxis = {
    domain: extent(axis),
    label: axis.label,
    isLog: axis.scale === "log",
  };
  const point = (i: number): readonly [number, number] | undefined => {
    const up = placeOn(upright, values[i]!, panel.height);
    if (!Number.isFinite(up)) return undefined;
    const within = Math.min(Math.max(up, 0), panel.height);
    return [
      panel.left + placeOn(along, axis.values[i]!, panel.width),
      panel.top + panel.height - within,
    ];
  };
  const lines: (readonly [number, number])[][] = [[]];
  for (let i = 0; i < values.length; i++) {
    const next = point(i);
    if (next) lines.at(-1)!.push(next);
    else lines.push([]);
  }
  const here = point(index);
  return [
    {
      shape: "text",
      text: caption,
      x: panel.left + panel.width / 2,
      y: CAPTION / 2,
      size: 12,
      color: inkOf(theme).text,
      align: "middle",
    },
    ...xAxis(along, panel, theme),
    ...yAxis(upright, panel, room, theme),
    ...lines
      .filter((points) => points.length > 0)
      .map((points): Shape => ({ shape: "line", points, color: LINE[theme], width: 1.5 })),
    frame(panel, theme),
    ...(here
      ? [{ shape: "dot" as const, x: here[0], y: here[1], radius: 4, color: HERE[theme] }]
      : []),
  ];
}
