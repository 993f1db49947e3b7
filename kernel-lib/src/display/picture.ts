/**
 * A figure becomes one output: its payload for the JupyterLab extension, a PNG for every other front
 * end, and a text for terminals and screen readers. What the figure shows is decided before.
 */
import {
  type Figure,
  MIME_TYPE,
  type Picture,
  summary,
  toPayload,
  toVegaLite,
} from "../figure/figure.js";
import { progressSvg } from "../figure/progress-svg.js";
import { paint } from "../figure/raster.js";
import { tableSvg } from "../figure/table-svg.js";
import { PIXEL_RATIO, rasterUrl, svgToPng } from "./png.js";
import { type MimeBundle, show } from "./tslab.js";
import { toSvg } from "./vega.js";

/** Width of the PNG in CSS pixels: what a notebook shows beside its prompt. */
const WIDTH = 640;
/** No more of a heatmap's cells are seen than the PNG has pixels. */
const LIMIT = { width: WIDTH * PIXEL_RATIO, height: WIDTH * PIXEL_RATIO };

/** All forms of a figure, and the size in which its PNG is meant to be seen. */
export function pictureBundle(figure: Figure): { bundle: MimeBundle; metadata: MimeBundle } {
  const { svg, width, height } = svgOf(figure);
  return {
    bundle: {
      [MIME_TYPE]: toPayload(figure),
      "image/png": svgToPng(svg).toString("base64"),
      "text/plain": summary(figure),
    },
    metadata: { "image/png": { width, height } },
  };
}

function svgOf(figure: Figure): ReturnType<typeof toSvg> {
  switch (figure.kind) {
    case "progress":
      return progressSvg(figure);
    case "table":
      return tableSvg(figure);
    default:
      return drawn(figure);
  }
}

function drawn(figure: Picture): ReturnType<typeof toSvg> {
  const raster = figure.kind === "heatmap" ? { raster: rasterUrl(paint(figure, LIMIT)) } : {};
  return toSvg(toVegaLite(figure, { width: WIDTH, theme: "light", ...raster }));
}

/** Shows a figure as one output of the running cell. */
export function showPicture(figure: Figure): void {
  const { bundle, metadata } = pictureBundle(figure);
  show(bundle, metadata);
}
