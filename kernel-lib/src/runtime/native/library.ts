/**
 * A shared object of compiled code, loaded on this thread. Here is the other side of what the C
 * prelude declares: the block through which code and host talk, and what the functions' results mean.
 */
import { hostFields } from "../../compiler/backends/c/host.js";
import type { Code, CodeHost, LoadedCode } from "../code.js";
import { SiteFailure } from "../site-failure.js";
import { loadBridge, type Bridge } from "./bridge.js";

/** What a function returns, as in the prelude. */
const DONE = 0;
const FAILED = 1;
const STOPPED = 2;

/** This thread's `host_t`, and the host that it speaks for. */
class Desk {
  readonly #block: DataView;
  readonly address: number;
  /** Of the code that runs. */
  serving: CodeHost | undefined;

  constructor(readonly bridge: Bridge) {
    const block = new Uint8Array(new SharedArrayBuffer(bridge.hostBytes));
    this.#block = new DataView(block.buffer);
    this.address = bridge.address(block);
    bridge.install(
      block,
      (bytes) => this.serving!.allocate(bytes),
      (...loop) => this.serving!.parallel(...loop),
      () => {
        this.serving!.attend();
        return 1;
      },
    );
  }

  /** What a call that has ended early ended with. */
  failure(status: number): Error {
    if (status === FAILED) {
      const [site, a, b] = [
        this.#block.getInt32(hostFields.site, true),
        this.#block.getFloat64(hostFields.a, true),
        this.#block.getFloat64(hostFields.b, true),
      ];
      return new SiteFailure(site, a, b);
    }
    if (status === STOPPED) return new Error("native code was stopped");
    return new RangeError("Maximum call stack size exceeded");
  }
}

let made: Desk | undefined;

/** Libraries go with the last function that calls them. */
const unloading = new FinalizationRegistry<number>((library) => {
  made!.bridge.close(library);
});

/** Loads a shared object with so many loops. */
export function loadNative(
  { file, bridge: bridgeFile }: Extract<Code, { is: "native" }>,
  loops: number,
  host: CodeHost,
): LoadedCode {
  const desk = (made ??= new Desk(loadBridge(bridgeFile)));
  const { bridge } = desk;
  const library = bridge.open(file);
  const memory = bridge.address(new Uint8Array(host.memory.buffer));
  // held by the functions alone
  const link = { host };
  unloading.register(link, library);
  const run = (name: string) => {
    const code = bridge.find(library, name);
    return (...args: number[]): void => {
      const before = desk.serving;
      desk.serving = link.host;
      let status;
      try {
        status = bridge.run(code, memory, desk.address, ...args);
      } finally {
        desk.serving = before;
      }
      if (status !== DONE) throw desk.failure(status);
    };
  };
  return {
    kernel: run("kernel"),
    loops: Array.from({ length: loops }, (_, loop) => run(`loop${loop}`)),
  };
}
