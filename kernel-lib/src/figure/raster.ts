/** A heatmap's cells become pixels. Axes and the colour bar are not known here. */
import type { HeatmapFigure } from "./heatmap.js";

/** Pixels, row by row from the top, four bytes each: red, green, blue, opacity. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/** The pixels of a heatmap's cells, to be stretched over the plot's area. */
export function paint(figure: HeatmapFigure): Raster {
  const width = figure.x.values.length;
  const height = figure.y.values.length;
  return { width, height, rgba: new Uint8ClampedArray(4 * width * height) };
}
