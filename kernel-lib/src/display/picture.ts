/**
 * A figure becomes one output: its payload for the JupyterLab extension, a PNG for every other front
 * end, and a text for terminals and screen readers. What the figure shows is decided before.
 */
import type { AnimationFigure } from "../figure/animation.js";
import { stillDrawing } from "../figure/animation-drawing.js";
import { BodiesPainter } from "../figure/bodies-raster.js";
import { drawingSvg } from "../figure/drawing-svg.js";
import {
  type Figure,
  MIME_TYPE,
  summary,
  toPayload,
  toVegaLite,
  type VegaPicture,
} from "../figure/figure.js";
import { NO_RASTER } from "../figure/heatmap-spec.js";
import { progressSvg } from "../figure/progress-svg.js";
import { paint } from "../figure/raster.js";
import { tableSvg } from "../figure/table-svg.js";
import { FONT } from "../figure/theme.js";
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
      // as a text, since JupyterLab copies everything else by way of JSON, again and again
      [MIME_TYPE]: JSON.stringify(toPayload(figure)),
      "image/png": svgToPng(svg).toString("base64"),
      "text/plain": summary(figure),
    },
    metadata: { "image/png": { width, height } },
  };
}

/** An SVG text, and its size in CSS pixels. */
interface SizedSvg {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

function svgOf(figure: Figure): SizedSvg {
  switch (figure.kind) {
    case "progress":
      return progressSvg(figure);
    case "table":
      return tableSvg(figure);
    case "animation":
      return still(figure);
    default:
      return drawn(figure);
  }
}

/** An animation's first, middle and last frame. */
function still(figure: AnimationFigure): SizedSvg {
  const theme = "light";
  const drawing = stillDrawing(figure, { width: WIDTH, theme });
  const painter = new BodiesPainter(figure, drawing.spaces[0]!.panel, PIXEL_RATIO);
  const images = drawing.spaces.map(({ frame, panel, projection }) => {
    const raster = painter.paint({ frame, projection, theme, trails: false });
    return { panel, url: rasterUrl(raster) };
  });
  const { width, height } = drawing;
  return { svg: drawingSvg(drawing, images, FONT), width, height };
}

function drawn(figure: VegaPicture): SizedSvg {
  const drawing = toSvg(toVegaLite(figure, { width: WIDTH, theme: "light" }));
  if (figure.kind !== "heatmap") return drawing;
  const image = rasterUrl(paint(figure, LIMIT));
  // no text holds a tag
  const svg = drawing.svg.replace(/<image [^>]*>/, (tag) => tag.replace(NO_RASTER, image));
  return { ...drawing, svg };
}

/** Shows a figure as one output of the running cell. */
export function showPicture(figure: Figure): void {
  const { bundle, metadata } = pictureBundle(figure);
  show(bundle, metadata);
}
