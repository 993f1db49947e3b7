/**
 * The one place that makes shared memory for arrays. On the main thread it is a part of the heap, so
 * that kernels work on arrays in place; in a worker it is a buffer of its own, since the array may
 * outlive the worker.
 */
import { isMainThread } from "node:worker_threads";
import { heap, type Heap } from "./heap.js";

/** A stretch of shared memory. */
export interface Allocation {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
}

/** Buffers that are views of the heap, however many there are of it. */
const buffers = new WeakSet<SharedArrayBuffer>();
let registry: FinalizationRegistry<number> | undefined;
/**
 * V8 collects the sooner the more memory objects hold, but doesn't know what a view of the heap stands
 * for. So each buffer holds as much again that is never touched, hence never real.
 */
const weights = new WeakMap<SharedArrayBuffer, ArrayBuffer>();
/** From this size on it matters. */
const WEIGHTY = 65_536;

/**
 * Makes zeroed shared memory, aligned for every dtype. It lives as long as its buffer, and
 * so as long as any view of that.
 *
 * @throws RangeError if the machine hasn't that much.
 */
export function allocate(bytes: number): Allocation {
  try {
    return (
      (isMainThread && inHeap(bytes)) || { buffer: new SharedArrayBuffer(bytes), byteOffset: 0 }
    );
  } catch (cause) {
    const mib = Math.ceil(bytes / 2 ** 20);
    throw new RangeError(
      `${mib} MiB of shared memory can't be had: make a smaller array, or use a narrower dtype`,
      { cause },
    );
  }
}

/** Undefined when the heap is full: kernels copy an array that lies elsewhere. */
function inHeap(bytes: number): Allocation | undefined {
  try {
    return adopt(heap(), heap().allocate(bytes), bytes);
  } catch {
    return undefined;
  }
}

/** Binds an address of the heap to a buffer object of its own: when that is collected, the memory is free. */
export function adopt(owner: Heap, address: number, bytes: number): Allocation {
  // a clone of a shared buffer is another object over the same memory
  const buffer = structuredClone(owner.memory.buffer);
  buffers.add(buffer);
  if (bytes >= WEIGHTY) weights.set(buffer, new ArrayBuffer(bytes));
  registry ??= new FinalizationRegistry((unused) => {
    owner.free(unused);
  });
  registry.register(buffer, address);
  return { buffer, byteOffset: address };
}

/** The address of an array of the heap; undefined for any other. */
export function addressOf(array: ArrayBufferView): number | undefined {
  const { buffer, byteOffset } = array as { buffer: SharedArrayBuffer; byteOffset: number };
  return buffers.has(buffer) ? byteOffset : undefined;
}
