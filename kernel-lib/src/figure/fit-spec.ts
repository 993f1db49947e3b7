/**
 * The fit of a mean squared displacement in a picture: its window, the line through it, and what it
 * says. Their data have names, so that a live view moves them without building the picture anew.
 */
import type { Field, PositionDef } from "vega-lite/types_unstable/channeldef.js";
import type { LayerSpec, UnitSpec } from "vega-lite/types_unstable/spec/index.js";
import { FIT_ROW } from "./curve-legend.js";
import { isDrawable, type PlotScale } from "./curve-scale.js";
import type { CurvesFigure, FitWindow } from "./curves.js";
import { fitMsd, fitTexts } from "./msd-fit.js";
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
  const fit = fitMsd(figure, window);
  const { D, intercept } = fit;
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
    fitText: [fitTexts(fit)],
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
  const texts = { name: "fitText", values: [...data.fitText] };
  const text = (field: string) => ({ field, type: "nominal" as const });
  const y = { value: FIT_ROW.middle };
  const row = { type: "text" as const, ...plain, baseline: "middle" as const };
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
    {
      data: texts,
      mark: { ...row, align: "left", color: ink.strong, fontSize: 14, fontWeight: 600 },
      encoding: { x: { value: 0 }, y, text: text("result") },
    },
    {
      data: texts,
      mark: { ...row, align: "right", color: ink.text, fontSize: 12 },
      encoding: { x: { value: { expr: "width" } }, y, text: text("remark") },
    },
  ];
}
