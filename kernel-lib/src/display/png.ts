/** PNG files: of an SVG text, with the bundled fonts, and of raw pixels as a data URL. */
import { join } from "node:path";
import type { Raster } from "../figure/raster.js";
import { pngFile } from "./png-file.js";

const FONTS = join(__dirname, "..", "..", "fonts");
/** Inter has nearly every letter and sign that labels need; DejaVu has the rest, such as ℏ ∇ ⟨ ⟩. */
const FONT_FILES = ["Inter-Regular.ttf", "Inter-SemiBold.ttf", "DejaVuSans.ttf"];

/** Pixels of the PNG to one CSS pixel, for screens of high density and for print. */
export const PIXEL_RATIO = 2;

/** The PNG file of an SVG text on a white ground. */
export function svgToPng(svg: string): Buffer {
  const { Resvg } = require("@resvg/resvg-js") as typeof import("@resvg/resvg-js");
  const image = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: PIXEL_RATIO },
    font: {
      loadSystemFonts: false,
      fontFiles: FONT_FILES.map((file) => join(FONTS, file)),
      defaultFontFamily: "Inter",
    },
    // cells have sharp edges
    imageRendering: 1,
    logLevel: "off",
  });
  const { width, height, pixels } = image.render();
  const rgba = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length);
  return pngFile({ width, height, rgba }, { opaque: true, level: 6 });
}

/** Pixels as the data URL of a PNG, which lives too short to be made small. */
export function rasterUrl(raster: Raster): string {
  return `data:image/png;base64,${pngFile(raster, { opaque: false, level: 1 }).toString("base64")}`;
}
