/**
 * The memory that kernels of this thread see: one shared WebAssembly memory, and who has which part
 * of it. Numbers of bytes come in, addresses go out; arrays and their lifetimes are `memory.ts`'s.
 */
import { engine, type WasmMemory } from "./engine.js";

/** Address space of 32 bits. */
const MOST_PAGES = 65_536;
const PAGE = 65_536;
/** A cache line, so that threads that write to different arrays don't slow each other down. */
const ALIGNMENT = 64;

interface Stretch {
  address: number;
  size: number;
}

/** A memory with an allocator: first fit, neighbours that are free become one. */
export class Heap {
  readonly memory: WasmMemory = new engine.Memory({
    initial: 16,
    maximum: MOST_PAGES,
    shared: true,
  });
  /** Free stretches by address; what lies beyond the last used byte isn't listed. */
  readonly #free: Stretch[] = [];
  readonly #used = new Map<number, number>();
  /** No address is 0, so that it can mean none. */
  #end = ALIGNMENT;

  #view = new DataView(this.memory.buffer);

  /** All of the memory, as it is now. */
  get view(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new DataView(this.memory.buffer);
    return this.#view;
  }

  /** Bytes in use. */
  get bytes(): number {
    let sum = 0;
    for (const size of this.#used.values()) sum += size;
    return sum;
  }

  /**
   * The address of that many zeroed bytes.
   *
   * @throws RangeError if the memory can't be had.
   */
  allocate(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    const address = this.#reuse(size) ?? this.#extend(size);
    this.#used.set(address, size);
    return address;
  }

  /** Gives back what `allocate` gave. */
  free(address: number): void {
    const size = this.#used.get(address);
    if (size === undefined) throw new Error(`nothing was allocated at ${address}`);
    this.#used.delete(address);
    const list = this.#free;
    let at = list.findIndex((stretch) => stretch.address > address);
    if (at < 0) at = list.length;
    list.splice(at, 0, { address, size });
    this.#join(at);
    this.#join(at - 1);
    const last = list.at(-1);
    if (last && last.address + last.size === this.#end) {
      list.pop();
      this.#end = last.address;
      this.#dirty = Math.max(this.#dirty, last.address + last.size);
    }
  }

  /** Up to where memory beyond the end has been used before. */
  #dirty = 0;

  #reuse(size: number): number | undefined {
    const at = this.#free.findIndex((stretch) => stretch.size >= size);
    const found = this.#free[at];
    if (!found) return undefined;
    const { address } = found;
    found.address += size;
    found.size -= size;
    if (found.size === 0) this.#free.splice(at, 1);
    this.#zero(address, size);
    return address;
  }

  #extend(size: number): number {
    const address = this.#end;
    const missing = address + size - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(missing);
    this.#end = address + size;
    if (address < this.#dirty) this.#zero(address, Math.min(size, this.#dirty - address));
    return address;
  }

  /** By an eighth at least, as each growth makes a new buffer object. */
  #grow(missing: number): void {
    const now = this.memory.buffer.byteLength / PAGE;
    const needed = Math.ceil(missing / PAGE);
    const wanted = Math.min(Math.max(needed, now >> 3), MOST_PAGES - now);
    try {
      this.memory.grow(Math.max(needed, wanted));
    } catch {
      this.memory.grow(needed);
    }
  }

  #join(at: number): void {
    const [first, second] = [this.#free[at], this.#free[at + 1]];
    if (!first || !second || first.address + first.size !== second.address) return;
    first.size += second.size;
    this.#free.splice(at + 1, 1);
  }

  #zero(address: number, size: number): void {
    new Uint8Array(this.memory.buffer, address, size).fill(0);
  }
}

let made: Heap | undefined;

/** This thread's heap; made when first asked for. */
export function heap(): Heap {
  made ??= new Heap();
  return made;
}
