/**
 * The compiler's intermediate representation: structured statements over typed, pure expressions.
 * `lower` makes it from JavaScript, passes rewrite it, backends print it. What is
 * computed stands in the table of `operations`.
 *
 * Expressions have no side effects, so they may be moved, copied and dropped; the one thing that
 * can fail is a checked element, which `lower` never puts where JavaScript wouldn't evaluate it.
 */
import type { Kind, Operation } from "./operations.js";
import type { ArrayType, Position } from "./types.js";
import type { DType } from "../dtype.js";

/** A variable of a function. Compared by identity; the name is for people. */
export interface Local {
  readonly name: string;
  readonly kind: Kind;
  /** 1 for a scalar. */
  readonly lanes: number;
}

/** An array as a set of variables. Lengths and strides are counted in elements. */
export interface ArrayLocal {
  readonly name: string;
  readonly array: ArrayType;
  /** i32: byte address of element [0, …]. */
  readonly base: Local;
  readonly shape: readonly Local[];
  readonly strides: readonly Local[];
  /** "view": may share memory with any other array of the kernel. */
  readonly origin: "parameter" | "allocated" | "view";
}

interface Value {
  readonly kind: Kind;
  readonly lanes: number;
}

/** A number (a bigint for i64, 0 or 1 for bool), the same in every lane. */
export interface Const extends Value {
  readonly op: "const";
  readonly value: number | bigint;
}

export interface Get extends Value {
  readonly op: "get";
  readonly local: Local;
}

/** All operands have the lanes of the result. */
export interface Operate extends Value {
  readonly op: Operation;
  readonly args: readonly Expr[];
}

/** A scalar in every lane. */
export interface Splat extends Value {
  readonly op: "splat";
  readonly value: Expr;
}

/** 0, 1, 2 … as f64, i32 or i64: the number of the lane. */
export interface LaneNumbers extends Value {
  readonly op: "lanes";
}

/** One lane of a vector. */
export interface Extract1 extends Value {
  readonly op: "extract";
  readonly value: Expr;
  readonly lane: number;
}

/** Whether any or all lanes of a mask hold; a scalar bool. */
export interface Reduce extends Value {
  readonly op: "any" | "all";
  readonly value: Expr;
}

/** An element of an array as a number (kind f64, or i32 for integer dtypes of at most 32 bits but uint32, once narrowed). */
export interface Element extends Value {
  readonly op: "element";
  readonly access: Access;
}

/**
 * Which element. A scalar access has one index an axis, f64 (checked to be whole) or i32. A vector
 * access of n lanes is one of
 * - "contiguous": scalar i32 indices of lane 0; the lanes follow along the last axis, whose stride is 1;
 * - "affine": scalar i32 indices of lane 0, and `step`: what to add to each of them from lane to lane;
 * - "gather": vector indices of n lanes (f64 or i32), each axis' own (a uniform axis is a splat).
 * A masked access touches (and checks) only the lanes whose mask holds; the others read 0.
 */
export interface Access {
  readonly array: ArrayLocal;
  readonly indices: readonly Expr[];
  readonly lanes: number;
  readonly pattern: "scalar" | "contiguous" | "affine" | "gather";
  readonly step?: readonly Expr[];
  readonly mask?: Expr;
  /** Whether an index outside fails; false where a guard or a proof has seen to it. */
  readonly checked: boolean;
  /** Number of the first axis' site; axis k fails with site + k. */
  readonly site: number;
}

/** A read of memory after `addresses`: one address for a scalar or contiguous lanes, else one a lane. f64, or i32 from narrow integers. */
export interface Load extends Value {
  readonly op: "load";
  /** What it is an element of; undefined for frames and partial results. Decides only what it may share memory with. */
  readonly array?: ArrayLocal;
  readonly dtype: DType | "i64";
  readonly addresses: readonly Expr[];
  readonly offset: number;
  readonly mask?: Expr;
}

export type Expr = Const | Get | Operate | Splat | LaneNumbers | Extract1 | Reduce | Element | Load;

