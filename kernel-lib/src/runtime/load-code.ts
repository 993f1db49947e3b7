/** Loads compiled code on this thread; WebAssembly here, native code by way of `native/`. */
import type { LoopPlan } from "../compiler/types.js";
import type { Code, CodeHost, LoadedCode } from "./code.js";
import { engine, type WasmModule } from "./engine.js";
import { SiteFailure } from "./site-failure.js";

/** Loads code on this thread. */
export function loadCode(code: Code, plans: readonly LoopPlan[], host: CodeHost): LoadedCode {
  if (code.is === "wasm") return loadWasm(code.module, plans, host);
  const { loadNative } = require("./native/library.js") as typeof import("./native/library.js");
  return loadNative(code, plans.length, host);
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
