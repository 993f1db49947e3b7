/** Long work in the page's only thread, which goes on with everything else in between. */
import type { Steps } from "hotcell/figure";

/** Milliseconds that are worked at once: less than a frame of the screen. */
const SLICE = 10;

/** Does all steps, a slice of them at a time. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const end = performance.now() + SLICE;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < end);
    await breath();
  }
}

/** Lets the page do what waits. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
