/**
 * The parallel map: a function and its inputs come in, the results of all cores come out in order.
 * Checks what the user gave, captures the function and leaves the running of it to `Call`.
 */
import { capture } from "../capture/capture.js";
import { PoolClosedError } from "../errors.js";
import type { Timeline } from "../figure/timeline.js";
import { ArrayWork, type BigTypedArray, type TypedArray } from "./array-work.js";
import { Call } from "./call.js";
import { Crew } from "./crew.js";
import { noticeOnce } from "./notice.js";
import {
  checkFunction,
  checkMapOptions,
  checkPoolOptions,
  type MapOptions,
  type PoolOptions,
} from "./options.js";

/** The results, and who did what when. */
export type PoolResult<R> = R[] & { readonly timeline: Timeline };

export class Pool {
  /** Number of worker threads. */
  readonly threads: number;
  readonly #crew: Crew;
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(options: PoolOptions = {}) {
    const { threads, memoryLimit } = checkPoolOptions(options);
    this.threads = threads;
    this.#crew = new Crew(threads, memoryLimit);
  }

  map<A extends TypedArray>(
    fn: (x: number, index: number) => number | Promise<number>,
    xs: A,
    options?: MapOptions,
  ): Promise<A & { readonly timeline: Timeline }>;
  map<A extends BigTypedArray>(
    fn: (x: bigint, index: number) => bigint | Promise<bigint>,
    xs: A,
    options?: MapOptions,
  ): Promise<A & { readonly timeline: Timeline }>;
  map<T, R>(
    fn: (x: T, index: number) => R | PromiseLike<R>,
    xs: Iterable<T> | ArrayLike<T>,
    options?: MapOptions,
  ): Promise<PoolResult<R>>;
  map(
    fn: (x: never, index: number) => unknown,
    xs: Iterable<unknown> | ArrayLike<unknown>,
    options: MapOptions = {},
  ): Promise<unknown> {
    return this.#track(this.#map("pool.map", fn, xs, false, options));
  }

  starmap<A extends readonly unknown[], R>(
    fn: (...args: A) => R | PromiseLike<R>,
    xs: Iterable<A> | ArrayLike<A>,
    options: MapOptions = {},
  ): Promise<PoolResult<R>> {
    return this.#track(
      this.#map("pool.starmap", fn as never, xs, true, options) as Promise<PoolResult<R>>,
    );
  }

  /** Ends the pool: running maps are awaited, then its threads end. */
  close(): Promise<void> {
    this.#closed ??= Promise.allSettled([...this.#running]).then(() => this.#crew.end());
    return this.#closed;
  }

  async #map(
    call: string,
    fn: (x: never, index: number) => unknown,
    xs: unknown,
    spread: boolean,
    options: MapOptions,
  ): Promise<unknown> {
    const began = performance.now();
    this.#check(call, fn, options);
    const work = new ArrayWork(xs, call);
    if (work.ended)
      return withTimeline(work.result(call), {
        threads: this.threads,
        elapsed: performance.now() - began,
        chunks: [],
      });
    this.#crew.start();
    const shipment = capture(fn);
    for (const warning of shipment.warnings) noticeOnce(warning);
    const running = new Call(this.#crew, shipment, call, work, spread, options);
    running.pump();
    await running.settled;
    return withTimeline(work.result(call), running.timeline);
  }

  #check(call: string, fn: unknown, options: MapOptions): void {
    if (this.#closed !== undefined)
      throw new PoolClosedError(`${call} on a closed pool: make another with new Pool()`);
    checkFunction(fn, call);
    checkMapOptions(options);
    options.signal?.throwIfAborted();
  }

  #track<R>(result: Promise<R>): Promise<R> {
    this.#running.add(result);
    const done = (): void => {
      this.#running.delete(result);
    };
    result.then(done, done);
    return result;
  }
}

function withTimeline<R extends object>(result: R, timeline: Timeline): R {
  return Object.defineProperty(result, "timeline", { value: timeline, configurable: true });
}

/** The default pool: one thread a core, started by the first call. */
export const pool = new Pool();