/** A target of `break` and `continue`; compared by identity. */
export interface Label {
  readonly name: string;
}

/** `local = value`. Under a mask (vector code), lanes outside keep their value: written as a select by then. */
export interface SetLocal {
  readonly op: "set";
  readonly local: Local;
  readonly value: Expr;
}

export interface StoreElement {
  readonly op: "store";
  readonly access: Access;
  /** f64 or i32; converted as a typed array does (float32 rounds, integers wrap, NaN is 0, uint8 wraps). */
  readonly value: Expr;
}

/** A write to memory after `addresses`, as `Load`. */
export interface StoreMemory {
  readonly op: "write";
  readonly array?: ArrayLocal;
  readonly dtype: DType | "i64";
  readonly addresses: readonly Expr[];
  readonly offset: number;
  readonly mask?: Expr;
  readonly value: Expr;
}

export interface If {
  readonly op: "if";
  /** A scalar bool. */
  readonly condition: Expr;
  readonly then: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
}

/**
 * `for (counter = from; counter < to; counter += step)` (`>` for a negative step) where the body
 * assigns neither counter nor anything that `to` reads. from, to and counter are f64 as lowered,
 * i32 once narrowed. `continue label` goes to the next iteration, `break label` leaves.
 */
export interface For {
  readonly op: "for";
  readonly counter: Local;
  readonly from: Expr;
  readonly to: Expr;
  readonly step: number;
  readonly label: Label;
  readonly body: readonly Stmt[];
  /** Number in the kernel's list of loops. */
  readonly loop: number;
  /** Whether it was a prange, which takes its sums in an order of its own. */
  readonly unordered?: boolean;
  /**
   * Set by `dependence`, gone behind `vectorise`: where it holds before the loop, no two iterations
   * touch the same element, one of them writing it.
   */
  readonly apart?: Expr;
}

/** Runs until left by `break`; `continue` starts over. */
export interface Loop {
  readonly op: "loop";
  readonly label: Label;
  readonly body: readonly Stmt[];
  /** Number in the kernel's list of loops; −1 if it is no loop of the source. */
  readonly loop: number;
}

/** `break label` goes behind it. */
export interface Block {
  readonly op: "block";
  readonly label: Label;
  readonly body: readonly Stmt[];
}

export interface Jump {
  readonly op: "break" | "continue";
  readonly label: Label;
}

/** The loop whose iterations are independent: as `For`, but nothing leaves it early. */
export interface Prange {
  readonly op: "prange";
  readonly counter: Local;
  readonly from: Expr;
  readonly to: Expr;
  readonly step: number;
  readonly label: Label;
  readonly body: readonly Stmt[];
  readonly loop: number;
  /** Found by `dependence`. */
  readonly reductions: readonly Reduction[];
  readonly winners: readonly Winner[];
  readonly arrayReductions: readonly ArrayReduction[];
  /**
   * Set by `bounds`: holds for iterations [first, last] of a chunk (two f64 or i32 locals that it
   * reads) if every access that `body` leaves unchecked is inside. Where it doesn't hold, `careful` runs.
   */
  readonly guard?: {
    readonly first: Local;
    readonly last: Local;
    readonly condition: Expr;
    readonly careful: readonly Stmt[];
  };
  /**
   * Set by `vectorise`: the body for `lanes` iterations at once. The counter is that of lane 0, a
   * scalar; `reductions` and `winners` are the vectors in place of those variables, in their order.
   */
  readonly vector?: {
    readonly lanes: number;
    readonly body: readonly Stmt[];
    readonly reductions: readonly Local[];
    readonly winners: readonly (readonly Local[])[];
  };
}

/** How iterations reduce: they add, multiply, take the minimum or maximum, or combine the bits of JavaScript's int32. */
export type By = "add" | "mul" | "min" | "max" | "and" | "or" | "xor";

/** A scalar that every iteration reduces into. */
export interface Reduction {
  readonly local: Local;
  readonly by: By;
}

