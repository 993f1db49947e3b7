/** PNG files: of an SVG text, with the bundled fonts, and of raw pixels as a data URL. */
import { join } from "node:path";
import { toBase64 } from "../figure/binary.js";
import type { Raster } from "../figure/raster.js";

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
  return image.render().asPng();
}

/** Pixels as the data URL of a PNG. */
export function rasterUrl({ width, height, rgba }: Raster): string {
  const { encode } = require("fast-png") as typeof import("fast-png");
  const png = encode({ width, height, data: new Uint8Array(rgba.buffer), channels: 4, depth: 8 });
  return `data:image/png;base64,${toBase64(png)}`;
}
