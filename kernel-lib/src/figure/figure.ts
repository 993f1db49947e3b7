/**
 * Every kind of figure behind one name: payload in, checked figure out, and from there a text, a
 * Vega-Lite specification or a payload again. No DOM, no Node: the kernel and the front end share it.
 */
import type { TopLevelSpec } from "vega-lite";
import { FigureError } from "../errors.js";
import {
  type AnimationFigure,
  animationPayload,
  type AnimationPayload,
  parseAnimation,
} from "./animation.js";
import { animationSummary } from "./animation-summary.js";
import { animationTable } from "./animation-table.js";
import { checkWord } from "./checks.js";
import { curvesPayload, type CurvesFigure, type CurvesPayload, parseCurves } from "./curves.js";
import { curvesSpec, type PlotState } from "./curves-spec.js";
import { curvesSummary } from "./curves-summary.js";
import { curvesTable } from "./curves-table.js";
import type { DataTable } from "./data-table.js";
import {
  type HeatmapFigure,
  heatmapPayload,
  type HeatmapPayload,
  parseHeatmap,
} from "./heatmap.js";
import { heatmapSpec } from "./heatmap-spec.js";
import { heatmapSummary } from "./heatmap-summary.js";
import { heatmapTable } from "./heatmap-table.js";
import {
  parseProgress,
  type ProgressFigure,
  progressPayload,
  progressText,
  type ProgressPayload,
} from "./progress.js";
import {
  parseTable,
  type TableFigure,
  tablePayload,
  type TablePayload,
  tableRows,
} from "./table.js";
import { tableText } from "./table-text.js";
import {
  parseTimeline,
  type TimelineFigure,
  timelinePayload,
  type TimelinePayload,
} from "./timeline-figure.js";
import { timelineSpec } from "./timeline-spec.js";
import { timelineSummary } from "./timeline-summary.js";
import { timelineTable } from "./timeline-table.js";
import { timingsSpec } from "./timings-spec.js";
import { timingsSummary } from "./timings-summary.js";
import { timingsTable } from "./timings-table.js";
import {
  parseTimings,
  type TimingsFigure,
  timingsPayload,
  type TimingsPayload,
} from "./timings.js";
import { FONT, type Theme } from "./theme.js";

/** The MIME type of hotcell's figures in a notebook. */
export const MIME_TYPE = "application/vnd.hotcell.figure+json";
/** The version of the payloads that this code writes and reads. */
export const VERSION = 1;

export type Figure =
  | HeatmapFigure
  | CurvesFigure
  | TimelineFigure
  | TimingsFigure
  | AnimationFigure
  | TableFigure
  | ProgressFigure;
export type Payload =
  | HeatmapPayload
  | CurvesPayload
  | TimelinePayload
  | TimingsPayload
  | AnimationPayload
  | TablePayload
  | ProgressPayload;
/** A figure that is a picture; the others are lines of text. */
export type Picture = Exclude<Figure, TableFigure | ProgressFigure>;
/** A picture that Vega draws; an animation moves too fast for it. */
export type VegaPicture = Exclude<Picture, AnimationFigure>;

const KINDS = [
  "heatmap",
  "curves",
  "timeline",
  "timings",
  "animation",
  "table",
  "progress",
] as const;

/** A JSON text's value; undefined where it is none. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The figure in a payload that may be hostile, or in its JSON text. Throws a FigureError with a
 * short message, and nothing else, where the payload is not exactly a figure of ours.
 */
export function parseFigure(payload: unknown): Figure {
  const json = typeof payload === "string" ? valueOf(payload) : payload;
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new FigureError("a figure is a JSON object");
  }
  const { version, kind } = json as Record<string, unknown>;
  if (version !== VERSION) {
    throw new FigureError(`this version of hotcell reads figures of version ${VERSION} only`);
  }
  switch (checkWord(kind, "kind", KINDS)) {
    case "heatmap":
      return parseHeatmap(json);
    case "curves":
      return parseCurves(json);
    case "timeline":
      return parseTimeline(json);
    case "timings":
      return parseTimings(json);
    case "animation":
      return parseAnimation(json);
    case "table":
      return parseTable(json);
    case "progress":
      return parseProgress(json);
  }
}

/** The payload of a figure, which `parseFigure` reads back. */
export function toPayload(figure: Figure): Payload {
  switch (figure.kind) {
    case "heatmap":
      return heatmapPayload(figure);
    case "curves":
      return curvesPayload(figure);
    case "timeline":
      return timelinePayload(figure);
    case "timings":
      return timingsPayload(figure);
    case "animation":
      return animationPayload(figure);
    case "table":
      return tablePayload(figure);
    case "progress":
      return progressPayload(figure);
  }
}

/** What a picture is drawn with. */
export interface PictureOptions {
  /** Width of the whole picture in CSS pixels, axes and colour bar included. */
  readonly width: number;
  readonly theme: Theme;
  /** The font of all text. */
  readonly font?: string;
  /** What a reader has changed of a plot. */
  readonly state?: PlotState;
}

/** The Vega-Lite specification of a picture; it fills `width` exactly and fixes its own height. */
export function toVegaLite(figure: VegaPicture, options: PictureOptions): TopLevelSpec {
  const { width, theme, font = FONT, state } = options;
  switch (figure.kind) {
    case "heatmap":
      return heatmapSpec(figure, { width, theme, font });
    case "curves":
      return curvesSpec(figure, { width, theme, font, ...state });
    case "timeline":
      return timelineSpec(figure, { width, theme, font });
    case "timings":
      return timingsSpec(figure, { width, theme, font });
  }
}

/** The figure in words: for terminals, screen readers and front ends that show no pictures. */
export function summary(figure: Figure): string {
  switch (figure.kind) {
    case "heatmap":
      return heatmapSummary(figure);
    case "curves":
      return curvesSummary(figure);
    case "timeline":
      return timelineSummary(figure);
    case "timings":
      return timingsSummary(figure);
    case "animation":
      return animationSummary(figure);
    case "table":
      return tableText(figure);
    case "progress":
      return progressText(figure);
  }
}

/** Every number of a figure, for CSV files and for readers who don't see it. */
export function toTable(figure: Exclude<Figure, ProgressFigure>): DataTable {
  switch (figure.kind) {
    case "heatmap":
      return heatmapTable(figure);
    case "curves":
      return curvesTable(figure);
    case "timeline":
      return timelineTable(figure);
    case "timings":
      return timingsTable(figure);
    case "animation":
      return animationTable(figure);
    case "table":
      return tableRows(figure);
  }
}
