/** The part of `WebAssembly` that hotcell uses: the types of Node 20 don't declare it. */

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError when they can't be had. */
  grow(pages: number): number;
}

/** Compiled code; it can be posted to another thread. */
export type WasmModule = object & { readonly __module?: never };

export interface WasmInstance {
  readonly exports: Readonly<Record<string, (...args: number[]) => number>>;
}

export interface Engine {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
  readonly validate: (bytes: Uint8Array) => boolean;
}

export const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
