/** The options of a kernel, and their checks. */
import { inspect } from "node:util";
import { checkMapOptions, type MapOptions } from "./options.js";

/** Options of `jit`. */
export interface JitOptions {
  /** Run the turns of a `prange` on all cores. Default `true`. */
  readonly parallel?: boolean;
  /**
   * Allow sums in another order, contraction of `a * b + c`, and functions (`exp`, `sin` …) that are off by up to
   * 4 units in the last place instead of 1. Still the same bits on every run of one machine. Default `false`.
   */
  readonly fastMath?: boolean;
  /** Keep the compiled kernel on disk for the next process. Default `true`. */
  readonly cache?: boolean;
  /** Check every index that isn't proven to be inside; a wrong one is a `RangeError`. Without it a wrong index reads or writes anything. Default `true`. */
  readonly boundsCheck?: boolean;
  /**
   * What to compile to: `"native"`, machine code by way of this machine's C compiler; `"wasm"`, WebAssembly,
   * which needs none; `"js"` runs the function as it is. `"auto"`, the default, is native code where there
   * is a C compiler (`CC`, `cc`, `gcc`, `clang` or `zig cc`), else WebAssembly. Without `fastMath` both
   * give the same bits, so nobody waits for the C compiler: a new kernel runs as WebAssembly until native
   * code is there, which takes over even in the midst of a `prange`.
   */
  readonly target?: "auto" | "native" | "wasm" | "js";
}

export type KernelOptions = Required<JitOptions>;

const targets: readonly unknown[] = ["auto", "native", "wasm", "js"];

export function checkJitOptions(options: unknown): KernelOptions {
  if (typeof options !== "object" || options === null)
    throw new TypeError(
      `jit got ${inspect(options)} as its options: give an object such as { fastMath: true }, or leave them out`,
    );
  const { parallel, fastMath, cache, boundsCheck, target, ...others } = options as JitOptions;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(
      `jit has no option '${unknown}': there are parallel, fastMath, cache, boundsCheck and target`,
    );
  for (const [name, value] of Object.entries({ parallel, fastMath, cache, boundsCheck })) {
    if (value !== undefined && typeof value !== "boolean")
      throw new TypeError(`${name} is ${inspect(value)}: give true or false`);
  }
  if (target !== undefined && !targets.includes(target))
    throw new TypeError(`target is ${inspect(target)}: give "auto", "native", "wasm" or "js"`);
  return {
    parallel: parallel ?? true,
    fastMath: fastMath ?? false,
    cache: cache ?? true,
    boundsCheck: boundsCheck ?? true,
    target: target ?? "auto",
  };
}

/** Options of `kernel.async.with`. */
export interface AsyncOptions {
  /**
   * `true` draws a progress bar; a function is told instead, at most ten times a second. What is
   * counted are the turns of the `prange` that runs, so a kernel with two of them counts twice.
   */
  readonly progress?: MapOptions["progress"];
  /** Stops the call: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export function checkAsyncOptions(options: AsyncOptions): AsyncOptions {
  checkMapOptions(options, "kernel.async.with", "{ progress: true }");
  const [unknown] = Object.keys(options).filter((name) => name !== "progress" && name !== "signal");
  if (unknown !== undefined)
    throw new TypeError(
      `kernel.async.with has no option '${unknown}': there are progress and signal`,
    );
  return options;
}
