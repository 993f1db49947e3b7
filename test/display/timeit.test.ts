import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { compare, FigureError, jit, prange, timeit } from "hotcell";
import { quietly, quietlyAwait } from "./stdout.js";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("timeit", () => {
  it("calls the function runs × calls times after warming up, and keeps every run", () => {
    let count = 0;
    const warmUps: number[] = [];
    const { value: result } = quietly(() =>
      timeit(
        () => {
          count++;
          warmUps.push(count);
        },
        { repeat: 7, minTime: 20 },
      ),
    );
    assert.equal(result.runs, 7);
    assert.equal(result.samples.length, 7);
    assert.ok(result.calls >= 1);
    const warmUp = count - result.runs * result.calls;
    // the last calibrating run is as long as the ones that count
    assert.ok(warmUp >= result.calls, `${count} calls`);
  });

  it("measures a new kernel as the native code that it becomes", () => {
    const chosen = process.env.HOTCELL_CACHE_DIR;
    const folder = mkdtempSync(path.join(tmpdir(), "hotcell-timeit-"));
    process.env.HOTCELL_CACHE_DIR = folder;
    try {
      const kernel = jit((n: number) => {
        let sum = 0;
        for (const i of prange(n)) sum += Math.sqrt(i + 0.25);
        return sum;
      });
      const ran: unknown[] = [];
      const { value } = quietly(() =>
        timeit(
          () => {
            kernel(1000);
            ran.push(kernel.stats.target);
          },
          { repeat: 3, minTime: 10 },
        ),
      );
      assert.equal(ran[0], "wasm");
      const measured = ran.slice(-value.runs * value.calls);
      assert.deepEqual([...new Set(measured)], ["native"]);
    } finally {
      if (chosen === undefined) delete process.env.HOTCELL_CACHE_DIR;
      else process.env.HOTCELL_CACHE_DIR = chosen;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("finds as many calls a run as the clock needs", () => {
    const { value } = quietly(() => timeit(() => Math.sqrt(2), { repeat: 5, minTime: 100 }));
    // a tenth of a millisecond holds more than 100 square roots, however slow the machine
    assert.ok(value.calls > 100, `${value.calls} calls`);
  });

  it("returns statistics of its samples in milliseconds a call", () => {
    const spin = () => {
      const start = performance.now();
      while (performance.now() - start < 2);
    };
    const { value } = quietly(() => timeit(spin, { repeat: 9, minTime: 1 }));
    const sorted = [...value.samples].sort((a, b) => a - b);
    assert.equal(value.median, sorted[4]);
    assert.equal(value.min, sorted[0]);
    assert.equal(value.max, sorted[8]);
    // it spins for at least 2 ms by the same clock
    assert.ok(value.min >= 2);
    assert.ok(value.min <= value.mean && value.mean <= value.max);
    assert.ok(value.standardDeviation >= 0);
  });

  it("isn't fooled by a result that nobody uses", () => {
    const divide = () => {
      let x = 1e300;
      for (let i = 0; i < 100_000; i++) x /= 1.001;
      return x;
    };
    const { value } = quietly(() => timeit(divide, { repeat: 5, minTime: 50 }));
    // 100,000 divisions that wait for each other take a cycle each at least: 10 µs at 10 GHz
    assert.ok(value.median > 0.01, `${value.median} ms`);
  });

  it("awaits a function that returns promises, one call after the other", async () => {
    let running = 0;
    let most = 0;
    const { value: result } = await quietlyAwait(() =>
      timeit(
        async () => {
          most = Math.max(most, ++running);
          await later(2);
          running--;
        },
        { repeat: 5, minTime: 5 },
      ),
    );
    assert.equal(most, 1);
    // timers may fire up to a millisecond early
    assert.ok(result.min >= 1, `${result.min} ms`);
  });

  it("passes on what the function throws or rejects with", async () => {
    const thrown = new TypeError("no");
    assert.throws(
      () =>
        timeit(() => {
          throw thrown;
        }),
      thrown,
    );
    await assert.rejects(async () => timeit(() => Promise.reject(thrown)), thrown);
    assert.throws(() => timeit(3 as never), /timeit: the first argument is number, not a function/);
    assert.throws(() => timeit(() => 1, { repeat: 0 }), FigureError);
    assert.throws(() => timeit(() => 1, { minTime: NaN }), FigureError);
  });

  it("shows one line, and prints as one", () => {
    const { value, printed } = quietly(() => timeit(() => 1, { repeat: 5, minTime: 5 }));
    const line =
      /^median [\d.]+ ± [\d.]+ \ws \(min [\d.]+ \ws, mean [\d.]+ \ws, 5 runs × [\d,]+ calls\)\n$/u;
    assert.match(printed, line);
    assert.equal(`${inspect(value)}\n`, `TimeitResult: ${printed}`);
  });
});

describe("compare", () => {
  it("lets the functions take turns, each round in the opposite order", () => {
    let order = "";
    const note = (name: string) => () => {
      order += name;
      const start = performance.now();
      while (performance.now() - start < 0.2);
    };
    quietly(() =>
      compare({ a: note("a"), b: note("b"), c: note("c") }, { repeat: 4, minTime: 0.1 }),
    );
    assert.ok(order.endsWith("abccbaabccba"), order);
  });

  it("returns each timing and its speed relative to the first, from the rounds that both ran", () => {
    const spin = (ms: number) => () => {
      const start = performance.now();
      while (performance.now() - start < ms);
    };
    const { value, printed } = quietly(() =>
      compare({ one: spin(1), three: spin(3) }, { repeat: 9, minTime: 1, title: "spins" }),
    );
    assert.equal(value.one.ratio, 1);
    assert.equal(value.one.runs, 9);
    const ratios = [...value.three.samples].map((time, i) => value.one.samples[i]! / time);
    assert.equal(value.three.ratio, ratios.sort((a, b) => a - b)[4]);
    assert.match(printed, /^spins\n +median/);
    assert.match(printed, /\nthree .* ms .* \([\d.]+ to [\d.]+\) +9 runs\n$/);
  });

  it("awaits promises, and refuses what it can't measure", async () => {
    const { value } = await quietlyAwait(() =>
      compare({ a: () => later(1), b: () => 1 }, { repeat: 2, minTime: 1 }),
    );
    assert.equal(value.b.runs, 2);
    assert.throws(() => compare({}), /there are 0 functions/);
    assert.throws(() => compare({ a: 1 as never }), /compare: a is number, not a function/);
    assert.throws(() => compare({ ["x".repeat(300)]: () => 1 }), FigureError);
  });
});
