/**
 * Curves' data: what the points of a plot become, what travels in the payload. Arrays that several
 * curves share, such as their abscissae, travel once. Pictures and texts are made elsewhere.
 */
import { FigureError } from "../errors.js";
import { type BinaryArray, decodeArray, encodeArray, type FloatArray } from "./binary.js";
import {
  checkInteger,
  checkList,
  checkNumber,
  checkRecord,
  checkText,
  checkWord,
} from "./checks.js";
import { type Linked, linkOf } from "./link.js";

/** The most curves of one plot, and the most points of all of them. */
export const MAX_CURVES = 100;
export const MAX_POINTS = 4_000_000;

export const CURVE_SCALES = ["linear", "log", "symlog"] as const;
/** How an axis maps values to places; symlog is linear around zero and logarithmic to both sides. */
export type CurveScale = (typeof CURVE_SCALES)[number];

export const CURVE_MARKS = ["line", "points", "linePoints"] as const;
export type CurveMark = (typeof CURVE_MARKS)[number];

export const DASHES = ["solid", "dashed", "dotted", "dashDotted"] as const;
export type Dash = (typeof DASHES)[number];

/** One curve: points in the order in which they are joined. What isn't finite is a gap. */
export interface Curve {
  readonly label: string;
  readonly x: FloatArray;
  readonly y: FloatArray;
  /** Half the length of each point's error bar. */
  readonly error: FloatArray | undefined;
  /** The same along the x axis. */
  readonly xError: FloatArray | undefined;
  /** The edges of a band along the curve. */
  readonly band: { readonly lower: FloatArray; readonly upper: FloatArray } | undefined;
  readonly mark: CurveMark;
  /** Undefined: by the curve's place, so that neighbours differ not in colour alone. */
  readonly dash: Dash | undefined;
}

/** One axis of a plot. */
export interface CurveAxis {
  readonly label: string;
  readonly scale: CurveScale;
}

/** The part of a mean squared displacement, the first curve, through which a straight line is fitted. */
export interface FitWindow {
  readonly from: number;
  readonly to: number;
  /** Of the space in which the particles move: D is the slope over twice as many. */
  readonly dimensions: number;
  /** How the errors of the values go together, if it is known. */
  readonly covariance?: FitCovariance;
}

/** The covariances of a curve's values, at some of its points. */
export interface FitCovariance {
  /** Which points, ascending. */
  readonly points: FloatArray;
  /** A row and a column a point. */
  readonly values: FloatArray;
}

/** The most points whose covariances are known. */
export const MAX_COVARIANCE = 128;

/** Curves over two axes, ready to be drawn. */
export interface CurvesFigure extends Linked {
  readonly kind: "curves";
  readonly title: string;
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  readonly curves: readonly Curve[];
  readonly fit: FitWindow | undefined;
}

/** A curve as JSON: its arrays are named by their places in the list of all. */
interface CurvePayload {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly error: number | null;
  readonly xError?: number;
  readonly band: readonly [lower: number, upper: number] | null;
  readonly mark: CurveMark;
  readonly dash: Dash | null;
}

/** Curves as JSON. */
export interface CurvesPayload extends Linked {
  readonly version: 1;
  readonly kind: "curves";
  readonly title: string;
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  readonly arrays: readonly BinaryArray[];
  readonly curves: readonly CurvePayload[];
  readonly fit: FitPayload | null;
}

/** A window as JSON; the covariance's two arrays are named as those of the curves. */
interface FitPayload {
  readonly from: number;
  readonly to: number;
  readonly dimensions: number;
  readonly covariance?: readonly [points: number, values: number] | null;
}

/** No curve has more arrays than x, y, its errors and the two edges of its band. */
const MAX_ARRAYS = 6 * MAX_CURVES + 2;

function checkAxis(json: unknown, place: string): CurveAxis {
  const { label, scale } = checkRecord(json, place, ["label", "scale"]);
  return {
    label: checkText(label, `${place}.label`),
    scale: checkWord(scale, `${place}.scale`, CURVE_SCALES),
  };
}

