/**
 * `progress`: an iterable goes in, the same values come out, and a line tells how far the loop is.
 * Also what `pool.map(…, { progress: true })` draws with. Rates and bars are worded in figure/.
 */
import { FigureError } from "../errors.js";
import { checkText } from "../figure/checks.js";
import { ProgressMeter, setProgressDisplay } from "../runtime/progress.js";
import { openProgressLine } from "./progress-line.js";

/** How `progress` names and counts a loop. */
export interface ProgressOptions {
  /** Stands before the bar. */
  readonly label?: string;
  /** Number of values; default: the iterable's own `length` or `size`. */
  readonly total?: number;
}

/** A loop under way: it counts as failed while the source makes a value, as stopped while the loop has it. */
class Loop {
  readonly #meter: ProgressMeter;
  #state: "failed" | "stopped" | "done" = "failed";

  constructor(label: string, total: number | undefined) {
    this.#meter = new ProgressMeter(true, label, total);
  }

  /** Hands a value to the loop. */
  hand<T>(value: T): T {
    this.#state = "stopped";
    return value;
  }

  /** The loop asks for the next value. */
  step(): void {
    this.#state = "failed";
    this.#meter.add(1);
  }

  /** The source has no more values. */
  finish(): void {
    this.#state = "done";
  }

  /** Shows how the loop ended. */
  close(): void {
    this.#meter.end(this.#state);
  }
}

function* counted<T>(values: Iterable<T>, open: () => Loop): Generator<T, void, undefined> {
  const loop = open();
  try {
    for (const value of values) {
      yield loop.hand(value);
      loop.step();
    }
    loop.finish();
  } finally {
    loop.close();
  }
}

async function* countedAsync<T>(
  values: AsyncIterable<T>,
  open: () => Loop,
): AsyncGenerator<T, void, undefined> {
  const loop = open();
  try {
    for await (const value of values) {
      yield loop.hand(value);
      loop.step();
    }
    loop.finish();
  } finally {
    loop.close();
  }
}

/** The number of values that an iterable says it has. */
function sizeOf(values: object): number | undefined {
  const { length, size } = values as { length?: unknown; size?: unknown };
  return [length, size].find((count) => typeof count === "number");
}

/**
 * Passes an iterable's values on, and shows a line with bar, rate and time left, which is updated in
 * place at most ten times a second and settles when the loop ends, is left early or throws. A value
 * counts as done when the loop asks for the next one. Modelled on Python's tqdm.
 *
 * @example
 * for (const seed of progress(seeds, { label: "runs" })) simulate(seed);
 */
export function progress<T>(values: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(values: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  values: Iterable<T> | AsyncIterable<T>,
  { label = "", total }: ProgressOptions = {},
): Iterable<T> | AsyncIterable<T> {
  checkText(label, "progress: label");
  if (total !== undefined && !(Number.isSafeInteger(total) && total >= 0)) {
    throw new FigureError(`progress: total is ${total}; it is a number of values`);
  }
  const source: unknown = values;
  if ((typeof source !== "object" && typeof source !== "string") || source === null) {
    throw new FigureError(`progress: ${String(source)} is not iterable`);
  }
  const open = () => new Loop(label, total ?? sizeOf(Object(source) as object));
  if (Symbol.asyncIterator in Object(source)) {
    return countedAsync(values as AsyncIterable<T>, open);
  }
  if (Symbol.iterator in Object(source)) return counted(values as Iterable<T>, open);
  throw new FigureError("progress: the first argument is not iterable");
}

setProgressDisplay(openProgressLine);
