/**
 * Random kernels, compiled, beside their plain runs. FUZZ_RUNS says how many, FUZZ_SEED which;
 * `npm run fuzz` sets both. A failure prints the smallest such kernel as a cell.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { getNumThreads, jit, setNumThreads } from "hotcell";
import { asCell } from "./fuzz/cell.js";
import { program, type Program, type Run } from "./fuzz/program.js";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20250101);

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

function check({ kernel, oracle, args }: Program): void {
  const expected = ending(oracle, args());
  const serial = jit(kernel, { parallel: false, cache: false, target: "wasm" });
  compare(ending(serial, args()), expected, "one iteration after the other");
  const parallel = jit(kernel, { cache: false, target: "wasm" });
  setNumThreads(1);
  const alone = ending(parallel, args());
  compare(alone, expected, "in parallel");
  for (const threads of [2, 3, 4]) {
    setNumThreads(threads);
    assert.deepStrictEqual(ending(parallel, args()), alone, `on ${threads} threads`);
  }
  fastThreads(kernel, args, "wasm");
}

/** Sums of an ordinary loop are free to take another order with fastMath, but the same one everywhere. */
function fastThreads(kernel: Run, args: () => unknown[], target: "wasm" | "native"): void {
  const fast = jit(kernel, { fastMath: true, cache: false, target });
  setNumThreads(4);
  const four = ending(fast, args());
  setNumThreads(1);
  assert.deepStrictEqual(ending(fast, args()), four, "with fastMath on 1 and on 4 threads");
}

/** The same as native code. */
function checkNative({ kernel, args }: Program): void {
  for (const parallel of [false, true]) {
    const wasm = jit(kernel, { parallel, cache: false, target: "wasm" });
    const native = jit(kernel, { parallel, cache: false, target: "native" });
    const expected = ending(wasm, args());
    for (const threads of parallel ? [1, 2, 4] : [1]) {
      setNumThreads(threads);
      assert.deepStrictEqual(ending(native, args()), expected, `on ${threads} threads`);
    }
  }
  fastThreads(kernel, args, "native");
}

describe("random kernels", () => {
  const threads = getNumThreads();
  after(() => {
    setNumThreads(threads);
  });

  function hold(runs: number, check: (program: Program) => void): void {
    fc.assert(fc.property(program, check), {
      numRuns: runs,
      seed: SEED,
      reporter: ({ counterexample, counterexamplePath, errorInstance, numRuns }) => {
        if (!counterexample) return;
        const [found] = counterexample;
        const problem = errorInstance instanceof Error ? errorInstance.message : "";
        assert.fail(
          `kernel ${numRuns}, path "${counterexamplePath}": ${problem}\n\n${asCell(found)}`,
        );
      },
    });
  }

  it(`give what their plain runs give: ${RUNS} of seed ${SEED}`, function () {
    this.timeout(0);
    hold(RUNS, check);
  });

  // the C compiler takes most of the time
  const nativeRuns = Math.ceil(RUNS / 6);
  it(`give the bits of WebAssembly as native code: ${nativeRuns} of seed ${SEED}`, function () {
    this.timeout(0);
    hold(nativeRuns, checkNative);
  });
});