/** What is kept of one iteration: of the one that had the best value, or of the last that set it. */
export interface Winner {
  /** The best value so far, which nothing reads but the comparisons; undefined for the last iteration. */
  readonly key: Local | undefined;
  /** How a value has to compare with the best to take its place: with "lt" the first of the smallest wins, with "le" the last. */
  readonly by: "lt" | "le" | "gt" | "ge" | "last";
  /** The counter of that iteration, a number that is NaN before there is one. */
  readonly place: Local;
  /** Variables of the same iteration, numbers and booleans. */
  readonly carried: readonly Local[];
}

/** An array each of whose elements is only ever reduced into in the loop. */
export interface ArrayReduction {
  readonly array: ArrayLocal;
  readonly by: By;
}

/** A call of a function that isn't inlined (a recursive one). Scalars only. */
export interface Call {
  readonly op: "call";
  readonly callee: Func;
  readonly args: readonly Expr[];
  readonly results: readonly Local[];
}

/** Leaves a function of its own (never the kernel's body, which breaks out of a block). */
export interface Return {
  readonly op: "return";
  readonly values: readonly Expr[];
}

/** Ends the call with the error of a site. */
export interface Fail {
  readonly op: "fail";
  readonly site: number;
  /** Two f64. */
  readonly args: readonly [Expr, Expr];
}

/** Makes a row-major array, zeroed; sets its base, shape and strides. */
export interface Allocate {
  readonly op: "allocate";
  readonly array: ArrayLocal;
  /** f64, checked to be whole and at least 0. */
  readonly lengths: readonly Expr[];
  readonly site: number;
}

/** After `outline`: runs loop `loop` (its number among the pranges) on the team; sets where the partial results are and how many chunks there were. */
export interface Parallel {
  readonly op: "parallel";
  readonly loop: number;
  /** i32: number of iterations. */
  readonly count: Expr;
  /** i32: bytes of partial results a chunk. */
  readonly partialBytes: Expr;
  readonly partials: Local;
  readonly chunks: Local;
}

export type Stmt =
  | SetLocal
  | StoreElement
  | StoreMemory
  | If
  | For
  | Loop
  | Block
  | Jump
  | Prange
  | Call
  | Return
  | Fail
  | Allocate
  | Parallel;

/** A function of its own: a recursive one of the user's, the kernel's entry, the body of a parallel loop. */
export interface Func {
  readonly name: string;
  readonly params: readonly Local[];
  readonly results: readonly Kind[];
  /** Called from outside, by its name; a function of the user's may well have the same. */
  readonly exported?: true;
  /** Set last, as a recursive function refers to itself. */
  body: readonly Stmt[];
}

/** What `lower` makes and the passes up to `outline` rewrite. */
export interface Kernel {
  readonly name: string;
  /** Arguments, then captured arrays; tuples and objects are trees of them. */
  readonly parameters: readonly Storage[];
  readonly result: Storage | undefined;
  readonly body: readonly Stmt[];
  /** Recursive functions. */
  readonly functions: readonly Func[];
  readonly loops: readonly LoopSource[];
  /** Parameters whose `data` the kernel uses. */
  readonly lists?: ReadonlySet<ArrayLocal>;
}

/** A value's variables. */
export type Storage =
  | { readonly is: "number" | "boolean"; readonly local: Local }
  | { readonly is: "array"; readonly array: ArrayLocal }
  | { readonly is: "tuple"; readonly members: readonly Storage[] }
  | { readonly is: "object"; readonly members: Readonly<Record<string, Storage>> };

/** A loop of the source, for messages and diagnostics. */
export interface LoopSource {
  readonly text: string;
  readonly position: Position;
  /** Whether the user is told of it. */
  readonly isShown: boolean;
}

/** After `outline` and `addresses`: what a backend prints. `functions` holds `kernel`, `loop0`, `loop1` … and the recursive ones. */
export interface Module {
  readonly functions: readonly Func[];
}
