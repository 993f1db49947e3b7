/**
 * The trails of bodies: lines through the places where they were, ever fainter. They lie on a layer of
 * their own, which fades a little with every frame before the next stretch is drawn, so that a frame
 * that follows another costs the same however long the trails are.
 */
import type { AnimationFigure } from "./animation.js";
import { placeBodies, type PixelMap, placesFor } from "./body-places.js";
import { blend } from "./disc.js";
import type { Theme } from "./theme.js";

/** The most frames that a trail goes back, and the fewest. */
const LONGEST = 60;
const SHORTEST = 8;
/** Frames times bodies that a trail goes back, between those two. */
const STRETCHES = 400_000;
/** The same where they are seen from somewhere else and drawn anew, so that space turns smoothly. */
const STRETCHES_ANEW = 300_000;
/** The most points that are drawn of the stretches of one frame. */
const POINTS = 400_000;
/** How opaque a trail is at the body, of 256. */
const OPACITY = 150;

const CHANNELS = 0x00ff00ff;

/** How many frames a trail goes back. */
function trailLength(bodies: number): number {
  return Math.min(Math.max(Math.floor(STRETCHES / bodies), SHORTEST), LONGEST);
}

/** What a layer of trails depends on besides the frame. */
export interface TrailLook {
  readonly map: PixelMap;
  readonly theme: Theme;
  /** The colour of each body in a frame, until the next call. */
  readonly shade: (frame: number) => Int32Array;
}

/** The trails of an animation, in the layout of a raster of this size. */
export class Trails {
  readonly #figure: AnimationFigure;
  readonly #width: number;
  readonly #height: number;
  readonly #layer: Int32Array;
  readonly #length: number;
  readonly #fade: number;
  #frame = -1;
  #look: TrailLook | undefined;
  #from;
  #to;

  constructor(figure: AnimationFigure, width: number, height: number) {
    this.#figure = figure;
    this.#width = width;
    this.#height = height;
    this.#layer = new Int32Array(width * height);
    this.#length = trailLength(figure.bodies);
    // after so many frames nothing is left of the most opaque
    this.#fade = Math.floor(256 * 255 ** (-1 / this.#length));
    this.#from = placesFor(figure.bodies);
    this.#to = placesFor(figure.bodies);
  }

  /** The trails that end in a frame: colours multiplied by their opacity. Valid until the next call. */
  upTo(frame: number, look: TrailLook): Int32Array {
    const isTurned = this.#look !== undefined && !isSameLook(look, this.#look);
    const anew = Math.max(1, Math.floor(STRETCHES_ANEW / this.#figure.bodies));
    const first = Math.max(0, frame - (isTurned ? Math.min(this.#length, anew) : this.#length));
    if (frame < this.#frame || this.#frame < first || isTurned) {
      this.#layer.fill(0);
      this.#frame = first;
      placeBodies(this.#figure, first, look.map, this.#from);
    }
    this.#look = look;
    while (this.#frame < frame) {
      this.#frame++;
      fade(this.#layer, this.#fade);
      placeBodies(this.#figure, this.#frame, look.map, this.#to);
      this.#drawStretches(look.shade(this.#frame));
      const from = this.#from;
      this.#from = this.#to;
      this.#to = from;
    }
    return this.#layer;
  }

  /** A line for each body from its last place to its next, without the end. */
  #drawStretches(shades: Int32Array): void {
    const [layer, width, height] = [this.#layer, this.#width, this.#height];
    const { x: fromX, y: fromY } = this.#from;
    const { x: toX, y: toY } = this.#to;
    const most = Math.max(1, Math.floor(POINTS / fromX.length));
    for (let i = 0; i < fromX.length; i++) {
      const x = fromX[i]!;
      const y = fromY[i]!;
      const dx = toX[i]! - x;
      const dy = toY[i]! - y;
      // NaN where the body is absent, which draws nothing
      const wanted = Math.max(Math.abs(dx), Math.abs(dy));
      const points = wanted > 1 ? Math.min(most, Math.ceil(wanted)) : 1;
      const color = shades[i]!;
      for (let k = 0; k < points; k++) {
        const column = x + (k / points) * dx;
        const row = y + (k / points) * dy;
        if (!(column >= 0 && row >= 0 && column < width && row < height)) continue;
        blend(layer, Math.imul(row | 0, width) + (column | 0), OPACITY, color);
      }
    }
  }
}

function isSameLook(a: TrailLook, b: TrailLook): boolean {
  const same = (axis: "x" | "y") => a.map[axis].every((factor, i) => factor === b.map[axis][i]);
  return a.theme === b.theme && same("x") && same("y");
}

/** Makes all of a layer fainter: what is left, of 256. */
function fade(layer: Int32Array, part: number): void {
  for (let i = 0; i < layer.length; i++) {
    const pixel = layer[i]!;
    if (pixel === 0) continue;
    const redBlue = Math.imul(pixel & CHANNELS, part) >>> 8;
    const greenOpacity = Math.imul((pixel >>> 8) & CHANNELS, part) >>> 8;
    layer[i] = (redBlue & CHANNELS) | ((greenOpacity & CHANNELS) << 8);
  }
}
