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

/** Where a frame stands. */
export interface FramePlace {
  readonly address: number;
  /** Of the frame alone. */
  readonly view: DataView;
}

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
}

/** An array outside of the heap. */
interface Foreign {
  readonly slot: ArraySlot;
  readonly value: NDArray | Numbers;
  readonly data: Numbers;
}

/** A copy of some bytes of a buffer outside of the heap. */
interface Copy {
  readonly buffer: ArrayBufferLike;
  readonly from: number;
  readonly to: number;
  readonly address: number;
}

/** The values of one call. */
export class Passing {
  readonly #passed: Passed[] = [];
  readonly #allocated: Held[] = [];
  readonly #foreign: Foreign[] = [];
  readonly #copies: Copy[] = [];
  #adopted: Map<Held, Allocation> | undefined;

  constructor(
    readonly heap: Heap,
    readonly frame: Frame,
    readonly place: FramePlace,
  ) {}

  /** How many arrays were copied in. */
  get copies(): number {
    return this.#foreign.length;
  }

  /** Arguments first, then the captured arrays. */
  write(values: readonly unknown[]): void {
    const { parameters } = this.frame;
    for (let i = 0; i < parameters.length; i++) this.#write(parameters[i]!, values[i]);
    if (this.#foreign.length > 0) this.#copyIn();
  }

  /** Whether two arrays share memory that the kernel writes to. */
  get isAliased(): boolean {
    const passed = this.#passed;
    for (let i = 1; i < passed.length; i++) {
      const a = passed[i]!;
      for (let k = 0; k < i; k++) {
        const b = passed[k]!;
        if ((a.slot.written || b.slot.written) && overlap(a, b)) return true;
      }
    }
    return false;
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

  /** Copies back what the kernel wrote. */
  copyBack(): void {
    for (const { slot, data } of this.#foreign) {
      if (!slot.written) continue;
      data.set(this.#view(slot.array, this.#addressIn(data), data.length));
    }
  }

  /**
   * Gives memory back, all but what the result holds. To be called however the call ends; an
   * interrupt in here may lose some memory, but gives none back twice.
   */
  free(): void {
    for (let copy = this.#copies.pop(); copy; copy = this.#copies.pop())
      this.heap.free(copy.address);
    for (let made = this.#allocated.pop(); made; made = this.#allocated.pop()) {
      if (this.#adopted?.has(made) !== true) this.heap.free(made.address);
    }
  }

  #write(slot: Slot, value: unknown): void {
    switch (slot.is) {
      case "number":
      case "boolean":
        this.place.view.setFloat64(slot.offset, Number(value), true);
        return;
      case "tuple":
        slot.members.forEach((member, i) => {
          this.#write(member, (value as readonly unknown[])[i]);
        });
        return;
      case "object":
        for (const name in slot.members) {
          this.#write(slot.members[name]!, (value as Readonly<Record<string, unknown>>)[name]);
        }
        return;
      case "array": {
        const array = value as NDArray | Numbers;
        const data = array instanceof NDArray ? array.data : array;
        const address = addressOf(data);
        if (address === undefined) this.#foreign.push({ slot, value: array, data });
        else this.#writeArray(slot, array, address);
      }
    }
  }

  #writeArray(slot: ArraySlot, value: NDArray | Numbers, address: number): void {
    const size = itemSize(slot.array.dtype);
    const { view: fields } = this.place;
    const { offset } = slot;
    if (!(value instanceof NDArray)) {
      const { length } = value;
      this.#passed.push({ address, bytes: length * size, value, base: address, slot });
      fields.setInt32(offset, address, true);
      fields.setInt32(offset + 4, length, true);
      fields.setInt32(offset + 8, 1, true);
      return;
    }
    const { shape, strides } = value;
    const rank = shape.length;
    if (slot.spans && value.data.length !== value.size) {
      throw new TypeError(
        `the kernel uses the data of an array that is a part of another, ${value.size} of its ` +
          `${value.data.length} numbers: pass a copy, array(a.slice(…)), or use at and set in the kernel`,
      );
    }
    const base = address + value.offset * size;
    fields.setInt32(offset, base, true);
    // what the elements span: strides are negative in no array of ours
    let span = 1;
    for (let axis = 0; axis < rank; axis++) {
      const length = shape[axis]!;
      const stride = strides[axis]!;
      fields.setInt32(offset + 4 + 4 * axis, length, true);
      fields.setInt32(offset + 4 + 4 * (rank + axis), stride, true);
      span += (length - 1) * stride;
    }
    const bytes = shape.includes(0) ? 0 : span * size;
    this.#passed.push({ address: base, bytes, value, base, slot });
  }

  /** Arrays that share bytes share them in the copy, too. */
  #copyIn(): void {
    let stretches: Omit<Copy, "address">[] = [];
    for (const { data } of this.#foreign) {
      const { buffer } = data;
      let { from, to } = stretchOf(data);
      const isApart = (each: Omit<Copy, "address">): boolean => {
        if (each.buffer !== buffer || each.to <= from || to <= each.from) return true;
        from = Math.min(from, each.from);
        to = Math.max(to, each.to);
        return false;
      };
      // whoever shares bytes with the one before may share some with its neighbours
      let apart = stretches.filter(isApart);
      while (apart.length < stretches.length) {
        stretches = apart;
        apart = stretches.filter(isApart);
      }
      stretches.push({ buffer, from, to });
    }
    for (const { buffer, from, to } of stretches) {
      const address = this.heap.allocate(to - from);
      this.#copies.push({ buffer, from, to, address });
      const bytes = new Uint8Array(this.heap.memory.buffer, address, to - from);
      bytes.set(new Uint8Array(buffer, from, to - from));
    }
    for (const { slot, value, data } of this.#foreign) {
      this.#writeArray(slot, value, this.#addressIn(data));
    }
  }

  /** Where the copy of an array stands. */
  #addressIn(data: Numbers): number {
    const { buffer, from, to } = stretchOf(data);
    const copy = this.#copies.find(
      (each) => each.buffer === buffer && each.from <= from && to <= each.to,
    )!;
    return copy.address + data.byteOffset - copy.from;
  }

