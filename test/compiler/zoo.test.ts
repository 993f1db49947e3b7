/** Every kernel of the zoo, compiled, beside its plain run: serial, parallel, and on 1 to 4 threads. */
import assert from "node:assert/strict";
import * as hotcell from "hotcell";
import { innerLoops } from "./zoo/inner-loops.js";
import { language } from "./zoo/language.js";
import { linearAlgebra } from "./zoo/linear-algebra.js";
import { numbers } from "./zoo/numbers.js";
import { posts } from "./zoo/posts.js";
import { searches } from "./zoo/searches.js";
import type { Specimen } from "./zoo/specimen.js";

const zoo: readonly Specimen[] = [
  ...posts,
  ...linearAlgebra,
  ...innerLoops,
  ...searches,
  ...numbers,
  ...language,
];
type Run = (...args: never[]) => unknown;

/** Everything a run leaves: its result and what became of its arguments, as numbers and names. */
function outcome(run: Run, args: readonly unknown[]): unknown[] {
  const result = run(...(args as never[]));
  return [result, ...args].flatMap(flat);
}

function flat(value: unknown): unknown[] {
  if (value instanceof hotcell.NDArray) return [...value.shape, ...(value as Iterable<number>)];
  if (ArrayBuffer.isView(value)) return [...(value as Float64Array)];
  if (Array.isArray(value)) return value.flatMap(flat);
  if (typeof value !== "object" || value === null) return [value];
  return Object.entries(value).flatMap(([name, member]) => [name, ...flat(member)]);
}

function compare(found: unknown[], expected: unknown[], tolerance: number | undefined): void {
  if (tolerance === undefined) {
    assert.deepStrictEqual(found, expected);
    return;
  }
  assert.equal(found.length, expected.length);
  const sizes = expected
    .filter((value) => Number.isFinite(value))
    .map((value) => Math.abs(value as number));
  const allowed = tolerance * Math.max(...sizes);
  for (const [i, value] of expected.entries()) {
    const isClose =
      Number.isFinite(value) && Math.abs((found[i] as number) - (value as number)) <= allowed;
    if (!isClose) assert.deepStrictEqual(found[i], value, `number ${i}`);
  }
}

/** What each kernel gave as WebAssembly. */
const bits = new Map<string, unknown[]>();

describe("a compiled kernel gives what its plain run gives, when it computes", () => {
  const threads = hotcell.getNumThreads();
  after(() => {
    hotcell.setNumThreads(threads);
  });

  it("one of at least 80 things", () => {
    assert.ok(new Set(zoo.map(({ name }) => name)).size >= 80, `${zoo.length} kernels`);
  });

  for (const target of ["wasm", "native"] as const) {
    describe(`as ${target} code`, () => {
      for (const { name, shows, kernel, args, tolerance } of zoo) {
        it(`${name} (${shows})`, () => {
          const expected = outcome(kernel, args());
          const options = { cache: false, target };
          const serial = hotcell.jit(kernel, { ...options, parallel: false });
          // one thread in source order: only functions of Math may differ
          compare(outcome(serial, args()), expected, tolerance);
          const parallel = hotcell.jit(kernel, options);
          hotcell.setNumThreads(1);
          const alone = outcome(parallel, args());
          compare(alone, expected, tolerance);
          for (const threads of [2, 3, 4]) {
            hotcell.setNumThreads(threads);
            assert.deepStrictEqual(outcome(parallel, args()), alone, `on ${threads} threads`);
          }
          if (target === "wasm") bits.set(name, alone);
          else assert.deepStrictEqual(alone, bits.get(name), "the bits of WebAssembly");
        });
      }
    });
  }
});
