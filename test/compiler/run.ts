/**
 * Executes IR, so that a pass can be tested by what comes out. `run(kernel, args)` outlines, gives
 * addresses, encodes and calls; `instantiate` takes a finished module. The host is real but plain:
 * parallel loops run one chunk after the other, `allocate` never frees, `fail` throws SiteError.
 */
import { chunkLength } from "../../kernel-lib/src/compiler/chunks.js";
import { Context } from "../../kernel-lib/src/compiler/context.js";
import type { Kernel, Module } from "../../kernel-lib/src/compiler/ir.js";
import { encode } from "../../kernel-lib/src/compiler/backends/wasm/wasm.js";
import { addresses } from "../../kernel-lib/src/compiler/passes/addresses.js";
import { outline } from "../../kernel-lib/src/compiler/passes/outline.js";
import type { CompileOptions, LoopPlan, Site, Slot } from "../../kernel-lib/src/compiler/types.js";
import { verify } from "../../kernel-lib/src/compiler/verify.js";
import { itemSize, view, type DType, type DTypeArrays } from "../../kernel-lib/src/dtype.js";

export type Numbers = DTypeArrays[DType];

/** An array with a shape; strides (in elements) are row-major, offset (in elements) is 0 unless given. */
export interface Shaped {
  readonly data: Numbers;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** As a Storage: a number, a boolean, an array, or a tuple or object of them. */
export type Argument =
  number | boolean | Numbers | Shaped | readonly Argument[] | { readonly [name: string]: Argument };

/** What a kernel gives back; an array is copied out of its memory. */
export type Result =
  | number
  | boolean
  | undefined
  | { readonly data: Numbers; readonly shape: readonly number[] }
  | readonly Result[]
  | { readonly [name: string]: Result };

/** `fail` of the host: the number of the site and its two numbers. */
export class SiteError extends RangeError {
  constructor(
    readonly site: number,
    readonly a: number,
    readonly b: number,
  ) {
    super(`site ${site} failed with ${a}, ${b}`);
  }
}

export const options: CompileOptions = {
  fastMath: false,
  boundsCheck: true,
  parallel: true,
  aliased: false,
  target: "wasm",
  lanes: 2,
  fma: false,
};

type Exports = Record<string, (...args: number[]) => void>;

interface Memory {
  readonly buffer: SharedArrayBuffer;
}

/** What is used here of a global that @types/node 20 doesn't declare. */
interface Engine {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => Memory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Exports };
}

const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

/** A module with a memory of its own. */
export class Instance {
  readonly memory: Memory;
  readonly exports: Exports;
  /** Chunks that ran, as [loop, from, to]. */
  readonly chunks: [loop: number, from: number, to: number][] = [];
  #top = 1024;

  constructor(
    module: Module,
    readonly plans: readonly LoopPlan[] = [],
    { relaxedSimd = false, pages = 256 } = {},
  ) {
    this.memory = new engine.Memory({ initial: pages, maximum: 65536, shared: true });
    const bytes = encode(module, { relaxedSimd });
    const host = {
      memory: this.memory,
      fail: (site: number, a: number, b: number) => {
        throw new SiteError(site, a, b);
      },
      allocate: (size: number) => this.allocate(size),
      parallel: (loop: number, frame: number, count: number, partialBytes: number) =>
        this.#parallel(loop, frame, count, partialBytes),
    };
    this.exports = new engine.Instance(new engine.Module(bytes), { host }).exports;
  }

  /** The address of so many zeroed bytes, 16-byte aligned. */
  allocate(size: number): number {
    const address = Math.ceil(this.#top / 16) * 16;
    const top = address + size;
    if (!(top <= this.memory.buffer.byteLength)) throw new RangeError(`${size} bytes don't fit`);
    this.#top = top;
    new Uint8Array(this.memory.buffer, address, size).fill(0);
    return address;
  }

  #parallel(loop: number, frame: number, count: number, partialBytes: number): number {
    const plan = this.plans[loop];
    const length = chunkLength(count, plan?.reducesArrays ?? false);
    const chunks = Math.ceil(count / length);
    const apart = Math.ceil(partialBytes / 16) * 16;
    const header = this.allocate(16 + chunks * apart);
    new DataView(this.memory.buffer).setInt32(header, chunks, true);
    const partials = header + 16;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const from = chunk * length;
      const to = Math.min(count, from + length);
      this.chunks.push([loop, from, to]);
      this.exports[`loop${loop}`]!(frame, from, to, partials + chunk * apart);
    }
    return partials;
  }
}

