/**
 * A frame's bodies become pixels: round, smooth-edged discs in their colours, the nearest on top, with
 * the trails they have drawn. It knows neither axes nor time, and is written so that a front end can
 * paint 100,000 bodies frame after frame.
 */
import type { AnimationFigure } from "./animation.js";
import { ABSENT } from "./fractions.js";
import { type ColorMap, colorTable, DEFAULT_MAP } from "./color-map.js";
import { blend, blendDisc, type Disc, discsOf, placeOf } from "./disc.js";
import { placeBodies, type Places, placesFor } from "./body-places.js";
import { type Linear, ofFractions, type Projection } from "./projection.js";
import type { Raster } from "./raster.js";
import type { Theme } from "./theme.js";
import { Trails } from "./trails.js";

/** How a frame is to be painted. */
export interface BodiesOptions {
  readonly frame: number;
  /** Into CSS pixels from the raster's upper left corner. */
  readonly projection: Projection;
  readonly theme: Theme;
  /** Whether each body shows where it was in the frames before. */
  readonly trails: boolean;
}

/** Bodies without a colour of their own. Colours are 32 bits as they stand in memory. */
const PLAIN: Readonly<Record<Theme, number>> = { light: 0xffb56d2f | 0, dark: 0xffe3a86d | 0 };
/** The ring around bodies that are large enough for one: their colour may be near to the paper's. */
const RING: Readonly<Record<Theme, number>> = { light: 0xff8c8c8c | 0, dark: 0xffa8a8a8 | 0 };
const RING_WIDTH = 0.75;
const LEAST_RINGED = 2;
/** Bodies whose colour is not a number. */
const GREY = 0xff8c8c8c | 0;

/** Levels of nearness that bodies are sorted into. */
const LEVELS = 512;
/** How much of its opacity the farthest body has. */
const FARTHEST = 0.35;

/** Radius of a body in CSS pixels: smaller, the more there are. */
export function bodyRadius(bodies: number): number {
  return Math.min(Math.max(10 * bodies ** -0.24, 0.5), 5);
}

/** Paints frames of an animation, all of one size, into the same memory. */
export class BodiesPainter {
  readonly #figure: AnimationFigure;
  readonly #ratio: number;
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Int32Array;
  readonly #discs: readonly Disc[];
  readonly #rings: readonly Disc[] | undefined;
  readonly #reach: number;
  /** Where the bodies of the frame are seen; NaN across for one that is absent. */
  readonly #seen: Places;
  readonly #nearness: Float32Array;
  readonly #shades: Int32Array;
  readonly #order: Uint32Array;
  #trails: Trails | undefined;

  /** `size` in CSS pixels, of which each has `ratio` pixels a side. */
  constructor(figure: AnimationFigure, size: { width: number; height: number }, ratio: number) {
    this.#figure = figure;
    this.#ratio = ratio;
    this.#width = Math.max(1, Math.round(size.width * ratio));
    this.#height = Math.max(1, Math.round(size.height * ratio));
    this.#pixels = new Int32Array(this.#width * this.#height);
    const radius = bodyRadius(figure.bodies) * ratio;
    this.#reach = Math.ceil(radius + RING_WIDTH * ratio + 1);
    this.#discs = discsOf(radius, this.#reach, this.#width);
    const ring = radius + RING_WIDTH * ratio;
    this.#rings =
      radius < LEAST_RINGED * ratio ? undefined : discsOf(ring, this.#reach, this.#width);
    this.#seen = placesFor(figure.bodies);
    this.#shades = new Int32Array(figure.bodies);
    this.#nearness = new Float32Array(figure.bodies);
    this.#order = Uint32Array.from({ length: figure.bodies }, (_, i) => i);
  }

  /** The pixels of a frame; the next call overwrites them. */
  paint({ frame, projection, theme, trails }: BodiesOptions): Raster {
    const { axes } = this.#figure;
    const map = {
      x: ofFractions(projection.x, axes, this.#ratio),
      y: ofFractions(projection.y, axes, this.#ratio),
    };
    if (trails) {
      this.#trails ??= new Trails(this.#figure, this.#width, this.#height);
      const look = { map, theme, shade: (index: number) => this.#shade(index, theme) };
      this.#pixels.set(this.#trails.upTo(frame, look));
    } else {
      this.#pixels.fill(0);
    }
    this.#shade(frame, theme);
    placeBodies(this.#figure, frame, map, this.#seen);
    if (axes.length === 3) this.#sort(frame, ofFractions(projection.nearness, axes));
    this.#paintDiscs(RING[theme]);
    divideByOpacity(this.#pixels);
    const rgba = new Uint8ClampedArray(this.#pixels.buffer);
    return { width: this.#width, height: this.#height, rgba };
  }

  /** Each body's colour in a frame, until the next call. */
  #shade(frame: number, theme: Theme): Int32Array {
    const { colors, bodies } = this.#figure;
    const shades = this.#shades;
    if (!colors) return shades.fill(PLAIN[theme]);
    const { values, map = DEFAULT_MAP } = colors;
    const palette = paletteOf(map);
    const start = values.length > bodies ? frame * bodies : 0;
    for (let i = 0; i < bodies; i++) {
      const fraction = values[start + i]!;
      shades[i] = fraction === ABSENT ? GREY : palette[fraction >> 8]!;
    }
    return shades;
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

  #paintDiscs(ring: number): void {
    const isDeep = this.#figure.axes.length === 3;
    const shades = this.#shades;
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
      const color = shades[i]!;
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
}

/** A map's colours by a fraction's upper byte, opaque. */
function paletteOf(map: ColorMap): Int32Array {
  const table = colorTable(map);
  return Int32Array.from(
    { length: 256 },
    (_, i) => (255 << 24) | (table[3 * i + 2]! << 16) | (table[3 * i + 1]! << 8) | table[3 * i]!,
  );
}

/** Of 0 to 256: what is far away is fainter. */
function depthOpacity(nearness: number): number {
  const within = nearness < 0 ? 0 : nearness > 1 ? 1 : nearness;
  return Math.round(256 * (FARTHEST + (1 - FARTHEST) * within));
}

/** 65536 · 255 / opacity, for each opacity. */
const INVERSES = Int32Array.from({ length: 256 }, (_, opacity) =>
  opacity === 0 ? 0 : Math.round((65_536 * 255) / opacity),
);

/** From colours multiplied by their opacity to plain ones, as images have them. */
function divideByOpacity(pixels: Int32Array): void {
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const opacity = pixel >>> 24;
    if (opacity === 0 || opacity === 255) continue;
    const inverse = INVERSES[opacity]!;
    const red = Math.min(255, Math.imul(pixel & 255, inverse) >>> 16);
    const green = Math.min(255, Math.imul((pixel >>> 8) & 255, inverse) >>> 16);
    const blue = Math.min(255, Math.imul((pixel >>> 16) & 255, inverse) >>> 16);
    pixels[i] = (opacity << 24) | (blue << 16) | (green << 8) | red;
  }
}
