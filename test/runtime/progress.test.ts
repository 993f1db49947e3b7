import assert from "node:assert/strict";
import { Pool, type Progress } from "hotcell";
import { ChunkSizer } from "../../kernel-lib/dist/runtime/chunk-size.js";

const busy = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ms;
};

describe("chunk sizes", () => {
  /** Sizes of the chunks of `n` items of `cost` ms each, as one worker after the other takes them. */
  function sizes(n: number, cost: number, threads = 2, fn: object = {}): number[] {
    const sizer = new ChunkSizer(threads, undefined, fn);
    const all: number[] = [];
    for (let left = n; left > 0;) {
      const size = Math.min(left, sizer.next(left));
      sizer.learn(size, size * cost);
      all.push(size);
      left -= size;
    }
    return all;
  }

  it("take 5 to 20 ms but at both ends, for cheap and dear items alike", () => {
    for (const cost of [0.0001, 0.015, 0.3, 4]) {
      const times = sizes(Math.ceil(1000 / cost), cost).map((size) => size * cost);
      const middle = times.slice(6, Math.floor(times.length / 2));
      assert.ok(
        middle.every((ms) => ms >= 5 && ms <= 20),
        String(middle),
      );
    }
  });

  it("begin with one item, so that dear items are spread from the first", () => {
    assert.equal(sizes(1000, 0.015)[0], 1);
    assert.deepEqual(sizes(4, 50), [1, 1, 1, 1]);
  });

  it("begin with the size that fitted the same function before, but never with a large share", () => {
    const fn = {};
    sizes(10_000, 0.015, 2, fn);
    assert.equal(sizes(10_000, 0.015, 2, fn)[0], 1200);
    assert.equal(sizes(4000, 0.015, 2, fn)[0], 500);
    assert.equal(sizes(4, 50, 2, fn)[0], 1);
  });

  it("leave other workers their part after items that cost nothing", () => {
    const sizer = new ChunkSizer(2, undefined, {});
    sizer.learn(1, 0.00001);
    assert.equal(sizer.next(18), 9);
    sizer.learn(1000, 0.01);
    assert.equal(sizer.next(1000), 500);
  });

  it("shrink at the end, so that the last chunk is worth a millisecond or two", () => {
    const last = sizes(10_000, 0.015).at(-1)! * 0.015;
    assert.ok(last <= 2, `the last chunk takes ${last} ms`);
  });

  it("are few: 10,000 items of 15 µs go out in some twenty chunks", () => {
    const count = sizes(10_000, 0.015).length;
    assert.ok(count <= 22, `${count} chunks`);
  });
});

describe("timeline", () => {
  const pool = new Pool({ threads: 2 });
  after(() => pool.close());

  it("covers every item once, in chunks that overlap only between workers", async () => {
    const result = await pool.map(busy, new Array<number>(40).fill(1));
    const { timeline } = result;
    assert.ok(!Object.keys(result).includes("timeline"));
    assert.equal(timeline.threads, 2);
    const chunks = [...timeline.chunks].sort((a, b) => a.from - b.from);
    assert.equal(chunks[0]!.from, 0);
    assert.equal(chunks.at(-1)!.to, 40);
    chunks.slice(1).forEach((chunk, i) => {
      assert.equal(chunk.from, chunks[i]!.to);
    });
    for (const worker of [0, 1]) {
      const own = timeline.chunks.filter((chunk) => chunk.worker === worker);
      own.sort((a, b) => a.start - b.start);
      own.slice(1).forEach((chunk, i) => {
        assert.ok(chunk.start >= own[i]!.end);
      });
    }
    for (const { start, end } of chunks) {
      // one clock for all threads: nothing begins before the call or ends after it
      assert.ok(start >= 0 && start <= end && end <= timeline.elapsed);
    }
  });

  it("keeps worker numbers below the number of threads when workers are replaced", async () => {
    for (let i = 0; i < 3; i++) {
      await assert.rejects(pool.map(() => process.exit(1), [1]));
      const { timeline } = await pool.map(busy, [5, 5, 5, 5], { chunkSize: 1 });
      const workers = new Set(timeline.chunks.map(({ worker }) => worker));
      assert.ok(
        [...workers].every((worker) => worker === 0 || worker === 1),
        [...workers].join(),
      );
    }
  });
});

describe("progress", () => {
  const pool = new Pool({ threads: 2 });
  after(() => pool.close());

  it("is told at the start, at most ten times a second, and at the end", async () => {
    const told: Progress[] = [];
    const began = performance.now();
    await pool.map(busy, new Array<number>(400).fill(1), {
      chunkSize: 1,
      progress: (progress) => told.push(progress),
    });
    const seconds = (performance.now() - began) / 1000;
    assert.equal(told[0]!.done, 0);
    assert.equal(told.at(-1)!.done, 400);
    assert.ok(told.every(({ total }) => total === 400));
    told.slice(1).forEach(({ done, elapsed }, i) => {
      assert.ok(done >= told[i]!.done && elapsed >= told[i]!.elapsed);
    });
    assert.ok(told.length <= 2 + 10 * seconds, `${told.length} reports in ${seconds} s`);
  });

  it("knows no total for a stream", async () => {
    const told: Progress[] = [];
    for await (const _ of pool.imap(busy, [1, 1, 1], { progress: (p) => told.push(p) })) {
      assert.equal(_, 1);
    }
    assert.deepEqual([told.at(-1)!.done, told.at(-1)!.total], [3, undefined]);
  });
});
