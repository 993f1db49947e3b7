import assert from "node:assert/strict";
import { WorkerError } from "../../kernel-lib/dist/errors.js";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";
import { SiteFailure } from "../../kernel-lib/dist/runtime/site-failure.js";
import { getNumThreads, setNumThreads, team } from "../../kernel-lib/dist/runtime/team.js";
import { failing, load, longRoots, type Loaded } from "./team-case.js";

const threads = getNumThreads();
const allocate = (bytes: number): number => heap().allocate(bytes);

function begin(
  kernel: Loaded,
  [n, times]: readonly [number, number],
  options: Partial<Parameters<ReturnType<typeof team>["call"]>[2]> = {},
): Promise<void> {
  kernel.argument(0, n);
  kernel.argument(1, times);
  return team().call(kernel.kernel, kernel.address, { allocate, ...options });
}

async function sum(kernel: Loaded, n: number, times: number): Promise<number> {
  await begin(kernel, [n, times]);
  return kernel.result();
}

function here(n: number, times: number): number {
  const kernel = load(longRoots());
  kernel.argument(0, n);
  kernel.argument(1, times);
  kernel.call();
  return kernel.result();
}

describe("an asynchronous call on a thread team", () => {
  afterEach(() => {
    setNumThreads(threads);
  });
  after(() => team().end());

  for (const count of [1, 2, 4]) {
    it(`gives the same bits as a synchronous one, with ${count} threads`, async () => {
      setNumThreads(count);
      const expected = here(20_000, 200);
      for (let repeat = 0; repeat < 3; repeat++) {
        assert.equal(await sum(load(longRoots()), 20_000, 200), expected);
      }
    });
  }

  it("runs beside others and beside synchronous calls", async () => {
    setNumThreads(3);
    const sizes = Array.from({ length: 12 }, (_, k) => 1000 + 501 * k);
    const expected = sizes.map((n) => here(n, 1000));
    const running = sizes.map((n) => sum(load(longRoots()), n, 1000));
    assert.equal(here(5000, 1000), here(5000, 1000));
    assert.deepEqual(await Promise.all(running), expected);
  });

  it("leaves the main thread free and tells how far it is", async () => {
    const told: (readonly [number, number])[] = [];
    await begin(load(longRoots()), [20_000, 5000], {
      progress: (done, total) => told.push([done, total]),
    });
    assert.ok(told.length > 0);
    for (const [k, [done, total]] of told.entries()) {
      assert.ok(done >= (told[k - 1]?.[0] ?? 0) && done <= total, `${done} of ${total}`);
    }
    assert.ok(told.some(([, total]) => total === 20_000));
  });

  it("fails like a synchronous one", async () => {
    await assert.rejects(begin(load(failing()), [50_000, 20_000]), (error) => {
      assert.ok(error instanceof SiteFailure);
      assert.deepEqual([error.site, error.a, error.b], [0, 20_000, 50_000]);
      return true;
    });
  });

  for (const [what, n, times] of [
    ["many short chunks", 1e6, 10_000],
    ["chunks that don't end", 16, 2e9],
  ] as const) {
    it(`is aborted in the midst of ${what}`, async () => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const running = begin(load(longRoots()), [n, times], { signal: controller.signal });
      const waiting = Array.from({ length: 8 }, () =>
        begin(load(longRoots()), [n, times], { signal: controller.signal }),
      );
      setImmediate(() => {
        controller.abort(reason);
      });
      await Promise.all([running, ...waiting].map((each) => assert.rejects(each, reason)));
      assert.equal(await sum(load(longRoots()), 5000, 100), here(5000, 100));
    });
  }

  it("rejects with a WorkerError when its thread is killed, and the next one works", async () => {
    const running = begin(load(longRoots()), [1e6, 10_000]);
    setImmediate(() => void team().end());
    await assert.rejects(running, WorkerError);
    assert.equal(await sum(load(longRoots()), 5000, 100), here(5000, 100));
  });
});
