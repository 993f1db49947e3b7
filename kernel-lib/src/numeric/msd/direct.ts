/**
 * Mean squared displacements of single particles at chosen lags, as the definition says: O(F) for each
 * lag. Rows of coordinates come in, one row of lags a particle goes out.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";

/**
 * Writes the mean squared displacements of rows [particle, frame × axes] into `out` [particle, lag]. A
 * row is one series of numbers in which a lag is so many frames times so many axes.
 */
export const directMsd = jit(
  (rows: NDArray, axes: number, lags: NDArray, out: NDArray): void => {
    const [particles, length] = rows.shape as [number, number];
    for (const i of prange(particles)) {
      for (let l = 0; l < lags.length; l++) {
        const shift = lags.at(l) * axes;
        let sum = 0;
        for (let k = 0; k < length - shift; k++) {
          const d = rows.at(i, k + shift) - rows.at(i, k);
          sum += d * d;
        }
        out.set((axes * sum) / (length - shift), i, l);
      }
    }
  },
  { fastMath: true },
);
