/**
 * The Vega-Lite specification of curves: bands, error bars, lines and points over two axes, their
 * names above. Which points are drawn is curve-paths.ts's business; only numbers, our own words and
 * plain texts get in.
 */
import type { TopLevelSpec } from "vega-lite";
import type { LayerSpec, UnitSpec } from "vega-lite/types_unstable/spec/index.js";
import type { Field } from "vega-lite/types_unstable/channeldef.js";
import { tickAxis } from "./axis-ticks.js";
import { LEGEND, type LegendEntry, legendOf } from "./curve-legend.js";
import { bandsOf, linesOf, lonelyOf, type PlotArea, pointsOf } from "./curve-paths.js";
import {
  isDrawable,
  type PlotScale,
  plotScales,
  type PlotWindow,
  scaleTicks,
} from "./curve-scale.js";
import { type CurveStyle, curveStyle } from "./curve-style.js";
import type { FloatArray } from "./binary.js";
import type { Curve, CurvesFigure, FitWindow } from "./curves.js";
import { curvesRemark } from "./curves-summary.js";
import { fitLayers } from "./fit-spec.js";
import { type Ink, inkOf, pictureTitle, themeConfig, titleText, type Theme } from "./theme.js";
import type { Tick } from "./ticks.js";

type Layer = LayerSpec<Field> | UnitSpec<Field>;

/** The names of the position scales in the compiled Vega view. */
export const CURVE_SCALE_NAMES = { x: "x", y: "y" } as const;

/** What of a plot a reader has changed. */
export interface PlotState {
  /** Curves that are switched off. */
  readonly hidden?: ReadonlySet<number>;
  /** Where the window of the fit stands by now. */
  readonly fit?: FitWindow;
  /** The part that is shown, if not all. */
  readonly window?: PlotWindow;
}

/** Height of a plot of a given width. */
function plotHeight(width: number): number {
  return Math.round(Math.min(Math.max(0.58 * width, 220), 440));
}

/** The specification of curves. */
export function curvesSpec(
  figure: CurvesFigure,
  options: PlotState & { readonly width: number; readonly theme: Theme; readonly font: string },
): TopLevelSpec {
  const { width, theme, font, hidden = new Set(), fit = figure.fit, window } = options;
  const ink = inkOf(theme);
  const height = plotHeight(width);
  const scales = plotScales(figure, hidden, window);
  const legend = legendOf(figure, width);
  const area: PlotArea = { ...scales, width, height };
  const shown = figure.curves.map((curve, place) => ({
    curve,
    place,
    style: curveStyle(curve, place, theme),
  }));
  const visible = shown.filter(({ place }) => !hidden.has(place));
  const axes = {
    x: axisOf(scales.x, figure.x.label, scaleTicks(scales.x, width / 90), theme, width - 120),
    y: axisOf(scales.y, figure.y.label, scaleTicks(scales.y, height / 56), theme, height - 40),
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: themeConfig(theme, font),
    width,
    height,
    autosize: { type: "fit", contains: "padding" },
    ...pictureTitle(figure.title, curvesRemark(figure, hidden), width, theme),
    layer: [
      ...(fit ? fitLayers(figure, fit, axes, scales, theme) : []),
      ...curveLayers(visible, area, axes, window !== undefined),
      ...legendLayers(legend, shown, hidden, ink),
    ],
  };
}

function axisOf(scale: PlotScale, label: string, ticks: Tick[], theme: Theme, room: number) {
  const ink = inkOf(theme);
  const major = ticks.filter((tick) => tick.label !== "").map(({ value }) => value);
  // a constant test of ours: lines across the plot at the labelled ticks only
  const isMajor = { test: `indexof(${JSON.stringify(major)}, datum.value) >= 0` };
  return {
    type: "quantitative" as const,
    scale: {
      type: scale.type,
      domain: [...scale.domain],
      nice: false,
      ...(scale.type === "linear" && { zero: false }),
      ...(scale.type === "symlog" && { constant: scale.constant }),
    },
    axis: {
      title: titleText(label) || null,
      titleLimit: room,
      grid: true,
      gridColor: { condition: { ...isMajor, value: ink.grid }, value: "transparent" },
      tickSize: { condition: { ...isMajor, value: 5 }, value: 3 },
      ...tickAxis(ticks),
    },
  };
}

interface Styled {
  readonly curve: Curve;
  readonly place: number;
  readonly style: CurveStyle;
}

type Axes = Record<"x" | "y", ReturnType<typeof axisOf>>;

