/**
 * The work of `map`: a snapshot of the input whose items are handed out from the front, and whose
 * result is exactly what the input's own `map` makes of the items' values.
 */
import type { Batch, Work } from "./call.js";
import { describe } from "./options.js";

export type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

export type BigTypedArray = BigInt64Array | BigUint64Array;

type Indexed = unknown[] | TypedArray;

export class ArrayWork implements Work {
  readonly #items: Indexed;
  readonly #values: unknown[];
  #next = 0;

  constructor(xs: unknown, call: string) {
    this.#items = snapshot(xs, call);
    this.#values = new Array<unknown>(this.#items.length);
  }

  get remaining(): number {
    return this.#items.length - this.#next;
  }

  get ended(): boolean {
    return this.#next === this.#items.length;
  }

  take(size: number): Batch | undefined {
    if (this.ended) return undefined;
    const from = this.#next;
    this.#next = Math.min(from + size, this.#items.length);
    return { from, inputs: copy(this.#items, from, this.#next) };
  }

  accept(from: number, results: readonly unknown[], count: number): void {
    for (let k = 0; k < count; k++) this.#values[from + k] = results[k];
  }

  /** What `xs.map` gives when its function returns these values. */
  result(call: string): unknown[] | TypedArray {
    const values = this.#values;
    if (Array.isArray(this.#items)) return this.#items.map((_, index) => values[index]);
    const kind = this.#items.constructor.name;
    const hint = `a map over a ${kind} gives a ${kind}; for an array write ${call}(fn, Array.from(xs))`;
    return this.#items.map((_, index) => {
      const value = values[index];
      if (typeof value === "object" && value !== null)
        throw new TypeError(`item ${index} of ${call} gave ${describe(value)}: ${hint}`);
      return value as number;
    });
  }
}

/** As `slice`, which a Buffer redefines to give a window of the whole memory, all of it posted. */
function copy<A extends Indexed>(items: A, from = 0, to = items.length): A {
  if (Array.isArray(items)) return items.slice(from, to) as A;
  return Uint8Array.prototype.slice.call(items, from, to) as A;
}

/** The items at this moment: later changes of the input don't matter. */
function snapshot(xs: unknown, call: string): Indexed {
  if (Array.isArray(xs)) return (xs as unknown[]).slice();
  // A view of shared memory stays one, as the point of shared memory is that writes are seen.
  if (ArrayBuffer.isView(xs) && !(xs instanceof DataView)) {
    const view = xs as TypedArray;
    return view.buffer instanceof SharedArrayBuffer ? view : copy(view);
  }
  if (typeof xs === "string") return Array.from(xs);
  if (typeof xs === "object" && xs !== null) {
    if (Symbol.iterator in xs) return Array.from(xs as Iterable<unknown>);
    if (Symbol.asyncIterator in xs)
      throw new TypeError(
        `${call} got an async iterable, whose length is not known: use imap or imapUnordered`,
      );
    const { length } = xs as { length?: unknown };
    if (typeof length === "number") return Array.from(xs as ArrayLike<unknown>);
  }
  throw new TypeError(
    `${call} got ${describe(xs)} to map over: give an array, a typed array or another iterable`,
  );
}
