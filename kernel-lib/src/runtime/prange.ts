/**
 * `prange` as plain JavaScript has it: numbers one after the other. Compiled, it is what threads and
 * SIMD lanes are derived from.
 */
import { intrinsic } from "./intrinsics.js";

/**
 * Counts like `for`, and says that no turn of the loop needs what another computes, so that a kernel
 * may run the turns on all cores and several at once.
 *
 * Inside a kernel (see `jit`): each turn may write its own elements of arrays, and add to (`+=`, `-=`,
 * `*=`, `Math.min`, `Math.max`, `&=`, `|=`, `^=`) variables from before the loop, or to elements of an
 * array, as a histogram does. Anything else that turns share is a `CompileError`. Sums are taken in one
 * fixed order, so their bits don't depend on the number of threads. A prange inside of another runs on
 * one core, several turns at once where they reach elements side by side, with sums in a fixed order as
 * well. Outside of a kernel it counts, nothing more.
 *
 * @param first Where to stop, exclusive, if it is the only argument; else where to start.
 * @param end Where to stop, exclusive.
 * @param step 1 unless given.
 * @throws RangeError for a step that isn't a number other than 0.
 * @example
 * const norm = jit((v: Float64Array) => {
 *   let sum = 0;
 *   for (const i of prange(v.length)) sum += v[i]! * v[i]!;
 *   return Math.sqrt(sum);
 * });
 */
export function prange(first: number, end?: number, step = 1): IterableIterator<number> {
  if (!Number.isFinite(step) || step === 0)
    throw new RangeError(`prange got the step ${step}: give a number other than 0`);
  const [from, to] = end === undefined ? [0, first] : [first, end];
  return new Counter(from, step, Math.max(0, Math.ceil((to - from) / step)));
}

intrinsic("prange", prange);

class Counter implements IterableIterator<number> {
  #k = 0;

  constructor(
    readonly start: number,
    readonly step: number,
    readonly count: number,
  ) {}

  next(): IteratorResult<number> {
    if (this.#k >= this.count) return { done: true, value: undefined };
    return { done: false, value: this.start + this.#k++ * this.step };
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this;
  }
}
