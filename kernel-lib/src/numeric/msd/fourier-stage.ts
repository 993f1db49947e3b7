/**
 * The stages of Stockham's self-sorting Fourier transform, for kernels: `lanes` independent transforms
 * side by side, real and imaginary parts apart, so that every inner loop runs over neighbours in
 * memory with one root of unity.
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
  const width = Math.imul(stride, lanes) & SHORT;
  const apart = Math.imul(m, width) & SHORT;
  for (let p = 0; p < m; p++) {
    const turn = Math.imul(p, stride);
    const x0 = Math.imul(width, p) & SHORT;
    const y0 = Math.imul(radix, x0) & SHORT;
    const c1 = cos.at(turn);
    const s1 = sin.at(turn);
    if (radix === 4) {
      const c2 = cos.at(Math.imul(2, turn));
      const s2 = sin.at(Math.imul(2, turn));
      const c3 = cos.at(Math.imul(3, turn));
      const s3 = sin.at(Math.imul(3, turn));
      for (let q = 0; q < width; q++) {
        const ar = xr[x0 + q]! + xr[x0 + 2 * apart + q]!;
        const ai = xi[x0 + q]! + xi[x0 + 2 * apart + q]!;
        const br = xr[x0 + q]! - xr[x0 + 2 * apart + q]!;
        const bi = xi[x0 + q]! - xi[x0 + 2 * apart + q]!;
        const cr = xr[x0 + apart + q]! + xr[x0 + 3 * apart + q]!;
        const ci = xi[x0 + apart + q]! + xi[x0 + 3 * apart + q]!;
        const dr = xr[x0 + apart + q]! - xr[x0 + 3 * apart + q]!;
        const di = xi[x0 + apart + q]! - xi[x0 + 3 * apart + q]!;
        yr[y0 + q] = ar + cr;
        yi[y0 + q] = ai + ci;
        const er = br + di;
        const ei = bi - dr;
        yr[y0 + width + q] = er * c1 - ei * s1;
        yi[y0 + width + q] = er * s1 + ei * c1;
        const fr = ar - cr;
        const fi = ai - ci;
        yr[y0 + 2 * width + q] = fr * c2 - fi * s2;
        yi[y0 + 2 * width + q] = fr * s2 + fi * c2;
        const gr = br - di;
        const gi = bi + dr;
        yr[y0 + 3 * width + q] = gr * c3 - gi * s3;
        yi[y0 + 3 * width + q] = gr * s3 + gi * c3;
      }
    } else if (radix === 3) {
      const c2 = cos.at(Math.imul(2, turn));
      const s2 = sin.at(Math.imul(2, turn));
      for (let q = 0; q < width; q++) {
        const ar = xr[x0 + apart + q]! + xr[x0 + 2 * apart + q]!;
        const ai = xi[x0 + apart + q]! + xi[x0 + 2 * apart + q]!;
        const br = xr[x0 + q]! - 0.5 * ar;
        const bi = xi[x0 + q]! - 0.5 * ai;
        const cr = SIN_60 * (xr[x0 + apart + q]! - xr[x0 + 2 * apart + q]!);
        const ci = SIN_60 * (xi[x0 + apart + q]! - xi[x0 + 2 * apart + q]!);
        yr[y0 + q] = xr[x0 + q]! + ar;
        yi[y0 + q] = xi[x0 + q]! + ai;
        const dr = br + ci;
        const di = bi - cr;
        yr[y0 + width + q] = dr * c1 - di * s1;
        yi[y0 + width + q] = dr * s1 + di * c1;
        const er = br - ci;
        const ei = bi + cr;
        yr[y0 + 2 * width + q] = er * c2 - ei * s2;
        yi[y0 + 2 * width + q] = er * s2 + ei * c2;
      }
    } else {
      for (let q = 0; q < width; q++) {
        const br = xr[x0 + q]! - xr[x0 + apart + q]!;
        const bi = xi[x0 + q]! - xi[x0 + apart + q]!;
        yr[y0 + q] = xr[x0 + q]! + xr[x0 + apart + q]!;
        yi[y0 + q] = xi[x0 + q]! + xi[x0 + apart + q]!;
        yr[y0 + width + q] = br * c1 - bi * s1;
        yi[y0 + width + q] = br * s1 + bi * c1;
      }
    }
  }
}

/** No array is longer; what is at most that long adds up to indices that are integers. */
const SHORT = 2 ** 28 - 1;
const SIN_60 = Math.sqrt(3) / 2;
