/**
 * What crosses between the pool and its workers: types only. A worker is called to work by a
 * `ShiftTask` with the first chunk of items, and the shift's last chunk comes back as its
 * `ChunkReport`, both through Piscina. Beside that each worker has one line of its own on which
 * `Order`s go out (further chunks) and `Note`s come in (their reports, printed text, a farewell).
 */
import type { MessagePort } from "node:worker_threads";
import type { Capsule } from "../capture/capsule.js";
import type { Table } from "./table.js";
import type { WasmMemory } from "./engine.js";

/** Some neighbouring items of one call. */
export interface Chunk {
  /** Index of the first item. */
  readonly from: number;
  /** The items, small records of numbers as a table; a hole stands for an item that `map` skips. */
  readonly inputs: ArrayLike<unknown> | Table;
  /** Whether the courier has packed any of them; primitives alone need no courier. */
  readonly packed: boolean;
}

/** Chunks of one call that a worker does one after the other. */
export interface ShiftTask {
  /** The call's number, unique in this process. */
  readonly call: number;
  readonly capsule: Capsule;
  readonly first: Chunk;
  /** On offer, as those that orders bring later. */
  readonly second: Chunk | undefined;
  /** `starmap`: each input is the list of arguments. */
  readonly spread: boolean;
  /** The call's desks: see `desks.ts`. */
  readonly desks: SharedArrayBuffer;
  /** The desk this shift is worked at. */
  readonly desk: number;
  /** Where the main thread's arrays stand, for kernels. */
  readonly memory: WasmMemory;
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
  /** Of a chunk that isn't the last of its shift. */
  | {
      readonly kind: "report";
      readonly call: number;
      readonly desk: number;
      readonly report: ChunkReport;
    }
  | { readonly kind: "exit"; readonly call: number; readonly desk: number; readonly code: number };

export type Order =
  /** The call is over: drop its function and all it captured. */
  | { readonly kind: "forget"; readonly call: number }
  /** A chunk for the shift at work, unless the desk says that it was taken back. */
  | { readonly kind: "offer"; readonly call: number; readonly chunk: Chunk };
