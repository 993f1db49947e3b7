/**
 * A heatmap's data: what a cell's numbers become, what travels in the payload, what text stands for
 * it. Checked numbers come in; pixels (raster.ts) and axes (heatmap-spec.ts) are made elsewhere.
 */
import { FigureError } from "../errors.js";
import { type BinaryArray, decodeArray, encodeArray, type FloatArray } from "./binary.js";
import { checkList, checkNumber, checkRecord, checkText, checkWord } from "./checks.js";
import { COLOR_MAPS, type ColorMap } from "./color-map.js";
import { COLOR_SCALES, type ColorScaleName } from "./color-scale.js";

/** The most cells of one heatmap: 4,000 × 4,000. */
export const MAX_CELLS = 16_000_000;

/** The most levels of contour lines. */
export const MAX_CONTOURS = 50;

/** The largest number on an axis or colour bar; what lies between and beyond still fits a double. */
export const MAX_VALUE = 1e300;

/** The same for a log axis, whose outer edges may lie as far out as its centres lie apart. */
const MAX_LOG = 1e150;

export const AXIS_SCALES = ["linear", "log"] as const;
/** How an axis maps values to places. */
export type AxisScale = (typeof AXIS_SCALES)[number];

/** One axis of a heatmap. */
export interface HeatmapAxis {
  /** The cells' centres, strictly ascending or strictly descending; positive on a log axis. */
  readonly values: Float64Array;
  readonly label: string;
  readonly scale: AxisScale;
}

/** A heatmap, ready to be painted. */
export interface HeatmapFigure {
  readonly kind: "heatmap";
  readonly title: string;
  readonly x: HeatmapAxis;
  readonly y: HeatmapAxis;
  readonly z: {
    /** Row by row: `values[iy * nx + ix]` belongs to `y.values[iy]` and `x.values[ix]`. */
    readonly values: FloatArray;
    readonly label: string;
  };
  /** Undefined where it is left to the reader. */
  readonly colorMap: ColorMap | undefined;
  readonly colorScale: ColorScaleName;
  /** Where a symlog scale goes over from linear to logarithmic; of no meaning for others. */
  readonly threshold: number;
  /** The values of the two ends of the colour bar, first < second. */
  readonly range: readonly [number, number];
  /** Values that lines are drawn along. */
  readonly contours: readonly number[];
}

/** A heatmap as JSON. */
export interface HeatmapPayload {
  readonly version: 1;
  readonly kind: "heatmap";
  readonly title: string;
  readonly x: { readonly values: BinaryArray; readonly label: string; readonly scale: AxisScale };
  readonly y: { readonly values: BinaryArray; readonly label: string; readonly scale: AxisScale };
  readonly z: { readonly values: BinaryArray; readonly label: string };
  readonly range: readonly [number, number];
  readonly colorMap?: ColorMap;
  readonly colorScale?: ColorScaleName;
  readonly threshold?: number;
  readonly contours?: readonly number[];
}

function checkAxis(json: unknown, place: string): HeatmapAxis {
  const axis = checkRecord(json, place, ["values", "label", "scale"]);
  const { array } = decodeArray(axis.values, `${place}.values`, 1, MAX_CELLS);
  const scale = checkWord(axis.scale, `${place}.scale`, AXIS_SCALES);
  const values = Float64Array.from(array);
  checkCentres(values, scale, place);
  return { values, label: checkText(axis.label, `${place}.label`), scale };
}

/** Throws unless the centres can stand on an axis in their order. */
export function checkCentres(values: Float64Array, scale: AxisScale, place: string): void {
  if (values.length === 0) throw new FigureError(`${place} is empty`);
  const descending = values.length > 1 && values[1]! < values[0]!;
  values.forEach((value, i) => {
    if (!(Math.abs(value) <= MAX_VALUE)) throw new FigureError(`${place}[${i}] is ${value}`);
    if (scale === "log" && !(value >= 1 / MAX_LOG && value <= MAX_LOG)) {
      const bounds = value > 0 ? `values from ${1 / MAX_LOG} to ${MAX_LOG}` : "positive values";
      throw new FigureError(`${place}[${i}] is ${value}: a log axis needs ${bounds}`);
    }
    if (i === 0) return;
    const before = values[i - 1]!;
    if (descending ? value >= before : value <= before) {
      throw new FigureError(
        `${place}[${i}] is ${value} after ${before}: centres must ascend or descend all the way, so sort them, and the cells with them`,
      );
    }
  });
}

/** Throws unless colours can be spread over a range by a scale. */
export function checkColorScale(
  scale: ColorScaleName,
  [low, high]: readonly [number, number],
  place: string,
): void {
  if (scale === "log" && !(low >= 1 / MAX_LOG && high <= MAX_LOG)) {
    throw new FigureError(
      `${place} is [${low}, ${high}]: a log colour scale needs values from ${1 / MAX_LOG} to ${MAX_LOG}`,
    );
  }
}

/** The heatmap in a payload whose version and kind are checked. */
export function parseHeatmap(json: unknown): HeatmapFigure {
  const record = checkRecord(
    json,
    "heatmap",
    ["version", "kind", "title", "x", "y", "z", "range"],
    ["colorMap", "colorScale", "threshold", "contours"],
  );
  const { colorMap, colorScale = "linear", threshold = 1, contours = [] } = record;
  const x = checkAxis(record.x, "x");
  const y = checkAxis(record.y, "y");
  const z = checkRecord(record.z, "z", ["values", "label"]);
  const { array, shape } = decodeArray(z.values, "z.values", 2, MAX_CELLS);
  if (shape[0] !== y.values.length || shape[1] !== x.values.length) {
    throw new FigureError(
      `z has the shape [${shape.join(", ")}], but y has ${y.values.length} and x ${x.values.length} values`,
    );
  }
  const [low, high] = checkList(record.range, "range", 2, 2);
  const range = [
    checkNumber(low, "range[0]", -MAX_VALUE, MAX_VALUE),
    checkNumber(high, "range[1]", -MAX_VALUE, MAX_VALUE),
  ] as const;
  if (!(range[0] < range[1])) throw new FigureError("range does not ascend");
  const scale = checkWord(colorScale, "colorScale", COLOR_SCALES);
  checkColorScale(scale, range, "range");
  return {
    kind: "heatmap",
    title: checkText(record.title, "title"),
    x,
    y,
    z: { values: array, label: checkText(z.label, "z.label") },
    colorMap: colorMap === undefined ? undefined : checkWord(colorMap, "colorMap", COLOR_MAPS),
    colorScale: scale,
    threshold: checkNumber(threshold, "threshold", 1 / MAX_LOG, MAX_LOG),
    range,
    contours: checkList(contours, "contours", 0, MAX_CONTOURS).map((level, i) =>
      checkNumber(level, `contours[${i}]`, -MAX_VALUE, MAX_VALUE),
    ),
  };
}

/** The payload of a heatmap. */
export function heatmapPayload(figure: HeatmapFigure): HeatmapPayload {
  const { title, x, y, z, colorMap, colorScale, threshold, range, contours } = figure;
  const axis = ({ values, label, scale }: HeatmapAxis) => ({
    values: encodeArray(values, [values.length]),
    label,
    scale,
  });
  return {
    version: 1,
    kind: "heatmap",
    title,
    x: axis(x),
    y: axis(y),
    z: { values: encodeArray(z.values, [y.values.length, x.values.length]), label: z.label },
    range: [range[0], range[1]],
    ...(colorMap && { colorMap }),
    colorScale,
    threshold,
    contours: [...contours],
  };
}
