/**
 * A frame's bodies become pixels: round, smooth-edged discs in their colours, the nearest on top, with
 * the trails they have drawn. It knows neither axes nor time. 100,000 bodies take a few
 * milliseconds, so that a front end paints frame after frame, and no two bodies need an element.
 */
import type { AnimationFigure } from "./animation.js";
import { ABSENT } from "./fractions.js";
import { colorTable } from "./color-map.js";
import { blend, blendDisc, type Disc, discsOf, placeOf } from "./disc.js";
import { type Linear, ofFractions, type Projection } from "./projection.js";
import type { Raster } from "./raster.js";
import type { Theme } from "./theme.js";

/** How a frame is to be painted. */
export interface BodiesOptions {
  readonly frame: number;
  /** Into CSS pixels from the raster's upper left corner. */
  readonly projection: Projection;
  readonly theme: Theme;
  /** Whether each body shows where it was in the frames before. */
  readonly trails: boolean;
}

/** Bodies without a colour of their own. */
const PLAIN: Readonly<Record<Theme, number>> = { light: 0xffb56d2f, dark: 0xffe3a86d };
/** The ring around bodies that are large enough for one: their colour may be near to the paper's. */
const RING: Readonly<Record<Theme, number>> = { light: 0xff8c8c8c, dark: 0xffa8a8a8 };
const RING_WIDTH = 0.75;
const LEAST_RINGED = 2;
/** Bodies whose colour is not a number. */
const GREY = 0xff8c8c8c;

/** Levels of nearness that bodies are sorted into. */
const LEVELS = 512;
/** How much of its opacity the farthest body has. */
const FARTHEST = 0.35;

/** The most frames of a trail, and the most points that all trails of a picture are made of. */
const LONGEST_TRAIL = 48;
const SHORTEST_TRAIL = 4;
const TRAIL_POINTS = 400_000;

/** How opaque a trail is at the body, of 256. */
const TRAIL_OPACITY = 150;

/** Where bodies are on the raster. */
interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

function places(bodies: number): Places {
  return { x: new Float32Array(bodies), y: new Float32Array(bodies) };
}

/** Radius of a body in CSS pixels: smaller, the more there are. */
export function bodyRadius(bodies: number): number {
  return Math.min(Math.max(10 * bodies ** -0.24, 0.5), 5);
}

/** How many frames a trail reaches back. */
export function trailLength(bodies: number): number {
  return Math.min(Math.max(Math.floor(TRAIL_POINTS / bodies / 4), SHORTEST_TRAIL), LONGEST_TRAIL);
}

/** Paints frames of an animation, all of one size, into the same memory. */
export class BodiesPainter {
  readonly #figure: AnimationFigure;
  readonly #ratio: number;
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Uint32Array;
  readonly #discs: readonly Disc[];
  readonly #rings: readonly Disc[] | undefined;
  readonly #reach: number;
  /** Where the bodies of the frame are seen; NaN across for one that is absent. */
  readonly #seen: Places;
  readonly #nearness: Float32Array;
  readonly #order: Uint32Array;

