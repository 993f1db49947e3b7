/**
 * What the JupyterLab extension needs of hotcell: payload types, their checks and their specs.
 * `hotcell/figure` is for that extension only; it may change with any version.
 */
export { FigureError } from "../errors.js";
export type { AnimationFigure, AnimationPayload } from "./animation.js";
export {
  type AnimationDrawing,
  liveDrawing,
  type SpacePanel,
  stillDrawing,
  timeText,
} from "./animation-drawing.js";
export { bodyColumns, bodyValues, DIGITS } from "./animation-table.js";
export { BodiesPainter } from "./bodies-raster.js";
export { bodyUnder } from "./body-under.js";
export type { BinaryArray } from "./binary.js";
export { COLOR_MAPS, type ColorMap, DEFAULT_MAP } from "./color-map.js";
export { type LegendEntry, legendOf } from "./curve-legend.js";
export { CurveIndex, type CurvePoint } from "./curve-index.js";
export { plotScales, type PlotWindow, windowBetween } from "./curve-scale.js";
export { curveStyle } from "./curve-style.js";
export type { Curve, CurvesFigure, CurvesPayload, FitWindow } from "./curves.js";
export { CURVE_SCALE_NAMES, type PlotState } from "./curves-spec.js";
export { csvParts, type DataTable, type Datum } from "./data-table.js";
export { exactText } from "./exact-text.js";
export {
  type Figure,
  MIME_TYPE,
  parseFigure,
  type Payload,
  type Picture,
  type PictureOptions,
  summary,
  toPayload,
  toTable,
  toVegaLite,
  type VegaPicture,
  VERSION,
} from "./figure.js";
export { drawingSvg } from "./drawing-svg.js";
export { BASE_LINE, type Drawing, type Shape } from "./drawing.js";
export { fitData, type FitData } from "./fit-spec.js";
export { type CellRange, crop, fitting } from "./crop.js";
export { cutsDrawing } from "./cuts-drawing.js";
export { curveMark, frameAt, frameNear } from "./frame-curve.js";
export { type Cell, cellAt, cellOf, edgesOf } from "./grid.js";
export { heatmapHeight, HEATMAP_SCALES } from "./heatmap-spec.js";
export { counting } from "./heatmap-summary.js";
export type { AxisScale, HeatmapAxis, HeatmapFigure, HeatmapPayload } from "./heatmap.js";
export { fitMsd, fitText, type MsdFit } from "./msd-fit.js";
export { durationText, numberText } from "./number-text.js";
export {
  type ProgressFigure,
  type ProgressPayload,
  type ProgressState,
  progressText,
} from "./progress.js";
export { type Panel, START, type Viewpoint } from "./projection.js";
export { painting, type Raster } from "./raster.js";
export type { Steps } from "./steps.js";
export type { TableColumn, TableFigure, TablePayload } from "./table.js";
export { columnWriter } from "./table-text.js";
export type { Timeline, TimelineChunk } from "./timeline.js";
export type { TimelineFigure, TimelinePayload } from "./timeline-figure.js";
export type { Timing, TimingsFigure, TimingsPayload } from "./timings.js";
