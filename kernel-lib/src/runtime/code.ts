/**
 * Compiled code on one thread, whatever it was compiled to: what it asks of its host, how it is
 * loaded, and how its loops are called. A failure in it arrives as a `SiteFailure`.
 */
import type { LoopPlan } from "../compiler/types.js";
import { engine, type WasmMemory, type WasmModule } from "./engine.js";
import { SiteFailure } from "./site-failure.js";

/** Compiled code that can be posted to another thread. */
export type Code =
  | { readonly is: "wasm"; readonly module: WasmModule }
  /** A shared object, and the functions it has. */
  | { readonly is: "native"; readonly file: string };

/** What code asks for while it runs. Whatever these throw ends the call, and reaches its caller. */
export interface CodeHost {
  readonly memory: WasmMemory;
  /** The address of so many zeroed bytes. */
  allocate(bytes: number): number;
  /** Runs a loop; the address of its partial results. */
  parallel(loop: number, frame: number, count: number, partialBytes: number): number;
  /** Native code comes by now and then, as nothing interrupts it; WebAssembly is interrupted by its engine. */
  attend(): void;
}

/** Runs some of a loop's iterations. */
export type RunLoop = (frame: number, from: number, to: number, partials: number) => void;

export interface LoadedCode {
  readonly kernel: (frame: number) => void;
  readonly loops: readonly RunLoop[];
}

/** Loads code on this thread. */
export function loadCode(code: Code, plans: readonly LoopPlan[], host: CodeHost): LoadedCode {
  if (code.is === "wasm") return loadWasm(code.module, plans, host);
  const { loadNative } = require("./native/library.js") as typeof import("./native/library.js");
  return loadNative(code.file, plans.length, host);
}

function loadWasm(module: WasmModule, plans: readonly LoopPlan[], host: CodeHost): LoadedCode {
  const { exports } = new engine.Instance(module, {
    host: {
      memory: host.memory,
      fail: (site: number, a: number, b: number) => {
        throw new SiteFailure(site, a, b);
      },
      allocate: (bytes: number) => host.allocate(bytes),
      parallel: (loop: number, frame: number, count: number, partialBytes: number) =>
        host.parallel(loop, frame, count, partialBytes),
    },
  });
  return {
    kernel: exports["kernel"]!,
    loops: plans.map((_, loop) => exports[`loop${loop}`]!),
  };
}
