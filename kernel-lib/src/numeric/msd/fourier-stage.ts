/**
 * The stages of Stockham's self-sorting Fourier transform, for kernels: `lanes` independent transforms
 * side by side, real and imaginary parts apart, so that every inner loop runs over neighbours in
 * memory with one root of unity (`| 0` and `imul` because indices that are known to be integers cost less).
 * Each reads one pair of arrays and writes another.
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
  const width = Math.imul(stride, lanes);
  const apart = Math.imul(m, width);
  for (let p = 0; p < m; p++) {
    const turn = Math.imul(p, stride);
    const x0 = Math.imul(width, p);
    const y0 = Math.imul(radix, x0);
    const c1 = cos.at(turn);
    const s1 = sin.at(turn);
    if (radix === 4) {
      const c2 = cos.at(Math.imul(2, turn));
      const s2 = sin.at(Math.imul(2, turn));
      const c3 = cos.at(Math.imul(3, turn));
      const s3 = sin.at(Math.imul(3, turn));
      const x1 = (x0 + apart) | 0;
      const x2 = (x0 + Math.imul(2, apart)) | 0;
      const x3 = (x0 + Math.imul(3, apart)) | 0;
      const y1 = (y0 + width) | 0;
      const y2 = (y0 + Math.imul(2, width)) | 0;
      const y3 = (y0 + Math.imul(3, width)) | 0;
      for (let q = 0; q < width; q++) {
        const ar = xr[(x0 + q) | 0]! + xr[(x2 + q) | 0]!;
        const ai = xi[(x0 + q) | 0]! + xi[(x2 + q) | 0]!;
        const br = xr[(x0 + q) | 0]! - xr[(x2 + q) | 0]!;
        const bi = xi[(x0 + q) | 0]! - xi[(x2 + q) | 0]!;
        const cr = xr[(x1 + q) | 0]! + xr[(x3 + q) | 0]!;
        const ci = xi[(x1 + q) | 0]! + xi[(x3 + q) | 0]!;
        const dr = xr[(x1 + q) | 0]! - xr[(x3 + q) | 0]!;
        const di = xi[(x1 + q) | 0]! - xi[(x3 + q) | 0]!;
        yr[(y0 + q) | 0] = ar + cr;
        yi[(y0 + q) | 0] = ai + ci;
        const er = br + di;
        const ei = bi - dr;
        yr[(y1 + q) | 0] = er * c1 - ei * s1;
        yi[(y1 + q) | 0] = er * s1 + ei * c1;
        const fr = ar - cr;
        const fi = ai - ci;
        yr[(y2 + q) | 0] = fr * c2 - fi * s2;
        yi[(y2 + q) | 0] = fr * s2 + fi * c2;
        const gr = br - di;
        const gi = bi + dr;
        yr[(y3 + q) | 0] = gr * c3 - gi * s3;
        yi[(y3 + q) | 0] = gr * s3 + gi * c3;
      }
    } else if (radix === 3) {
      const c2 = cos.at(Math.imul(2, turn));
      const s2 = sin.at(Math.imul(2, turn));
      const x1 = (x0 + apart) | 0;
      const x2 = (x0 + Math.imul(2, apart)) | 0;
      const y1 = (y0 + width) | 0;
      const y2 = (y0 + Math.imul(2, width)) | 0;
      for (let q = 0; q < width; q++) {
        const ar = xr[(x1 + q) | 0]! + xr[(x2 + q) | 0]!;
        const ai = xi[(x1 + q) | 0]! + xi[(x2 + q) | 0]!;
        const br = xr[(x0 + q) | 0]! - 0.5 * ar;
        const bi = xi[(x0 + q) | 0]! - 0.5 * ai;
        const cr = SIN_60 * (xr[(x1 + q) | 0]! - xr[(x2 + q) | 0]!);
        const ci = SIN_60 * (xi[(x1 + q) | 0]! - xi[(x2 + q) | 0]!);
        yr[(y0 + q) | 0] = xr[(x0 + q) | 0]! + ar;
        yi[(y0 + q) | 0] = xi[(x0 + q) | 0]! + ai;
        const dr = br + ci;
        const di = bi - cr;
        yr[(y1 + q) | 0] = dr * c1 - di * s1;
        yi[(y1 + q) | 0] = dr * s1 + di * c1;
        const er = br - ci;
        const ei = bi + cr;
        yr[(y2 + q) | 0] = er * c2 - ei * s2;
        yi[(y2 + q) | 0] = er * s2 + ei * c2;
      }
    } else {
      const x1 = (x0 + apart) | 0;
      const y1 = (y0 + width) | 0;
      for (let q = 0; q < width; q++) {
        const br = xr[(x0 + q) | 0]! - xr[(x1 + q) | 0]!;
        const bi = xi[(x0 + q) | 0]! - xi[(x1 + q) | 0]!;
        yr[(y0 + q) | 0] = xr[(x0 + q) | 0]! + xr[(x1 + q) | 0]!;
        yi[(y0 + q) | 0] = xi[(x0 + q) | 0]! + xi[(x1 + q) | 0]!;
        yr[(y1 + q) | 0] = br * c1 - bi * s1;
        yi[(y1 + q) | 0] = br * s1 + bi * c1;
      }
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;
