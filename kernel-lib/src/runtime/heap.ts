/**
 * The memory that kernels of this thread see: one shared WebAssembly memory, and who has which part
 * of it. Numbers of bytes come in, addresses go out; arrays and their lifetimes are `memory.ts`'s.
 * Several threads can have a heap in the same memory: what one grows it by is its own.
 */
import { engine, type WasmMemory } from "./engine.js";
import { FreeList, type Stretch } from "./free-list.js";
import { zero } from "./zero.js";

/** Address space of 32 bits. */
const MOST_PAGES = 65_536;
const PAGE = 65_536;
const FIRST_PAGES = 16;
/** No address is 0, so that it can mean none, and the bytes up to here say which memory it is. */
const START = 64;
/** The memory grows by a sixteenth of itself, within these bounds. */
const LEAST_GROWTH = 2 ** 20;
const MOST_GROWTH = 2 ** 26;

export class Heap {
  /** Called before the memory is said to be full: may free some. */
  onFull: () => void = () => undefined;
  readonly memory: WasmMemory;
  readonly #free = new FreeList((bytes) => this.#grow(bytes));
  readonly #used = new Map<number, number>();
  #bytes = 0;
  /** What lies behind has never been used, and is zero therefore. */
  #touched = 0;
  #view: DataView;

  /** Of a memory of its own, or of one that another thread made. */
  constructor(joined?: WasmMemory) {
    this.memory =
      joined ?? new engine.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true });
    this.#view = new DataView(this.memory.buffer);
    if (!joined) this.#free.give({ offset: START, size: FIRST_PAGES * PAGE - START });
  }

  /** All of the memory, as it is now. */
  get view(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new DataView(this.memory.buffer);
    return this.#view;
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The address of that many zeroed bytes.
   *
   * @throws RangeError if the memory can't be had.
   */
  allocate(bytes: number): number {
    let stretch = this.#free.take(bytes);
    if (!stretch) {
      this.onFull();
      stretch = this.#free.take(bytes);
    }
    if (!stretch) throw new RangeError(`${bytes} bytes of memory for kernels can't be had`);
    const { offset, size } = stretch;
    const used = Math.min(size, this.#touched - offset);
    zero(this.memory, offset, used);
    this.#touched = Math.max(this.#touched, offset + size);
    this.#used.set(offset, size);
    this.#bytes += size;
    return offset;
  }

  /** Gives back what `allocate` gave. */
  free(address: number): void {
    const size = this.#used.get(address);
    if (size === undefined) throw new Error(`nothing was allocated at ${address}`);
    this.#used.delete(address);
    this.#bytes -= size;
    this.#free.give({ offset: address, size });
  }

  #grow(bytes: number): Stretch | undefined {
    const usual = Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, this.memory.buffer.byteLength / 16));
    for (const wanted of [Math.max(bytes, usual), bytes]) {
      const pages = Math.ceil(wanted / PAGE);
      try {
        // another thread may have grown it at the same time: the answer says where ours begins
        return { offset: this.memory.grow(pages) * PAGE, size: pages * PAGE };
      } catch {
        continue;
      }
    }
    return undefined;
  }
}

let made: Heap | undefined;

/** This thread's heap; made when first asked for. */
export function heap(): Heap {
  made ??= new Heap();
  return made;
}

/** In a worker: its heap is to be in the main thread's memory. */
export function joinHeap(memory: WasmMemory): void {
  made ??= new Heap(memory);
}
