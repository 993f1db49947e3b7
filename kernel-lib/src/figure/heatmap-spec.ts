/**
 * A heatmap's Vega-Lite specification: one image over two axes, and a colour bar. The image is put in
 * when all else is drawn; nothing from the payload but numbers and plain texts gets in.
 */
import type { TopLevelSpec } from "vega-lite";
import { tickAxis } from "./axis-ticks.js";
import { colorAt, DEFAULT_MAP } from "./color-map.js";
import { colorScale } from "./color-scale.js";
import { contoursOf } from "./contour.js";
import { extent } from "./grid.js";
import type { AxisScale, HeatmapFigure } from "./heatmap.js";
import { cellCounts, countsText } from "./heatmap-summary.js";
import { pictureTitle, themeConfig, titleText, type Theme } from "./theme.js";
import { linearTicks, logTicks } from "./ticks.js";

/** Space between map and colour bar, and the bar's width. */
const BAR = { gap: 16, width: 14 };
/** Colours in the bar's gradient: more than any screen tells apart at its height. */
const STOPS = 64;

/** Where the URL of the cells' image belongs, which Vega-Lite would copy again and again. */
export const NO_RASTER = "data:,";

/** The names of the two position scales in the compiled Vega view, for reading values under a pointer. */
export const HEATMAP_SCALES = { x: "x", y: "map_y" } as const;

function scaleTicks(scale: AxisScale, [low, high]: readonly [number, number], count: number) {
  return scale === "log" ? logTicks(low, high, count) : linearTicks(low, high, count);
}

function gradient(figure: HeatmapFigure) {
  const stops = Array.from({ length: STOPS }, (_, i) => ({
    offset: i / (STOPS - 1),
    color: colorAt(figure.colorMap ?? DEFAULT_MAP, i / (STOPS - 1)),
  }));
  return { gradient: "linear" as const, x1: 0, y1: 1, x2: 0, y2: 0, stops };
}

/** Ticks of the colour bar, at their parts of its height. */
function barTicks({ colorScale: name, range, threshold }: HeatmapFigure, height: number) {
  const scale = colorScale(name, range, threshold);
  return scale.ticks(height / 70).map(({ value, label }) => ({
    value: scale.fraction(value),
    label,
  }));
}

/** The most points of all lines of a picture. */
const LINE_POINTS = 20_000;

/** The contour lines' points, drawn through a coarser map where they would be too many. */
function linePoints(figure: HeatmapFigure, finest?: number): object[] {
  const lines = contoursOf(figure, figure.contours, finest);
  const points = lines.flatMap((line, i) =>
    line.map(([x, y], place) => ({ x, y, line: i, place })),
  );
  if (points.length <= LINE_POINTS) return points;
  return linePoints(figure, (finest ?? 200) / 2);
}

/** Contour lines: dark ones in a light hem, to be seen on every colour. */
function contourLayers(figure: HeatmapFigure) {
  const values = figure.contours.length > 0 ? linePoints(figure) : [];
  if (values.length === 0) return [];
  return HEMS.map((hem) => ({
    data: { values },
    mark: { type: "line" as const, aria: false, interpolate: "linear" as const, ...hem },
    encoding: {
      x: { field: "x", type: "quantitative" as const },
      y: { field: "y", type: "quantitative" as const },
      detail: { field: "line", type: "nominal" as const },
      order: { field: "place", type: "quantitative" as const },
    },
  }));
}

const HEMS = [
  { color: "#ffffff", strokeWidth: 2.6, strokeOpacity: 0.45 },
  { color: "#101418", strokeWidth: 1.1, strokeOpacity: 0.9 },
];

/** Height of a heatmap of a given width: near the proportions of a printed figure. */
export function heatmapHeight(width: number): number {
  return Math.round(Math.min(Math.max(0.72 * width, 240), 560));
}

/** The specification of a heatmap. */
export function heatmapSpec(
  figure: HeatmapFigure,
  { width, theme, font }: { width: number; theme: Theme; font: string },
): TopLevelSpec {
  const { x, y, z } = figure;
  const height = heatmapHeight(width);
  const xDomain = extent(x);
  const yDomain = extent(y);
  const xTicks = scaleTicks(x.scale, xDomain, width / 90);
  const yTicks = scaleTicks(y.scale, yDomain, height / 60);
  const remark = countsText(cellCounts(figure));
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: themeConfig(theme, font),
    width,
    height,
    autosize: { type: "fit", contains: "padding" },
    ...pictureTitle(figure.title, remark, width, theme),
    data: { values: [{ x0: xDomain[0], x1: xDomain[1], y0: yDomain[0], y1: yDomain[1] }] },
    resolve: { scale: { y: "independent" }, axis: { y: "independent" } },
    layer: [
      {
        name: "map",
        layer: [
          {
            mark: {
              type: "image",
              aspect: false,
              aria: false,
              smooth: false,
              align: "left",
              baseline: "top",
            },
            encoding: {
              url: { value: NO_RASTER },
              x: {
                field: "x0",
                type: "quantitative",
                scale: { type: x.scale, domain: xDomain, nice: false },
                axis: {
                  title: titleText(x.label) || null,
                  titleLimit: width - 120,
                  ...tickAxis(xTicks),
                },
              },
              x2: { field: "x1" },
              y: {
                field: "y1",
                type: "quantitative",
                scale: { type: y.scale, domain: yDomain, nice: false },
                axis: {
                  title: titleText(y.label) || null,
                  titleLimit: height - 60,
                  ...tickAxis(yTicks),
                },
              },
              y2: { field: "y0" },
            },
          },
          ...contourLayers(figure),
        ],
      },
      {
        name: "bar",
        mark: { type: "rect", aria: false, color: gradient(figure) },
        encoding: {
          x: { value: { expr: `width + ${BAR.gap}` } },
          x2: { value: { expr: `width + ${BAR.gap + BAR.width}` } },
          y: {
            datum: 0,
            type: "quantitative",
            scale: { domain: [0, 1], nice: false, zero: false },
            axis: {
              orient: "right",
              offset: BAR.gap + BAR.width,
              title: titleText(z.label) || null,
              titleLimit: height - 60,
              titleAngle: -90,
              titleBaseline: "top",
              ...tickAxis(barTicks(figure, height)),
            },
          },
          y2: { datum: 1 },
        },
      },
    ],
  };
}
