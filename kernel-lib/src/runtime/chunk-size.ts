/**
 * Decides how many items the next chunk of a call holds. Measured times come in, a number of items
 * goes out; knows nothing of workers or messages.
 */

/** A chunk this long makes the time between two of them vanish, and still ends soon. */
const targetMs = 18;
/** A stream's consumer waits for whole chunks, and its source is read that far ahead. */
const streamMs = 5;
/** Below this a chunk costs more to hand out than the evener end is worth. */
const leastMs = 0.5;
/** The calling thread deals with a chunk in half of this; it has one of each worker's to deal with. */
const handlingMs = 0.1;
/** One measured item may be far off, because the first runs are not yet compiled. */
const growth = 32;

/** A function's items cost in the next call about what they did in the last: milliseconds each. */
const remembered = new WeakMap<object, number>();
/** Should that be far off, the first chunk is still no more than this part of a worker's share. */
const trusted = 1 / 4;

/** So small a part of what is done is not worth dividing. */
const crumb = 1 / 100;

export class ChunkSizer {
  readonly #threads: number;
  readonly #fixed: number | undefined;
  readonly #fn: object;
  #cost: number | undefined;
  #largest = 1;
  #done = 0;

  /** `fixed`: the user's `chunkSize`; `fn`: the function that is mapped. */
  constructor(threads: number, fixed: number | undefined, fn: object) {
    this.#threads = threads;
    this.#fixed = fixed;
    this.#fn = fn;
  }

  /** Items for the next chunk; `remaining` is unknown for an iterable that is read as it comes. */
  next(remaining: number | undefined): number {
    if (this.#fixed !== undefined) return this.#fixed;
    const target = remaining === undefined ? streamMs : targetMs;
    if (this.#cost === undefined) {
      const size = target / (remembered.get(this.#fn) ?? Infinity);
      const share = (trusted * (remaining ?? Infinity)) / this.#threads;
      return Math.max(1, Math.floor(Math.min(size, share)));
    }
    const timed = Math.min(target / this.#cost, this.#largest * growth);
    // Near the end each chunk takes its share of what is left, so that all workers end together; no
    // chunk takes more than its worker's part, as the next items may cost far more than the last,
    // unless it is a last crumb.
    const part = (remaining ?? Infinity) / this.#threads;
    const most = Math.max(part, crumb * this.#done);
    const least = Math.max(leastMs, handlingMs * this.#threads);
    const share =
      this.#threads === 1 ? Infinity : Math.min(most, Math.max(part / 1.5, least / this.#cost));
    return Math.max(1, Math.floor(Math.min(timed, share)));
  }

  /** Whether a worker is done with the next chunk so soon that waiting for another would show. */
  isShort(remaining: number | undefined): boolean {
    const cost = this.#cost ?? remembered.get(this.#fn) ?? Infinity;
    return remaining !== undefined && cost * this.next(remaining) < 2 * targetMs;
  }

  /** Tells what a chunk took. */
  learn(items: number, ms: number): void {
    if (items === 0) return;
    const cost = Math.max(ms / items, 1e-5);
    this.#cost = this.#cost === undefined ? cost : 0.3 * this.#cost + 0.7 * cost;
    this.#largest = Math.max(this.#largest, items);
    this.#done += items;
    remembered.set(this.#fn, this.#cost);
  }
}
