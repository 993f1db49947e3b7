/**
 * `animate`: positions as a simulation leaves them become a checked figure, and one output. Ranges are
 * found and numbers packed here; pixels and axes are made in figure/.
 */
import { FigureError } from "../errors.js";
import {
  type AnimationAxis,
  type AnimationFigure,
  type BodyColors,
  checkTimes,
  isWide,
  FARTHEST,
  type FrameCurve,
  MAX_BODIES,
  MAX_COORDINATES,
  MAX_RATE,
  widened,
} from "../figure/animation.js";
import { checkText } from "../figure/checks.js";
import { COLOR_MAPS, type ColorMap } from "../figure/color-map.js";
import { COLOR_SCALES, type ColorScaleName, colorScale } from "../figure/color-scale.js";
import { toFraction } from "../figure/fractions.js";
import { linkOf } from "../figure/link.js";
import {
  indexOf,
  type Layout,
  layoutOf,
  type Numbers,
  numbersOf,
  type StridedArray,
} from "./numbers.js";
import { showPicture } from "./picture.js";

/** Lower and upper end of something. */
type Range = readonly [number, number];

/** What `animate` draws. */
export interface AnimateOptions {
  /**
   * Where each body is in each frame: an array of the shape [frames, bodies, 2 or 3], or a list of
   * frames of the shape [bodies, 2 or 3]. A body is left out of a frame where it has a NaN.
   */
  readonly positions:
    StridedArray | ArrayLike<StridedArray> | ArrayLike<ArrayLike<ArrayLike<number>>>;
  /** When each frame was, ascending; default 0, 1, 2 …, with the label "frame". */
  readonly times?: Numbers;
  /** What the times are; default "t". */
  readonly timeLabel?: string;
  /** A number for each body, or for each body in each frame, to be shown as its colour. */
  readonly colors?: Numbers | ArrayLike<ArrayLike<number>>;
  /** What the colours mean. */
  readonly colorLabel?: string;
  /** Default "viridis", or what a reader has set in JupyterLab; all are perceptually uniform. */
  readonly colorMap?: "viridis" | "magma" | "inferno" | "plasma" | "cividis";
  /** Default "linear"; "log" suits masses over decades, and shows what is not positive in grey. */
  readonly colorScale?: "linear" | "log";
  /** Values at the two ends of the colour bar; default: the smallest and largest finite value. */
  readonly colorRange?: Range;
  /** A number for each frame, such as the energy, drawn as a curve below. */
  readonly curve?: { readonly y: Numbers; readonly label?: string };
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly zLabel?: string;
  /**
   * What is shown of each axis: one range for all, or one for each axis; default: all positions of
   * all frames. Bodies are kept up to an extent's length outside of it.
   */
  readonly extent?: Range | readonly Range[];
  /** Shows every n-th frame only, from the first; default 1. */
  readonly every?: number;
  /** Default 30, and less where the frames would be over in five seconds, but at least 10. */
  readonly framesPerSecond?: number;
  /** As of `plot`: figures of a notebook with the same link show the same time. */
  readonly link?: string;
}

interface Frames {
  readonly layout: Layout;
  /** Which of the given frames are shown. */
  readonly shown: readonly number[];
  readonly bodies: number;
  readonly dimensions: number;
}

function framesOf(positions: unknown, every: number): Frames {
  const layout = layoutOf(positions, "animate: positions");
  const [given = 0, bodies = 0, dimensions = 0] = layout.shape;
  if (layout.shape.length !== 3 || (dimensions !== 2 && dimensions !== 3)) {
    throw new FigureError(
      `animate: positions has the shape [${layout.shape.join(", ")}], not [frames, bodies, 2 or 3]; give flat numbers as { data, shape }`,
    );
  }
  if (!Number.isInteger(every) || every < 1) {
    throw new FigureError(`animate: every is ${every}; it is a whole number from 1`);
  }
  const shown = Array.from({ length: Math.ceil(given / every) }, (_, i) => i * every);
  checkSize(shown.length, bodies, dimensions, every);
  return { layout, shown, bodies, dimensions };
}

function checkSize(frames: number, bodies: number, dimensions: number, every: number): void {
  if (bodies > MAX_BODIES) {
    throw new FigureError(
      `animate: positions has ${bodies} bodies, at most ${MAX_BODIES} can be drawn: take a part of them`,
    );
  }
  const coordinates = frames * bodies * dimensions;
  if (coordinates <= MAX_COORDINATES) return;
  const [megabytes, most] = [coordinates, MAX_COORDINATES].map((n) => Math.round((n * 8) / 3e6));
  const remedy = every * Math.ceil(coordinates / MAX_COORDINATES);
  throw new FigureError(
    `animate: ${frames} frames of ${bodies} bodies would add ${megabytes!} MB to the notebook, at most ${most!} MB fit: set every to ${remedy}, or show fewer bodies`,
  );
}

