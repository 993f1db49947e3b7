/**
 * Runs functions many times and measures each run. Functions go in, milliseconds a call come out;
 * statistics and pictures are made elsewhere. A function that returns promises is awaited, call by
 * call; one that doesn't is never interrupted by the event loop.
 */
import { FigureError } from "../errors.js";
import { awaitExpected } from "../runtime/native/background.js";

/** How long to measure. */
export interface TimeitOptions {
  /** Number of runs of each function; default: as many as fit into `minTime`, at least 5. */
  readonly repeat?: number;
  /** Milliseconds to spend on each function; default 500. A run takes at least a thousandth of it. */
  readonly minTime?: number;
}

/** What was measured of one function. */
export interface Samples {
  /** Milliseconds a call, one number a run. */
  readonly samples: Float64Array;
  /** Calls in each run. */
  readonly calls: number;
}

/** A measurement under way: it yields what must be awaited, and returns what it found. */
export type Measurement<T> = Generator<PromiseLike<unknown>, T, undefined>;

const LEAST_RUNS = 5;
const MOST_RUNS = 1000;
const MOST_CALLS = 1e8;

/** Results stay reachable until their run is over, so that no compiler finds a call useless. */
const kept = new Array<unknown>(16);

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Milliseconds that `calls` calls take together. */
function* run(fn: () => unknown, calls: number): Measurement<number> {
  try {
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const result = fn();
      kept[i & 15] = result;
      if (isPromise(result)) yield result;
    }
    return performance.now() - start;
  } finally {
    kept.fill(undefined);
  }
}

/**
 * How many calls a run needs to be much longer than the clock's steps; warms the function up. The
 * first calls are slower than those that follow, so a short run is believed at its second try only,
 * and what runs until a kernel's native code is there isn't measured at all.
 */
function* calibrate(fn: () => unknown, runTime: number): Measurement<number> {
  yield* run(fn, 1);
  awaitExpected();
  let calls = 1;
  for (;;) {
    let time = yield* run(fn, calls);
    if (time >= runTime && time < 100 * runTime) time = yield* run(fn, calls);
    if (time >= runTime || calls >= MOST_CALLS) return calls;
    const factor = Math.min(Math.max((1.2 * runTime) / time, 1.2), 10);
    calls = Math.min(Math.ceil(calls * factor), MOST_CALLS);
  }
}

function checkOptions(call: string, { repeat, minTime }: TimeitOptions): void {
  if (repeat !== undefined && !(Number.isInteger(repeat) && repeat >= 1 && repeat <= 100_000)) {
    throw new FigureError(`${call}: repeat is ${repeat}; it is an integer from 1 to 100,000`);
  }
  if (minTime !== undefined && !(minTime > 0 && minTime < Infinity)) {
    throw new FigureError(
      `${call}: minTime is ${minTime}; it is a positive number of milliseconds`,
    );
  }
}

/**
 * Measures all functions in turn, each round in the opposite order of the round before, so that
 * what drifts (clock, heat, garbage) hits all of them alike.
 */
export function* measure(
  call: string,
  functions: readonly (() => unknown)[],
  options: TimeitOptions = {},
): Measurement<Samples[]> {
  checkOptions(call, options);
  const { repeat, minTime = 500 } = options;
  const calls: number[] = [];
  for (const fn of functions) calls.push(yield* calibrate(fn, minTime / 1000));
  const samples = functions.map(() => [] as number[]);
  let spent = 0;
  for (let round = 0; ; round++) {
    const enough = spent >= minTime * functions.length || round >= MOST_RUNS;
    if (repeat === undefined ? round >= LEAST_RUNS && enough : round >= repeat) break;
    for (let k = 0; k < functions.length; k++) {
      const i = round % 2 === 0 ? k : functions.length - 1 - k;
      const time = yield* run(functions[i]!, calls[i]!);
      samples[i]!.push(time / calls[i]!);
      spent += time;
    }
  }
  return samples.map((list, i) => ({ samples: Float64Array.from(list), calls: calls[i]! }));
}

/** Carries a measurement out: at once if nothing had to be awaited, as a promise otherwise. */
export function carryOut<T>(measurement: Measurement<T>): T | Promise<T> {
  const first = measurement.next();
  return first.done ? first.value : awaiting(measurement, first.value);
}

async function awaiting<T>(measurement: Measurement<T>, pending: PromiseLike<unknown>): Promise<T> {
  let awaited = pending;
  for (;;) {
    try {
      await awaited;
    } catch (error) {
      measurement.return(undefined as never);
      throw error;
    }
    const next = measurement.next();
    if (next.done) return next.value;
    awaited = next.value;
  }
}