  #read(slot: Slot): unknown {
    switch (slot.is) {
      case "number":
        return this.place.view.getFloat64(slot.offset, true);
      case "boolean":
        return this.place.view.getFloat64(slot.offset, true) !== 0;
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
    const field = (i: number): number => this.place.view.getInt32(offset + 4 * i, true);
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
    const length = shape.reduce((product, each) => product * each, 1);
    const { buffer, byteOffset } = this.#adopt(made);
    const start = base - made.address;
    if (array.typed) return view(array.dtype, buffer, byteOffset + start, length);
    const data = view(array.dtype, buffer, byteOffset, made.bytes / size);
    return new NDArray(array.dtype, data, shape, strides, start / size);
  }

  /** From now the array's memory is its holder's. */
  #adopt(made: Held): Allocation {
    this.#adopted ??= new Map();
    const known = this.#adopted.get(made) ?? adopt(this.heap, made.address, made.bytes);
    this.#adopted.set(made, known);
    return known;
  }

  #view({ dtype }: ArrayType, address: number, length: number): Numbers {
    return view(dtype, this.heap.memory.buffer, address, length);
  }
}

/** The bytes of an array, from a place that is aligned for every dtype. */
function stretchOf({ buffer, byteOffset, byteLength }: Numbers): Omit<Copy, "address"> {
  return { buffer, from: byteOffset - (byteOffset % 8), to: byteOffset + byteLength };
}

function overlap(a: Held, b: Held): boolean {
  return a.address < b.address + b.bytes && b.address < a.address + a.bytes;
}

function sameShape(value: NDArray | Numbers, shape: readonly number[]): boolean {
  const own = value instanceof NDArray ? value.shape : [value.length];
  return own.length === shape.length && own.every((length, axis) => length === shape[axis]);
}
