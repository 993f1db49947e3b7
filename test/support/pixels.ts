/** What a screenshot shows: its pixels, and the rectangle that cells of known colours fill. */
import { decode } from "fast-png";

export type Color = readonly [number, number, number];

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Colour maps are tables of bytes, and those of two libraries round differently. */
const ROUNDING = 2;

/** Whether two colours are the same but for rounding. */
export function isColor(a: Color, b: Color): boolean {
  return a.every((channel, i) => Math.abs(channel - b[i]!) <= ROUNDING);
}

/** A screenshot, addressed in device pixels. */
export class Pixels {
  readonly width: number;
  readonly height: number;
  readonly #data: ArrayLike<number>;
  readonly #channels: number;

  constructor(png: Uint8Array) {
    const { width, height, data, channels } = decode(png);
    this.width = width;
    this.height = height;
    this.#data = data;
    this.#channels = channels;
  }

  at(x: number, y: number): Color {
    const start = (Math.floor(y) * this.width + Math.floor(x)) * this.#channels;
    return [this.#data[start]!, this.#data[start + 1]!, this.#data[start + 2]!];
  }

  /**
   * The rectangle around everything that consists of these colours and is at least `least`
   * pixels wide: a heatmap's cells, but not its narrow colour bar.
   */
  rectangleOf(colors: readonly Color[], least: number): Rectangle {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let y = 0; y < this.height; y++) {
      let start = 0;
      for (let x = 0; x <= this.width; x++) {
        const here = this.at(x, y);
        if (x < this.width && colors.some((color) => isColor(color, here))) continue;
        if (x - start >= least) {
          [left, top] = [Math.min(left, start), Math.min(top, y)];
          [right, bottom] = [Math.max(right, x), Math.max(bottom, y + 1)];
        }
        start = x + 1;
      }
    }
    return { left, top, width: right - left, height: bottom - top };
  }

  /** Brightness of the darkest and the lightest pixel of a rectangle, 0 to 255. */
  brightness({ left, top, width, height }: Rectangle): readonly [number, number] {
    let [dark, light] = [255, 0];
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const [r, g, b] = this.at(x, y);
        const here = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [dark, light] = [Math.min(dark, here), Math.max(light, here)];
      }
    }
    return [dark, light];
  }
}
