/**
 * The stages of Stockham's self-sorting Fourier transform, for kernels: `lanes` independent transforms
 * side by side, real and imaginary parts apart, so that every inner loop runs over neighbours in
 * memory with one root of unity. Each reads one pair of arrays and writes another.
 *
 * With n points left to transform, in steps of `stride`: y[q + stride·(radix·p + k)] =
 * w^(p·k) Σⱼ ω^(j·k) x[q + stride·(p + j·n/radix)], w and ω the roots of order n and radix.
 *
 * Source: C. Van Loan, Computational Frameworks for the Fast Fourier Transform (1992), section 1.7.
 */
import type { NDArray } from "../../runtime/ndarray.js";

/** A stage of radix 4, 3 or 2. `stride` counts points: n · stride is the length of the transform. */
export function stage(
  radix: number,
  n: number,
  stride: number,
  lanes: number,
  cos: NDArray,
  sin: NDArray,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const m = (n / radix) | 0;
  const width = (stride * lanes) | 0;
  const apart = (m * width) | 0;
  for (let p = 0; p < m; p++) {
    const turn = (p * stride) | 0;
    const x0 = (width * p) | 0;
    const y0 = (radix * x0) | 0;
    const c1 = cos.at(turn);
    const s1 = sin.at(turn);
    if (radix === 4) {
      const c2 = cos.at(2 * turn);
      const s2 = sin.at(2 * turn);
      const c3 = cos.at(3 * turn);
      const s3 = sin.at(3 * turn);
      const [x1, x2, x3] = [x0 + apart, x0 + 2 * apart, x0 + 3 * apart];
      const [y1, y2, y3] = [y0 + width, y0 + 2 * width, y0 + 3 * width];
      for (let q = 0; q < width; q++) {
        const ar = xr[x0 + q]! + xr[x2 + q]!;
        const ai = xi[x0 + q]! + xi[x2 + q]!;
        const br = xr[x0 + q]! - xr[x2 + q]!;
        const bi = xi[x0 + q]! - xi[x2 + q]!;
        const cr = xr[x1 + q]! + xr[x3 + q]!;
        const ci = xi[x1 + q]! + xi[x3 + q]!;
        const dr = xr[x1 + q]! - xr[x3 + q]!;
        const di = xi[x1 + q]! - xi[x3 + q]!;
        yr[y0 + q] = ar + cr;
        yi[y0 + q] = ai + ci;
        const er = br + di;
        const ei = bi - dr;
        yr[y1 + q] = er * c1 - ei * s1;
        yi[y1 + q] = er * s1 + ei * c1;
        const fr = ar - cr;
        const fi = ai - ci;
        yr[y2 + q] = fr * c2 - fi * s2;
        yi[y2 + q] = fr * s2 + fi * c2;
        const gr = br - di;
        const gi = bi + dr;
        yr[y3 + q] = gr * c3 - gi * s3;
        yi[y3 + q] = gr * s3 + gi * c3;
      }
    } else if (radix === 3) {
      const c2 = cos.at(2 * turn);
      const s2 = sin.at(2 * turn);
      const [x1, x2] = [x0 + apart, x0 + 2 * apart];
      const [y1, y2] = [y0 + width, y0 + 2 * width];
      for (let q = 0; q < width; q++) {
        const ar = xr[x1 + q]! + xr[x2 + q]!;
        const ai = xi[x1 + q]! + xi[x2 + q]!;
        const br = xr[x0 + q]! - 0.5 * ar;
        const bi = xi[x0 + q]! - 0.5 * ai;
        const cr = SIN_60 * (xr[x1 + q]! - xr[x2 + q]!);
        const ci = SIN_60 * (xi[x1 + q]! - xi[x2 + q]!);
        yr[y0 + q] = xr[x0 + q]! + ar;
        yi[y0 + q] = xi[x0 + q]! + ai;
        const dr = br + ci;
        const di = bi - cr;
        yr[y1 + q] = dr * c1 - di * s1;
        yi[y1 + q] = dr * s1 + di * c1;
        const er = br - ci;
        const ei = bi + cr;
        yr[y2 + q] = er * c2 - ei * s2;
        yi[y2 + q] = er * s2 + ei * c2;
      }
    } else {
      const x1 = x0 + apart;
      const y1 = y0 + width;
      for (let q = 0; q < width; q++) {
        const br = xr[x0 + q]! - xr[x1 + q]!;
        const bi = xi[x0 + q]! - xi[x1 + q]!;
        yr[y0 + q] = xr[x0 + q]! + xr[x1 + q]!;
        yi[y0 + q] = xi[x0 + q]! + xi[x1 + q]!;
        yr[y1 + q] = br * c1 - bi * s1;
        yi[y1 + q] = br * s1 + bi * c1;
      }
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;
