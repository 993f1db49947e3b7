/**
 * An animation's data: bodies that move through two or three dimensions, frame after frame. Checked
 * numbers come in, a compact payload goes out, and back; pixels and axes are made elsewhere.
 */
import { FigureError } from "../errors.js";
import { type BinaryArray, decodeArray, decodeFractions, encodeArray } from "./binary.js";
import { checkList, checkNumber, checkRecord, checkText, checkWord } from "./checks.js";
import { COLOR_MAPS, type ColorMap } from "./color-map.js";
import { COLOR_SCALES, type ColorScaleName } from "./color-scale.js";
import { type Linked, linkOf } from "./link.js";

/** The most coordinates of one animation: 64 MB in a notebook, 100,000 bodies in 80 frames. */
export const MAX_COORDINATES = 24_000_000;
/** The most bodies in a frame. */
export const MAX_BODIES = 1_000_000;
/** The most frames a second that can be asked for. */
export const MAX_RATE = 240;

/** The largest number on an axis or colour bar, and the latest time. */
export const FARTHEST = 1e150;
/** The least length of a range, as a part of its larger end; in the smallest of which it is that of 1e-140. */
const SHORTEST = 1e-9;
const SMALLEST = 1e-140;

/** Whether a range is so long, and so near to zero, that places in it can be told apart. */
export function isWide([low, high]: readonly [number, number]): boolean {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size <= FARTHEST && high - low >= SHORTEST * Math.max(size, SMALLEST);
}

/** A range that is wide: the given one, or around its middle one that reaches `half` to either side. */
export function widened(range: readonly [number, number], half: number): readonly [number, number] {
  if (isWide(range)) return range;
  const middle = range[0] > range[1] ? 0 : range[0];
  const enough = Math.max(half, Math.abs(middle) / 1e6);
  return [middle - enough, middle + enough];
}

/** One axis of the space that bodies move in. */
export interface AnimationAxis {
  readonly label: string;
  /** What is shown of it at first, low < high. */
  readonly extent: readonly [number, number];
  /** What the fractions of the positions are fractions of. */
  readonly range: readonly [number, number];
}

/** The colours of bodies. */
export interface BodyColors {
  /** Fractions of the colour bar: `[frames or 1, bodies]`, the last fastest. */
  readonly values: Uint16Array;
  readonly label: string;
  /** Undefined where it is left to the reader. */
  readonly map: ColorMap | undefined;
  readonly scale: ColorScaleName;
  /** The values at the two ends of the colour bar, first < second. */
  readonly range: readonly [number, number];
}

/** A number for each frame, drawn as a curve. */
export interface FrameCurve {
  readonly values: Float64Array;
  readonly label: string;
}

/** An animation, ready to be drawn. */
export interface AnimationFigure extends Linked {
  readonly kind: "animation";
  readonly title: string;
  /** Two or three. */
  readonly axes: readonly AnimationAxis[];
  readonly bodies: number;
  /** Fractions of the axes' ranges: `[frames, bodies, axes]`, the last fastest. */
  readonly positions: Uint16Array;
  /** When each frame was, ascending. */
  readonly times: Float64Array;
  readonly timeLabel: string;
  readonly colors: BodyColors | undefined;
  readonly curve: FrameCurve | undefined;
  readonly framesPerSecond: number;
}

interface ColorsPayload {
  readonly values: BinaryArray;
  readonly label: string;
  readonly map?: ColorMap;
  readonly scale: ColorScaleName;
  readonly range: readonly [number, number];
}

/** An animation as JSON. */
export interface AnimationPayload extends Linked {
  readonly version: 1;
  readonly kind: "animation";
  readonly title: string;
  readonly axes: readonly AnimationAxis[];
  readonly positions: BinaryArray;
  readonly times: BinaryArray;
  readonly timeLabel: string;
  readonly colors: ColorsPayload | null;
  readonly curve: { readonly values: BinaryArray; readonly label: string } | null;
  readonly framesPerSecond: number;
}

function checkRange(json: unknown, place: string): readonly [number, number] {
  const ends = checkList(json, place, 2, 2);
  const range = ends.map((end, i) => checkNumber(end, `${place}[${i}]`)) as [number, number];
  if (!isWide(range)) throw new FigureError(`${place} is no range of places that differ`);
  return range;
}

