/**
 * What the threads of a team share: the words of the control block, and the messages that go
 * between the main thread and a worker. Only layout and encoding; who does what when is said in
 * `team-loop.ts`. Words that several threads write at the same time lie on cache lines of their own.
 */
import type { MessagePort } from "node:worker_threads";
import type { LoopPlan } from "../compiler/types.js";
import type { Code } from "./code.js";
import type { WasmMemory } from "./engine.js";
import { SiteFailure } from "./site-failure.js";

/** Counts what workers should look up for: a loop to run, or mail. They sleep on it. */
export const EPOCH = 0;
/** 1 while the loop in the words below may be joined. */
export const GATE = 16;
/** The next chunk, where they are of a fixed length, else the next iteration. */
export const NEXT = 32;
/** The lowest iteration with which a chunk began that failed; NONE if none did. */
export const FAILED = 48;
/** How many more threads may join. */
export const SEATS = 64;
/** 0, or 1 + the slot of the thread whose loop the team runs. */
export const LOCK = 80;
/** How many workers sleep. */
export const SLEEPERS = 96;
/** Counts the notes of workers that the main thread should read. */
export const NEWS = 112;

/** The loop: written while the gate is closed and nobody is inside. */
export const OWNER = 128;
export const KERNEL = 129;
export const LOOP = 130;
export const FRAME = 131;
export const COUNT = 132;
/** Iterations a chunk; 0 where any cut will do. */
export const LENGTH = 133;
export const PARTIALS = 134;
export const APART = 135;
export const THREADS = 136;
/** Slots above this one have never been used. */
export const TOP = 137;
/** How many threads a loop may have: what setNumThreads said. */
export const TEAM_THREADS = 138;
/** The address of the log of chunks (chunk-log.ts), 0 if nobody asks for one; and how many there were. */
export const LOG = 139;
export const LOGGED = 140;

export const NONE = 0x7fffffff;

/** A slot is a thread's own part of the block; the main thread has slot 0. */
const FIRST_SLOT = 160;
const SLOT_WORDS = 128;

/** 1 while the thread works, or looks whether it can, on the loop of another. */
export const JOINED = 0;
/** Counts the messages that were posted to the thread. */
export const MAIL = 1;
/** 1 from the start of a thread until it is known to be dead. */
export const LIVE = 2;
/** Rung when someone leaves the thread's loop; the main thread's also for notes. */
export const BELL = 3;
/** 1: the thread's loop, or call, is to end at once. */
export const CANCEL = 4;
/** Iterations of the thread's latest loop that are done, and all. */
export const DONE = 5;
export const TOTAL = 6;
/** Counts the answers to requests for memory; the latest, 0 if there is none to be had. */
export const ANSWER = 7;
export const ADDRESS = 8;
/** 1 + the iteration with which the chunk began that failed on this thread; 0 if none did. */
const FAILED_FROM = 16;
const SITE = 17;
const LENGTH_OF_TEXT = 18;
const NUMBERS = 20;
const TEXT = 24;
const LONGEST_TEXT = 2 * (SLOT_WORDS - TEXT);

/** Threads that a team may have; a replaced one may keep its slot for a while. */
export const MOST_THREADS = 512;
export const SLOTS = 2 * MOST_THREADS;

/** What `SITE` says when the failure isn't one of the code's own sites. */
const OTHER = -1;

export function makeWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (FIRST_SLOT + SLOTS * SLOT_WORDS)));
}

/** The place of a slot's word. */
export function at(slot: number, word: number): number {
  return FIRST_SLOT + slot * SLOT_WORDS + word;
}

/** Writes down why the chunk that begins with iteration `from` failed on this thread. */
export function noteFailure(words: Int32Array, slot: number, from: number, error: unknown): void {
  const failure = failed(error);
  if ("site" in failure) {
    const numbers = new Float64Array(words.buffer, 4 * at(slot, NUMBERS), 2);
    words[at(slot, SITE)] = failure.site;
    numbers.set([failure.a, failure.b]);
  } else {
    const text = failure.text.slice(0, LONGEST_TEXT);
    words[at(slot, SITE)] = OTHER;
    words[at(slot, LENGTH_OF_TEXT)] = text.length;
    const units = new Uint16Array(words.buffer, 4 * at(slot, TEXT), LONGEST_TEXT);
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  }
  Atomics.store(words, at(slot, FAILED_FROM), from + 1);
}

/** The failure of the chunk that begins with iteration `from`, whichever thread had it. */
export function failureOf(words: Int32Array, from: number): Error {
  const top = Atomics.load(words, TOP);
  for (let slot = 0; slot <= top; slot++) {
    if (Atomics.load(words, at(slot, FAILED_FROM)) !== from + 1) continue;
    const site = words[at(slot, SITE)]!;
    if (site !== OTHER) {
      const [a, b] = new Float64Array(words.buffer, 4 * at(slot, NUMBERS), 2);
      return revived({ site, a: a!, b: b! });
    }
    const length = words[at(slot, LENGTH_OF_TEXT)]!;
    const units = new Uint16Array(words.buffer, 4 * at(slot, TEXT), length);
    return revived({ text: String.fromCharCode(...units) });
  }
  throw new Error(`no thread knows why the chunk from iteration ${from} failed`);
}

export function forgetFailures(words: Int32Array): void {
  const top = Atomics.load(words, TOP);
  for (let slot = 0; slot <= top; slot++) Atomics.store(words, at(slot, FAILED_FROM), 0);
}

/** What of an error travels between threads. */
export function failed(error: unknown): Failed {
  if (error instanceof SiteFailure) return { site: error.site, a: error.a, b: error.b };
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { text: `${name}: ${message}` };
}

export function revived(failure: Failed): Error {
  if ("site" in failure) return new SiteFailure(failure.site, failure.a, failure.b);
  const { text } = failure;
  const [, name = "Error", message = text] = /^(\w+): ([^]*)$/.exec(text) ?? [];
  const error = name === "RangeError" ? new RangeError(message) : new Error(message);
  if (error.name !== name) {
    Object.defineProperty(error, "name", { value: name, writable: true, configurable: true });
  }
  return error;
}

/** What a worker is started with. */
export interface Start {
  readonly words: Int32Array;
  readonly slot: number;
  readonly memory: WasmMemory;
  readonly port: MessagePort;
}

/** From the main thread to a worker. */
export type Order =
  | {
      readonly kind: "load";
      readonly kernel: number;
      readonly code: Code;
      readonly loops: readonly LoopPlan[];
    }
  | { readonly kind: "unload"; readonly kernel: number }
  /** `by` is the same kernel in better code, which may take over in the midst of a loop. */
  | { readonly kind: "relieve"; readonly kernel: number; readonly by: number }
  | {
      readonly kind: "call";
      readonly call: number;
      readonly kernel: number;
      readonly frame: number;
    };

/** From a worker to the main thread. */
export type Note =
  /** Asks for zeroed memory, for the thread itself or, with `call`, for a result of its call. */
  | { readonly kind: "allocate"; readonly bytes: number; readonly call: number | undefined }
  | { readonly kind: "free"; readonly addresses: readonly number[] }
  | { readonly kind: "done"; readonly call: number; readonly failure: Failed | undefined };

export type Failed =
  { readonly site: number; readonly a: number; readonly b: number } | { readonly text: string };
