import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { inspect } from "node:util";
import { getNumThreads, jit, type NDArray, prange, setNumThreads, zeros } from "hotcell";
import { collectGarbage } from "../../kernel-lib/dist/runtime/collector.js";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";
import { awaitExpected } from "../../kernel-lib/dist/runtime/native/background.js";

describe("what a kernel tells of itself", () => {
  it("begins with nothing", () => {
    const double = jit((x: number) => 2 * x);
    assert.deepEqual(double.signatures, []);
    assert.equal(double.stats.calls, 0);
    assert.throws(() => double.inspect("ir"), /isn't compiled yet: call it first/);
    assert.throws(() => double.diagnostics(), /isn't compiled yet/);
    assert.match(inspect(double), /compiled for nothing yet; 0 calls/);
  });

  it("has its function's name and text", () => {
    const kernel = jit(function area(r: number) {
      return Math.PI * r * r;
    });
    assert.equal(kernel.name, "area");
    assert.equal(kernel.js(2), Math.PI * 4);
    assert.equal(kernel(2), Math.PI * 4);
    assert.match(inspect(kernel), /^\[kernel area: compiled for \(number\); 1 calls, /);
  });

  it("counts signatures, calls and where the code came from", () => {
    const first = jit((x: number | boolean) => (x === true ? 3 : Number(x)) / 3, { cache: false });
    first(1);
    first(2);
    first(true);
    assert.deepEqual(first.signatures, ["number", "boolean"]);
    const { calls, compileMs, cacheHits, cacheMisses, copies } = first.stats;
    assert.deepEqual([calls, cacheHits, cacheMisses, copies], [3, 0, 2, 0]);
    assert.ok(compileMs > 0);
  });

  it("comes from the cache the second time", () => {
    const make = () => jit((x: number) => x / 7 + 0.125);
    make()(1);
    const again = make();
    again(1);
    assert.deepEqual([again.stats.cacheHits, again.stats.cacheMisses], [1, 0]);
    assert.equal(again.stats.compileMs, 0);
  });

  it("is compiled before the first call where there is a signature", () => {
    const sum = jit(
      "float64[,], Float32Array, number",
      (a: NDArray, b: Float32Array, c: number) => a.at(1, 1) + b[0]! + c,
    );
    assert.deepEqual(sum.signatures, ["float64[,], Float32Array, number"]);
    const { cacheHits, cacheMisses } = sum.stats;
    assert.equal(sum(zeros([2, 2]), new Float32Array([1]), 2), 3);
    assert.deepEqual([sum.stats.cacheHits, sum.stats.cacheMisses], [cacheHits, cacheMisses]);
    assert.deepEqual(sum.signatures, ["float64[,], Float32Array, number"]);
  });

  it("shows its code in both languages, for each signature", () => {
    const add = jit((x: number, y: number | boolean) => x + Number(y));
    add(1, 2);
    add(1, true);
    assert.match(add.inspect("wat"), /\(module/);
    assert.ok(add.inspect("ir").length > 0);
    assert.notEqual(add.inspect("ir", "number, number"), add.inspect("ir", "number, boolean"));
    assert.throws(
      () => add.inspect("ir", "number"),
      /isn't compiled for \(number\), but for \(number, number\) \(number, boolean\)/,
    );
  });

  it("says of each loop what became of it, as data and as text", () => {
    const norms = jit((a: NDArray, out: NDArray) => {
      let total = 0;
      for (const i of prange(a.shape[0]!)) {
        out.set(a.at(i, 0) * a.at(i, 0), i);
        total += a.at(i, 1);
      }
      return total;
    });
    norms(zeros([10, 2]), zeros(10));
    const [report, ...others] = norms.diagnostics();
    assert.equal(others.length, 0);
    assert.deepEqual([report!.parallel.yes, report!.reductions], [true, ["total +="]]);
    const text = inspect(norms.diagnostics());
    assert.match(text, /^line \d+: for ?\(const i of .*prange/);
    assert.match(text, /\n {2}parallel {6}yes; reduces total \+=\n {2}vectorised {4}/);
    assert.match(text, /\n {2}index checks {2}/);
    const plain = jit((x: number) => x + 1);
    plain(1);
    assert.equal(inspect(plain.diagnostics()), "no loops");
  });

  it("isn't compiled at all for the target js", () => {
    const odd = jit((x: number) => `${x}`, { target: "js" });
    assert.equal(odd(5), "5");
    assert.deepEqual([odd.signatures, odd.stats.calls], [[], 0]);
  });
});

describe("prange outside of a kernel", () => {
  it("counts like for", () => {
    assert.deepEqual([...prange(3)], [0, 1, 2]);
    assert.deepEqual([...prange(2, 5)], [2, 3, 4]);
    assert.deepEqual([...prange(5, 0, -2)], [5, 3, 1]);
    assert.deepEqual([...prange(5, 0)], []);
    assert.deepEqual([...prange(0, 1, 0.25)], [0, 0.25, 0.5, 0.75]);
    assert.throws(() => prange(0, 1, 0), /^RangeError: prange got the step 0/);
  });
});

describe("the number of threads", () => {
  const usual = getNumThreads();
  afterEach(() => {
    setNumThreads(usual);
  });

  it("changes no bit of a result", () => {
    const sum = jit((n: number) => {
      let total = 0;
      for (const i of prange(n)) total += Math.exp(-i) / (i + 1);
      return total;
    });
    setNumThreads(1);
    const alone = sum(500_000);
    for (const count of [2, 3, 4]) {
      setNumThreads(count);
      assert.equal(getNumThreads(), count);
      for (let k = 0; k < 5; k++) assert.equal(sum(500_000), alone);
    }
  });

  it("is a whole number", () => {
    for (const count of [0, -1, 1.5, NaN, 513]) {
      assert.throws(() => {
        setNumThreads(count);
      }, /^RangeError: setNumThreads takes a whole number from 1 to 512/);
    }
  });
});

/** Resolves when what nobody holds has given back its memory. */
async function collected(): Promise<void> {
  for (let k = 0; k < 3; k++) {
    collectGarbage();
    await new Promise(setImmediate);
  }
}

describe("calls without end", () => {
  const threads = (): number => readdirSync("/proc/self/task").length;

  it("leave memory as it was: results, copies, failures", () => {
    const make = jit((a: Float64Array, n: number) => {
      const out = zeros(a.length);
      for (const i of prange(n)) out.set(a[i]!, i);
      return out;
    });
    const sum = jit((a: Float64Array) => {
      const half = zeros(100);
      for (let i = 0; i < a.length; i++) half.set(a[i]! / 2, i % 100);
      return half.at(0);
    });
    const a = new Float64Array(100);
    const big = zeros(1000).data;
    const call = (): void => {
      sum(a);
      assert.throws(() => make(a, 101), RangeError);
    };
    call();
    const before = heap().bytes;
    for (let k = 0; k < 3000; k++) call();
    assert.equal(heap().bytes, before);
    // arrays that were returned go when they are collected, which starts after 64 MiB at the latest
    for (let k = 0; k < 20_000; k++) make(big, 1000);
    assert.ok(heap().bytes - before < 2 ** 27, `${heap().bytes - before} bytes more`);
  });

  it("leave the threads as they were, also when the kernel is made anew each time", async () => {
    const a = zeros(20_000);
    const define = () =>
      jit((v: NDArray) => {
        let total = 0;
        for (const i of prange(v.length)) total += Math.exp(v.at(i));
        return total;
      });
    define()(a);
    // from here on every kernel begins as native code, and the team is there
    awaitExpected();
    for (let k = 0; k < 20; k++) define()(a);
    const first = define();
    for (let k = 0; k < 1000; k++) first(a);
    await collected();
    const before = { threads: threads(), bytes: heap().bytes };
    for (let k = 0; k < 200; k++) assert.equal(define()(a), 20_000);
    const kernel = define();
    for (let k = 0; k < 5000; k++) kernel(a);
    // the pool of V8's own helpers may come up in the meantime
    assert.ok(threads() <= before.threads + getNumThreads(), `${threads()} threads`);
    await collected();
    // the last kernel of all is held by this very function, and one before it may be from WebAssembly's time
    assert.ok(heap().bytes - before.bytes <= 2 ** 13, `${heap().bytes - before.bytes} bytes more`);
  });
});
