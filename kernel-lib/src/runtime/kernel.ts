/**
 * What `jit` returns: a function that compiles itself for the types of its arguments, and can be
 * asked about it. It conducts capture, cache, compiler and the loaded code; it does none of their work.
 */
import { inspect } from "node:util";
import { isMainThread } from "node:worker_threads";
import { textMemo } from "../cache/kernel-cache.js";
import { readKernel, type KernelCapture, type Recognised } from "../capture/kernel-source.js";
import type { AnyFunction } from "../capture/function-reader.js";
import type { KernelType } from "../compiler/types.js";
import { CaptureError, CompileError, InterruptError, kernelCalled } from "../errors.js";
import { compileKernel, compiler, fullRequest } from "./compilation.js";
import { describeLoops, type Diagnostics } from "./diagnostics.js";
import { inspectKernel, type Listing } from "./inspection.js";
import { intrinsics } from "./intrinsics.js";
import { type AsyncOptions, checkAsyncOptions, type KernelOptions } from "./kernel-options.js";
import { ProgressMeter } from "./progress.js";
import { ArgumentError, arrayType, fits, typeOf, typeText } from "./signature.js";
import { KernelFailure } from "./site-failure.js";
import { type OpenCall, Specialisation } from "./specialisation.js";

/** What a kernel has done so far. */
export interface KernelStats {
  /** Calls of the compiled kernel. */
  readonly calls: number;
  /** Milliseconds spent in compiling, all signatures together; 0 if all came from the cache. */
  readonly compileMs: number;
  /** Signatures that were found in the cache on disk. */
  readonly cacheHits: number;
  /** Signatures that had to be compiled. */
  readonly cacheMisses: number;
  /** Arrays copied in, because they don't lie in hotcell's memory: make them with `zeros`, `array` or `shared`. */
  readonly copies: number;
  /**
   * What calls with the latest signature run: `"native"` code, `"wasm"` (also while native code is
   * still being made), or, where that was asked for, the function itself as `"js"`; undefined before it
   * is compiled.
   */
  readonly target: "native" | "wasm" | "js" | undefined;
}

/** A compiled function, as `jit` makes it. */
export interface Kernel<F extends AnyFunction> {
  /** Runs on all cores and returns when done. Compiles at the first call with arguments of these types. */
  (...args: Parameters<F>): ReturnType<F>;
  /** The function as written, run as plain JavaScript: what the compiled kernel has to compute. */
  readonly js: F;
  /** Runs on other threads than the caller's, which stays free. */
  readonly async: AsyncKernel<F>;
  /** The types of arguments it was compiled for, such as `"number, float64[,]"`. */
  readonly signatures: readonly string[];
  readonly stats: KernelStats;
  /**
   * The compiled code as people read it: in hotcell's own language (`"ir"`), WebAssembly's (`"wat"`), C (`"c"`),
   * or, of native code and where objdump is installed, the processor's (`"asm"`).
   *
   * @param signature one of `signatures`; the latest unless given.
   */
  inspect(as: Listing, signature?: string): string;
  /** Of each loop: whether it runs in parallel, with SIMD, without index checks; if not, why. */
  diagnostics(signature?: string): Diagnostics;
}

/**
 * Calls of a kernel that don't keep the caller waiting: `await k.async(…)`. The cell can be
 * interrupted and timers run in the meantime. Calls that are made at the same time run side by side.
 *
 * Arrays that don't lie in hotcell's memory are copied when the call begins and, if the kernel writes
 * to them, copied back when it ends; others are worked on in place, so leave them alone until then.
 *
 * @throws InterruptError, as a rejection, if the user interrupts; else what the kernel throws.
 * @example
 * const total = await kernel.async(1e9);
 * const same = await kernel.async.with({ progress: true })(1e9);
 */
