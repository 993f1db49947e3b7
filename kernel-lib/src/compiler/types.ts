/**
 * What a kernel's arguments and captured variables are to the compiler: their types, and the source
 * of the functions involved. Plain data, made by `runtime/` from live values, so that the compiler
 * itself never sees one.
 */
import type { DType } from "../dtype.js";

/** An array's part of a signature: two calls whose arrays differ in it are compiled separately. */
export interface ArrayType {
  readonly type: "array";
  readonly dtype: DType;
  /** Number of axes, 1 to 4. A typed array has one. */
  readonly rank: number;
  /** Row-major without gaps: the last axis has stride 1. */
  readonly contiguous: boolean;
  /** A plain typed array: indexed by `a[i]`, has `length` and no `shape`. */
  readonly typed: boolean;
}

/** The type of an argument or a captured variable. */
export type KernelType =
  | { readonly type: "number" }
  | { readonly type: "boolean" }
  | ArrayType
  | { readonly type: "tuple"; readonly members: readonly KernelType[] }
  | { readonly type: "object"; readonly members: Readonly<Record<string, KernelType>> };

/** What a free name of a function stands for. */
export type Captured =
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "boolean"; readonly value: boolean }
  /** A captured array: the n-th of the kernel's hidden parameters, which follow its arguments. */
  | { readonly is: "array"; readonly index: number; readonly array: ArrayType }
  | { readonly is: "tuple"; readonly members: readonly Captured[] }
  | { readonly is: "object"; readonly members: Readonly<Record<string, Captured>> }
  | { readonly is: "function"; readonly source: SourceFunction }
  /** A name of hotcell's own (`prange`, `philox`, `quad`, `zeros` …) or of the language (`Math.sin`, `Float64Array`). */
  | { readonly is: "intrinsic"; readonly name: string }
  /** Anything else; an error only where the kernel uses it. `what` reads as in "a WeakMap". */
  | { readonly is: "unsupported"; readonly what: string };

/** One function of the user's. The same function reached twice is the same object, also in a recursion. */
export interface SourceFunction {
  readonly name: string;
  /** `fn.toString()`, compiled JavaScript. */
  readonly text: string;
  /**
   * By the text that stands in the source for it: `k`, and where a name is a compiled import or an
   * earlier cell's variable also `exports.k` or `hotcell_1.prange`.
   */
  readonly captured: Readonly<Record<string, Captured>>;
  /** Where the text begins, line and column counted from 0, for error messages. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** All that decides what comes out of the compiler, besides its own version. */
export interface CompileRequest {
  readonly kernel: SourceFunction;
  readonly args: readonly KernelType[];
  readonly options: CompileOptions;
}

export interface CompileOptions {
  /** Allows reassociation, contraction and functions of 4 ulp. */
  readonly fastMath: boolean;
  /** Checks every index that isn't proven to be inside. */
  readonly boundsCheck: boolean;
  /** False: `prange` is an ordinary loop. */
  readonly parallel: boolean;
  /** Some of the arrays share memory: `prange` is an ordinary loop then, too. */
  readonly aliased: boolean;
  readonly target: Target;
  /** Float64 lanes of a vector: 2 for SIMD128, up to 8 for C; 1 switches vectors off. */
  readonly lanes: number;
  /** Products and sums may be fused: the engine has `f64x2.relaxed_madd`, the processor FMA. */
  readonly fma: boolean;
  /** Which C compiler and processor; the compiler doesn't read it, but what is cached depends on it. */
  readonly machine?: string;
}

/** What the compiler writes: a WebAssembly module, or a source in C. */
export type Target = "wasm" | "c";

/** What the compiler makes; everything but the bytes is JSON, so that the cache can keep it. */
export interface Artifact {
  /** Bytes of a WebAssembly module, or a C source in UTF-8; once that is built, of the shared object. */
  readonly code: Uint8Array;
  readonly frame: Frame;
  readonly loops: readonly LoopPlan[];
  readonly sites: readonly Site[];
  readonly diagnostics: readonly LoopDiagnosis[];
}

/**
 * The block of shared memory that a call hands to the kernel: arguments in, results out, and what
 * the loops' bodies need from outside. The kernel is exported as `kernel(frame: i32)`, loop n as
 * `loop<n>(frame: i32, from: i32, to: i32, partials: i32)`, where from and to count iterations from 0.
 */
export interface Frame {
  /** Bytes; a frame starts 16-byte aligned. */
  readonly size: number;
  /** Arguments first, then captured arrays, in order. */
  readonly parameters: readonly Slot[];
  /** What the kernel returns; undefined if nothing. */
  readonly result: Slot | undefined;
  /**
   * Which variables the loops find where in it: of two targets of a kernel that agree in it, one can
   * go on with a loop of the other's. Missing where a target has variables of its own there.
   */
  readonly environment?: string;
}

/**
 * Where a value stands in the frame. A number or boolean is a float64 at `offset`; an array is at
 * `offset`: i32 byte address of element [0, …], i32 lengths, i32 strides in elements.
 */
export type Slot =
  | { readonly is: "number" | "boolean"; readonly offset: number }
  | {
      readonly is: "array";
      readonly offset: number;
      readonly array: ArrayType;
      readonly written: boolean;
      /** The kernel uses its `data`, so that they must be its elements and nothing else. */
      readonly spans?: true;
    }
  | { readonly is: "tuple"; readonly members: readonly Slot[] }
  | { readonly is: "object"; readonly members: Readonly<Record<string, Slot>> };

/** What the team needs to know of one parallel loop. */
export interface LoopPlan {
  /** Whether its chunks have partial results: then they are cut as `chunkLength` says. */
  readonly reduces: boolean;
  /** Whether some of them are copies of whole arrays (histograms). */
  readonly reducesArrays: boolean;
}

/** A place in the source that can fail at run time. `host.fail(site, a, b)` names it by its number. */
export interface Site {
  /** "index": a = index, b = length of the axis. "length": a = what an array's length was to be. "range": a prange's bound. "distribution": a = its parameter. "throw": a `throw` of the kernel's. */
  readonly is: "index" | "length" | "range" | "seed" | "distribution" | "throw" | "quad";
  /** Name of the array or of the parameter, or the message. */
  readonly name: string;
  /** Axis of the index. */
  readonly axis: number;
  /** Which function (its number in the order of first use) and where in its text. */
  readonly position: Position;
}

/** A place in a function's text: `node` is the syntax node's number in a walk, which formatting and comments don't change. */
export interface Position {
  readonly fn: number;
  readonly node: number;
}

/** What became of one loop, for `k.diagnostics()`. */
export interface LoopDiagnosis {
  readonly position: Position;
  /** As in the source: "for (const i of prange(n))". */
  readonly loop: string;
  readonly parallel: Verdict;
  readonly vectorised: Verdict;
  readonly boundsHoisted: Verdict;
  /** Reductions as the user would write them: "total +=". */
  readonly reductions: readonly string[];
}

export type Verdict =
  { readonly yes: true; readonly how?: string } | { readonly yes: false; readonly why: string };
