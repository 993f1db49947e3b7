/**
 * Memory for what the body of a parallel loop allocates: given out in order, taken back all at once
 * after each chunk. Blocks come from whoever owns the heap; each thread has an arena of its own.
 */
import type { WasmMemory } from "./engine.js";
import { zero } from "./zero.js";

const SMALLEST_BLOCK = 2 ** 16;
/** An arena with more than that gives its blocks back when a loop ends. */
const KEPT = 2 ** 22;

interface Block {
  readonly address: number;
  readonly size: number;
}

export class Arena {
  readonly #blocks: Block[] = [];
  #block = 0;
  #used = 0;

  /** @param obtain gives the address of a block of that many bytes, or throws. */
  constructor(
    readonly memory: WasmMemory,
    readonly obtain: (bytes: number) => number,
    readonly release: (addresses: readonly number[]) => void,
  ) {}

  /** The address of that many zeroed bytes, 16-byte aligned, until the next `reset`. */
  allocate(bytes: number): number {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    while (!(this.#used + size <= (this.#blocks[this.#block]?.size ?? 0))) {
      if (this.#block < this.#blocks.length) this.#block++;
      this.#used = 0;
      if (this.#block === this.#blocks.length) this.#extend(size);
    }
    const address = this.#blocks[this.#block]!.address + this.#used;
    this.#used += size;
    zero(this.memory, address, size);
    return address;
  }

  /** All that was allocated may be used again. */
  reset(): void {
    this.#block = 0;
    this.#used = 0;
  }

  /** Keeps little for the next loop. */
  trim(): void {
    this.reset();
    if (this.#bytes <= KEPT) return;
    this.release(this.#blocks.map(({ address }) => address));
    this.#blocks.length = 0;
  }

  get #bytes(): number {
    return this.#blocks.reduce((sum, { size }) => sum + size, 0);
  }

  #extend(size: number): void {
    const wanted = Math.max(SMALLEST_BLOCK, size, this.#bytes);
    this.#blocks.push({ address: this.obtain(wanted), size: wanted });
  }
}
