import assert from "node:assert/strict";
import {
  array,
  getNumThreads,
  InterruptError,
  jit,
  type NDArray,
  Pool,
  prange,
  type Progress,
  setNumThreads,
  zeros,
} from "hotcell";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";
import { interrupt } from "../../kernel-lib/dist/runtime/interrupt.js";
import { team } from "../../kernel-lib/dist/runtime/team.js";

const roots = jit((n: number, depth: number) => {
  let total = 0;
  for (const i of prange(n)) {
    let x = i;
    for (let k = 0; k < depth; k++) x = Math.sqrt(x + 1.5);
    total += x;
  }
  return total;
});

/** So long that a test can't wait for it. */
const ENDLESS = [1e8, 1e6] as const;

describe("an asynchronous call of a kernel", () => {
  const usual = getNumThreads();
  afterEach(() => {
    setNumThreads(usual);
  });
  after(() => team().end());

  it("gives the same bits as a synchronous one", async () => {
    const expected = roots(20_000, 100);
    for (const count of [1, 2, 3]) {
      setNumThreads(count);
      assert.equal(await roots.async(20_000, 100), expected);
    }
  });

  it("takes and gives every kind of value", async () => {
    const move = jit((p: { x: number; isFree: boolean }, [dx]: readonly [number]) => ({
      x: p.x + dx,
      isFree: !p.isFree,
      both: [p.x, dx],
    }));
    const p = { x: 1, isFree: true };
    assert.deepEqual(await move.async(p, [2]), move.js(p, [2]));
    const nothing = jit((a: NDArray): unknown => {
      a.set(5, 0);
      return;
    });
    const a = zeros(2);
    assert.equal(await nothing.async(a), undefined);
    assert.equal(a.at(0), 5);
  });

  it("returns new arrays, and the very arrays that were passed", async () => {
    const squares = jit((a: NDArray) => {
      const out = zeros(a.length);
      for (const i of prange(a.length)) out.set(a.at(i) ** 2, i);
      return { a, out };
    });
    const given = array([1, 2, 3]);
    const { a, out } = await squares.async(given);
    assert.equal(a, given);
    assert.deepEqual(out.toArray(), [1, 4, 9]);
  });

  it("copies arrays from outside of the shared memory in, and back", async () => {
    const double = jit((a: Float64Array) => {
      for (const i of prange(a.length)) a[i] = 2 * a[i]!;
    });
    const a = new Float64Array([1, 2, 3]);
    const running = double.async(a);
    assert.deepEqual([...a], [1, 2, 3]);
    await running;
    assert.deepEqual([...a], [2, 4, 6]);
  });

  it("leaves the main thread free, for other calls as well", async () => {
    const state = { ended: false };
    const running = roots.async(200_000, 500).finally(() => (state.ended = true));
    let turns = 0;
    while (!state.ended) {
      await new Promise(setImmediate);
      if (turns++ < 3) assert.equal(roots(10, 0), 45);
    }
    assert.ok(turns > 1);
    await running;
  });

  it("runs beside more of its kind than there are threads", async () => {
    const expected = Array.from({ length: 20 }, (_, k) => roots(100 + k, 50));
    const running = expected.map((_, k) => roots.async(100 + k, 50));
    assert.deepEqual(await Promise.all(running), expected);
  });

  it("tells progress: from nothing to all, at the end", async () => {
    const told: Progress[] = [];
    await roots.async.with({ progress: (progress) => told.push(progress) })(300_000, 300);
    assert.deepEqual([told[0]!.done, told[0]!.total], [0, undefined]);
    assert.deepEqual([told.at(-1)!.done, told.at(-1)!.total], [300_000, 300_000]);
    told.slice(1).forEach(({ done, elapsed }, k) => {
      assert.ok(done >= told[k]!.done && elapsed >= told[k]!.elapsed);
    });
  });

  it("tells the end of a kernel without parallel loops, too", async () => {
    const told: Progress[] = [];
    const plain = jit((x: number) => x + 1);
    await plain.async.with({ progress: (progress) => told.push(progress) })(1);
    assert.ok(told.every(({ done, total }) => done === 0 && total === undefined));
    assert.ok(told.length >= 2);
  });

  it("is stopped by its signal, with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = roots.async.with({ signal: controller.signal })(...ENDLESS);
    setTimeout(() => {
      controller.abort(reason);
    }, 50);
    await assert.rejects(running, (error) => error === reason);
    await assert.rejects(
      roots.async.with({ signal: controller.signal })(1, 1),
      (error) => error === reason,
    );
    assert.equal(await roots.async(10, 0), 45);
  });

  it("is stopped by an interrupt, as are those that wait", async () => {
    const running = Array.from({ length: 5 }, () => roots.async(...ENDLESS));
    setTimeout(interrupt, 50);
    await Promise.all(running.map((each) => assert.rejects(each, InterruptError)));
    assert.equal(await roots.async(10, 0), 45);
  });

  it("fails like a synchronous one, with the lines of kernel and call", async () => {
    const look = jit((a: NDArray, i: number) => a.at(i));
    await assert.rejects(look.async(zeros(3), 3), (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, /index 3 is outside of `a`/);
      const lines = [...error.stack!.matchAll(/jit-async\.test\.ts:\d+/g)];
      assert.ok(lines.length >= 2, error.stack);
      return true;
    });
    await assert.rejects(look.async("a" as never, 1), /^TypeError: argument 1 is a string/);
  });

  it("refuses options that it hasn't", () => {
    assert.throws(() => roots.async.with({ chunkSize: 1 } as never), /no option 'chunkSize'/);
    assert.throws(() => roots.async.with(null as never), /got null as its options/);
    assert.throws(() => roots.async.with({ progress: 1 } as never), /progress is number/);
  });

  it("gives back all memory, however it ends", async () => {
    const part = jit((a: Float64Array, i: number) => {
      const half = zeros(a.length);
      half.set(a[i]! / 2, 0);
      return half.at(0);
    });
    const a = new Float64Array(100);
    await part.async(a, 1);
    const before = heap().bytes;
    const calls = Array.from({ length: 50 }, (_, k) => part.async(a, k % 2 === 0 ? 1 : 100));
    const ends = await Promise.allSettled(calls);
    assert.equal(ends.filter(({ status }) => status === "rejected").length, 25);
    // frames of calls at the same time are kept for the next
    assert.ok(heap().bytes - before <= 50 * 128, `${heap().bytes - before} bytes`);
    const later = heap().bytes;
    await Promise.allSettled(Array.from({ length: 50 }, () => part.async(a, 1)));
    assert.equal(heap().bytes, later);
  });

  it("runs in a worker of a pool", async () => {
    const pool = new Pool({ threads: 2 });
    try {
      const sums = await pool.map(async (n) => await roots.async(n, 3), [10, 20]);
      assert.deepEqual([...sums], [roots(10, 3), roots(20, 3)]);
    } finally {
      await pool.close();
    }
  });

  it("runs the function itself for the target js", async () => {
    const text = jit((x: number) => `${x}`, { target: "js" });
    assert.equal(await text.async(3), "3");
  });
});
