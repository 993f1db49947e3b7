/**
 * The one place that makes shared memory for arrays. On the main thread it is a part of the heap, so
 * that kernels work on arrays in place; in a worker it is a buffer of its own, since the array may
 * outlive the worker. The memory is used again once nobody holds a view of it any more.
 */
import { randomFillSync } from "node:crypto";
import { isMainThread } from "node:worker_threads";
import { collectGarbage } from "./collector.js";
import { heap, type Heap } from "./heap.js";

/** A stretch of shared memory. */
export interface Allocation {
  /** Holds the memory: as long as it lives, nobody else gets the stretch. */
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
}

/** Memory of the heap that arrays hold. */
interface Region {
  readonly owner: Heap;
  readonly address: number;
  readonly bytes: number;
  readonly holder: WeakRef<SharedArrayBuffer>;
}

/** The heap's first bytes say which memory it is. */
const MARK = 16;
/** So much is handed out before garbage is looked for, or as much as was left the last time: V8 doesn't see how much hangs on a view. */
const PATIENCE = 2 ** 26;

/** Whether a buffer is one of the heap, however many there are of it. */
const known = new WeakMap<SharedArrayBuffer, boolean>();
const regions = new Map<number, Region>();
/** What arrays hold that came back from another thread. */
const moored = new WeakMap<SharedArrayBuffer, Set<SharedArrayBuffer>>();
let registry: FinalizationRegistry<Region> | undefined;
let held = 0;
let survived = 0;
let sinceCollection = 0;
let mark: Uint8Array | undefined;

/**
 * Makes zeroed shared memory, aligned for every dtype. It lives as long as its buffer, and
 * so as long as any view of that.
 *
 * @throws RangeError if the machine hasn't that much.
 */
export function allocate(bytes: number): Allocation {
  return (isMainThread && inHeap(bytes)) || apart(bytes);
}

/** Undefined when the heap is full: kernels copy an array that lies elsewhere. */
function inHeap(bytes: number): Allocation | undefined {
  markedHeap();
  try {
    return hold(heap(), heap().allocate(bytes), bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Binds an address of the heap to a buffer object: when that is collected, the memory is free. In a
 * worker the numbers move to a buffer of their own.
 */
export function adopt(owner: Heap, address: number, bytes: number): Allocation {
  if (isMainThread) return hold(owner, address, bytes);
  const moved = apart(bytes);
  new Uint8Array(moved.buffer).set(new Uint8Array(owner.memory.buffer, address, bytes));
  owner.free(address);
  return moved;
}

function hold(owner: Heap, address: number, bytes: number): Allocation {
  if (sinceCollection + bytes > Math.max(PATIENCE, survived)) sweep();
  // a clone of a shared buffer is another object over the same memory
  const buffer = structuredClone(owner.memory.buffer);
  known.set(buffer, true);
  const region = { owner, address, bytes, holder: new WeakRef(buffer) };
  regions.set(address, region);
  held += bytes;
  sinceCollection += bytes;
  registry ??= new FinalizationRegistry(release);
  registry.register(buffer, region, region);
  return { buffer, byteOffset: address };
}

function release(region: Region): void {
  if (regions.get(region.address) !== region) return;
  regions.delete(region.address);
  registry!.unregister(region);
  held -= region.bytes;
  region.owner.free(region.address);
}

/** Takes back what nobody holds any more, also in the midst of a cell, where no finalizer runs. */
function sweep(): void {
  if (regions.size > 0) collectGarbage();
  for (const region of [...regions.values()]) {
    if (region.holder.deref() === undefined) release(region);
  }
  survived = held;
  sinceCollection = 0;
}

/** The address of an array of the heap; undefined for any other. */
export function addressOf(array: ArrayBufferView): number | undefined {
  const { buffer, byteOffset } = array;
  return buffer instanceof SharedArrayBuffer && isInHeap(buffer) ? byteOffset : undefined;
}

/** Whether a buffer is one of the heap; also for those that came from another thread. */
export function isInHeap(buffer: SharedArrayBuffer): boolean {
  let answer = known.get(buffer);
  if (answer === undefined) {
    const own = markedHeap();
    answer =
      buffer.byteLength > MARK &&
      new Uint8Array(buffer, 0, MARK).every((byte, i) => byte === own[i]);
    known.set(buffer, answer);
  }
  return answer;
}

function markedHeap(): Uint8Array {
  if (!mark) {
    mark = new Uint8Array(heap().memory.buffer, 0, MARK);
    if (isMainThread) {
      randomFillSync(mark);
      heap().onFull = sweep;
    }
  }
  return mark;
}

/**
 * Lets arrays that came from another thread, anywhere in a value, hold the memory they stand in:
 * what went out may be gone before what came back.
 */
export function moor(value: unknown, seen = new Set<object>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (!ArrayBuffer.isView(value)) {
    for (const part of partsOf(value)) moor(part, seen);
    return;
  }
  const { buffer, byteOffset } = value;
  if (!(buffer instanceof SharedArrayBuffer) || !isInHeap(buffer)) return;
  const holder = regionAt(byteOffset)?.holder.deref();
  if (!holder || holder === buffer) return;
  const holders = moored.get(buffer) ?? new Set();
  moored.set(buffer, holders.add(holder));
}

function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)].flat();
  return value instanceof Set ? (value as Set<unknown>) : Object.values(value);
}

function regionAt(address: number): Region | undefined {
  for (const region of regions.values()) {
    if (region.address <= address && address < region.address + Math.max(1, region.bytes))
      return region;
  }
  return undefined;
}

/** Memory of its own: in other threads, and where the heap's 4 GiB don't suffice. */
function apart(bytes: number): Allocation {
  try {
    return { buffer: new SharedArrayBuffer(bytes), byteOffset: 0 };
  } catch (cause) {
    const mib = Math.ceil(bytes / 2 ** 20);
    throw new RangeError(
      `${mib} MiB of shared memory can't be had: make a smaller array, or use a narrower dtype`,
      { cause },
    );
  }
}

/** The memory that workers join, so that their kernels use the main thread's arrays in place. */
export function memoryToJoin(): Heap["memory"] {
  markedHeap();
  return heap().memory;
}
