/**
 * Takes a call's values into the frame of a compiled kernel and its result out again. Arrays of the
 * heap are passed in place; others are copied in, and back if the kernel wrote to them.
 */
import type { ArrayType, Frame, Slot } from "../compiler/types.js";
import { itemSize, view } from "../dtype.js";
import type { Heap } from "./heap.js";
import { addressOf, adopt, type Allocation } from "./memory.js";
import { NDArray } from "./ndarray.js";

type ArraySlot = Extract<Slot, { is: "array" }>;
type Numbers = NDArray["data"];

/** Some of the heap that a call uses. */
interface Held {
  readonly address: number;
  readonly bytes: number;
}

/** An array that was passed. */
interface Passed extends Held {
  readonly value: NDArray | Numbers;
  readonly base: number;
  readonly slot: ArraySlot;
  /** Copied: the typed array that gets the numbers back. */
  readonly original: Numbers | undefined;
}

/** The values of one call. */
export class Passing {
  readonly #passed: Passed[] = [];
  readonly #allocated: Held[] = [];
  readonly #kept = new Set<Held>();
  readonly #frame: number;

  constructor(
    readonly heap: Heap,
    readonly frame: Frame,
  ) {
    this.#frame = heap.allocate(frame.size);
  }

  get address(): number {
    return this.#frame;
  }

  /** How many arrays were copied in. */
  get copies(): number {
    return this.#passed.filter(({ original }) => original).length;
  }

  /** Arguments first, then the captured arrays. */
  write(values: readonly unknown[]): void {
    this.frame.parameters.forEach((slot, i) => {
      this.#write(slot, values[i]);
    });
  }