export interface AsyncKernel<F extends AnyFunction> {
  (...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>;
  /** The same with options: `progress`, `signal`. */
  with(options: AsyncOptions): (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;
}

/** What is behind each kernel. */
const conductors = new WeakMap<AnyFunction, Conductor>();

/** The function and options a kernel was made of; undefined for any other function. */
export function originalOf(
  fn: AnyFunction,
): { readonly fn: AnyFunction; readonly options: KernelOptions } | undefined {
  return conductors.get(fn);
}

const recognised: Recognised = {
  intrinsics: intrinsics(),
  unwrap: (fn) => conductors.get(fn)?.fn ?? fn,
  arrayType,
  outlines: textMemo as NonNullable<Recognised["outlines"]>,
};

export function makeKernel<F extends AnyFunction>(fn: F, options: KernelOptions): Kernel<F> {
  const conductor = new Conductor(fn, options);
  const call = (...args: unknown[]): unknown => {
    try {
      return conductor.call(args);
    } catch (error) {
      throw asUsers(error, callersOf(call));
    }
  };
  const launcher = (given: AsyncOptions) => {
    const launch = async (...args: unknown[]): Promise<unknown> => {
      const callers = callersOf(launch);
      try {
        return await conductor.start(args, given);
      } catch (error) {
        throw asUsers(error, callers);
      }
    };
    return launch;
  };
  const launch = Object.assign(launcher({}), {
    with: (given: AsyncOptions) => launcher(checkAsyncOptions(given)),
  });
  const kernel = Object.defineProperties(call, {
    name: { value: fn.name },
    js: { value: fn },
    async: { value: launch },
    signatures: { get: () => conductor.signatures, enumerable: true },
    stats: { get: () => conductor.stats, enumerable: true },
    inspect: { value: (as: Listing, of?: string) => conductor.inspect(as, of) },
    diagnostics: { value: (of?: string) => conductor.diagnostics(of) },
    [inspect.custom]: { value: () => conductor.describe() },
  }) as unknown as Kernel<F>;
  conductors.set(kernel, conductor);
  return kernel;
}

/** Compiles a kernel before its first call. */
export function compileFor(kernel: AnyFunction, types: readonly KernelType[]): void {
  conductors.get(kernel)!.prepare(types);
}

class Conductor {
  #capture: KernelCapture | undefined;
  /** By the types of the arguments; only for what `#capture` says now. */
  #compiled = new Map<string, Specialisation>();
  /** Of the last call: most calls are like the one before. */
  #usual: Specialisation | undefined;
  #signatures = new Set<string>();
  #latest: Specialisation | undefined;
  #stats = { calls: 0, compileMs: 0, cacheHits: 0, cacheMisses: 0, copies: 0 };

  constructor(
    readonly fn: AnyFunction,
    readonly options: KernelOptions,
  ) {}

  get signatures(): readonly string[] {
    return [...this.#signatures];
  }

  get stats(): KernelStats {
    const target = this.options.target === "js" ? "js" : this.#latest?.compilation.code.is;
    return { ...this.#stats, target };
  }

  call(args: readonly unknown[]): unknown {
    if (this.options.target === "js") return this.fn(...(args as never[]));
    const { specialisation, call } = this.#open(args);
    return specialisation.run(call);
  }

  /** The same on other threads. */
  async start(args: readonly unknown[], { progress, signal }: AsyncOptions): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.options.target === "js") return this.fn(...(args as never[]));
    const { specialisation, call } = this.#open(args);
    // the threads of a pool are busy already, and have none of their own
    if (!isMainThread) return specialisation.run(call);
    const meter = new ProgressMeter(progress, this.fn.name || "kernel", undefined);
    try {
      const result = await specialisation.start(call, {
        signal,
        progress: (done, total) => {
          meter.reach(done, total || undefined);
        },
      });
      meter.end("done");
      return result;
    } catch (error) {
      const isStopped = signal?.aborted === true || error instanceof InterruptError;
      meter.end(isStopped ? "stopped" : "failed");
      throw error;
    }
  }

  prepare(types: readonly KernelType[]): void {
    this.#find(this.#current(), types, false);
  }

  /** The code for these arguments, and a call of it that has them. */
  #open(args: readonly unknown[]): {
    readonly specialisation: Specialisation;
    readonly call: OpenCall;
  } {
    const capture = this.#current();
    const specialisation =
      this.#usual && fitAll(args, this.#usual.compilation.request.args)
        ? this.#usual
        : (this.#usual = this.#find(capture, args.map(argumentType), false));
    const values = capture.arrays.length > 0 ? [...args, ...capture.arrays] : args;
    const call = specialisation.open(values);
    this.#stats.calls++;
    this.#stats.copies += call.passing.copies;
    if (!call.passing.isAliased) return { specialisation, call };
    call.close();
    const careful = this.#find(capture, specialisation.compilation.request.args, true);
    return { specialisation: careful, call: careful.open(values) };
  }

  inspect(as: Listing, signature?: string): string {
    return inspectKernel(this.#of(signature).compilation, as);
  }

  diagnostics(signature?: string): Diagnostics {
    const { compilation } = this.#of(signature);
    const { diagnostics } = compilation.later
      ? compiler().compile(fullRequest(compilation))
      : compilation.artifact;
    return describeLoops(diagnostics, compilation.request.kernel);
  }

  describe(): string {
    const { calls, compileMs, cacheHits } = this.#stats;
    const compiled = this.signatures.map((each) => `(${each})`).join(" ") || "nothing yet";
    return `[kernel ${this.fn.name || "(anonymous)"}: compiled for ${compiled}; ${calls} calls, ${compileMs.toFixed(1)} ms of compiling, ${cacheHits} from the cache]`;
  }

  /** What the function says now; all that was compiled goes when it has changed. */
  #current(): KernelCapture {
    if (this.#capture?.stillCurrent() === true) return this.#capture;
    this.#compiled.clear();
    this.#usual = undefined;
    return (this.#capture = readKernel(this.fn, recognised));
  }

  #find({ source }: KernelCapture, args: readonly KernelType[], aliased: boolean): Specialisation {
    const signature = args.map(typeText).join(", ");
    const name = aliased ? `${signature} aliased` : signature;
    const known = this.#compiled.get(name);
    if (known) return known;
    const began = performance.now();
    const compilation = compileKernel({ kernel: source, args, aliased }, this.options);
    if (compilation.fromCache) this.#stats.cacheHits++;
    else {
      this.#stats.cacheMisses++;
      this.#stats.compileMs += performance.now() - began;
    }
    const made = new Specialisation(compilation);
    this.#compiled.set(name, made);
    this.#signatures.add(signature);
    this.#latest = made;
    return made;
  }

  #of(signature: string | undefined): Specialisation {
    const found =
      signature === undefined
        ? this.#latest
        : [...this.#compiled.values()].find(
            ({ compilation }) => compilation.request.args.map(typeText).join(", ") === signature,
          );
    if (found) return found;
    throw new Error(
      signature === undefined
        ? `${kernelCalled(this.fn.name)} isn't compiled yet: call it first`
        : `${kernelCalled(this.fn.name)} isn't compiled for (${signature}), but for ${this.signatures.map((each) => `(${each})`).join(" ") || "nothing yet"}`,
    );
  }
}

/** The callers of a function that runs, as a stack names them. */
function callersOf(callee: AnyFunction): string {
  const trace: { stack?: string } = {};
  Error.captureStackTrace(trace, callee);
  const stack = trace.stack ?? "";
  return stack.slice(stack.indexOf("\n    at "));
}

/** An error of the kernel's begins its stack at the user's call. */
function asUsers(error: unknown, callers: string): unknown {
  if (error instanceof KernelFailure) return error.explain(callers);
  const isOurs =
    error instanceof CompileError ||
    error instanceof CaptureError ||
    error instanceof ArgumentError;
  if (isOurs) error.stack = `${error.name}: ${error.message}${callers}`;
  return error;
}

function argumentType(value: unknown, i: number): KernelType {
  return typeOf(value, `argument ${i + 1}`);
}

function fitAll(args: readonly unknown[], types: readonly KernelType[]): boolean {
  if (args.length !== types.length) return false;
  for (let i = 0; i < args.length; i++) {
    if (!fits(args[i], types[i]!)) return false;
  }
  return true;
}
