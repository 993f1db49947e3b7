/**
 * A call inside a worker: a mapped function that maps again. All cores are busy with the outer
 * call, so the inner one runs in this thread, item by item, with the same results and errors.
 */
import { TimeoutError } from "../errors.js";
import type { Work } from "./call.js";
import { tellItem } from "./failure.js";
import type { MapOptions } from "./options.js";
import { ProgressMeter } from "./progress.js";

type AnyFunction = (...args: unknown[]) => unknown;

/** Does all the work here and now. */
export async function runSerially(
  fn: AnyFunction,
  name: string,
  work: Work,
  spread: boolean,
  options: MapOptions,
): Promise<void> {
  const step = stepper(fn, name, spread, options);
  // only the outer call draws a bar
  const meter = new ProgressMeter(
    options.progress === true ? undefined : options.progress,
    name,
    work.remaining,
  );
  for (let batch = work.take(1); batch !== undefined; batch = work.take(1)) {
    const { from, inputs } = batch;
    const results: unknown[] = [];
    if (0 in inputs) results[0] = await step(inputs[0], from);
    work.accept(from, results, 1);
    meter.add(1);
  }
  meter.end("done");
}

/** One item after the other, when the consumer asks. */
export async function* streamSerially(
  fn: AnyFunction,
  name: string,
  xs: Iterable<unknown> | AsyncIterable<unknown>,
  options: MapOptions,
): AsyncGenerator<unknown, void, undefined> {
  const step = stepper(fn, name, false, options);
  let index = 0;
  for await (const x of xs) yield await step(x, index++);
}

function stepper(
  fn: AnyFunction,
  name: string,
  spread: boolean,
  { signal, timeout = Infinity }: MapOptions,
): (input: unknown, index: number) => Promise<unknown> {
  const began = performance.now();
  return async (input, index) => {
    signal?.throwIfAborted();
    if (performance.now() - began > timeout)
      throw new TimeoutError(
        `${name} inside a mapped function was stopped at its timeout of ${timeout} ms, before item ${index}`,
      );
    try {
      return await (spread ? fn(...(input as unknown[])) : fn(input, index));
    } catch (error) {
      throw tellItem(error, name, index, input);
    }
  };
}
