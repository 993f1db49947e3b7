/**
 * Discs of pixels with smooth edges, prepared once and laid over a raster many times. The raster's
 * colours are multiplied by their opacity, as each pixel's four bytes: red, green, blue, opacity.
 */

/** A disc's pixels: offsets into the raster, and opacities of 0 to 256. */
export interface Disc {
  readonly offsets: Int32Array;
  readonly opacities: Int32Array;
}

/** Places between two pixels, a side, that a disc may be centred on. */
const PLACES = 4;
/** What is too faint to be painted at a disc's edge: it is hardly seen and costs as much as the rest. */
const FAINTEST = 12;

const CHANNELS = 0x00ff00ff;

/** Discs of a radius in pixels, for each place between two; none is wider than `reach` to a side. */
export function discsOf(radius: number, reach: number, rasterWidth: number): readonly Disc[] {
  return Array.from({ length: PLACES ** 2 }, (_, i) =>
    discAt(radius, reach, rasterWidth, (i % PLACES) / PLACES, Math.floor(i / PLACES) / PLACES),
  );
}

/** Which of those discs is centred at parts of a pixel. */
export function placeOf(dx: number, dy: number): number {
  return Math.floor(dy * PLACES) * PLACES + Math.floor(dx * PLACES);
}

/** A disc centred `dx`, `dy` pixels after a pixel's corner, its edge as smooth as pixels allow. */
function discAt(radius: number, reach: number, width: number, dx: number, dy: number): Disc {
  const offsets: number[] = [];
  const opacities: number[] = [];
  // a disc smaller than a pixel covers a part of it
  const whole = Math.min(1, radius) * 256;
  const middle = 0.5 - 0.5 / PLACES;
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      const distance = Math.hypot(column + middle - dx, row + middle - dy);
      const opacity = Math.round(whole * Math.min(Math.max(radius + 0.5 - distance, 0), 1));
      // what is hardly seen costs as much as the rest
      if (opacity < FAINTEST) continue;
      offsets.push(row * width + column);
      opacities.push(opacity);
    }
  }
  return { offsets: Int32Array.from(offsets), opacities: Int32Array.from(opacities) };
}

/** Lays a colour over a pixel; colours in memory are multiplied by their opacity. */
export function blend(pixels: Int32Array, at: number, opacity: number, color: number): void {
  const below = pixels[at]!;
  const redBlue = below & CHANNELS;
  const greenOpacity = (below >>> 8) & CHANNELS;
  // two channels at once: what one borrows of the other is a rounding of the last bit
  const mixed = redBlue + (Math.imul((color & CHANNELS) - redBlue, opacity) >> 8);
  const other = greenOpacity + (Math.imul(((color >>> 8) & CHANNELS) - greenOpacity, opacity) >> 8);
  pixels[at] = (mixed & CHANNELS) | ((other & CHANNELS) << 8);
}

/** Lays a disc of a colour over the raster. */
export function blendDisc(
  pixels: Int32Array,
  start: number,
  { offsets, opacities }: Disc,
  opacity: number,
  color: number,
): void {
  const redBlue = color & CHANNELS;
  const greenOpacity = (color >>> 8) & CHANNELS;
  for (let k = 0; k < offsets.length; k++) {
    const at = start + offsets[k]!;
    const part = Math.imul(opacities[k]!, opacity) >> 8;
    const below = pixels[at]!;
    const first = below & CHANNELS;
    const second = (below >>> 8) & CHANNELS;
    const mixed = first + (Math.imul(redBlue - first, part) >> 8);
    const other = second + (Math.imul(greenOpacity - second, part) >> 8);
    pixels[at] = (mixed & CHANNELS) | ((other & CHANNELS) << 8);
  }
}
