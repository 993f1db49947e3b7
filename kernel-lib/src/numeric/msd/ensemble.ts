/**
 * Mean and spread over particles, gathered batch by batch: rows of values come in, one mean and one
 * standard error a column go out. The order of the sums is that of the particles, so the bits don't
 * depend on the number of threads.
 */
import { zeros } from "../../runtime/arrays.js";
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";

/** Mean and sum of squared deviations of each column of `values`, over its first `rows` rows. */
const columnMoments = jit((values: NDArray, rows: number, moments: NDArray): void => {
  const [, columns] = values.shape as [number, number];
  for (const i of prange(columns)) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += values.at(r, i);
    const mean = sum / rows;
    let squares = 0;
    for (let r = 0; r < rows; r++) {
      const d = values.at(r, i) - mean;
      squares += d * d;
    }
    moments.set(mean, 0, i);
    moments.set(squares, 1, i);
  }
});

export class Ensemble {
  readonly mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #moments: NDArray<"float64">;
  #count = 0;

  constructor(readonly columns: number) {
    this.mean = new Float64Array(columns);
    this.#squares = new Float64Array(columns);
    this.#moments = zeros([2, columns]);
  }

  /** Adds the first `rows` rows of `values` [row, column]. */
  add(values: NDArray, rows: number): void {
    columnMoments(values, rows, this.#moments);
    const before = this.#count;
    this.#count += rows;
    const share = rows / this.#count;
    // T. Chan, G. Golub & R. LeVeque (1983): how the moments of two samples make those of both
    for (let i = 0; i < this.columns; i++) {
      const apart = this.#moments.at(0, i) - this.mean[i]!;
      this.mean[i]! += apart * share;
      this.#squares[i]! += this.#moments.at(1, i) + apart * apart * before * share;
    }
  }

  /** The standard deviation over the rows, divided by the root of their number; NaN for a single row. */
  standardError(): Float64Array {
    const degrees = this.#count * (this.#count - 1);
    return this.#squares.map((squares) => Math.sqrt(squares / degrees));
  }
}
