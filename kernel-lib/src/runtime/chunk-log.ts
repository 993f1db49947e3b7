/**
 * Who ran which iterations of a parallel loop when: while somebody asks, all threads of a team write
 * it into one stretch of shared memory; else a loop looks once at a word and writes nothing.
 */
import type { Arena } from "./arena.js";
import * as P from "./team-protocol.js";

/** Numbers of an entry: slot, first iteration, one past the last, start, end. */
const NUMBERS = 5;
/** The most entries; what comes later is not written. */
const MOST = 65_536;

/** What a log needs in memory. */
export const LOG_BYTES = MOST * NUMBERS * Float64Array.BYTES_PER_ELEMENT;

/** One entry; times in milliseconds since 1970, since every thread's own clock begins with the thread. */
export interface LoggedChunk {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Opens a log at an address, or closes it: 0. */
export function openLog(words: Int32Array, address: number): void {
  Atomics.store(words, P.LOGGED, 0);
  Atomics.store(words, P.LOG, address);
}

/** Runs a chunk, and writes it down where a log is open. */
export function logged(
  words: Int32Array,
  slot: number,
  { memory }: Arena,
  from: number,
  to: number,
  run: () => void,
): void {
  const start = now();
  run();
  const entry = Atomics.add(words, P.LOGGED, 1);
  const log = Atomics.load(words, P.LOG);
  if (log === 0 || entry >= MOST) return;
  const bytes = 8 * NUMBERS;
  new Float64Array(memory.buffer, log + entry * bytes, NUMBERS).set([slot, from, to, start, now()]);
}

/** What has been written. */
export function readLog(words: Int32Array, { memory }: Arena): LoggedChunk[] {
  const log = Atomics.load(words, P.LOG);
  const count = Math.min(Atomics.load(words, P.LOGGED), MOST);
  const numbers = new Float64Array(memory.buffer, log, NUMBERS * count);
  return Array.from({ length: count }, (_, i) => {
    const [slot, from, to, start, end] = numbers.subarray(NUMBERS * i) as unknown as number[];
    return { slot: slot!, from: from!, to: to!, start: start!, end: end! };
  });
}