  /** `size` in CSS pixels, of which each has `ratio` pixels a side. */
  constructor(figure: AnimationFigure, size: { width: number; height: number }, ratio: number) {
    this.#figure = figure;
    this.#ratio = ratio;
    this.#width = Math.max(1, Math.round(size.width * ratio));
    this.#height = Math.max(1, Math.round(size.height * ratio));
    this.#pixels = new Uint32Array(this.#width * this.#height);
    const radius = bodyRadius(figure.bodies) * ratio;
    this.#reach = Math.ceil(radius + RING_WIDTH * ratio + 1);
    this.#discs = discsOf(radius, this.#reach, this.#width);
    const ring = radius + RING_WIDTH * ratio;
    this.#rings =
      radius < LEAST_RINGED * ratio ? undefined : discsOf(ring, this.#reach, this.#width);
    this.#seen = places(figure.bodies);
    this.#nearness = new Float32Array(figure.bodies);
    this.#order = Uint32Array.from({ length: figure.bodies }, (_, i) => i);
  }

  /** The pixels of a frame; the next call overwrites them. */
  paint({ frame, projection, theme, trails }: BodiesOptions): Raster {
    const { axes } = this.#figure;
    const x = ofFractions(projection.x, axes, this.#ratio);
    const y = ofFractions(projection.y, axes, this.#ratio);
    const palette = this.#palette(theme);
    this.#pixels.fill(0);
    if (trails) this.#paintTrails(frame, x, y, palette);
    this.#project(frame, x, y, this.#seen);
    if (axes.length === 3) this.#sort(frame, ofFractions(projection.nearness, axes));
    this.#paintDiscs(frame, palette, RING[theme]);
    divideByOpacity(this.#pixels);
    const rgba = new Uint8ClampedArray(this.#pixels.buffer);
    return { width: this.#width, height: this.#height, rgba };
  }

  /** Colours by a fraction's upper byte, opaque, as they stand in memory. */
  #palette(theme: Theme): Uint32Array {
    const { colors } = this.#figure;
    if (!colors) return new Uint32Array(256).fill(PLAIN[theme]);
    const table = colorTable(colors.map);
    return Uint32Array.from(
      { length: 256 },
      (_, i) =>
        (0xff000000 | (table[3 * i + 2]! << 16) | (table[3 * i + 1]! << 8) | table[3 * i]!) >>> 0,
    );
  }

  /** The bodies' fractions of the colour bar in a frame; empty where they have no colours. */
  #colorsOf(frame: number): Uint16Array | undefined {
    const { colors, bodies } = this.#figure;
    if (!colors) return undefined;
    const start = colors.values.length > bodies ? frame * bodies : 0;
    return colors.values.subarray(start, start + bodies);
  }

  #project(frame: number, across: Linear, down: Linear, { x, y }: Places): void {
    const { axes, bodies, positions } = this.#figure;
    const dimensions = axes.length;
    const [xa, xb, xc, xd] = across;
    const [ya, yb, yc, yd] = down;
    let at = frame * bodies * dimensions;
    for (let i = 0; i < bodies; i++, at += dimensions) {
      const a = positions[at]!;
      const b = positions[at + 1]!;
      const c = dimensions === 3 ? positions[at + 2]! : 0;
      const isAbsent = a === ABSENT || b === ABSENT || c === ABSENT;
      x[i] = isAbsent ? NaN : xa * a + xb * b + xc * c + xd;
      y[i] = ya * a + yb * b + yc * c + yd;
    }
  }

  /** Orders the bodies from far to near, by counting them into levels. */
  #sort(frame: number, [a, b, c, d]: Linear): void {
    const { bodies, positions } = this.#figure;
    const nearness = this.#nearness;
    const order = this.#order;
    const starts = new Uint32Array(LEVELS + 1);
    const level = (near: number): number =>
      near <= 0 ? 0 : near >= 1 ? LEVELS - 1 : Math.floor(near * LEVELS);
    let at = 3 * frame * bodies;
    for (let i = 0; i < bodies; i++, at += 3) {
      const near = a * positions[at]! + b * positions[at + 1]! + c * positions[at + 2]! + d;
      nearness[i] = near;
      starts[level(nearness[i]!) + 1]!++;
    }
    for (let i = 0; i < LEVELS; i++) starts[i + 1]! += starts[i]!;
    for (let i = 0; i < bodies; i++) order[starts[level(nearness[i]!)]!++] = i;
  }

  #paintDiscs(frame: number, palette: Uint32Array, ring: number): void {
    const isDeep = this.#figure.axes.length === 3;
    const colors = this.#colorsOf(frame);
    const pixels = this.#pixels;
    const nearness = this.#nearness;
    const { x: xs, y: ys } = this.#seen;
    const [width, height, reach] = [this.#width, this.#height, this.#reach];
    const [discs, rings] = [this.#discs, this.#rings];
    const order = this.#order;
    // plain counting: this loop is what a frame's time is spent on
    for (let k = 0; k < order.length; k++) {
      const i = order[k]!;
      const x = xs[i]!;
      const y = ys[i]!;
      // false for NaN too
      if (!(x > -reach && y > -reach && x < width + reach && y < height + reach)) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const place = placeOf(x - left, y - top);
      const color = colorOf(colors, i, palette);
      const opacity = isDeep ? depthOpacity(nearness[i]!) : 256;
      if (x >= reach && y >= reach && x < width - reach - 1 && y < height - reach - 1) {
        const at = top * width + left;
        if (rings) blendDisc(pixels, at, rings[place]!, opacity, ring);
        blendDisc(pixels, at, discs[place]!, opacity, color);
      } else {
        if (rings) this.#blendClipped(left, top, rings[place]!, opacity, ring);
        this.#blendClipped(left, top, discs[place]!, opacity, color);
      }
    }
  }

  /** A disc at the picture's edge, pixel by pixel. */
  #blendClipped(left: number, top: number, disc: Disc, opacity: number, color: number): void {
    const [width, reach] = [this.#width, this.#reach];
    disc.offsets.forEach((offset, k) => {
      const shifted = offset + reach * (width + 1);
      const row = top + Math.floor(shifted / width) - reach;
      const column = left + (shifted % width) - reach;
      if (row < 0 || column < 0 || row >= this.#height || column >= width) return;
      blend(this.#pixels, row * width + column, (disc.opacities[k]! * opacity) >> 8, color);
    });
  }

  /** Where the bodies came from: lines through their places in the frames before, ever fainter. */
  #paintTrails(frame: number, across: Linear, down: Linear, palette: Uint32Array): void {
    const { bodies } = this.#figure;
    const length = Math.min(trailLength(bodies), frame);
    const colors = this.#colorsOf(frame);
    const most = Math.max(1, Math.floor(TRAIL_POINTS / (bodies * Math.max(length, 1))));
    let [before, after] = [places(bodies), this.#seen];
    this.#project(frame - length, across, down, before);
    for (let age = length; age >= 1; age--) {
      this.#project(frame - age + 1, across, down, after);
      const opacity = Math.round(TRAIL_OPACITY * (1 - (age - 0.5) / (length + 1)));
      for (let i = 0; i < bodies; i++) {
        const [x, y] = [before.x[i]!, before.y[i]!];
        const [dx, dy] = [after.x[i]! - x, after.y[i]! - y];
        // NaN where the body is absent, which draws nothing
        this.#paintLine(x, y, dx, dy, most, opacity, colorOf(colors, i, palette));
      }
      [before, after] = [after, before];
    }
  }

  /** A line of at most so many points, without its end. */
  #paintLine(
    x: number,
    y: number,
    dx: number,
    dy: number,
    most: number,
    opacity: number,
    color: number,
  ): void {
    const [width, height] = [this.#width, this.#height];
    const points = Math.max(1, Math.min(most, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)))));
    for (let k = 0; k < points; k++) {
      const column = Math.floor(x + (k / points) * dx);
      const row = Math.floor(y + (k / points) * dy);
      if (!(column >= 0 && row >= 0 && column < width && row < height)) continue;
      blend(this.#pixels, row * width + column, opacity, color);
    }
  }
}

function colorOf(colors: Uint16Array | undefined, body: number, palette: Uint32Array): number {
  if (!colors) return palette[0]!;
  const fraction = colors[body]!;
  return fraction === ABSENT ? GREY : palette[fraction >> 8]!;
}

/** Of 0 to 256: what is far away is fainter. */
function depthOpacity(nearness: number): number {
  const within = nearness < 0 ? 0 : nearness > 1 ? 1 : nearness;
  return Math.round(256 * (FARTHEST + (1 - FARTHEST) * within));
}

/** From colours multiplied by their opacity to plain ones, as images have them. */
function divideByOpacity(pixels: Uint32Array): void {
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const opacity = pixel >>> 24;
    if (opacity === 0 || opacity === 255) continue;
    const factor = 255 / opacity;
    const red = Math.min(255, (pixel & 255) * factor);
    const green = Math.min(255, ((pixel >>> 8) & 255) * factor);
    const blue = Math.min(255, ((pixel >>> 16) & 255) * factor);
    pixels[i] = (opacity << 24) | (blue << 16) | (green << 8) | red;
  }
}
