/** Every kernel of the zoo, compiled, beside its plain run: serial, parallel, and on 1 to 4 threads. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import * as hotcell from "hotcell";
import { apart } from "../support/apart.js";
import { isParallel } from "./zoo/specimen.js";
import { zoo } from "./zoo/zoo.js";

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

  const { HOTCELL_CACHE_DIR, CC } = process.env;
  const folder = mkdtempSync(path.join(tmpdir(), "hotcell-zoo-"));
  before(() => {
    process.env.HOTCELL_CACHE_DIR = folder;
  });
  after(() => {
    for (const [name, value] of Object.entries({ HOTCELL_CACHE_DIR, CC })) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });

  for (const target of ["wasm", "native"] as const) {
    describe(`as ${target} code`, () => {
      const kernels = zoo.map((specimen) => {
        const { kernel } = specimen;
        const parallel = hotcell.jit(kernel, { target });
        const serial = isParallel(specimen)
          ? hotcell.jit(kernel, { target, parallel: false })
          : parallel;
        return { serial, parallel };
      });

      // the C compiler takes most of the time, so all cores fill the cache first
      if (target === "native") {
        before(async function () {
          this.timeout(0);
          const shares = availableParallelism();
          const file = path.join(__dirname, "zoo", "compile.ts");
          await Promise.all(Array.from({ length: shares }, (_, k) => apart(file, [k, shares])));
        });
      }

      for (const [k, { name, shows, kernel, args, tolerance }] of zoo.entries()) {
        it(`${name} (${shows})`, () => {
          const { serial, parallel } = kernels[k]!;
          const expected = outcome(kernel, args());
          // one thread in source order: only functions of Math may differ
          compare(outcome(serial, args()), expected, tolerance);
          hotcell.setNumThreads(1);
          const alone = outcome(parallel, args());
          compare(alone, expected, tolerance);
          for (const threads of [2, 3, 4]) {
            hotcell.setNumThreads(threads);
            assert.deepStrictEqual(outcome(parallel, args()), alone, `on ${threads} threads`);
          }
          if (target === "wasm") bits.set(name, alone);
          else {
            assert.deepEqual(
              [serial, parallel].map(({ stats }) => stats.cacheHits),
              [1, 1],
            );
            assert.deepStrictEqual(alone, bits.get(name), "the bits of WebAssembly");
          }
        });
      }
    });
  }

  describe("while better code is being made", () => {
    before(() => {
      // nothing is known of it before it is asked, in another process
      process.env.CC = "false";
    });

    for (const { name, shows, kernel, args } of zoo) {
      it(`${name} (${shows})`, () => {
        const quick = hotcell.jit(kernel);
        for (const threads of [1, 3]) {
          hotcell.setNumThreads(threads);
          const found = outcome(quick, args());
          assert.deepStrictEqual(found, bits.get(name), `on ${threads} threads`);
        }
        assert.equal(quick.stats.target, "wasm");
      });
    }
  });
});
