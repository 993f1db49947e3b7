/**
 * What compiled code is on a thread, whatever it was compiled to: what it asks of its host, and how
 * it and its loops are called. A failure in it arrives as a `SiteFailure`.
 */
import type { WasmMemory, WasmModule } from "./engine.js";

/** Compiled code that can be posted to another thread. */
export type Code =
  | { readonly is: "wasm"; readonly module: WasmModule }
  /** A shared object, and the addon that loads it. */
  | { readonly is: "native"; readonly file: string; readonly bridge: string };

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
