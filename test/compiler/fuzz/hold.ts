/**
 * `node --import tsx hold.ts SEED RUNS`: random kernels of a seed, compiled, beside their plain runs,
 * one in six also as native code. Prints the smallest that differs as a cell, and why, and then fails.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { jit, setNumThreads } from "hotcell";
import { asCell } from "./cell.js";
import { program, type Program, type Run } from "./program.js";
import { form } from "./scope.js";

/** What a run leaves: its result and the arrays it was given, apart from what may be rounded otherwise. */
interface Outcome {
  readonly exact: readonly unknown[];
  readonly rounded: readonly number[];
}

type Ending = Outcome | "RangeError";

function ending(run: Run, args: readonly unknown[]): Ending {
  let result: {
    readonly a: number;
    readonly b: number;
    readonly c: boolean;
    readonly inexact: number;
  };
  try {
    result = run(...args) as typeof result;
  } catch (error) {
    if (error instanceof RangeError) return "RangeError";
    throw error;
  }
  const { inexact, ...exact } = result;
  const arrays = args.filter((each) => typeof each === "object") as Iterable<number>[];
  const [z = [], ...others] = arrays.map((each) => [...each]).reverse();
  return { exact: [exact, ...others], rounded: [inexact, ...z] };
}

/** A rounding of sums, which are kept below 1e6, or of one function of `Math`, ours within 1 ulp and V8's nearly so. */
function isNear(found: number, expected: number): boolean {
  return (
    Object.is(found, expected) || Math.abs(found - expected) <= 1e-8 + 1e-13 * Math.abs(expected)
  );
}

function compare(found: Ending, expected: Ending, how: string): void {
  const isRounded =
    found !== "RangeError" &&
    expected !== "RangeError" &&
    found.rounded.every((value, i) => isNear(value, expected.rounded[i]!));
  if (isRounded) assert.deepStrictEqual(found.exact, expected.exact, how);
  else assert.deepStrictEqual(found, expected, how);
}

type Target = "wasm" | "native";

function check({ kernel, oracle, args }: Program, isNative: boolean): void {
  const end = (run: Run, threads: number): Ending => {
    setNumThreads(threads);
    return ending(run, args());
  };
  const compiled = (target: Target, options: object = {}): Run =>
    jit(kernel, { cache: false, target, ...options });
  const expected = ending(oracle, args());
  const serial = ending(compiled("wasm", { parallel: false }), args());
  compare(serial, expected, "one iteration after the other");
  const parallel = compiled("wasm");
  const alone = end(parallel, 1);
  compare(alone, expected, "in parallel");
  for (const threads of [2, 3, 4])
    assert.deepStrictEqual(end(parallel, threads), alone, `on ${threads} threads`);
  if (isNative) {
    assert.deepStrictEqual(
      ending(compiled("native", { parallel: false }), args()),
      serial,
      "as native code, one iteration after the other",
    );
    const native = compiled("native");
    for (const threads of [1, 2, 4])
      assert.deepStrictEqual(end(native, threads), alone, `as native code on ${threads} threads`);
  }
  // sums of an ordinary loop are free to take another order, but the same one everywhere
  for (const target of isNative ? (["wasm", "native"] as const) : (["wasm"] as const)) {
    const fast = compiled(target, { fastMath: true });
    assert.deepStrictEqual(
      end(fast, 4),
      end(fast, 1),
      `as ${target} code with fastMath on 1 and on 4 threads`,
    );
  }
}

const [seed, numRuns] = process.argv.slice(2).map(Number);
// the C compiler takes most of the time
const isNative = form(5).map((k) => k === 5);
fc.assert(fc.property(program, isNative, check), {
  seed: seed!,
  numRuns: numRuns!,
  reporter: ({ counterexample, counterexamplePath, errorInstance, numRuns }) => {
    if (!counterexample) return;
    const [found] = counterexample;
    const problem = errorInstance instanceof Error ? errorInstance.message : "";
    console.log(
      `kernel ${numRuns} of seed ${seed}, path "${counterexamplePath}": ${problem}\n\n${asCell(found)}`,
    );
    process.exitCode = 1;
  },
});
