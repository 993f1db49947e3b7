import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { InterruptError, Pool, PoolClosedError, TimeoutError, WorkerError, zeros } from "hotcell";
import { interrupt } from "../../kernel-lib/dist/runtime/interrupt.js";

const threadsOfProcess = () => readdirSync("/proc/self/task").length;

/** Resolves when the process is back to so many threads; a thread that ended takes a moment to go. */
async function backTo(threads: number): Promise<void> {
  for (let i = 0; threadsOfProcess() > threads; i++) {
    assert.ok(i < 200, `${threadsOfProcess()} threads where ${threads} were before`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The pool gives right results and has as many threads as before. */
async function works(pool: Pool): Promise<void> {
  assert.deepEqual(await pool.map((x) => 2 * x, [1, 2, 3, 4], { chunkSize: 1 }), [2, 4, 6, 8]);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The ids of a pool's two threads: each waits until the other has come. */
async function threadsOf(pool: Pool): Promise<number[]> {
  const come = new Int32Array(new SharedArrayBuffer(4));
  const meet = async () => {
    const { threadId } = await import("node:worker_threads");
    Atomics.add(come, 0, 1);
    Atomics.notify(come, 0);
    while (Atomics.load(come, 0) < 2) Atomics.wait(come, 0, 1);
    return threadId;
  };
  const found = await pool.map(meet, [1, 2], { chunkSize: 1 });
  return [...found].sort((a, b) => a - b);
}

/** A pool of a suite, of which each test must leave the threads it found, and all of them usable. */
function watchedPool(): Pool {
  const pool = new Pool({ threads: 2 });
  let before = 0;
  beforeEach(async () => {
    await works(pool);
    before = threadsOfProcess();
  });
  afterEach(async () => {
    await works(pool);
    await backTo(before);
  });
  after(() => pool.close());
  return pool;
}

describe("a worker that dies", () => {
  const pool = watchedPool();

  it("of process.exit() rejects the map with code and item", async () => {
    await assert.rejects(
      pool.map((x) => (x === 2 ? process.exit(3) : x), [0, 1, 2, 3]),
      (error: WorkerError & { index: number; input: unknown }) => {
        assert.ok(error instanceof WorkerError);
        assert.equal(
          error.message,
          "item 2 of pool.map ended its worker with process.exit(3); throw an error instead",
        );
        assert.equal(error.index, 2);
        assert.match(error.stack!, /deaths\.test\.ts[^]*at item 2 of pool\.map, input 2$/);
        return true;
      },
    );
  });

  it("of process.exit(0) does not leave the map waiting", async () => {
    await assert.rejects(
      pool.map(() => process.exit(0), [1]),
      /process\.exit\(0\)/,
    );
  });

  it("of an error that nothing caught rejects the map with that error as its cause", async () => {
    const stray = () => {
      setTimeout(() => {
        throw new RangeError("from a timer");
      });
      return new Promise(() => undefined);
    };
    await assert.rejects(pool.map(stray, [1]), (error: WorkerError) => {
      assert.match(error.message, /nothing caught .* at item 0 .*RangeError: from a timer.*timer/);
      assert.equal((error.cause as Error).message, "from a timer");
      return true;
    });
  });

  it("of a promise nobody awaits rejects the map as well", async () => {
    const stray = async () => {
      void Promise.reject(new Error("forgotten"));
      await new Promise(() => undefined);
    };
    await assert.rejects(pool.map(stray, [1]), /nothing caught .*forgotten/);
  });

  for (const [how, fill] of [
    [
      "many objects",
      () => {
        const all: unknown[] = [];
        for (;;) all.push({ list: [all.length] });
      },
    ],
    [
      "one growing array of numbers",
      () => {
        const all: number[] = [];
        for (let i = 0; ; i++) all.push(i + 0.5);
      },
    ],
    [
      "typed arrays",
      () => {
        const all: unknown[] = [];
        for (;;) all.push(new Float64Array(1e6).fill(1));
      },
    ],
  ] as const) {
    it(`of memory taken by ${how} rejects the map and says how to allow more`, async () => {
      const small = new Pool({ threads: 2, memoryLimit: 256 });
      await assert.rejects(small.map(fill, [7]), (error: WorkerError & { index: number }) => {
        assert.ok(error instanceof WorkerError);
        assert.match(error.message, /^item 0 of pool\.map ran out of memory: .*256 MiB/);
        assert.match(error.message, /new Pool\(\{ memoryLimit: 512 \}\)/);
        assert.equal(error.index, 0);
        return true;
      });
      await works(small);
      await small.close();
    });
  }

  it("of memory, with all others, is gone before the next map has chunks to give", async () => {
    for (let round = 0; round < 4; round++) {
      const many = new Pool({ threads: 12, memoryLimit: 16 });
      const hog = () => {
        const all: unknown[] = [];
        for (;;) all.push(new Float64Array(1e6).fill(1));
      };
      await assert.rejects(many.map(hog, [1]), /ran out of memory/);
      const inputs = Array.from({ length: 24 }, (_, i) => i);
      const busy = (x: number) => {
        for (const end = Date.now() + 5; Date.now() < end;);
        return x;
      };
      assert.deepEqual(await many.map(busy, inputs, { chunkSize: 1 }), inputs);
      await many.close();
    }
  });

  it("of memory is seen however much the main thread holds", async () => {
    const held = Buffer.alloc(600e6, 1);
    const small = new Pool({ threads: 2, memoryLimit: 64 });
    // 800 MB, then an end: a limit that is blind would let it come to that
    const hog = async () => {
      const all: unknown[] = [];
      for (let i = 0; i < 1000; i++) all.push(new Array(1e5).fill(i));
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return all.length;
    };
    await assert.rejects(small.map(hog, [1]), /ran out of memory: .*64 MiB/);
    await works(small);
    await small.close();
    assert.equal(held.at(-1), 1);
  });

  it("of memory leaves the process alive also under the default limit", async () => {
    const hog = () => {
      const all = [];
      for (;;) all.push(new Array(1e6).fill(1));
    };
    const error = await pool.map(hog, [1]).catch((reason: unknown) => reason);
    assert.ok(error instanceof WorkerError);
    assert.match(error.message, /^item 0 of pool\.map ran out of memory/);
    await works(pool);
  });

  it("is not seen in shared memory that workers write to for the first time", async () => {
    const small = new Pool({ threads: 2, memoryLimit: 64 });
    await works(small);
    const image = zeros(8e7);
    const half = async (i: number) => {
      // the first look is over when the memory is written to
      await new Promise((resolve) => setTimeout(resolve, 200));
      image.data.fill(1, 4e7 * i, 4e7 * (i + 1));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return image.data[4e7 * i];
    };
    assert.deepEqual(await small.map(half, [0, 1]), [1, 1]);
    await small.close();
  });

  it("is spared the array lengths at which V8 would end the whole process", async () => {
    await assert.rejects(
      pool.map(() => new Array(4e8).fill(0).length, [1]),
      /an array of 400000000 elements .* use a typed array or zeros\(n\)/,
    );
    await assert.rejects(
      pool.map(() => Array.from({ length: 4e8 }).length, [1]),
      RangeError,
    );
    assert.deepEqual(await pool.map((n) => new Array<number>(n).fill(7), [2]), [[7, 7]]);
    assert.deepEqual(await pool.map((n) => Array.from({ length: n }, (_, i) => i), [2]), [[0, 1]]);
  });

  it("while idle is replaced in silence", async () => {
    // Piscina's own threads are the pool's affair; the process's worker list is not public
    const first = await threadsOf(pool);
    const gone = new Int32Array(new SharedArrayBuffer(4));
    await pool.map(() => {
      setTimeout(() => {
        Atomics.store(gone, 0, 1);
        process.exit(0);
      }, 20);
    }, [1]);
    while (Atomics.load(gone, 0) === 0) await sleep(5);
    // the pool hears of it a moment later; until then the dead thread could be given a chunk
    await sleep(300);
    assert.notDeepEqual(await threadsOf(pool), first);
  });
});

describe("a call that must stop", () => {
  const pool = watchedPool();

  const forever = () => {
    for (;;);
  };

  it("at its timeout says so, and what was still running", async () => {
    await assert.rejects(
      pool.map(
        (x) => {
          if (x >= 2) for (;;);
          return x;
        },
        [0, 1, 2, 3, 4],
        // two idle threads may need a while for two items on a machine that does much else
        { timeout: 1500, chunkSize: 1 },
      ),
      (error: TimeoutError) => {
        assert.ok(error instanceof TimeoutError);
        assert.equal(
          error.message,
          "pool.map was stopped at its timeout of 1500 ms with 2 items done; still running: item 2, 3",
        );
        assert.match(error.stack!, /deaths\.test\.ts/);
        return true;
      },
    );
  });

  it("stops a promise that never settles", async () => {
    await assert.rejects(
      pool.map(() => new Promise(() => undefined), [1, 2], { timeout: 50 }),
      TimeoutError,
    );
  });

  it("does not stop what ends in time", async () => {
    assert.deepEqual(await pool.map((x) => x, [1], { timeout: Infinity }), [1]);
    assert.deepEqual(await pool.map((x) => x, [1], { timeout: 1e12 }), [1]);
  });

  it("by a signal rejects with the signal's reason", async () => {
    const controller = new AbortController();
    const run = pool.map(forever, [1, 2, 3], { signal: controller.signal });
    const reason = new Error("enough");
    setTimeout(() => {
      controller.abort(reason);
    }, 30);
    await assert.rejects(run, (error) => error === reason);
    await assert.rejects(
      pool.map(forever, [1], { signal: controller.signal }),
      (e) => e === reason,
    );
  });

  it("keeps its worker where the item ends by itself soon", async () => {
    const threads = await threadsOf(pool);
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const controller = new AbortController();
    const run = pool.map(
      () => {
        Atomics.add(gate, 0, 1);
        Atomics.wait(gate, 1, 0);
      },
      Array.from({ length: 1000 }, (_, i) => i),
      { signal: controller.signal, chunkSize: 1 },
    );
    while (Atomics.load(gate, 0) < 2) await sleep(1);
    controller.abort();
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    await assert.rejects(run, { name: "AbortError" });
    assert.equal(Atomics.load(gate, 0), 2, "no other item was begun");
    assert.deepEqual(await threadsOf(pool), threads);
  });

  it("by an interrupt rejects every running call", async () => {
    const listeners = process.listenerCount("SIGINT");
    const runs = [pool.map(forever, [1]), pool.map(forever, [2])];
    const results = Promise.allSettled(runs);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(interrupt(), 2);
    for (const result of await results) {
      assert.equal(result.status, "rejected");
      assert.ok(result.reason instanceof InterruptError);
    }
    assert.equal(interrupt(), 0);
    assert.equal(process.listenerCount("SIGINT"), listeners, "we don't listen while nothing runs");
  });

  it("when the user's progress callback throws rejects with that error", async () => {
    await assert.rejects(
      pool.map((x) => x, [1, 2, 3], {
        progress: ({ done }) => {
          if (done === 3) throw new Error("from the callback");
        },
      }),
      /from the callback/,
    );
  });
});

describe("a closed pool", () => {
  it("awaits its maps, ends its threads and refuses new calls", async () => {
    const before = threadsOfProcess();
    const pool = new Pool({ threads: 2 });
    const run = pool.map(
      (x) => {
        const until = performance.now() + 30;
        while (performance.now() < until);
        return x;
      },
      [1, 2, 3],
      { chunkSize: 1 },
    );
    const closed = pool.close();
    await assert.rejects(
      pool.map((x) => x, [1]),
      PoolClosedError,
    );
    assert.throws(() => pool.imap((x) => x, [1]), PoolClosedError);
    await closed;
    assert.deepEqual(await run, [1, 2, 3]);
    await pool.close();
    await backTo(before);
  });

  it("stops the imap that is being read", async () => {
    const pool = new Pool({ threads: 1 });
    const stream = pool.imap((x) => x, [1, 2, 3], { chunkSize: 1 });
    assert.deepEqual(await stream.next(), { done: false, value: 1 });
    await pool.close();
    await assert.rejects(async () => {
      while ((await stream.next()).done !== true);
    }, PoolClosedError);
  });

  it("refuses the imap that was made before and is read only now", async () => {
    const before = threadsOfProcess();
    const pool = new Pool({ threads: 2 });
    await works(pool);
    const stream = pool.imap((x) => x, [1, 2, 3]);
    await pool.close();
    await assert.rejects(stream.next(), PoolClosedError);
    await backTo(before);
  });

  it("closes at the end of an await using block", async () => {
    const pool = new Pool({ threads: 1 });
    await pool.map((x) => x, [1]);
    const dispose = (pool as unknown as Record<symbol, () => Promise<void>>)[Symbol.asyncDispose]!;
    await dispose.call(pool);
    await assert.rejects(
      pool.map((x) => x, [1]),
      PoolClosedError,
    );
  });
});

describe("many maps", () => {
  it("leave no thread and no listener behind", async () => {
    const pool = new Pool({ threads: 2 });
    await works(pool);
    const before = [threadsOfProcess(), process.listenerCount("SIGINT")];
    for (let i = 0; i < 100; i++) await works(pool);
    assert.deepEqual([threadsOfProcess(), process.listenerCount("SIGINT")], before);
    await pool.close();
  });
});
