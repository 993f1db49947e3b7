/**
 * The few numbers that the pool and its workers share during one call: at which index to stop,
 * which item each desk (a place for one running chunk) is at, and which chunk lies there for later.
 * They tell the pool what a worker was doing when it died, stop the others without a message, and
 * settle who does a chunk that one side offers while the other may take it back.
 */

const limitCell = 0;
const none = 0xffffffff;

export class Desks {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Uint32Array;

  constructor(desks: number | SharedArrayBuffer) {
    this.buffer = typeof desks === "number" ? new SharedArrayBuffer(4 * (1 + 2 * desks)) : desks;
    this.#cells = new Uint32Array(this.buffer);
    if (typeof desks === "number") this.#cells.fill(none);
  }

  /** No item from this index on may begin. A later call can only lower the limit. */
  stopAt(index: number): void {
    if (index < Atomics.load(this.#cells, limitCell)) Atomics.store(this.#cells, limitCell, index);
  }

  mayBegin(index: number): boolean {
    const limit = Atomics.load(this.#cells, limitCell);
    return limit === none || index < limit;
  }

  /** Says that the desk's worker begins this item. */
  begin(desk: number, index: number): void {
    Atomics.store(this.#cells, 1 + 2 * desk, index);
  }

  /** The item that the desk's worker is at, or was at when it died. */
  at(desk: number): number | undefined {
    const index = Atomics.load(this.#cells, 1 + 2 * desk);
    return index === none ? undefined : index;
  }

  /** Nobody works here any more. */
  clear(desk: number): void {
    Atomics.store(this.#cells, 1 + 2 * desk, none);
  }

  /** Says that the chunk whose first item is `from` lies at the desk, to be done after the one there. */
  offer(desk: number, from: number): void {
    Atomics.store(this.#cells, 2 + 2 * desk, from);
  }

  /** Takes an offered chunk: true for one side only, the desk's worker or the pool. */
  take(desk: number, from: number): boolean {
    return Atomics.compareExchange(this.#cells, 2 + 2 * desk, from, none) === from;
  }
}
