/**
 * A shared object of compiled code, loaded on this thread and called through koffi. Here is the
 * other side of what the C prelude declares: the block through which code and host talk, and what
 * the functions' results mean.
 */
import type { CodeHost, LoadedCode } from "../code.js";
import { SiteFailure } from "../site-failure.js";

type Koffi = typeof import("koffi");

/** What a function returns, as in the prelude. */
const DONE = 0;
const FAILED = 1;
const STOPPED = 2;

/** Bytes of `host_t`, and where its fields are. */
const SIZE = 64;
const CALLBACKS = ["allocate", "parallel", "attend"] as const;
const A = 32;
const SITE = 48;
const ANSWERED = 52;
const ANSWER = 56;

/** This thread's `host_t`, and the host that it speaks for. */
class Desk {
  readonly koffi: Koffi;
  readonly address: number;
  readonly #ints: Int32Array;
  readonly #numbers: Float64Array;
  /** Of the code that runs. */
  serving: CodeHost | undefined;

  constructor() {
    this.koffi = require("koffi") as Koffi;
    const { koffi } = this;
    const block = new SharedArrayBuffer(SIZE);
    this.#ints = new Int32Array(block);
    this.#numbers = new Float64Array(block);
    this.address = Number(koffi.address(new Uint8Array(block)));
    const pointers = new BigUint64Array(block);
    const offered: Record<
      (typeof CALLBACKS)[number],
      readonly [string[], (...args: number[]) => number]
    > = {
      allocate: [["double"], (bytes) => this.serving!.allocate(bytes)],
      parallel: [
        ["int32", "int32", "int32", "int32"],
        (loop, frame, count, bytes) => this.serving!.parallel(loop, frame, count, bytes),
      ],
      attend: [
        [],
        () => {
          this.serving!.attend();
          return 0;
        },
      ],
    };
    CALLBACKS.forEach((name, i) => {
      const [params, answer] = offered[name];
      const type = koffi.pointer(koffi.proto("void", params));
      // a callback that throws, or that an interrupt tears down, leaves the question unanswered
      const callback = koffi.register((...args: number[]) => {
        this.#ints[ANSWER / 4] = answer(...args);
        this.#ints[ANSWERED / 4] = 1;
      }, type);
      pointers[i] = koffi.address(callback);
    });
  }

  /** What a call that has ended early ended with. */
  failure(status: number): Error {
    if (status === FAILED) {
      const [a, b] = this.#numbers.subarray(A / 8);
      return new SiteFailure(this.#ints[SITE / 4]!, a!, b!);
    }
    if (status === STOPPED) return new Error("native code was stopped");
    return new RangeError("Maximum call stack size exceeded");
  }
}

let made: Desk | undefined;

/** Libraries go with the last function that calls them. */
const unloading = new FinalizationRegistry<{ unload(): void }>((library) => {
  library.unload();
});

/** Loads a shared object with so many loops. */
export function loadNative(file: string, loops: number, host: CodeHost): LoadedCode {
  const desk = (made ??= new Desk());
  const { koffi } = desk;
  const library = koffi.load(file);
  const memory = Number(koffi.address(new Uint8Array(host.memory.buffer)));
  // held by the functions alone
  const link = { host };
  unloading.register(link, library);
  const run = (name: string, params: number) => {
    const types = ["uint64", "uint64", ...new Array<string>(params).fill("int32")];
    const call = library.func(name, "int32", types) as unknown as (...args: number[]) => number;
    return (...args: number[]): void => {
      const before = desk.serving;
      desk.serving = link.host;
      const status = call(memory, desk.address, ...args);
      desk.serving = before;
      if (status !== DONE) throw desk.failure(status);
    };
  };
  return {
    kernel: run("kernel", 1),
    loops: Array.from({ length: loops }, (_, loop) => run(`loop${loop}`, 4)),
  };
}
