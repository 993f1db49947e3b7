/**
 * The parallel map: a function and its inputs come in, the results of all cores come out. Checks
 * what the user gave, captures the function and leaves the running of it to `Call`.
 */
import { capture, type Shipment } from "../capture/capture.js";
import { PoolClosedError } from "../errors.js";
import type { Timeline } from "../figure/timeline.js";
import { ArrayWork, type BigTypedArray, type TypedArray } from "./array-work.js";
import { Call } from "./call.js";
import { clock } from "./clock.js";
import { Crew } from "./crew.js";
import { isInWorker } from "./nesting.js";
import { noticeOnce } from "./notice.js";
import {
  checkFunction,
  checkMapOptions,
  checkPoolOptions,
  type MapOptions,
  type PoolOptions,
} from "./options.js";
import { runSerially, streamSerially } from "./serial.js";
import { stream } from "./stream.js";
import { StreamWork, toIterable } from "./stream-work.js";

/** The results in the order of the inputs, and who did what when. */
export type PoolResult<R> = R[] & {
  /** Which worker did which items when; not enumerable. `timeline(result)` draws it. */
  readonly timeline: Timeline;
};

/** A function as the user gave it; its types are the public signatures' affair. */
type AnyFunction = (...args: never[]) => unknown;

/**
 * A pool of worker threads that run ordinary functions of your program on all cores.
 *
 * A function takes along whatever it refers to: variables, other functions, classes, imports.
 * What it changes in those stays in the worker; what it returns comes back. Memory made by
 * `zeros`, `shared` … is seen by all. A mapped function that itself calls a pool runs that inner
 * call in its own worker, serially. Modelled on Python's `multiprocessing.Pool`.
 *
 * The threads start with the first call and don't keep a program from ending.
 *
 * @example
 * const two = new Pool({ threads: 2 });
 * await two.map((x) => x * x, [1, 2, 3]); // [1, 4, 9]
 * await two.close();
 */
export class Pool {
  /** Number of worker threads. */
  readonly threads: number;
  readonly #crew: Crew;
  readonly #maps = new Set<Promise<unknown>>();
  readonly #streams = new Set<Call>();
  #closed: Promise<void> | undefined;

  static {
    // Node has this symbol from 20 on, but not every TypeScript that reads our declarations knows it.
    Object.defineProperty(this.prototype, Symbol.asyncDispose, {
      value(this: Pool) {
        return this.close();
      },
    });
  }

  /**
   * @param options `threads`: how many, default as many as the machine runs at once.
   * `memoryLimit`: MiB each worker may take, see `PoolOptions`.
   * @throws RangeError when an option is out of its range.
   */
  constructor(options: PoolOptions = {}) {
    const { threads, memoryLimit } = checkPoolOptions(options);
    this.threads = threads;
    this.#crew = new Crew(threads, memoryLimit);
  }

  /**
   * Maps a function over inputs on all cores: resolves to exactly what `xs.map(fn)` returns, with
   * promises awaited. Order, holes, `undefined` and NaN stay as they are; a typed array gives a
   * typed array of the same kind; an iterable (also an `NDArray`) gives an array.
   *
   * Each worker does one item at a time; the function gets the item and its index. (It doesn't get
   * the whole input as a third argument: refer to it by name.)
   *
   * Inputs and what the function refers to are copied apart, so an object in both is two objects
   * there: compare by a name or number of its own, not by `===` or as a key of a `Map`. Each worker
   * loads npm packages anew: what was set in one, such as `Decimal.set({ precision: 10 })`, and
   * changes to built-in objects don't go along, so make them inside the function.
   *
   * If an item fails, the rest is cancelled and the map rejects with that item's own error, which
   * then has the properties `index` and `input` and says both in its last stack line. If several
   * fail, the one of the lowest index that is known counts: items of lower indices that still run
   * then have 100 ms to end, and are stopped after that.
   *
   * @param fn Any function, also an async one.
   * @param xs An array, typed array, iterable or array-like.
   * @throws The error of the first failing item; `CaptureError` when something can't be sent to a
   * worker; `WorkerError` when a worker died; `TimeoutError`; `InterruptError`; `PoolClosedError`;
   * the signal's reason.
   * @example
   * const scale = 10;
   * await pool.map((x) => scale * x, [1, 2, 3]); // [10, 20, 30]
   */
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
  map(fn: AnyFunction, xs: unknown, options: MapOptions = {}): Promise<unknown> {
    return this.#track(this.#map("pool.map", fn, xs, false, options));
  }

  /**
   * Maps a function of several arguments over lists of arguments: `fn(...xs[i])`. Otherwise as `map`.
   *
   * @example
   * await pool.starmap((x, n) => x ** n, [[2, 3], [3, 2]]); // [8, 9]
   */
  starmap<A extends readonly unknown[], R>(
    fn: (...args: A) => R | PromiseLike<R>,
    xs: Iterable<A> | ArrayLike<A>,
    options?: MapOptions,
  ): Promise<PoolResult<R>>;
  starmap(fn: AnyFunction, xs: unknown, options: MapOptions = {}): Promise<unknown> {
    return this.#track(this.#map("pool.starmap", fn, xs, true, options));
  }

