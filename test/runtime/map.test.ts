import assert from "node:assert/strict";
import fc from "fast-check";
import { Pool, shared, zeros } from "hotcell";
import { ArrayWork } from "../../kernel-lib/dist/runtime/array-work.js";

describe("pool.map", () => {
  const pool = new Pool({ threads: 2 });
  after(() => pool.close());

  it("gives what xs.map gives, for arbitrary values, chunk sizes and thread counts", async () => {
    const pools = [pool, new Pool({ threads: 1 }), new Pool({ threads: 3 })];
    const describeItem = (x: unknown, i: number) => [x, i, typeof x];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.anything({
            withBigInt: true,
            withMap: true,
            withSet: true,
            withTypedArray: true,
          }),
          { maxLength: 40 },
        ),
        fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
        fc.constantFrom(...pools),
        async (xs, chunkSize, some) => {
          const options = chunkSize === undefined ? {} : { chunkSize };
          assert.deepStrictEqual(
            await some.map(describeItem, xs, options),
            xs.map((x, i) => describeItem(x, i)),
          );
        },
      ),
      { numRuns: 60 },
    );
    await Promise.all(pools.slice(1).map((some) => some.close()));
  });

  it("keeps holes, and does not call the function for them", async () => {
    const xs = [, 1, , 2, ,] as number[];
    const expected = xs.map((x) => 10 * x);
    for (const chunkSize of [1, 2, 3, 5]) {
      const ys = await pool.map((x) => 10 * x, xs, { chunkSize });
      assert.deepStrictEqual(ys, expected);
      assert.deepStrictEqual(Object.keys(ys), ["1", "3"]);
    }
  });

  it("keeps undefined, NaN, -0, null and bigints", async () => {
    const xs = [undefined, NaN, -0, null, 12345678901234567890n, Infinity, ""];
    assert.deepStrictEqual(await pool.map((x) => x, xs), xs);
  });

  it("brings Maps, Sets, Dates, typed arrays and nested objects back", async () => {
    const make = (n: number) => ({
      map: new Map([[n, new Set([n])]]),
      date: new Date(n),
      bytes: new Uint8Array([n, n + 1]),
      deep: { list: [[n], { n }] },
    });
    assert.deepStrictEqual(await pool.map(make, [1, 2, 3]), [1, 2, 3].map(make));
  });

  it("awaits async functions, one item at a time in each worker", async () => {
    const ys = await pool.map(
      async (x) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return x + 1;
      },
      [1, 2, 3],
    );
    assert.deepEqual(ys, [2, 3, 4]);
  });

  it("gives a typed array for a typed array, converting as its own map does", async () => {
    for (const xs of [
      new Float64Array([1.5, NaN, -0]),
      new Float32Array([0.1, 2]),
      new Uint8Array([1, 200]),
      new Uint8ClampedArray([1, 200]),
      new Int16Array([-1, 5]),
    ]) {
      const twice = (x: number) => 2 * x + 0.1;
      const ys: unknown = await pool.map(twice, xs);
      assert.deepStrictEqual(ys, xs.map(twice));
    }
    const big = new BigInt64Array([1n, -2n]);
    assert.deepStrictEqual(
      await pool.map((x) => 2n * x, big),
      big.map((x) => 2n * x),
    );
  });

  it("refuses a typed array's map whose results are no numbers, where xs.map gives NaN", async () => {
    await assert.rejects(
      pool.map((x: number) => [x, x], new Float64Array(2) as Iterable<number>),
      /item 0 of pool\.map gave an Array.*Array\.from\(xs\)/,
    );
  });

  it("maps over any iterable and over array-likes", async () => {
    function* three() {
      yield 1;
      yield 2;
      yield 3;
    }
    assert.deepEqual(await pool.map((x) => x * x, three()), [1, 4, 9]);
    assert.deepEqual(await pool.map((x) => x * x, new Set([2, 3])), [4, 9]);
    assert.deepEqual(await pool.map((x) => x * x, { length: 2, 0: 5, 1: 6 }), [25, 36]);
    assert.deepEqual(await pool.map((c) => c.toUpperCase(), "añ𝒳"), ["A", "Ñ", "𝒳"]);
    assert.deepEqual(await pool.map((x) => x, zeros(3)), [0, 0, 0]);
  });

  it("maps over nothing without starting a thread", async () => {
    const idle = new Pool({ threads: 2 });
    assert.deepEqual(await idle.map((x) => x, []), []);
    assert.deepEqual(await idle.map((x) => x, new Float64Array()), new Float64Array());
    await idle.close();
  });

  it("takes the inputs as they are at the call", async () => {
    const xs = [1, 2, 3];
    const running = pool.map((x) => x, xs, { chunkSize: 1 });
    xs.length = 0;
    assert.deepEqual(await running, [1, 2, 3]);
  });

  it("gives the function the item and its index", async () => {
    const seen = await pool.map((...args: unknown[]) => args, ["x"]);
    assert.deepEqual(seen, [["x", 0]]);
  });

  it("shows the caller what workers write into shared arrays", async () => {
    const squares = zeros([4, 2]);
    const table = shared(new Int32Array(4));
    await pool.map(
      (i) => {
        squares.set(i * i, i, 1);
        Atomics.add(table, i, i);
      },
      [0, 1, 2, 3],
      { chunkSize: 1 },
    );
    assert.deepEqual(squares.toArray(), [
      [0, 0],
      [0, 1],
      [0, 4],
      [0, 9],
    ]);
    assert.deepEqual([...table], [0, 1, 2, 3]);
  });

  it("spreads lists of arguments in starmap", async () => {
    const pairs: [number, number][] = [
      [2, 10],
      [3, 2],
    ];
    assert.deepEqual(await pool.starmap((x, n) => x ** n, pairs), [1024, 9]);
  });

  it("runs several maps at once, each with its own results", async () => {
    const runs = await Promise.all(
      [1, 2, 3, 4].map((k) => pool.map((x) => k * x, [1, 2, 3, 4, 5], { chunkSize: 1 })),
    );
    assert.deepEqual(
      runs,
      [1, 2, 3, 4].map((k) => [k, 2 * k, 3 * k, 4 * k, 5 * k]),
    );
  });

  it("lets no item wait behind a slow one while another worker has nothing to do", async () => {
    for (const slow of [0, 1, 50, 198]) {
      const done = shared(new Int32Array(1));
      // ends only when all the others have: for ever, if one of them is queued behind it
      const item = (_: number, i: number): number => {
        if (i !== slow) {
          Atomics.add(done, 0, 1);
          Atomics.notify(done, 0);
          return i;
        }
        for (let n = Atomics.load(done, 0); n < 199; n = Atomics.load(done, 0))
          Atomics.wait(done, 0, n);
        return i;
      };
      const xs = Array.from({ length: 200 }, (_, i) => i);
      assert.deepEqual(await pool.map(item, xs, { chunkSize: 1 }), xs);
    }
  });

  it("gives a second map its turn while a long one runs", async () => {
    const isOver = shared(new Int32Array(1));
    const item = (x: number): number => {
      const end = performance.now() + 0.2;
      while (performance.now() < end && Atomics.load(isOver, 0) === 0);
      return x;
    };
    let isFirstDone = false;
    const first = pool.map(item, new Float64Array(20_000)).then(() => (isFirstDone = true));
    assert.deepEqual(await pool.map((x: number) => 2 * x, [1, 2, 3]), [2, 4, 6]);
    assert.equal(isFirstDone, false);
    Atomics.store(isOver, 0, 1);
    await first;
  });

  it("runs a pool inside a mapped function serially, with the same results and errors", async () => {
    const { pool: inner } = await import("hotcell");
    const table = (n: number) => inner.map((x) => x * n, [1, 2, 3]);
    assert.deepEqual(
      (await pool.map(table, [1, 10])).map((row) => [...row]),
      [
        [1, 2, 3],
        [10, 20, 30],
      ],
    );
    const failing = (n: number) =>
      inner.map(
        (x) => {
          if (x === n) throw new Error("inner");
          return x;
        },
        [1, 2, 3],
      );
    await assert.rejects(pool.map(failing, [7, 2]), (error: Error & { index: number }) => {
      assert.equal(error.index, 1);
      assert.match(
        error.stack!,
        /at item 1 of pool\.map, input 2\n.*at item 1 of pool\.map, input 2$/,
      );
      return true;
    });
  });

  it("keeps what a worker remembers of one map out of the next", async () => {
    const memory = { calls: 0 };
    const remember = () => {
      memory.calls += 1;
      return memory.calls;
    };
    assert.deepEqual(await pool.map(remember, [0]), [1]);
    assert.deepEqual(await pool.map(remember, [0]), [1]);
    assert.equal(memory.calls, 0);
  });
});