export interface Outcome {
  readonly result: Result;
  readonly instance: Instance;
  readonly sites: readonly Site[];
}

/**
 * Runs a kernel that may have been through any of the passes before `outline`. Arrays are copied
 * in, and what the kernel wrote is copied back into the very typed arrays that were passed. `after`
 * is applied to the module before (`addresses` follows it) it is encoded.
 */
export function run(
  kernel: Kernel,
  args: readonly Argument[],
  {
    context = new Context(options),
    after = (module: Module): Module => module,
    last = (module: Module): Module => module,
    relaxedSimd = false,
  } = {},
): Outcome {
  verify(kernel);
  const { module, frame, plans } = outline(kernel, context);
  verify(module);
  const finished = last(addresses(after(module)));
  verify(finished);
  const instance = new Instance(finished, plans, { relaxedSimd });
  const at = instance.allocate(frame.size);
  const passing = new Passing(instance, at);
  frame.parameters.forEach((slot, i) => {
    passing.in(slot, args[i]!);
  });
  try {
    instance.exports["kernel"]!(at);
  } finally {
    passing.back();
  }
  const result = frame.result && passing.out(frame.result);
  return { result, instance, sites: context.sites };
}

/** Puts arguments into a frame and takes results out. */
class Passing {
  readonly #copied = new Map<Numbers, { readonly address: number; readonly dtype: DType }>();

  constructor(
    readonly instance: Instance,
    readonly frame: number,
  ) {}

  get #view(): DataView {
    return new DataView(this.instance.memory.buffer);
  }

  in(slot: Slot, value: Argument): void {
    switch (slot.is) {
      case "number":
      case "boolean":
        this.#view.setFloat64(this.frame + slot.offset, Number(value), true);
        return;
      case "array":
        this.#array(slot, ArrayBuffer.isView(value) ? whole(value) : (value as Shaped));
        return;
      case "tuple":
        slot.members.forEach((member, i) => {
          this.in(member, (value as readonly Argument[])[i]!);
        });
        return;
      case "object":
        for (const [name, member] of Object.entries(slot.members)) {
          this.in(member, (value as Readonly<Record<string, Argument>>)[name]!);
        }
    }
  }

  #array(slot: Extract<Slot, { is: "array" }>, { data, shape, strides, offset }: Shaped): void {
    const { dtype } = slot.array;
    const known = this.#copied.get(data);
    const address = known?.address ?? this.instance.allocate(data.byteLength);
    if (!known) {
      this.#copied.set(data, { address, dtype });
      view(dtype, this.instance.memory.buffer, address, data.length).set(data);
    }
    const fields = [
      address + (offset ?? 0) * itemSize(dtype),
      ...shape,
      ...(strides ?? rowMajor(shape)),
    ];
    fields.forEach((field, i) => {
      this.#view.setInt32(this.frame + slot.offset + 4 * i, field, true);
    });
  }

  back(): void {
    for (const [data, { address, dtype }] of this.#copied) {
      data.set(view(dtype, this.instance.memory.buffer, address, data.length));
    }
  }

  out(slot: Slot): Result {
    switch (slot.is) {
      case "number":
        return this.#view.getFloat64(this.frame + slot.offset, true);
      case "boolean":
        return this.#view.getFloat64(this.frame + slot.offset, true) !== 0;
      case "array": {
        const field = (i: number): number =>
          this.#view.getInt32(this.frame + slot.offset + 4 * i, true);
        const shape = Array.from({ length: slot.array.rank }, (_, axis) => field(1 + axis));
        const size = shape.reduce((product, length) => product * length, 1);
        const { buffer } = this.instance.memory;
        return { data: view(slot.array.dtype, buffer, field(0), size).slice(), shape };
      }
      case "tuple":
        return slot.members.map((member) => this.out(member));
      case "object":
        return Object.fromEntries(
          Object.entries(slot.members).map(([name, member]) => [name, this.out(member)]),
        );
    }
  }
}

function whole(data: Numbers): Shaped {
  return { data, shape: [data.length] };
}

function rowMajor(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
}
