/**
 * What crosses between the pool and its workers: types only. A chunk of items goes to a worker as
 * a `ChunkTask` and comes back as a `ChunkReport`, both through Piscina; beside that each worker
 * has one line of its own on which `Note`s come in (printed text, a farewell) and `Order`s go out.
 */
import type { MessagePort } from "node:worker_threads";
import type { Capsule } from "../capture/capsule.js";
import type { Table } from "./table.js";

/** Some neighbouring items of one call. */
export interface ChunkTask {
  /** The call's number, unique in this process. */
  readonly call: number;
  readonly capsule: Capsule;
  /** Index of the first item. */
  readonly from: number;
  /** The items, small records of numbers as a table; a hole stands for an item that `map` skips. */
  readonly inputs: ArrayLike<unknown> | Table;
  /** Whether the courier has packed any of them; primitives alone need no courier. */
  readonly packed: boolean;
  /** `starmap`: each input is the list of arguments. */
  readonly spread: boolean;
  /** The call's desks: see `desks.ts`. */
  readonly desks: SharedArrayBuffer;
  /** The desk this chunk is worked at. */
  readonly desk: number;
}

/** What a worker made of a chunk. */
export interface ChunkReport {
  /** `threadId` of the worker. */
  readonly thread: number;
  /** Results of the items `from` to `to - 1`; holes as in the inputs. */
  readonly results: readonly unknown[] | Table;
  /** Whether the courier has packed any of them. */
  readonly packed: boolean;
  /** One past the last item done. */
  readonly to: number;
  /** When the first item began and the last ended, in ms on the machine's monotonic clock. */
  readonly start: number;
  readonly end: number;
  /** The first item that failed; no item after it was begun. */
  readonly failure: { readonly index: number; readonly error: unknown } | undefined;
}

/** Said instead of a report: the function, or a module it refers to, could not be loaded. */
export interface Unready {
  readonly thread: number;
  readonly reason: Error;
}

/** A worker's first message: the pool's end of its line. */
export interface Hello {
  readonly hotcellWorker: number;
  readonly line: MessagePort;
}

export type Note =
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "exit"; readonly call: number; readonly desk: number; readonly code: number };

/** The call is over: drop its function and all it captured. */
export interface Order {
  readonly forget: number;
}