function checkCurve(json: unknown, place: string, arrays: readonly FloatArray[]): Curve {
  const record = checkRecord(
    json,
    place,
    ["label", "x", "y", "error", "band", "mark", "dash"],
    ["xError"],
  );
  const arrayAt = (index: unknown, name: string): FloatArray =>
    arrays[checkInteger(index, `${place}.${name}`, 0, arrays.length - 1)]!;
  const x = arrayAt(record.x, "x");
  const alike = (index: unknown, name: string): FloatArray => {
    const array = arrayAt(index, name);
    if (array.length === x.length) return array;
    throw new FigureError(`${place}.${name} has ${array.length} values, but x has ${x.length}`);
  };
  const band = record.band === null ? undefined : checkList(record.band, `${place}.band`, 2, 2);
  return {
    label: checkText(record.label, `${place}.label`),
    x,
    y: alike(record.y, "y"),
    error: record.error === null ? undefined : alike(record.error, "error"),
    xError: record.xError === undefined ? undefined : alike(record.xError, "xError"),
    band: band && { lower: alike(band[0], "band[0]"), upper: alike(band[1], "band[1]") },
    mark: checkWord(record.mark, `${place}.mark`, CURVE_MARKS),
    dash: record.dash === null ? undefined : checkWord(record.dash, `${place}.dash`, DASHES),
  };
}

function checkFit(json: unknown, arrays: readonly FloatArray[], length: number): FitWindow {
  const record = checkRecord(json, "fit", ["from", "to", "dimensions"], ["covariance"]);
  const from = checkNumber(record.from, "fit.from");
  const { covariance = null } = record;
  return {
    from,
    to: checkNumber(record.to, "fit.to", from),
    dimensions: checkInteger(record.dimensions, "fit.dimensions", 1, 3),
    ...(covariance !== null && { covariance: checkCovariance(covariance, arrays, length) }),
  };
}

function checkCovariance(
  json: unknown,
  arrays: readonly FloatArray[],
  length: number,
): FitCovariance {
  const [points, values] = checkList(json, "fit.covariance", 2, 2).map((index, i) => {
    return arrays[checkInteger(index, `fit.covariance[${i}]`, 0, arrays.length - 1)]!;
  }) as [FloatArray, FloatArray];
  const isAscending = points.every((point, i) => {
    return Number.isInteger(point) && point >= (i === 0 ? 0 : points[i - 1]! + 1) && point < length;
  });
  if (!isAscending || points.length > MAX_COVARIANCE || values.length !== points.length ** 2) {
    throw new FigureError("fit.covariance is none of the first curve's points");
  }
  return { points, values };
}

/** The curves in a payload whose version and kind are checked. */
export function parseCurves(json: unknown): CurvesFigure {
  const record = checkRecord(
    json,
    "curves",
    ["version", "kind", "title", "x", "y", "arrays", "curves", "fit"],
    ["link"],
  );
  let room = MAX_POINTS;
  const arrays = checkList(record.arrays, "arrays", 1, MAX_ARRAYS).map((array, i) => {
    const decoded = decodeArray(array, `arrays[${i}]`, 1, room).array;
    room -= decoded.length;
    return decoded;
  });
  const list = checkList(record.curves, "curves", 1, MAX_CURVES);
  const curves = list.map((curve, i) => checkCurve(curve, `curves[${i}]`, arrays));
  // curves that share arrays are short in the payload, but not when they are drawn
  const points = curves.reduce((sum, { x }) => sum + x.length, 0);
  if (points > MAX_POINTS) {
    throw new FigureError(`curves have ${points} points, at most ${MAX_POINTS} fit`);
  }
  return {
    kind: "curves",
    title: checkText(record.title, "title"),
    x: checkAxis(record.x, "x"),
    y: checkAxis(record.y, "y"),
    curves,
    fit: record.fit === null ? undefined : checkFit(record.fit, arrays, curves[0]!.x.length),
    ...linkOf(record),
  };
}

/** The payload of curves. */
export function curvesPayload(figure: CurvesFigure): CurvesPayload {
  const places = new Map<FloatArray, number>();
  const placeOf = (array: FloatArray): number => {
    const place = places.get(array) ?? places.size;
    places.set(array, place);
    return place;
  };
  const curves = figure.curves.map(({ label, x, y, error, xError, band, mark, dash }) => ({
    label,
    x: placeOf(x),
    y: placeOf(y),
    error: error ? placeOf(error) : null,
    ...(xError && { xError: placeOf(xError) }),
    band: band ? ([placeOf(band.lower), placeOf(band.upper)] as const) : null,
    mark,
    dash: dash ?? null,
  }));
  const { fit } = figure;
  const covariance = fit?.covariance;
  const fitJson = fit && {
    from: fit.from,
    to: fit.to,
    dimensions: fit.dimensions,
    covariance: covariance
      ? ([placeOf(covariance.points), placeOf(covariance.values)] as const)
      : null,
  };
  return {
    version: 1,
    kind: "curves",
    title: figure.title,
    x: figure.x,
    y: figure.y,
    arrays: Array.from(places.keys(), (array) => encodeArray(array, [array.length])),
    curves,
    fit: fitJson ?? null,
    ...linkOf(figure),
  };
}
