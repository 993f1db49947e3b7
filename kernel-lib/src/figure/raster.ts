/**
 * A heatmap's cells become pixels: values in, colours out, the largest y on top. Axes, the colour
 * bar and PNG are not known here.
 */
import { colorIndex, colorTable, DEFAULT_MAP } from "./color-map.js";
import { colorScale } from "./color-scale.js";
import { cellsAlong, isUniform, narrowest } from "./grid.js";
import type { HeatmapAxis, HeatmapFigure } from "./heatmap.js";
import { finish, type Steps } from "./steps.js";

/** Pixels, row by row from the top, four bytes each: red, green, blue, opacity. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/** The colour of cells that are NaN, or not positive on a log scale: a grey that no map contains, on light and dark ground. */
const NAN_COLOR = [140, 140, 140, 110] as const;

/** No raster has more pixels a side than this, however many or uneven its cells are. */
const MAX_SIDE = 4096;

/** How many strips show an axis's cells: one each where they are even, else enough for the narrowest. */
function stripCount(axis: HeatmapAxis): number {
  const n = axis.values.length;
  if (n <= 2 || isUniform(axis)) return n;
  return Math.max(n, Math.min(MAX_SIDE, Math.ceil(2 / Math.max(narrowest(axis), 1 / MAX_SIDE))));
}

/** The most pixels that can be seen. */
type Limit = Pick<Raster, "width" | "height">;

/**
 * The pixels of a heatmap's cells, to be stretched over the plot's area without smoothing. A map
 * finer than `limit` is averaged down to it, so that no row or column is dropped.
 */
export function paint(
  figure: HeatmapFigure,
  limit: Limit = { width: MAX_SIDE, height: MAX_SIDE },
): Raster {
  return finish(painting(figure, limit));
}

/** The same in steps, a row of pixels each. */
export function* painting(figure: HeatmapFigure, limit: Limit): Steps<Raster> {
  const full = { width: stripCount(figure.x), height: stripCount(figure.y) };
  const columns = cellsAlong(figure.x, full.width);
  const rows = cellsAlong(figure.y, full.height).reverse();
  const width = Math.min(full.width, limit.width);
  const height = Math.min(full.height, limit.height);
  const rgba = new Uint8ClampedArray(4 * width * height);
  if (width === full.width && height === full.height) {
    yield* paintCells(figure, columns, rows, rgba);
  } else {
    yield* paintAverages(figure, columns, rows, { width, height, rgba });
  }
  return { width, height, rgba };
}

/** A lookup of 256 colours and NaN's, and the index of a value in it. */
function palette(figure: HeatmapFigure): {
  colors: Uint8ClampedArray;
  index: (value: number) => number;
} {
  const table = colorTable(figure.colorMap ?? DEFAULT_MAP);
  const colors = new Uint8ClampedArray(4 * 257);
  for (let i = 0; i < 256; i++) {
    colors.set([table[3 * i]!, table[3 * i + 1]!, table[3 * i + 2]!, 255], 4 * i);
  }
  colors.set(NAN_COLOR, 4 * 256);
  const scale = colorScale(figure.colorScale, figure.range, figure.threshold);
  const index = (value: number) => {
    const fraction = scale.fraction(value);
    return Number.isNaN(fraction) ? 256 : colorIndex(fraction);
  };
  return { colors, index };
}

function* paintCells(
  figure: HeatmapFigure,
  columns: Int32Array,
  rows: Int32Array,
  rgba: Uint8ClampedArray,
): Steps<void> {
  const { colors, index } = palette(figure);
  // whole pixels at once
  const source = new Uint32Array(colors.buffer);
  const target = new Uint32Array(rgba.buffer);
  const z = figure.z.values;
  let at = 0;
  for (const row of rows) {
    const start = row * figure.x.values.length;
    for (const column of columns) target[at++] = source[index(z[start + column]!)]!;
    yield;
  }
}

/** Each pixel is the mean colour of the cells that it covers. */
function* paintAverages(
  figure: HeatmapFigure,
  columns: Int32Array,
  rows: Int32Array,
  { width, height, rgba }: Raster,
): Steps<void> {
  const { colors, index } = palette(figure);
  const z = figure.z.values;
  const nx = figure.x.values.length;
  // a function of its own, since loops in generators run slower
  const paintRow = (y: number, covered: Int32Array): void => {
    let left = 0;
    for (let x = 0; x < width; x++) {
      const right = stripEnd(x, width, columns.length);
      let [red, green, blue, opacity] = [0, 0, 0, 0];
      for (const row of covered) {
        const start = row * nx;
        for (let column = left; column < right; column++) {
          const from = 4 * index(z[start + columns[column]!]!);
          const weight = colors[from + 3]!;
          red += colors[from]! * weight;
          green += colors[from + 1]! * weight;
          blue += colors[from + 2]! * weight;
          opacity += weight;
        }
      }
      const at = 4 * (y * width + x);
      rgba[at] = red / opacity;
      rgba[at + 1] = green / opacity;
      rgba[at + 2] = blue / opacity;
      rgba[at + 3] = opacity / (covered.length * (right - left));
      left = right;
    }
  };
  let top = 0;
  for (let y = 0; y < height; y++) {
    const bottom = stripEnd(y, height, rows.length);
    paintRow(y, rows.subarray(top, bottom));
    top = bottom;
    yield;
  }
}

/** Where the cells of one of `pixels` pixels end. */
function stripEnd(pixel: number, pixels: number, cells: number): number {
  return Math.floor(((pixel + 1) * cells) / pixels);
}