/** Bands behind bars behind lines behind points; of a part of a plot, `clip` keeps the rest out. */
function curveLayers(
  curves: readonly Styled[],
  area: PlotArea,
  { x, y }: Axes,
  clip: boolean,
): Layer[] {
  const color = { field: "color", type: "nominal" as const, scale: null };
  const detail = { field: "path", type: "nominal" as const };
  const place = { x: { ...x, field: "x" }, y: { ...y, field: "y" } };
  const bands = curves.flatMap(({ curve, place: i, style }) =>
    bandsOf(curve, area, !style.hasPoints).flatMap((edges, stretch) =>
      edges.map(({ x: at, lower, upper }) => ({
        x: at,
        y: lower,
        y2: upper,
        path: `${i} ${stretch}`,
        color: style.color,
      })),
    ),
  );
  const pointed = curves.filter(({ style }) => style.hasPoints);
  const errors = pointed.map(({ curve, style }) => barsOf(curve, area, style));
  const across = errors.flatMap((error) => error.across);
  const lines = curves.flatMap(({ curve, place: i, style }) =>
    (style.hasLine ? linesOf(curve, area) : []).flatMap((line, stretch) =>
      line.map((index) => ({
        index,
        x: curve.x[index]!,
        y: curve.y[index]!,
        path: `${i} ${stretch}`,
        color: style.color,
        dash: style.dash,
      })),
    ),
  );
  const points = curves.flatMap(({ curve, style }) => {
    const indices = style.hasPoints ? pointsOf(curve, area) : lonelyOf(curve, area);
    return indices.map((index) => ({
      x: curve.x[index]!,
      y: curve.y[index]!,
      color: style.color,
      shape: style.shape,
      size: pointSize(indices.length),
    }));
  });
  // a mark of its own opacity would make a group, which resvg may fail to draw
  const plain = { aria: false, opacity: 1, ...(clip && { clip }) };
  return [
    {
      data: { values: bands },
      mark: { type: "area", ...plain, fillOpacity: 0.18 },
      encoding: { ...place, y2: { field: "y2" }, detail, color },
    },
    {
      data: { values: errors.flatMap(({ upright }) => upright) },
      mark: { type: "rule", ...plain, strokeWidth: 1.2 },
      encoding: { ...place, y2: { field: "y2" }, color },
    },
    ...(across.length > 0
      ? [
          {
            data: { values: across },
            mark: { type: "rule" as const, ...plain, strokeWidth: 1.2 },
            encoding: { ...place, x2: { field: "x2" }, color },
          },
        ]
      : []),
    {
      data: { values: lines },
      mark: { type: "line", ...plain, strokeWidth: 2, strokeJoin: "round", strokeCap: "butt" },
      encoding: {
        ...place,
        detail,
        color,
        order: { field: "index", type: "quantitative" },
        strokeDash: { field: "dash", type: "nominal", scale: null },
      },
    },
    {
      data: { values: points },
      mark: { type: "point", ...plain, filled: true },
      encoding: {
        ...place,
        color,
        shape: { field: "shape", type: "nominal", scale: null },
        size: { field: "size", type: "quantitative", scale: null },
      },
    },
  ];
}

/** The area of a point, in square pixels: the more there are, the smaller. */
function pointSize(count: number): number {
  return count <= 300 ? 32 : count <= 2000 ? 14 : 5;
}

/** Error bars of the points that are drawn; on a log axis a bar through zero ends at the lower edge. */
function barsOf(curve: Curve, area: PlotArea, { color }: CurveStyle) {
  const { x, y, error, xError } = curve;
  const indices = error || xError ? pointsOf(curve, area) : [];
  const ends = (at: number, half: number, { type, domain }: PlotScale) => {
    const lower = isDrawable(at - half, type) ? Math.max(at - half, domain[0]) : domain[0];
    return [lower, Math.min(at + half, domain[1])] as const;
  };
  const bars = (halves: FloatArray | undefined, bar: (i: number, half: number) => Bar) =>
    halves ? indices.flatMap((i) => (halves[i]! > 0 ? [bar(i, halves[i]!)] : [])) : [];
  return {
    upright: bars(error, (i, half) => {
      const [low, high] = ends(y[i]!, half, area.y);
      return { x: x[i]!, y: low, y2: high, color };
    }),
    across: bars(xError, (i, half) => {
      const [low, high] = ends(x[i]!, half, area.x);
      return { x: low, x2: high, y: y[i]!, color };
    }),
  };
}

/** A bar from one value to another. */
interface Bar {
  readonly x: number;
  readonly x2?: number;
  readonly y: number;
  readonly y2?: number;
  readonly color: string;
}

/** Samples and names above the plot. */
function legendLayers(
  entries: readonly LegendEntry[],
  curves: readonly Styled[],
  hidden: ReadonlySet<number>,
  ink: Ink,
): Layer[] {
  const rows = entries.map(({ curve: place, name, left, middle }) => {
    const { style, curve } = curves[place]!;
    const isHidden = hidden.has(place);
    return {
      ...style,
      name,
      left,
      middle,
      centre: left + LEGEND.sample / 2,
      right: left + LEGEND.sample,
      textLeft: left + LEGEND.sample + LEGEND.gap,
      above: middle - 5,
      below: middle + 5,
      hasBand: curve.band !== undefined || (curve.error !== undefined && !style.hasPoints),
      color: isHidden ? ink.grid : style.color,
      ink: isHidden ? ink.faint : ink.text,
    };
  });
  // places on the picture, whatever the scales of the axes
  const at = (field: string) => ({ field, type: "quantitative" as const, scale: null, axis: null });
  const kept = (field: string) => ({ field, type: "nominal" as const, scale: null, legend: null });
  const plain = { aria: false, opacity: 1 };
  const color = kept("color");
  return [
    {
      data: { values: rows.filter(({ hasBand }) => hasBand) },
      mark: { type: "rect", ...plain, fillOpacity: 0.18 },
      encoding: {
        x: at("left"),
        x2: { field: "right" },
        y: at("above"),
        y2: { field: "below" },
        color,
      },
    },
    {
      data: { values: rows.filter(({ hasLine }) => hasLine) },
      mark: { type: "rule", ...plain, strokeWidth: 2 },
      encoding: {
        x: at("left"),
        x2: { field: "right" },
        y: at("middle"),
        color,
        strokeDash: kept("dash"),
      },
    },
    {
      data: { values: rows.filter(({ hasPoints }) => hasPoints) },
      mark: { type: "point", ...plain, filled: true, size: 36 },
      encoding: { x: at("centre"), y: at("middle"), color, shape: kept("shape") },
    },
    {
      data: { values: rows },
      mark: {
        type: "text",
        aria: false,
        align: "left",
        baseline: "middle",
        fontSize: LEGEND.fontSize,
        limit: LEGEND.longest,
      },
      encoding: {
        x: at("textLeft"),
        y: at("middle"),
        text: { field: "name", type: "nominal" },
        color: kept("ink"),
      },
    },
  ];
}
