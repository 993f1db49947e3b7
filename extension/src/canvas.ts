/** Pixels and canvases: from one to the other, and to a file. */
import type { Raster } from "hotcell/figure";

/** A canvas of pixels. */
export function canvasOf({ width, height, rgba }: Raster): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")!.putImageData(imageOf({ width, height, rgba }), 0, 0);
  return canvas;
}

/** Pixels as a context takes them, in the same memory. */
export function imageOf({ width, height, rgba }: Raster): ImageData {
  return new ImageData(rgba as ImageDataArray, width, height);
}

/** The PNG file of a canvas. */
export function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("the picture is too large for a PNG"));
    });
  });
}
