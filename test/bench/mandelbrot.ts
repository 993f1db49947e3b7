/** The Mandelbrot set on 600 × 400 pixels with at most 500 steps each: a while loop that ends differently in every pixel. */
import assert from "node:assert/strict";
import { jit, prange, zeros, type NDArray } from "hotcell";
import type { Row } from "./row.js";

const [width, height, limit] = [600, 400, 500];

const steps = jit((image: NDArray, most: number) => {
  const [rows, columns] = image.shape as [number, number];
  for (const pixel of prange(rows * columns)) {
    const r = Math.floor(pixel / columns);
    const c = pixel - r * columns;
    const y0 = -1 + (2 * r) / (rows - 1);
    const x0 = -2 + (3 * c) / (columns - 1);
    let x = 0;
    let y = 0;
    let x2 = 0;
    let y2 = 0;
    let k = 0;
    while (k < most && x2 + y2 <= 4) {
      y = 2 * x * y + y0;
      x = x2 - y2 + x0;
      x2 = x * x;
      y2 = y * y;
      k++;
    }
    image.data[pixel] = k;
  }
});

const image = zeros([height, width], "int32");

const row: Row = {
  title: "Mandelbrot, 600 × 400, at most 500 steps",
  pairs: [
    ["kernel", "numba-post"],
    ["kernel", "numba-tuned"],
    ["kernel", "c"],
  ],
  ours: {
    kernel: () => {
      steps(image, limit);
      return image.data.reduce((sum, k) => sum + k, 0);
    },
  },
  c: (bind) => {
    const mandelbrot = bind("void mandelbrot(int32_t *image, int width, int height, int limit)");
    return () => {
      mandelbrot(image.data, width, height, limit);
      return image.data.reduce((sum, k) => sum + k, 0);
    };
  },
  check({ kernel }, peers) {
    for (const [name, value] of Object.entries(peers))
      // under fastmath the peers' pixels at the rim end some steps earlier or later
      assert.ok(Math.abs((value as number) / (kernel as number) - 1) < 1e-4, `${name} differs`);
  },
};
export default row;
