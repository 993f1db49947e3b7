/**
 * A figure becomes one output: its payload for the JupyterLab extension, a PNG for every other front
 * end, and a text for terminals and screen readers. What the figure shows is decided before.
 */
import { MIME_TYPE, type Picture, summary, toPayload, toVegaLite } from "../figure/figure.js";
import { paint } from "../figure/raster.js";
import { PIXEL_RATIO, rasterUrl, svgToPng } from "./png.js";
import { type MimeBundle, show } from "./tslab.js";
import { toSvg } from "./vega.js";

/** Width of the PNG in CSS pixels: what a notebook shows beside its prompt. */
const WIDTH = 640;
/** No more of a heatmap's cells are seen than the PNG has pixels. */
const LIMIT = { width: WIDTH * PIXEL_RATIO, height: WIDTH * PIXEL_RATIO };

/** All forms of a figure, and the size in which its PNG is meant to be seen. */
export function pictureBundle(figure: Picture): { bundle: MimeBundle; metadata: MimeBundle } {
  const raster = figure.kind === "heatmap" ? { raster: rasterUrl(paint(figure, LIMIT)) } : {};
  const spec = toVegaLite(figure, { width: WIDTH, theme: "light", ...raster });
  const { svg, width, height } = toSvg(spec);
  return {
    bundle: {
      [MIME_TYPE]: toPayload(figure),
      "image/png": svgToPng(svg).toString("base64"),
      "text/plain": summary(figure),
    },
    metadata: { "image/png": { width, height } },
  };
}

/** Shows a figure as one output of the running cell. */
export function showPicture(figure: Picture): void {
  const { bundle, metadata } = pictureBundle(figure);
  show(bundle, metadata);
}
