/**
 * Work that is too long for a page to wait for: done in steps, each a fraction of a millisecond. The
 * kernel does them all at once, the page goes on in between.
 */

/** Work that yields after each of its steps and returns its result after the last. */
export type Steps<T> = Generator<void, T, void>;

/** Does all steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
