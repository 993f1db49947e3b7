/**
 * What crosses from one thread to another: types only. Everything here survives `postMessage`;
 * nothing here knows how it was read or will be rebuilt.
 */
import type { Reference } from "./references.js";

/** A captured function with all it refers to. Post it as often as you like: its bytes are shared, not copied. */
export interface Capsule {
  /** Tells capsules apart, so that a worker revives each only once. */
  readonly id: string;
  /** The captured graph, serialised. */
  readonly bytes: SharedArrayBuffer;
  /** What travels as it is: shared memory, and bytes that each worker copies for itself. */
  readonly attachments: readonly unknown[];
}

/** Carries values of the user's program between this side and the other, keeping what the clone loses. */
export interface Courier {
  /**
   * Makes structured-cloneable data of a value.
   *
   * @param path names the value in an error, such as `result of item 3`.
   * @throws CaptureError naming the path to what can't be sent.
   */
  pack(value: unknown, path: string): unknown;
  /** The value again. */
  unpack(packed: unknown): unknown;
}

/** A primitive as it is, or the number of a node. */
export type Slot = Primitive | readonly [node: number];
export type Primitive = undefined | null | boolean | number | bigint | string;

/** Values with all that they lead to; a node's number is its position, the root comes first. */
export type Graph = readonly GraphNode[];

/** One object, function or symbol: its kind with what makes it one, its own properties, its prototype. */
export type GraphNode = {
  [Kind in keyof Payloads]: readonly [
    kind: Kind,
    payload: Payloads[Kind],
    properties?: Properties | undefined,
    /** Absent for the usual prototype of its kind. */
    prototype?: Slot,
    integrity?: Integrity | undefined,
  ];
}[keyof Payloads];

/** 1: no new properties, 2: sealed, 3: frozen. */
export type Integrity = 1 | 2 | 3;

export interface Payloads {
  object: null;
  /** The elements; holes stay holes. */
  array: readonly Slot[];
  date: number;
  regexp: readonly [source: string, flags: string, lastIndex: number];
  /** Keys and values in turn. */
  map: readonly Slot[];
  set: readonly Slot[];
  boxed: Slot;
  error: null;
  domException: readonly [message: string, name: string];
  url: string;
  /** The number of an attachment to copy. */
  bytes: number;
  /** The number of an attachment to take as it is. */
  attached: number;
  view: readonly [type: string, buffer: Slot, offset: number, length: number];
  function: FunctionRecord;
  /** What a function of hotcell's makes of arguments. */
  made: readonly [maker: Slot, args: readonly Slot[]];
  /** The `prototype` object of a function. */
  prototype: Slot;
  /** A function of the graph or of an earlier one that both sides hold. */
  known: KnownId;
  /** The `prototype` of such a function. */
  knownPrototype: KnownId;
  reference: Reference;
  /** `require` as seen from a folder. */
  require: string;
  symbol: string | undefined;
  registeredSymbol: string;
}

/** Own properties: keys (a slot for a symbol), values, and flags where one isn't plain data. */
export type Properties = readonly [
  keys: readonly (string | readonly [number])[],
  /** A pair of slots, getter and setter, for an accessor. */
  values: readonly (Slot | readonly [Slot, Slot])[],
  flags?: readonly number[],
];

/** Bits of a property's flags; plain data has all three of the first. */
export const flag = { writable: 1, enumerable: 2, configurable: 4, accessor: 8, plain: 7 };

/** A function or class: its text, and the variables to evaluate it with. */
export interface FunctionRecord {
  readonly text: string;
  /** A member is evaluated as the one property of an object literal. */
  readonly kind: "function" | "class" | "member";
  readonly strict: boolean;
  readonly importsDynamically: boolean;
  /** Where the text began: script, and line and column from zero. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  /** The function's `name` property. */
  readonly name: string;
  readonly variables: readonly string[];
  readonly values: readonly Slot[];
  /** How many of the variables must hold their value before the text is evaluated: these come first. */
  readonly early: number;
  /** The object whose prototype `super` means. */
  readonly home: Slot;
  /** The `prototype` object, where it differs from a fresh one. */
  readonly prototype: Slot;
}

/** Who captured it, in which of its graphs, as which node. */
export type KnownId = readonly [owner: string, graph: number, node: number];

/** An instance of a class both sides have, whose fields survive the clone: half the cost of a graph. */
export interface Instance {
  readonly hotcell: "instance";
  readonly fields: object;
  readonly prototype: KnownId | Reference;
}

/** A value that the structured clone alone would change. Short, because a result may be small and one of many. */
export interface Message {
  /** The graph; its root is the first node. */
  readonly hotcell: readonly GraphNode[];
  readonly attachments?: readonly unknown[];
  /** Functions that the other side may not have met, in the order in which they were captured. */
  readonly capsules?: readonly Capsule[];
}