function checkAxis(json: unknown, place: string): AnimationAxis {
  const axis = checkRecord(json, place, ["label", "extent", "range"]);
  return {
    label: checkText(axis.label, `${place}.label`),
    extent: checkRange(axis.extent, `${place}.extent`),
    range: checkRange(axis.range, `${place}.range`),
  };
}

/** Throws unless the times ascend. */
export function checkTimes(times: Float64Array, place: string): void {
  times.forEach((time, i) => {
    if (!(Math.abs(time) <= FARTHEST)) throw new FigureError(`${place}[${i}] is ${time}`);
    if (i > 0 && time <= times[i - 1]!) {
      throw new FigureError(`${place}[${i}] is ${time} after ${times[i - 1]!}: times must ascend`);
    }
  });
}

function checkColors(json: unknown, frames: number, bodies: number): BodyColors {
  const colors = checkRecord(json, "colors", ["values", "label", "scale", "range"], ["map"]);
  const { array, shape } = decodeFractions(colors.values, "colors.values", 2, MAX_COORDINATES);
  if (shape[1] !== bodies || (shape[0] !== 1 && shape[0] !== frames)) {
    throw new FigureError(
      `colors has the shape [${shape.join(", ")}] for ${frames} frames of ${bodies} bodies`,
    );
  }
  const scale = checkWord(colors.scale, "colors.scale", COLOR_SCALES);
  const range = checkRange(colors.range, "colors.range");
  if (scale === "log" && range[0] <= 0) throw new FigureError("colors.range is not positive");
  return {
    values: array,
    label: checkText(colors.label, "colors.label"),
    map: colors.map === undefined ? undefined : checkWord(colors.map, "colors.map", COLOR_MAPS),
    scale,
    range,
  };
}

function checkCurve(json: unknown, frames: number): FrameCurve {
  const curve = checkRecord(json, "curve", ["values", "label"]);
  const { array } = decodeArray(curve.values, "curve.values", 1, frames);
  if (array.length !== frames) throw new FigureError(`curve has ${array.length} values`);
  return { values: Float64Array.from(array), label: checkText(curve.label, "curve.label") };
}

/** The animation in a payload whose version and kind are checked. */
export function parseAnimation(json: unknown): AnimationFigure {
  const record = checkRecord(
    json,
    "animation",
    [
      "version",
      "kind",
      "title",
      "axes",
      "positions",
      "times",
      "timeLabel",
      "colors",
      "curve",
      "framesPerSecond",
    ],
    ["link"],
  );
  const axes = checkList(record.axes, "axes", 2, 3).map((axis, i) => checkAxis(axis, `axes[${i}]`));
  const { array, shape } = decodeFractions(record.positions, "positions", 3, MAX_COORDINATES);
  const [frames, bodies, dimensions] = shape as [number, number, number];
  if (dimensions !== axes.length || frames === 0 || bodies === 0 || bodies > MAX_BODIES) {
    throw new FigureError(`positions has the shape [${shape.join(", ")}]`);
  }
  const times = Float64Array.from(decodeArray(record.times, "times", 1, frames).array);
  if (times.length !== frames) throw new FigureError(`times has ${times.length} values`);
  checkTimes(times, "times");
  return {
    kind: "animation",
    title: checkText(record.title, "title"),
    axes,
    bodies,
    positions: array,
    times,
    timeLabel: checkText(record.timeLabel, "timeLabel"),
    colors: record.colors === null ? undefined : checkColors(record.colors, frames, bodies),
    curve: record.curve === null ? undefined : checkCurve(record.curve, frames),
    framesPerSecond: checkNumber(record.framesPerSecond, "framesPerSecond", 0.01, MAX_RATE),
    ...linkOf(record),
  };
}

/** The payload of an animation. */
export function animationPayload(figure: AnimationFigure): AnimationPayload {
  const { title, axes, bodies, positions, times, timeLabel, colors, curve } = figure;
  const frames = times.length;
  return {
    version: 1,
    kind: "animation",
    title,
    axes,
    positions: encodeArray(positions, [frames, bodies, axes.length]),
    times: encodeArray(times, [frames]),
    timeLabel,
    colors: colors ? colorsPayload(colors, bodies) : null,
    curve: curve ? { ...curve, values: encodeArray(curve.values, [frames]) } : null,
    framesPerSecond: figure.framesPerSecond,
    ...linkOf(figure),
  };
}

function colorsPayload({ values, map, ...rest }: BodyColors, bodies: number): ColorsPayload {
  return {
    ...rest,
    values: encodeArray(values, [values.length / bodies, bodies]),
    ...(map && { map }),
  };
}
