import assert from "node:assert/strict";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";
import { SiteFailure } from "../../kernel-lib/dist/runtime/site-failure.js";
import { getNumThreads, setNumThreads, team } from "../../kernel-lib/dist/runtime/team.js";
import { allocating, endless, failing, load, roots, squares, type Loaded } from "./team-case.js";

const threads = getNumThreads();

/** The roots kernel's result for n iterations of so many square roots. */
function sum({ call, argument, result }: Loaded, n: number): number {
  argument(0, n);
  call();
  return result();
}

describe("a thread team", () => {
  afterEach(() => {
    setNumThreads(threads);
  });
  after(() => team().end());

  it("gives the same bits on 1 to 4 threads, time and again", () => {
    const kernel = load(roots(300));
    setNumThreads(1);
    const alone = new Map([1, 2, 63, 64, 65, 1000, 20_011].map((n) => [n, sum(kernel, n)]));
    for (const count of [2, 3, 4]) {
      setNumThreads(count);
      for (const [n, expected] of alone) {
        for (let repeat = 0; repeat < 5; repeat++) assert.equal(sum(kernel, n), expected);
      }
    }
  });

  it("runs each iteration of a loop without partial results exactly once", () => {
    const kernel = load(squares());
    for (const count of [1, 2, 4]) {
      setNumThreads(count);
      for (const n of [0, 1, 7, 8, 1000, 300_001]) {
        const address = heap().allocate(8 * n);
        const out = new Float64Array(heap().memory.buffer, address, n);
        kernel.array(0, address, n);
        kernel.kernel.loops[0]!.pace = 1e9;
        kernel.call();
        // adds to what is there: an iteration that ran twice shows
        out.forEach((value, i) => {
          assert.equal(value, i * i + 1);
        });
        heap().free(address);
      }
    }
  });

  it("fails with the lowest iteration's failure, whoever met another first", () => {
    const kernel = load(failing());
    for (const count of [1, 2, 4]) {
      setNumThreads(count);
      for (let repeat = 0; repeat < 20; repeat++) {
        kernel.kernel.loops[0]!.pace = 1e9;
        kernel.argument(0, 50_000);
        kernel.argument(1, 20_000);
        assert.throws(kernel.call, (error) => {
          assert.ok(error instanceof SiteFailure);
          assert.equal(error.a, 20_000);
          return true;
        });
      }
      kernel.argument(1, 50_000);
      kernel.call();
    }
  });

  it("throws what V8 throws where a recursion doesn't end, on this thread or another", async () => {
    const kernel = load(endless());
    kernel.argument(0, 1000);
    for (const count of [1, 3]) {
      setNumThreads(count);
      kernel.kernel.loops[0]!.pace = 1e9;
      assert.throws(kernel.call, new RangeError("Maximum call stack size exceeded"));
    }
    const allocate = (bytes: number): number => heap().allocate(bytes);
    await assert.rejects(
      team().call(kernel.kernel, kernel.address, { allocate }),
      new RangeError("Maximum call stack size exceeded"),
    );
  });

  it("gives loop bodies zeroed memory of their own, and takes it back", () => {
    const kernel = load(allocating());
    kernel.kernel.loops[0]!.pace = 1e9;
    const bytes: number[] = [];
    for (const count of [1, 2, 4]) {
      setNumThreads(count);
      for (let repeat = 0; repeat < 5; repeat++) {
        assert.equal(sum(kernel, 3000), (3000 * 2999) / 2);
        bytes.push(heap().bytes);
      }
    }
    // a thread keeps 4 MiB, and may not have said yet that it gives back a chunk's 64 arrays of 80 kB, in blocks that double
    assert.ok(Math.max(...bytes) - Math.min(...bytes) < 4 * 24e6, String(bytes));
  });

  it("refuses numbers of threads that make no sense", () => {
    for (const count of [0, -1, 1.5, NaN, Infinity, 1e6, "2" as unknown as number]) {
      assert.throws(() => {
        setNumThreads(count);
      }, RangeError);
    }
    setNumThreads(3);
    assert.equal(getNumThreads(), 3);
  });
});
