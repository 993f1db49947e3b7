/** A picture that Vega draws, in the page's font and theme; Vega itself arrives with the first. */
import { type Picture as PictureFigure, summary, toVegaLite } from "hotcell/figure";
import type { Look } from "../look.js";
import type { Picture, RenderOptions } from "../vega.js";

/**
 * No picture is wider, where eyes would have to travel, and none narrower, where axes would leave
 * nothing to the data and the output scrolls instead. CSS pixels.
 */
const MAX_WIDTH = 760;
const MIN_WIDTH = 280;

// Its cells come as a canvas; this only asks for the mark that shows them.
const NO_RASTER = "data:,";

/** Draws a figure by its Vega-Lite specification. */
export async function drawPicture(
  figure: PictureFigure,
  look: Look,
  options: RenderOptions,
): Promise<Picture> {
  const { render } = await import(/* webpackChunkName: "vega" */ "../vega.js");
  const spec = toVegaLite(figure, {
    width: Math.max(MIN_WIDTH, Math.min(look.width, MAX_WIDTH)),
    theme: look.theme,
    font: look.font,
    ...(options.raster ? { raster: NO_RASTER } : {}),
  });
  const picture = await render(spec, options);
  picture.node.classList.add("hotcell-Picture");
  picture.node.setAttribute("role", "figure");
  picture.node.setAttribute("aria-label", summary(figure));
  return picture;
}
