/**
 * The fit of a mean squared displacement in a picture: its window, the line through it, and what it
 * says. Their data have names, so that a live view moves them without building the picture anew.
 */
import type { Field, PositionDef } from "vega-lite/types_unstable/channeldef.js";
import type { LayerSpec, UnitSpec } from "vega-lite/types_unstable/spec/index.js";
import { isDrawable, type PlotScale } from "./curve-scale.js";
import type { CurvesFigure, FitWindow } from "./curves.js";
import { fitMsd, fitText } from "./msd-fit.js";
import { inkOf, type Theme } from "./theme.js";

const ACCENT: Readonly<Record<Theme, string>> = { light: "#0072b2", dark: "#56b4e9" };
const LINE: Readonly<Record<Theme, string>> = { light: "#009e73", dark: "#2cc997" };

/** Points of the line, which is none on a log axis. */
const STEPS = 60;

/** The rows of the data by their names in the view. */
export interface FitData {
  readonly fitWindow: readonly object[];
  readonly fitLine: readonly object[];
  readonly fitText: readonly object[];
}

/** The data of the fit's marks for a window. */
export function fitData(
  figure: CurvesFigure,
  window: FitWindow,
  { x, y }: { readonly x: PlotScale; readonly y: PlotScale },
): FitData {
  const [low, high] = x.domain;
  const clamp = (value: number): number => Math.max(low, Math.min(value, high));
  const { D, intercept } = fitMsd(figure, window);
  const slope = 2 * window.dimensions * D;
  const [from, to] = [clamp(window.from), clamp(window.to)];
  const isLog = x.type === "log";
  const line = Array.from({ length: STEPS + 1 }, (_, i) => {
    const part = i / STEPS;
    const at = isLog ? from * (to / from) ** part : from + part * (to - from);
    return { x: at, y: intercept + slope * at };
  }).filter((point) => isDrawable(point.y, y.type) && isWithin(point.y, y.domain));
  return {
    fitWindow: [{ from, to }],
    fitLine: line,
    fitText: fitText(figure, window).map((text, line) => ({ text, line })),
  };
}

function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

/** The marks of the fit, which lie under the curves. */
export function fitLayers(
  figure: CurvesFigure,
  window: FitWindow,
  axes: { readonly x: PositionDef<Field>; readonly y: PositionDef<Field> },
  scales: { readonly x: PlotScale; readonly y: PlotScale },
  theme: Theme,
): (LayerSpec<Field> | UnitSpec<Field>)[] {
  const ink = inkOf(theme);
  const data = fitData(figure, window, scales);
  const plain = { aria: false, opacity: 1 };
  const text = (line: number) => ({
    data: { name: "fitText", values: [...data.fitText] },
    transform: [{ filter: `datum.line == ${line}` }],
    mark: {
      type: "text" as const,
      ...plain,
      align: "left" as const,
      baseline: "top" as const,
      color: line === 0 ? ink.strong : ink.text,
      fontSize: line === 0 ? 15 : 12,
      fontWeight: line === 0 ? (600 as const) : (400 as const),
    },
    encoding: {
      x: { value: 12 },
      y: { value: 10 + (line === 0 ? 0 : 4 + 18 * line) },
      text: { field: "text", type: "nominal" as const },
    },
  });
  return [
    {
      data: { name: "fitWindow", values: [...data.fitWindow] },
      mark: { type: "rect", ...plain, color: ACCENT[theme], fillOpacity: 0.09 },
      encoding: { x: { ...axes.x, field: "from" }, x2: { field: "to" } },
    },
    {
      data: { name: "fitLine", values: [...data.fitLine] },
      // a broad stroke under the curve, as of a marker pen
      mark: { type: "line", ...plain, color: LINE[theme], strokeWidth: 9, strokeOpacity: 0.4 },
      encoding: { x: { ...axes.x, field: "x" }, y: { ...axes.y, field: "y" } },
    },
    text(0),
    text(1),
    text(2),
  ];
}
