/**
 * Divides a memory that can only grow: sizes come in, offsets of stretches that nobody else has go
 * out, and come back. Knows nothing of who holds a stretch, nor what is in it.
 */

/** Every stretch begins at a cache line. */
const ALIGNMENT = 64;

/** Stretches up to here are kept by size, so that a million small arrays cost no search. */
const SMALL = 4096;
/** What small stretches are cut from. */
const SLAB = 65536;

/** A stretch of memory: offset and size in bytes. */
export interface Stretch {
  readonly offset: number;
  readonly size: number;
}

export class FreeList {
  /** Sorted by offset, no two adjacent. */
  readonly #free: { offset: number; size: number }[] = [];
  readonly #small = new Map<number, number[]>();
  readonly #grow: (bytes: number) => Stretch | undefined;

  /** `grow` gets new memory, at least so many bytes; undefined when there is none. */
  constructor(grow: (bytes: number) => Stretch | undefined) {
    this.#grow = grow;
  }

  /** A stretch of at least so many bytes; undefined when there is none. */
  take(bytes: number): Stretch | undefined {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    return size <= SMALL ? this.#takeSmall(size) : this.#takeLarge(size);
  }

  give({ offset, size }: Stretch): void {
    if (size <= SMALL) this.#bin(size).push(offset);
    else this.#giveLarge(offset, size);
  }

  #bin(size: number): number[] {
    let bin = this.#small.get(size);
    if (!bin) this.#small.set(size, (bin = []));
    return bin;
  }

  #takeSmall(size: number): Stretch | undefined {
    const bin = this.#bin(size);
    if (bin.length === 0) {
      const slab = this.#takeLarge(SLAB);
      if (!slab) return undefined;
      const end = slab.offset + slab.size - size;
      for (let offset = end - (end % ALIGNMENT); offset >= slab.offset; offset -= size) {
        bin.push(offset);
      }
    }
    return { offset: bin.pop()!, size };
  }

  #takeLarge(size: number): Stretch | undefined {
    const found = this.#fit(size);
    if (found) return found;
    const more = this.#grow(size);
    if (!more) return undefined;
    this.#giveLarge(more.offset, more.size);
    return this.#fit(size);
  }

  #fit(size: number): Stretch | undefined {
    const at = this.#free.findIndex((each) => each.size >= size);
    if (at < 0) return undefined;
    const block = this.#free[at]!;
    const { offset } = block;
    if (block.size === size) this.#free.splice(at, 1);
    else {
      block.offset += size;
      block.size -= size;
    }
    return { offset, size };
  }

  #giveLarge(offset: number, size: number): void {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const joinsBefore = before !== undefined && before.offset + before.size === offset;
    const joinsAfter = after !== undefined && offset + size === after.offset;
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0);
      if (joinsAfter) this.#free.splice(low, 1);
    } else if (joinsAfter) {
      after.offset = offset;
      after.size += size;
    } else this.#free.splice(low, 0, { offset, size });
  }
}