  /**
   * Maps over an iterable or async iterable, which may be endless, and yields each result in the
   * order of the inputs as soon as it and all before it are there.
   *
   * Reads ahead of the consumer by at most two chunks a thread. Leaving the loop early stops the
   * workers and closes the source. A failing item throws when its turn comes.
   *
   * @example
   * for await (const y of pool.imap((x) => x * x, [1, 2, 3])) console.log(y);
   */
  imap<T, R>(
    fn: (x: T, index: number) => R | PromiseLike<R>,
    xs: Iterable<T> | AsyncIterable<T> | ArrayLike<T>,
    options?: MapOptions,
  ): AsyncIterableIterator<R>;
  imap(fn: AnyFunction, xs: unknown, options: MapOptions = {}): AsyncIterableIterator<unknown> {
    return this.#stream("pool.imap", fn, xs, true, options);
  }

  /**
   * As `imap`, but yields results as workers finish them, in whatever order that is.
   *
   * @example
   * for await (const y of pool.imapUnordered((x) => x * x, [1, 2, 3])) console.log(y);
   */
  imapUnordered<T, R>(
    fn: (x: T, index: number) => R | PromiseLike<R>,
    xs: Iterable<T> | AsyncIterable<T> | ArrayLike<T>,
    options?: MapOptions,
  ): AsyncIterableIterator<R>;
  imapUnordered(
    fn: AnyFunction,
    xs: unknown,
    options: MapOptions = {},
  ): AsyncIterableIterator<unknown> {
    return this.#stream("pool.imapUnordered", fn, xs, false, options);
  }

  /**
   * Closes the pool: new calls throw a `PoolClosedError`, running maps are awaited, open `imap`
   * loops are stopped with a `PoolClosedError`, then the threads end. `await using` does the same.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const call of this.#streams)
      call.abort(new PoolClosedError("the pool was closed while its imap was being read"));
    await Promise.allSettled([...this.#maps, ...[...this.#streams].map((call) => call.settled)]);
    await this.#crew.end();
  }

  async #map(
    name: string,
    fn: AnyFunction,
    xs: unknown,
    spread: boolean,
    options: MapOptions,
  ): Promise<unknown> {
    const began = clock();
    this.#check(name, fn, options);
    const work = new ArrayWork(xs, name);
    let timeline: Timeline = { threads: this.threads, elapsed: 0, chunks: [] };
    if (isInWorker()) {
      await runSerially(fn as (...args: unknown[]) => unknown, name, work, spread, options);
    } else if (!work.ended) {
      const shipment = this.#capture(fn);
      const call = new Call(this.#crew, { fn, shipment, name, work, spread, options, began });
      call.pump();
      await call.settled;
      timeline = call.timeline;
    }
    timeline = { ...timeline, elapsed: clock() - began };
    return Object.defineProperty(work.result(name), "timeline", { value: timeline });
  }

  #stream(
    name: string,
    fn: AnyFunction,
    xs: unknown,
    ordered: boolean,
    options: MapOptions,
  ): AsyncIterableIterator<unknown> {
    this.#check(name, fn, options);
    if (isInWorker())
      return streamSerially(
        fn as (...args: unknown[]) => unknown,
        name,
        toIterable(xs, name),
        options,
      );
    const work = new StreamWork(xs, name, ordered, this.threads);
    const open = (call: Call): void => {
      if (this.#closed !== undefined)
        call.abort(
          new PoolClosedError(`${name}: the pool was closed before its first item was read`),
        );
      this.#streams.add(call);
      const forget = (): void => {
        this.#streams.delete(call);
      };
      call.settled.then(forget, forget);
    };
    const plan = { fn, shipment: this.#capture(fn), name, work, spread: false, options };
    return stream(this.#crew, plan, work, open);
  }

  #capture(fn: AnyFunction): Shipment {
    // the threads start while this one reads the function
    this.#crew.start();
    const shipment = capture(fn);
    for (const warning of shipment.warnings) noticeOnce(warning);
    return shipment;
  }

  #check(name: string, fn: unknown, options: MapOptions): void {
    if (this.#closed !== undefined)
      throw new PoolClosedError(`${name} on a closed pool: make another with new Pool()`);
    checkFunction(fn, name);
    checkMapOptions(options, name);
    options.signal?.throwIfAborted();
  }

  /** What it returns is the only promise of a failure: one that nobody awaits is reported by Node. */
  #track(result: Promise<unknown>): Promise<unknown> {
    const tracked = result.finally(() => this.#maps.delete(tracked));
    this.#maps.add(tracked);
    return tracked;
  }
}

/**
 * The default pool: as many threads as the machine runs at once, started by the first call.
 *
 * @example
 * await pool.map((x) => x * x, [1, 2, 3]); // [1, 4, 9]
 */
export const pool = new Pool();