describe("what reaches a worker", () => {
  const pool = new Pool({ threads: 2 });
  after(() => pool.close());

  it("is a Buffer's chunk, not the whole Buffer", async () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, i) => i));
    const work = new ArrayWork(bytes, "pool.map");
    bytes.fill(0);
    const { from, inputs } = work.take(10)!;
    assert.equal(from, 0);
    assert.deepEqual([...(inputs as Uint8Array)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal((inputs as Uint8Array).buffer.byteLength, 10);
    assert.deepEqual(await pool.map((x) => x + 1, Buffer.from([1, 2])), Buffer.from([2, 3]));
  });

  it("is the environment as the program has changed it since the threads started", async () => {
    await pool.map((x) => x, [1]);
    process.env.HOTCELL_TEST = "set later";
    try {
      assert.deepEqual(await pool.map(() => process.env.HOTCELL_TEST, [1]), ["set later"]);
    } finally {
      delete process.env.HOTCELL_TEST;
    }
  });
});

describe("bad input", () => {
  const pool = new Pool({ threads: 1 });
  after(() => pool.close());

  it("says what is wrong with it and what to give instead", async () => {
    const id = (x: number) => x;
    const wrong = (f: () => Promise<unknown>, message: RegExp) => assert.rejects(f, message);
    await wrong(() => pool.map(3 as never, [1]), /got the number 3 as its function/);
    await wrong(() => pool.map(id, 5 as never), /got the number 5 to map over: give an array/);
    await wrong(() => pool.map(id, null as never), /got null to map over/);
    await wrong(() => pool.map(id, [1], null as never), /pool\.map got null as its options: give/);
    await wrong(() => pool.map(id, [1], 10 as never), /got the number 10 as its options/);
    assert.throws(() => new Pool(2 as never), /new Pool got the number 2 as its options/);
    await wrong(() => pool.map(id, [1], { chunkSize: 0 }), /chunkSize is 0: give a whole number/);
    await wrong(() => pool.map(id, [1], { chunkSize: 1.5 }), /chunkSize is 1\.5/);
    await wrong(() => pool.map(id, [1], { timeout: -1 }), /timeout is -1: give milliseconds/);
    await wrong(() => pool.map(id, [1], { timeout: NaN }), /timeout is NaN/);
    await wrong(() => pool.map(id, [1], { progress: "yes" as never }), /progress is string/);
    await wrong(() => pool.map(id, [1], { signal: {} as never }), /signal is not an AbortSignal/);
    await wrong(
      () => pool.map(((x: number, i: number, xs: number[]) => x + i + xs.length) as never, [1]),
      /takes 3 arguments: refer to other values by name/,
    );
    async function* later() {
      await Promise.resolve();
      yield 1;
    }
    await wrong(() => pool.map(id, later() as never), /async iterable.*use imap/);
    assert.throws(() => new Pool({ threads: -1 }), /threads is -1: give a whole number from 1/);
    assert.throws(() => new Pool({ threads: 2.5 }), /threads is 2\.5/);
    assert.throws(() => new Pool({ memoryLimit: 0 }), /memoryLimit is 0: give MiB per worker/);
  });
});
