/**
 * What `jit` returns: a function that compiles itself for the types of its arguments, and can be
 * asked about it. It conducts capture, cache, compiler and the loaded code; it does none of their work.
 */
import { inspect } from "node:util";
import { cachedArtifact, textMemo } from "../cache/kernel-cache.js";
import { readKernel, type KernelCapture, type Recognised } from "../capture/kernel-source.js";
import type { AnyFunction } from "../capture/function-reader.js";
import type { Artifact, CompileOptions, CompileRequest, KernelType } from "../compiler/types.js";
import { CaptureError, CompileError, kernelCalled } from "../errors.js";
import { describeLoops, type Diagnostics } from "./diagnostics.js";
import { hasRelaxedSimd } from "./features.js";
import { intrinsics } from "./intrinsics.js";
import type { KernelOptions } from "./kernel-options.js";
import { ArgumentError, arrayType, typeOf, typeText } from "./signature.js";
import { KernelFailure } from "./site-failure.js";
import { Specialisation } from "./specialisation.js";

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
}

/** A compiled function, as `jit` makes it. */
export interface Kernel<F extends AnyFunction> {
  /** Runs on all cores and returns when done. Compiles at the first call with arguments of these types. */
  (...args: Parameters<F>): ReturnType<F>;
  /** The function as written, run as plain JavaScript: what the compiled kernel has to compute. */
  readonly js: F;
  /** The types of arguments it was compiled for, such as `"number, float64[,]"`. */
  readonly signatures: readonly string[];
  readonly stats: KernelStats;
  /**
   * The compiled code as people read it: hotcell's own language (`"ir"`) or WebAssembly's (`"wat"`).
   *
   * @param signature one of `signatures`; the latest unless given.
   */
  inspect(as: "ir" | "wat", signature?: string): string;
  /** Of each loop: whether it runs in parallel, with SIMD, without index checks; if not, why. */
  diagnostics(signature?: string): Diagnostics;
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
      throw asUsers(error, call);
    }
  };
  const kernel = Object.defineProperties(call, {
    name: { value: fn.name },
    js: { value: fn },
    signatures: { get: () => conductor.signatures, enumerable: true },
    stats: { get: () => conductor.stats, enumerable: true },
    inspect: { value: (as: "ir" | "wat", of?: string) => conductor.inspect(as, of) },
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

interface Compiled {
  readonly request: CompileRequest;
  readonly specialisation: Specialisation;
}

class Conductor {
  #capture: KernelCapture | undefined;
  /** By the types of the arguments; only for what `#capture` says now. */
  #compiled = new Map<string, Compiled>();
  #signatures = new Set<string>();
  #latest: Compiled | undefined;
  #stats = { calls: 0, compileMs: 0, cacheHits: 0, cacheMisses: 0, copies: 0 };

  constructor(
    readonly fn: AnyFunction,
    readonly options: KernelOptions,
  ) {}

  get signatures(): readonly string[] {
    return [...this.#signatures];
  }

  get stats(): KernelStats {
    return { ...this.#stats };
  }

  call(args: readonly unknown[]): unknown {
    if (this.options.target === "js") return this.fn(...(args as never[]));
    const capture = this.#current();
    const key = keyOf(args);
    const compiled = this.#find(capture, key, () => args.map(argumentType), false);
    const values = capture.arrays.length > 0 ? [...args, ...capture.arrays] : args;
    const passing = compiled.specialisation.open(values);
    this.#stats.calls++;
    this.#stats.copies += passing.copies;
    if (!passing.isAliased) return compiled.specialisation.run(passing);
    passing.close();
    const { specialisation } = this.#find(capture, key, () => args.map(argumentType), true);
    return specialisation.run(specialisation.open(values));
  }

  prepare(types: readonly KernelType[]): void {
    this.#find(this.#current(), types.map(typeText).join(), () => types, false);
  }

  inspect(as: "ir" | "wat", signature?: string): string {
    const { inspect: look } = compiler();
    return look(this.#of(signature).request, as);
  }

  diagnostics(signature?: string): Diagnostics {
    const { specialisation, request } = this.#of(signature);
    return describeLoops(specialisation.artifact.diagnostics, request.kernel);
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
    return (this.#capture = readKernel(this.fn, recognised));
  }

  #find(
    { source }: KernelCapture,
    key: string,
    types: () => readonly KernelType[],
    aliased: boolean,
  ): Compiled {
    const name = aliased ? `${key} aliased` : key;
    const known = this.#compiled.get(name);
    if (known) return known;
    const args = types();
    const request: CompileRequest = {
      kernel: source,
      args,
      options: this.#compileOptions(aliased),
    };
    const specialisation = new Specialisation(this.#artifact(request), source);
    const made = { request, specialisation };
    this.#compiled.set(name, made);
    this.#signatures.add(args.map(typeText).join(", "));
    this.#latest = made;
    return made;
  }

  #artifact(request: CompileRequest): Artifact {
    const began = performance.now();
    const compile = (each: CompileRequest): Artifact => compiler().compile(each);
    const { artifact, fromCache } = this.options.cache
      ? cachedArtifact(request, compile)
      : { artifact: compile(request), fromCache: false };
    if (fromCache) this.#stats.cacheHits++;
    else {
      this.#stats.cacheMisses++;
      this.#stats.compileMs += performance.now() - began;
    }
    return artifact;
  }

  #compileOptions(aliased: boolean): CompileOptions {
    const { fastMath, boundsCheck, parallel } = this.options;
    return {
      fastMath,
      boundsCheck,
      parallel,
      aliased,
      lanes: 2,
      relaxedSimd: fastMath && hasRelaxedSimd(),
    };
  }

  #of(signature: string | undefined): Compiled {
    const found =
      signature === undefined
        ? this.#latest
        : [...this.#compiled.values()].find(
            ({ request }) => request.args.map(typeText).join(", ") === signature,
          );
    if (found) return found;
    throw new Error(
      signature === undefined
        ? `${kernelCalled(this.fn.name)} isn't compiled yet: call it first`
        : `${kernelCalled(this.fn.name)} isn't compiled for (${signature}), but for ${this.signatures.map((each) => `(${each})`).join(" ") || "nothing yet"}`,
    );
  }
}

/** An error of the kernel's begins its stack at the user's call. */
function asUsers(error: unknown, call: AnyFunction): unknown {
  if (error instanceof KernelFailure) return error.explain(call);
  const isOurs =
    error instanceof CompileError ||
    error instanceof CaptureError ||
    error instanceof ArgumentError;
  if (isOurs) Error.captureStackTrace(error, call);
  return error;
}

function argumentType(value: unknown, i: number): KernelType {
  return typeOf(value, `argument ${i + 1}`);
}

/** Differs where the types differ; cheaper than the types themselves. */
function keyOf(args: readonly unknown[]): string {
  let key = "";
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    key += typeof arg === "number" ? "number," : `${typeText(argumentType(arg, i))},`;
  }
  return key;
}

function compiler(): typeof import("../compiler/compile.js") {
  return require("../compiler/compile.js") as typeof import("../compiler/compile.js");
}
