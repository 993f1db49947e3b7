/** A decoded PNG, to look at its pixels. */
import { decode } from "fast-png";

export class Png {
  readonly width: number;
  readonly height: number;
  readonly #data: ArrayLike<number>;
  readonly #channels: number;

  constructor(base64: string) {
    const { width, height, data, channels } = decode(Buffer.from(base64, "base64"), {
      checkCrc: true,
    });
    this.width = width;
    this.height = height;
    this.#data = data;
    this.#channels = channels;
  }

  /** Red, green and blue at a pixel. */
  at(x: number, y: number): number[] {
    const start = this.#channels * (Math.floor(y) * this.width + Math.floor(x));
    return [0, 1, 2].map((channel) => this.#data[start + channel]!);
  }

  /** The rectangle of a heatmap's cells: where rows and columns of pixels are without white. */
  plotArea(): { left: number; top: number; width: number; height: number } {
    const filled = (x: number, y: number) => this.at(x, y).some((channel) => channel < 250);
    const middle = { x: Math.floor(this.width / 2), y: Math.floor(this.height / 2) };
    const reach = (step: (n: number) => boolean) => {
      let n = 0;
      while (step(n + 1)) n++;
      return n;
    };
    const left = middle.x - reach((n) => filled(middle.x - n, middle.y));
    const right = middle.x + reach((n) => filled(middle.x + n, middle.y));
    const top = middle.y - reach((n) => filled(middle.x, middle.y - n));
    const bottom = middle.y + reach((n) => filled(middle.x, middle.y + n));
    return { left, top, width: right - left + 1, height: bottom - top + 1 };
  }
}