/** The smallest and the largest coordinate along each axis; empty ranges where there is none. */
function boundsOf({ layout, shown, bodies, dimensions }: Frames): [number, number][] {
  const { data, strides } = layout;
  return Array.from({ length: dimensions }, (_, axis) => {
    let low = Infinity;
    let high = -Infinity;
    for (const frame of shown) {
      let index = indexOf(layout, frame, 0, axis);
      for (let body = 0; body < bodies; body++, index += strides[1]!) {
        const value = data[index]!;
        // nothing that can be drawn is farther away
        if (Math.abs(value) > FARTHEST) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return [low, high];
  });
}

function extentsOf(given: AnimateOptions["extent"], dimensions: number): Range[] | undefined {
  if (given === undefined) return undefined;
  const isOne = typeof given[0] === "number";
  const ranges = (
    isOne ? Array.from({ length: dimensions }, () => given) : given
  ) as readonly Range[];
  if (ranges.length !== dimensions) {
    throw new FigureError(
      `animate: extent has ${ranges.length} ranges for ${dimensions} axes; give one for each, or one for all`,
    );
  }
  return ranges.map((range) => checkRange(range, "extent"));
}

function checkRange(range: readonly number[], name: string): Range {
  const [low, high] = range as [number, number];
  if (range.length === 2 && isWide([low, high])) return [low, high];
  throw new FigureError(
    `animate: ${name} is [${range.join(", ")}]; it is two finite numbers, the smaller first`,
  );
}

function axesOf(frames: Frames, options: AnimateOptions): AnimationAxis[] {
  const bounds = boundsOf(frames);
  const extents = extentsOf(options.extent, frames.dimensions);
  const longest = Math.max(...bounds.map(([low, high]) => (high > low ? high - low : 0)));
  const labels = [options.xLabel, options.yLabel, options.zLabel];
  return bounds.map((bound, i) => {
    // a plane in space gets a little depth
    const all = widened(bound, longest / 10 || 0.5);
    const extent = extents?.[i] ?? all;
    const length = extent[1] - extent[0];
    const near: Range = [
      Math.max(all[0], extent[0] - length),
      Math.min(all[1], extent[1] + length),
    ];
    const range = near[0] < near[1] ? near : extent;
    const label = checkText(labels[i] ?? "", `animate: ${"xyz".charAt(i)}Label`);
    return { label, extent, range };
  });
}

function fractionsOf(
  { layout, shown, bodies, dimensions }: Frames,
  axes: readonly AnimationAxis[],
) {
  const { data, strides } = layout;
  const fractions = new Uint16Array(shown.length * bodies * dimensions);
  axes.forEach(({ range: [low, high] }, axis) => {
    let at = axis;
    for (const frame of shown) {
      let index = indexOf(layout, frame, 0, axis);
      for (let body = 0; body < bodies; body++, index += strides[1]!, at += dimensions) {
        fractions[at] = toFraction((data[index]! - low) / (high - low));
      }
    }
  });
  return fractions;
}

/** The numbers of one axis that must be as long as there are frames, of those that are shown. */
function perFrame(given: unknown, name: string, { layout, shown }: Frames): Float64Array {
  const numbers = numbersOf(given, `animate: ${name}`);
  const frames = layout.shape[0]!;
  if (numbers.length !== frames) {
    throw new FigureError(
      `animate: ${name} has ${numbers.length} values, but positions has ${frames} frames`,
    );
  }
  return Float64Array.from(shown, (frame) => numbers[frame]!);
}

function timesOf(frames: Frames, { times, timeLabel }: AnimateOptions) {
  const values =
    times === undefined ? Float64Array.from(frames.shown) : perFrame(times, "times", frames);
  checkTimes(values, "animate: times");
  const label = timeLabel ?? (times === undefined ? "frame" : "t");
  return { times: values, timeLabel: checkText(label, "animate: timeLabel") };
}

function curveOf(frames: Frames, curve: AnimateOptions["curve"]): FrameCurve | undefined {
  if (curve === undefined) return undefined;
  const label = checkText(curve.label ?? "", "animate: curve.label");
  return { values: perFrame(curve.y, "curve.y", frames), label };
}

function oneOf<W extends string>(word: W, name: string, words: readonly W[]): W {
  if (words.includes(word)) return word;
  throw new FigureError(`animate: ${name} is "${word}"; it is one of ${words.join(", ")}`);
}

function colorsOf(frames: Frames, options: AnimateOptions): BodyColors | undefined {
  if (options.colors === undefined) return undefined;
  const { shown, bodies } = frames;
  const layout = layoutOf(options.colors, "animate: colors");
  const isPerFrame = layout.shape.length === 2;
  const wanted = isPerFrame ? [frames.layout.shape[0]!, bodies] : [bodies];
  if (layout.shape.join() !== wanted.join()) {
    throw new FigureError(
      `animate: colors has the shape [${layout.shape.join(", ")}], not [bodies] or [frames, bodies], which are ${frames.layout.shape[0]!} and ${bodies}`,
    );
  }
  const rows = isPerFrame ? shown.map((frame) => indexOf(layout, frame, 0)) : [layout.offset];
  const stride = layout.strides[isPerFrame ? 1 : 0]!;
  const values = new Float64Array(rows.length * bodies);
  let at = 0;
  for (const row of rows) {
    for (let body = 0; body < bodies; body++) values[at++] = layout.data[row + body * stride]!;
  }
  const scale = oneOf<ColorScaleName>(options.colorScale ?? "linear", "colorScale", COLOR_SCALES);
  const range = options.colorRange
    ? checkRange(options.colorRange, "colorRange")
    : spread(values, scale);
  if (scale === "log" && range[0] <= 0) {
    throw new FigureError(
      `animate: colorRange starts at ${range[0]}: a log scale needs positive ends`,
    );
  }
  const bar = colorScale(scale, range);
  // what lies outside of the range has the colour of that end
  const within = (value: number) => Math.min(Math.max(bar.fraction(value), 0), 1);
  return {
    values: Uint16Array.from(values, (value) => toFraction(within(value))),
    label: checkText(options.colorLabel ?? "", "animate: colorLabel"),
    map:
      options.colorMap === undefined
        ? undefined
        : oneOf<ColorMap>(options.colorMap, "colorMap", COLOR_MAPS),
    scale,
    range,
  };
}

/** The range of the values that have a colour. */
function spread(values: Float64Array, scale: ColorScaleName): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (Math.abs(value) > FARTHEST || (scale === "log" && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (scale === "log")
    return low < high ? [low, high] : low === high ? [low / 2, low * 2] : [1, 10];
  return widened([low, high], low === high ? Math.abs(low) / 10 || 1 : 1);
}

function rateOf(given: number | undefined, frames: number): number {
  if (given === undefined) return Math.min(Math.max(frames / 5, 10), 30);
  if (given >= 0.01 && given <= MAX_RATE) return given;
  throw new FigureError(
    `animate: framesPerSecond is ${given}; it is a number from 0.01 to ${MAX_RATE}`,
  );
}

/** The figure that `animate` shows. */
export function animationFigure(options: AnimateOptions): AnimationFigure {
  const frames = framesOf(options.positions, options.every ?? 1);
  const axes = axesOf(frames, options);
  return {
    kind: "animation",
    title: checkText(options.title ?? "", "animate: title"),
    axes,
    bodies: frames.bodies,
    positions: fractionsOf(frames, axes),
    ...timesOf(frames, options),
    colors: colorsOf(frames, options),
    curve: curveOf(frames, options.curve),
    framesPerSecond: rateOf(options.framesPerSecond, frames.shown.length),
    ...linkOf(options, "animate: link"),
  };
}

/**
 * Plays bodies that move through a plane or through space, as an output of the cell: with play, pause,
 * scrubbing, speed and trails, and in space with a view that turns as it is dragged.
 *
 * The output is live in JupyterLab with hotcell's extension; elsewhere a PNG shows the first, the middle
 * and the last frame. Positions and colours are kept to 1/65,534 of their ranges, which takes 2⅔
 * bytes a coordinate in the notebook, at most 64 MB; the text form of the output says how much.
 * Equal lengths are drawn equal, unless the axes differ more than twentyfold. Nothing is returned.
 * Throws a FigureError where shapes don't fit together, a value is not a number, or there are too many.
 *
 * @example
 * animate({ positions, times, colors: masses, colorScale: "log", colorLabel: "mass",
 *           curve: { y: energies, label: "energy" } });
 */
export function animate(options: AnimateOptions): void {
  showPicture(animationFigure(options));
}
