/** A picture that Vega draws, in the page's font and theme; Vega itself arrives with the first. */
import { type PlotState, toVegaLite, type VegaPicture } from "hotcell/figure";
import type { View as VegaView } from "vega";
import { blobOf } from "../canvas.js";
import type { Look } from "../look.js";
import type { Picture, RenderOptions } from "../vega.js";
import type { Exports } from "./frame.js";

/**
 * No picture is wider, where eyes would have to travel, and none narrower, where axes would leave
 * nothing to the data and the output scrolls instead. CSS pixels.
 */
const MAX_WIDTH = 760;
const MIN_WIDTH = 280;

/** The width of a figure that looks so. */
export function pictureWidth({ width }: Look): number {
  return Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH));
}

// Its cells come as a canvas; this only asks for the mark that shows them.
const NO_RASTER = "data:,";

/** Fetches Vega, unless it is there. */
export function loadVega() {
  return import(/* webpackChunkName: "vega" */ "../vega.js");
}

/** Draws a figure by its Vega-Lite specification. */
export async function drawPicture(
  figure: VegaPicture,
  look: Look,
  { state, ...options }: RenderOptions & { readonly state?: PlotState },
): Promise<Picture> {
  const { render } = await loadVega();
  const spec = toVegaLite(figure, {
    width: pictureWidth(look),
    theme: look.theme,
    font: look.font,
    ...(options.raster && { raster: NO_RASTER }),
    ...(state && { state }),
  });
  return render(spec, options);
}

/** The forms in which Vega can save what a view shows. */
export function vegaExports(view: VegaView): Required<Exports> {
  const on = async <T>(ground: string, save: () => Promise<T>): Promise<T> => {
    const before = view.background();
    view.background(ground);
    try {
      return await save();
    } finally {
      view.background(before);
    }
  };
  return {
    svg: (ground) => on(ground, () => view.toSVG()),
    async png(ground, scale) {
      return blobOf(await on(ground, () => view.toCanvas(scale)));
    },
  };
}
