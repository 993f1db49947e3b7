import assert from "node:assert/strict";
import fc from "fast-check";
import { Pool, TimeoutError } from "hotcell";

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Counts what is read of it and whether it was closed. */
function* naturals(seen: { read: number; closed: boolean }) {
  try {
    for (let i = 0; ; i++) {
      seen.read = i + 1;
      yield i;
    }
  } finally {
    seen.closed = true;
  }
}

const busy = (x: number) => {
  const until = performance.now() + 5;
  while (performance.now() < until);
  return x;
};

describe("pool.imap", () => {
  const pool = new Pool({ threads: 2 });
  after(() => pool.close());

  it("yields what map returns, in order, for arbitrary values and chunk sizes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.anything(), { maxLength: 30 }),
        fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
        async (xs, chunkSize) => {
          const pair = (x: unknown, i: number) => [x, i];
          const options = chunkSize === undefined ? {} : { chunkSize };
          assert.deepStrictEqual(await collect(pool.imap(pair, xs, options)), xs.map(pair));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("yields an early result before a late one is done", async () => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const stream = pool.imap(
      (x) => {
        if (x === 1) Atomics.wait(gate, 0, 0);
        return x;
      },
      [0, 1],
      { chunkSize: 1 },
    );
    assert.deepEqual(await stream.next(), { done: false, value: 0 });
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    assert.deepEqual(await collect(stream), [1]);
  });

  it("reads at most two chunks a thread ahead of its consumer", async () => {
    const seen = { read: 0, closed: false };
    const stream = pool.imap((x) => x, naturals(seen), { chunkSize: 3 });
    await stream.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(seen.read <= 2 * 2 * 3, `${seen.read} items were read for one result`);
    await stream.return!();
    assert.ok(seen.closed);
  });

  it("stops the workers and closes the source when the loop is left early", async () => {
    const done = new Int32Array(new SharedArrayBuffer(4));
    const seen = { read: 0, closed: false };
    for await (const y of pool.imap((x) => (Atomics.add(done, 0, 1), busy(x)), naturals(seen))) {
      if (y === 3) break;
    }
    assert.ok(seen.closed);
    const then = Atomics.load(done, 0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(Atomics.load(done, 0), then, "a worker went on");
  });

  it("ends a loop's endless item when the loop is left", async () => {
    const stream = pool.imapUnordered(
      (x) => {
        if (x === 1) for (;;);
        return x;
      },
      [0, 1],
      { chunkSize: 1 },
    );
    assert.deepEqual(await stream.next(), { done: false, value: 0 });
    await stream.return!();
    assert.deepEqual(await pool.map((x) => x, [1, 2, 3]), [1, 2, 3]);
  });

  it("reads async iterables, item by item as they come", async () => {
    async function* slow() {
      for (const x of [1, 2, 3]) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield x;
      }
    }
    assert.deepEqual(await collect(pool.imap((x) => x * x, slow())), [1, 4, 9]);
    assert.deepEqual((await collect(pool.imapUnordered((x) => x * x, slow()))).sort(), [1, 4, 9]);
  });

  it("leaves a source that has nothing more to give but doesn't say so", async () => {
    async function* stuck() {
      yield 1;
      await new Promise(() => undefined);
    }
    for await (const x of pool.imap((x) => x, stuck())) {
      assert.equal(x, 1);
      break;
    }
  });

  it("throws a failing item's error at its turn, after all results before it", async () => {
    const got: number[] = [];
    await assert.rejects(
      async () => {
        const inverse = (x: number) => {
          if (x === 3) throw new RangeError("three");
          return busy(x);
        };
        for await (const y of pool.imap(inverse, [0, 1, 2, 3, 4], { chunkSize: 1 })) got.push(y);
      },
      (error: Error & { index: number }) => {
        assert.equal(error.index, 3);
        assert.match(error.stack!, /at item 3 of pool\.imap, input 3$/);
        return true;
      },
    );
    assert.deepEqual(got, [0, 1, 2]);
  });

  it("throws what the source throws, after the results of the items before", async () => {
    function* broken() {
      yield 1;
      yield 2;
      throw new Error("source ran dry");
    }
    const got: number[] = [];
    await assert.rejects(async () => {
      for await (const y of pool.imap((x) => x, broken(), { chunkSize: 5 })) got.push(y);
    }, /source ran dry/);
    assert.deepEqual(got, [1, 2]);
  });

  it("yields all results as they finish in imapUnordered", async () => {
    const xs = Array.from({ length: 500 }, (_, i) => i);
    const ys = await collect(pool.imapUnordered((x) => 2 * x, xs));
    assert.deepEqual(
      ys.sort((a, b) => a - b),
      xs.map((x) => 2 * x),
    );
  });

  it("rejects with the reason of a signal that aborts before the first item is asked for", async () => {
    const controller = new AbortController();
    const stream = pool.imap((x) => x, [1, 2], { signal: controller.signal });
    const reason = new Error("changed my mind");
    controller.abort(reason);
    await assert.rejects(stream.next(), (error) => error === reason);
  });

  it("stops at its timeout", async () => {
    await assert.rejects(
      collect(pool.imap(busy, naturals({ read: 0, closed: false }), { timeout: 100 })),
      TimeoutError,
    );
  });

  it("may be begun and never read to its end", async () => {
    const stream = pool.imap(busy, [1, 2, 3], { timeout: 60_000 });
    await stream.next();
    assert.deepEqual(await pool.map((x) => x, [1, 2]), [1, 2]);
  });

  it("refuses what can't be iterated at the call, not at the first item", () => {
    assert.throws(() => pool.imap((x) => x, 7 as never), /got the number 7 to map over/);
    assert.throws(() => pool.imap(7 as never, [1]), /got the number 7 as its function/);
  });

  it("may be used inside its own loop", async () => {
    const sums: number[] = [];
    for await (const x of pool.imap((x) => x, [1, 2, 3, 4, 5, 6, 7, 8], { chunkSize: 1 })) {
      const ys = await pool.map((y) => x * y, [1, 1]);
      sums.push(ys[0]! + ys[1]!);
    }
    assert.deepEqual(sums, [2, 4, 6, 8, 10, 12, 14, 16]);
  });
});