  /** Whether two arrays share memory that the kernel writes to. */
  get isAliased(): boolean {
    return this.#passed.some((a, i) =>
      this.#passed.some(
        (b, k) =>
          k > i &&
          (a.slot.written || b.slot.written) &&
          a.address < b.address + b.bytes &&
          b.address < a.address + a.bytes,
      ),
    );
  }

  /** For the kernel: the address of an array that it makes. */
  allocate(bytes: number): number {
    const address = this.heap.allocate(bytes);
    this.#allocated.push({ address, bytes });
    return address;
  }

  /** The result, once the kernel has returned. */
  read(): unknown {
    return this.frame.result && this.#read(this.frame.result);
  }

  /** Copies back what the kernel wrote, and gives memory back. To be called however the call ends. */
  close(): void {
    for (const { original, slot, address } of this.#passed) {
      if (!original) continue;
      if (slot.written) original.set(this.#view(slot.array, address, original.length));
      this.heap.free(address);
    }
    for (const each of this.#allocated) {
      if (!this.#kept.has(each)) this.heap.free(each.address);
    }
    this.heap.free(this.#frame);
  }

  #write(slot: Slot, value: unknown): void {
    switch (slot.is) {
      case "number":
      case "boolean":
        this.#data.setFloat64(this.#frame + slot.offset, Number(value), true);
        return;
      case "tuple":
        slot.members.forEach((member, i) => {
          this.#write(member, (value as readonly unknown[])[i]);
        });
        return;
      case "object":
        for (const [name, member] of Object.entries(slot.members)) {
          this.#write(member, (value as Readonly<Record<string, unknown>>)[name]);
        }
        return;
      case "array":
        this.#writeArray(slot, value as NDArray | Numbers);
    }
  }

  #writeArray(slot: ArraySlot, value: NDArray | Numbers): void {
    const size = itemSize(slot.array.dtype);
    const [data, shape, strides, offset] =
      value instanceof NDArray
        ? [value.data, value.shape, value.strides, value.offset]
        : [value, [value.length], [1], 0];
    const elements = shape.reduce((product, length) => product * length, 1);
    if (slot.spans && data.length !== elements) {
      throw new TypeError(
        `the kernel uses the data of an array that is a part of another, ${elements} of its ` +
          `${data.length} numbers: pass a copy, array(a.slice(…)), or use at and set in the kernel`,
      );
    }
    const { address, original } = this.#place(slot.array, data);
    const base = address + offset * size;
    // what the elements span: strides may be negative in no array of ours
    const span = shape.includes(0)
      ? 0
      : 1 + shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, 0);
    const held = original
      ? { address, bytes: data.byteLength }
      : { address: base, bytes: span * size };
    this.#passed.push({ ...held, value, base, slot, original });
    const at = this.#frame + slot.offset;
    [base, ...shape, ...strides].forEach((field, i) => {
      this.#data.setInt32(at + 4 * i, field, true);
    });
  }

  /** Where the numbers are; the same foreign array passed twice is copied once. */
  #place(
    type: ArrayType,
    data: Numbers,
  ): { readonly address: number; readonly original: Numbers | undefined } {
    const own = addressOf(data);
    if (own !== undefined) return { address: own, original: undefined };
    const address = this.heap.allocate(data.byteLength);
    this.#view(type, address, data.length).set(data);
    return { address, original: data };
  }

  #read(slot: Slot): unknown {
    switch (slot.is) {
      case "number":
        return this.#data.getFloat64(this.#frame + slot.offset, true);
      case "boolean":
        return this.#data.getFloat64(this.#frame + slot.offset, true) !== 0;
      case "tuple":
        return slot.members.map((member) => this.#read(member));
      case "object":
        return Object.fromEntries(
          Object.entries(slot.members).map(([name, member]) => [name, this.#read(member)]),
        );
      case "array":
        return this.#readArray(slot);
    }
  }

  /** An array that was passed is that very array; one that the kernel made becomes an NDArray. */
  #readArray({ array, offset }: ArraySlot): unknown {
    const field = (i: number): number => this.#data.getInt32(this.#frame + offset + 4 * i, true);
    const base = field(0) >>> 0;
    const fields = Array.from({ length: 2 * array.rank }, (_, i) => field(1 + i));
    const shape = fields.slice(0, array.rank);
    const strides = fields.slice(array.rank);
    const same = this.#passed.find(
      (each) =>
        each.base === base && each.slot.array.dtype === array.dtype && sameShape(each.value, shape),
    );
    if (same) return same.value;
    const inside = ({ address, bytes }: Held): boolean =>
      address <= base && base < address + Math.max(1, bytes);
    const size = itemSize(array.dtype);
    const passed = this.#passed.find(inside);
    if (passed) {
      const data = passed.value instanceof NDArray ? passed.value.data : passed.value;
      const start = (base - passed.base) / size;
      const first = passed.value instanceof NDArray ? passed.value.offset : 0;
      return new NDArray(array.dtype, data, shape, strides, first + start);
    }
    const made = this.#allocated.find(inside)!;
    this.#kept.add(made);
    const length = shape.reduce((product, each) => product * each, 1);
    const { buffer, byteOffset } = this.#adopted(made);
    const start = base - made.address;
    if (array.typed) return view(array.dtype, buffer, byteOffset + start, length);
    const data = view(array.dtype, buffer, byteOffset, made.bytes / size);
    return new NDArray(array.dtype, data, shape, strides, start / size);
  }

  readonly #buffers = new Map<Held, Allocation>();

  #adopted(made: Held): Allocation {
    const known = this.#buffers.get(made) ?? adopt(this.heap, made.address, made.bytes);
    this.#buffers.set(made, known);
    return known;
  }

  #view({ dtype }: ArrayType, address: number, length: number): Numbers {
    return view(dtype, this.heap.memory.buffer, address, length);
  }

  get #data(): DataView {
    return this.heap.view;
  }
}

function sameShape(value: NDArray | Numbers, shape: readonly number[]): boolean {
  const own = value instanceof NDArray ? value.shape : [value.length];
  return own.length === shape.length && own.every((length, axis) => length === shape[axis]);
}
