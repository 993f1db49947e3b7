/**
 * The bridge between JavaScript and native code, on this thread: an addon for Node that loads shared
 * objects, calls their functions, and hands on what these ask of their host.
 */

/** What the addon exports. Addresses are numbers. */
export interface Bridge {
  /** Where the bytes of an array are. */
  address(bytes: Uint8Array): number;
  /** Bytes of a host, at which `install` puts one. */
  readonly hostBytes: number;
  /** What the callbacks return is the answer; 0, or an exception, ends the code that asks. */
  install(
    host: Uint8Array,
    allocate: (bytes: number) => number,
    parallel: (loop: number, frame: number, count: number, partialBytes: number) => number,
    attend: () => number,
  ): void;
  /** @throws Error with the loader's message. */
  open(file: string): number;
  /** The address of a function. */
  find(library: number, name: string): number;
  close(library: number): void;
  /** Calls a kernel with its frame, or a loop with four numbers. */
  run(code: number, memory: number, host: number, ...args: number[]): number;
}

/** This thread's. */
export function loadBridge(file: string): Bridge {
  const addon = { exports: {} as Bridge };
  process.dlopen(addon, file);
  return addon.exports;
}
