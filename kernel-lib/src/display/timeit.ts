/**
 * `timeit` and `compare`: functions go in, their timings come out, as values and as one output. The
 * measuring is stopwatch.ts's, the picture figure/'s.
 */
import { inspect } from "node:util";
import { FigureError } from "../errors.js";
import { checkText } from "../figure/checks.js";
import { numberText } from "../figure/number-text.js";
import { mean, median, ratios, standardDeviation } from "../figure/statistics.js";
import { MAX_TIMINGS, type Timing } from "../figure/timings.js";
import { timingText } from "../figure/timings-summary.js";
import { showPicture } from "./picture.js";
import { carryOut, measure, type Samples, type TimeitOptions } from "./stopwatch.js";

/** How long a function takes; all times in milliseconds a call. */
export interface TimeitResult {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the runs, with n − 1. */
  readonly standardDeviation: number;
  /** Number of runs. */
  readonly runs: number;
  /** Calls in each run. */
  readonly calls: number;
  /** Every run in the order of measuring. */
  readonly samples: Float64Array;
}

/** One function of a comparison. */
export interface ComparedResult extends TimeitResult {
  /** How many times as fast as the first function: the median over the rounds. */
  readonly ratio: number;
}

/** A comparison: each function's timing under its name. */
export type Comparison<K extends string> = Readonly<Record<K, ComparedResult>>;

/** What `compare` returns: a promise if one of the functions returns one. */
export type Compared<F extends Readonly<Record<string, () => unknown>>> = [
  Extract<ReturnType<F[keyof F]>, PromiseLike<unknown>>,
] extends [never]
  ? Comparison<keyof F & string>
  : Promise<Comparison<keyof F & string>>;

function resultOf({ samples, calls }: Samples): TimeitResult {
  const result: TimeitResult = {
    median: median(samples),
    min: samples.reduce((a, b) => Math.min(a, b)),
    max: samples.reduce((a, b) => Math.max(a, b)),
    mean: mean(samples),
    standardDeviation: standardDeviation(samples),
    runs: samples.length,
    calls,
    samples,
  };
  return inspectedAs(result, `TimeitResult: ${timingText({ name: "", samples, calls })}`);
}

/** A notebook prints what a cell ends with: one line, for the picture has said the rest. */
function inspectedAs<T extends object>(value: T, text: string): T {
  return Object.defineProperty(value, inspect.custom, { value: () => text });
}

/** Goes on with a value that may be a promise, at once if it isn't. */
function then<T, U>(value: T | Promise<T>, next: (value: T) => U): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function checkCallable(fn: unknown, name: string): void {
  if (typeof fn !== "function") throw new FigureError(`${name} is ${typeof fn}, not a function`);
}

/**
 * Measures how long a function takes, shows the runs as an output of the cell, and returns them.
 *
 * The function is called without arguments, often enough that a run can be timed well. A function
 * that returns a promise is awaited call by call, and `timeit` then returns a promise too. What the
 * function throws is passed on. Kernels are measured as the native code that they become, for which
 * `timeit` waits after the first call (10 seconds at most). Modelled on IPython's `%timeit`.
 *
 * @example
 * const { median } = timeit(() => Math.hypot(3, 4)); // milliseconds
 * await timeit(async () => (await fetch(url)).text(), { repeat: 5 });
 */
export function timeit(
  fn: () => PromiseLike<unknown>,
  options?: TimeitOptions,
): Promise<TimeitResult>;
export function timeit(fn: () => unknown, options?: TimeitOptions): TimeitResult;
export function timeit(
  fn: () => unknown,
  options?: TimeitOptions,
): TimeitResult | Promise<TimeitResult> {
  checkCallable(fn, "timeit: the first argument");
  return then(carryOut(measure("timeit", [fn], options)), ([samples]) => {
    showPicture({
      kind: "timings",
      title: "",
      timings: [{ name: "", ...samples! }],
    });
    return resultOf(samples!);
  });
}

/**
 * Measures functions against each other, shows them as an output of the cell, and returns each
 * one's timing and its speed relative to the first.
 *
 * They take turns, round by round, so that a busy moment of the machine hits all of them. Functions
 * that return promises are awaited, and `compare` then returns a promise too. What they compute is
 * not compared.
 *
 * @example
 * const { pooled } = await compare({ serial: () => xs.map(f), pooled: () => pool.map(f, xs) });
 * pooled.ratio; // 1.92: 1.92 times as fast as serial
 */
export function compare<F extends Readonly<Record<string, () => unknown>>>(
  functions: F,
  { title = "", ...options }: TimeitOptions & { readonly title?: string } = {},
): Compared<F> {
  const names = Object.keys(functions);
  if (names.length === 0 || names.length > MAX_TIMINGS) {
    throw new FigureError(
      `compare: there are ${names.length} functions; it takes 1 to ${MAX_TIMINGS}, as { name: function, … }`,
    );
  }
  checkText(title, "compare: title");
  for (const name of names) {
    checkText(name, "compare: a name");
    checkCallable(functions[name], `compare: ${name}`);
  }
  const measurement = measure(
    "compare",
    names.map((name) => functions[name]!),
    options,
  );
  const result = then(carryOut(measurement), (all) => {
    const timings: Timing[] = all.map((samples, i) => ({ name: names[i]!, ...samples }));
    showPicture({ kind: "timings", title, timings });
    return comparison(names, all);
  });
  // whether it is a promise depends on what the functions returned
  return result as Compared<F>;
}

function comparison(names: readonly string[], all: readonly Samples[]): Comparison<string> {
  const results: Record<string, ComparedResult> = {};
  names.forEach((name, i) => {
    const ratio = median(ratios(all[0]!.samples, all[i]!.samples));
    const timed = resultOf(all[i]!);
    results[name] = inspectedAs(
      { ...timed, ratio },
      `ComparedResult: ${timingText({ name, ...all[i]! })}, ${numberText(ratio, 3)} times as fast as ${names[0]!}`,
    );
  });
  return inspectedAs(results, `Comparison of ${names.join(", ")}`);
}
