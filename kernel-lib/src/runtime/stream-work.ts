/**
 * The work of `imap` and `imapUnordered`: reads items from an iterable only as far ahead as the
 * workers need, and holds their results until the consumer asks for them.
 */
import type { Batch, Work } from "./call.js";
import { describe } from "./options.js";

type AnyIterator = Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>;

interface Done {
  readonly values: readonly unknown[];
  readonly count: number;
}

export class StreamWork implements Work {
  readonly remaining = undefined;
  readonly #iterator: AnyIterator;
  readonly #async: boolean;
  readonly #ordered: boolean;
  readonly #threads: number;
  /** Items of an async iterable that came before a worker was free. */
  readonly #waiting: unknown[] = [];
  #wanted = 1;
  #reading = false;
  #exhausted = false;
  /** Index of the next item to hand out. */
  #next = 0;
  /** Batches that the consumer has not used up. */
  #ahead = 0;
  readonly #done = new Map<number, Done>();
  /** The batch the consumer is at. */
  #current: Done | undefined;
  #place = 0;
  /** First item of the batch the consumer gets next, if in order. */
  #due = 0;
  /** What the source threw, if it did; the items before are done first. */
  #failure: { readonly reason: unknown } | undefined;
  /** Called when there may be more to take: an item has come, or the consumer has made room. */
  onMore: (() => void) | undefined;
  /** Called when results have come. */
  onResult: (() => void) | undefined;

  constructor(xs: unknown, call: string, ordered: boolean, threads: number) {
    const source = toIterable(xs, call);
    this.#async = Symbol.asyncIterator in source;
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#ordered = ordered;
    this.#threads = threads;
  }

  get ended(): boolean {
    return this.#exhausted && this.#waiting.length === 0;
  }

  take(size: number): Batch | undefined {
    // Two batches a thread: one at work, one done and waiting for the consumer.
    if (this.#ahead >= 2 * this.#threads) return undefined;
    const inputs = this.#async ? this.#takeArrived(size) : this.#pull(size);
    if (inputs.length === 0) return undefined;
    const from = this.#next;
    this.#next += inputs.length;
    this.#ahead++;
    return { from, inputs };
  }

  accept(from: number, values: readonly unknown[], count: number): void {
    this.#done.set(from, { values, count });
    this.onResult?.();
  }

  /** The next result for the consumer, if there is one. */
  shift(): { readonly value: unknown } | undefined {
    while (this.#current === undefined || this.#place === this.#current.count) {
      if (this.#current !== undefined) {
        this.#ahead--;
        this.onMore?.();
      }
      this.#current = this.#nextBatch();
      this.#place = 0;
      if (this.#current === undefined) return undefined;
    }
    return { value: this.#current.values[this.#place++] };
  }

  /** Throws what the source threw. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  /** Tells the source that nothing more will be read. */
  async close(): Promise<void> {
    if (this.#exhausted) return;
    this.#exhausted = true;
    const closed = Promise.resolve(this.#iterator.return?.());
    // A source that is busy with its next item may take for ever to hear this.
    if (this.#reading) closed.catch(() => undefined);
    else await closed;
  }

  #nextBatch(): Done | undefined {
    const from = this.#ordered ? this.#due : this.#done.keys().next().value;
    if (from === undefined) return undefined;
    const batch = this.#done.get(from);
    if (batch === undefined) return undefined;
    this.#done.delete(from);
    this.#due = from + batch.count;
    return batch;
  }

  #pull(size: number): unknown[] {
    const inputs: unknown[] = [];
    while (inputs.length < size && !this.#exhausted) {
      try {
        const { done, value } = (this.#iterator as Iterator<unknown, unknown>).next();
        if (done === true) this.#exhausted = true;
        else inputs.push(value);
      } catch (reason) {
        this.#fail(reason);
      }
    }
    return inputs;
  }

  #takeArrived(size: number): unknown[] {
    this.#wanted = size;
    const inputs = this.#waiting.splice(0, size);
    void this.#read();
    return inputs;
  }

  /** Reads until every thread could get its next batch. */
  async #read(): Promise<void> {
    if (this.#reading || this.#exhausted) return;
    this.#reading = true;
    try {
      while (!this.#exhausted && this.#waiting.length < this.#wanted * this.#threads) {
        const { done, value } = await this.#iterator.next();
        if (done === true) this.#exhausted = true;
        else this.#waiting.push(value);
        this.onMore?.();
      }
    } catch (reason) {
      this.#fail(reason);
    }
    this.#reading = false;
    this.onMore?.();
  }

  #fail(reason: unknown): void {
    this.#exhausted = true;
    this.#failure = { reason };
  }
}

/** Checks what the user gave to read from. */
export function toIterable(xs: unknown, call: string): Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof xs === "string") return xs;
  if (typeof xs === "object" && xs !== null) {
    if (Symbol.asyncIterator in xs) return xs as AsyncIterable<unknown>;
    if (Symbol.iterator in xs) return xs as Iterable<unknown>;
    if ("length" in xs && typeof xs.length === "number")
      return Array.from(xs as ArrayLike<unknown>);
  }
  throw new TypeError(
    `${call} got ${describe(xs)} to map over: give an array, an iterable or an async iterable`,
  );
}
