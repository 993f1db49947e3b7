/**
 * How the iterations of a parallel loop are cut into chunks. The cut is a function of their number
 * alone: since partial results are combined chunk by chunk, the bits of a reduction depend on it,
 * and must depend on nothing else.
 */

/** Partial sums inside a chunk: iteration p adds to accumulator p mod 8, whatever the lanes are. */
export const accumulators = 8;

/** Bytes between where the number of chunks stands and the partial results of the first. */
export const chunkCountBefore = 16;

/** Private copies of an array (a histogram) there may be. */
const arrayCopies = 16;

/** Iterations a chunk where a loop reduces: a power of two up to 64, then a multiple of 64. */
export function chunkLength(count: number, reducesArrays: boolean): number {
  const atLeast = Math.ceil(count / (reducesArrays ? arrayCopies : 256));
  if (atLeast > 64) return Math.min(Math.ceil(atLeast / 64) * 64, reducesArrays ? Infinity : 65536);
  // a short loop may have long iterations: every thread of a large machine should get some
  const few = Math.ceil(count / 16);
  return few <= 1 ? 1 : Math.min(64, 2 ** Math.ceil(Math.log2(few)));
}
