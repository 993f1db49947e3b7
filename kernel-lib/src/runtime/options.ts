/** The options of a pool and of its calls, and their checks. */
import { availableParallelism, totalmem } from "node:os";
import { inspect } from "node:util";
import type { Progress } from "./progress.js";

/** Options of every parallel call. */
export interface MapOptions {
  /**
   * Items that travel to a worker together. By default it follows from the time an item takes:
   * chunks of about 18 ms (5 ms for
   * `imap`), smaller at the beginning and at the end.
   */
  readonly chunkSize?: number;
  /** `true` draws a progress bar; a function is told instead, at most ten times a second. */
  readonly progress?: boolean | ((progress: Progress) => void);
  /** Stops the call: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds the whole call may take before it is stopped with a `TimeoutError`. */
  readonly timeout?: number;
}

/** Options of `new Pool()`. */
export interface PoolOptions {
  /** Number of worker threads. Default: as many as the machine runs at once. */
  readonly threads?: number;
  /**
   * MiB of objects a worker may hold. When a worker's heap holds more, or all workers together
   * take more than `threads` times that for objects and buffers, what they do is stopped and the
   * call rejects. (As much again as the calling thread holds in buffers and arrays may go unseen
   * where workers take buffers; their objects are always seen.) Default: 1024, or a worker's share of the machine's memory if that is less.
   */
  readonly memoryLimit?: number;
}

export function checkPoolOptions(options: PoolOptions): Required<PoolOptions> {
  checkObject(options, "new Pool", "{ threads: 2 }");
  const threads = options.threads ?? availableParallelism();
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024)
    throw new RangeError(
      `threads is ${String(threads)}: give a whole number from 1 to 1024, such as the machine's ${availableParallelism()}`,
    );
  const memoryLimit = options.memoryLimit ?? defaultMemoryLimit(threads);
  if (!(memoryLimit >= 16 && Number.isFinite(memoryLimit)))
    throw new RangeError(`memoryLimit is ${String(memoryLimit)}: give MiB per worker, at least 16`);
  return { threads, memoryLimit };
}

function defaultMemoryLimit(threads: number): number {
  const mine = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(128, Math.min(1024, Math.floor(mine / 2 ** 20 / threads)));
}

export function checkMapOptions(
  options: MapOptions,
  call: string,
  such = "{ chunkSize: 10 }",
): void {
  checkObject(options, call, such);
  const { chunkSize, timeout, progress, signal } = options;
  if (chunkSize !== undefined && !(Number.isInteger(chunkSize) && chunkSize >= 1))
    throw new RangeError(
      `chunkSize is ${String(chunkSize)}: give a whole number of at least 1, or leave it out`,
    );
  if (timeout !== undefined && !(timeout >= 0))
    throw new RangeError(`timeout is ${String(timeout)}: give milliseconds, 0 or more`);
  if (progress !== undefined && typeof progress !== "boolean" && typeof progress !== "function")
    throw new TypeError(`progress is ${typeof progress}: give true or a function`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`signal is not an AbortSignal: give new AbortController().signal`);
}

function checkObject(options: unknown, call: string, such: string): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError(
      `${call} got ${describe(options)} as its options: give an object such as ${such}, or leave them out`,
    );
}

export function checkFunction(fn: unknown, call: string): void {
  if (typeof fn !== "function")
    throw new TypeError(`${call} got ${describe(fn)} as its function: write ${call}(fn, xs)`);
  if (fn.length > 2 && call !== "pool.starmap")
    throw new TypeError(
      `${call} gives a function the item and its index, but ${fn.name || "this one"} takes ` +
        `${fn.length} arguments: refer to other values by name, or use starmap for lists of arguments`,
    );
}

/** A few words for a value in an error message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object") {
    const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
    if (typeof name !== "string" || name === "Object") return "an object";
    return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
  }
  return `the ${typeof value} ${inspect(value)}`;
}
