import assert from "node:assert/strict";
import {
  getNumThreads,
  jit,
  prange,
  recordTimeline,
  setNumThreads,
  type Timeline,
  zeros,
} from "../../kernel-lib/dist/index.js";
import { LOG_BYTES } from "../../kernel-lib/dist/runtime/chunk-log.js";
import { team } from "../../kernel-lib/dist/runtime/team.js";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";

const threads = getNumThreads();

/** Some milliseconds of work, so that other threads are wanted. */
const slow = jit((n: number) => {
  let sum = 0;
  for (const i of prange(n)) {
    let x = i;
    for (let k = 0; k < 200; k++) x = Math.sqrt(x + k);
    sum += x;
  }
  return sum;
});
const fill = jit(
  (out: ReturnType<typeof zeros>) => {
    for (const i of prange(out.length)) out.set(Math.sin(i) * Math.cos(i), i);
  },
  { target: "wasm" },
);

/** Whether the chunks are all of 0 to n, each once. */
function covers({ chunks }: Timeline, n: number): boolean {
  const sorted = [...chunks].sort((a, b) => a.from - b.from);
  return (
    sorted.every(({ from, to }, i) => from === (sorted[i - 1]?.to ?? 0) && to > from) &&
    sorted.at(-1)?.to === n
  );
}

describe("recordTimeline", () => {
  afterEach(() => {
    setNumThreads(threads);
  });
  after(() => team().end());

  it("records every iteration once, within the call, no thread at two things at once", () => {
    for (const count of [1, 2, 3]) {
      setNumThreads(count);
      const plain = slow(300_000);
      const { result, timeline } = recordTimeline(() => slow(300_000));
      assert.equal(result, plain);
      assert.ok(covers(timeline, 300_000));
      assert.ok(timeline.threads >= count);
      const last = new Map<number, number>();
      for (const { worker, start, end } of [...timeline.chunks].sort((a, b) => a.start - b.start)) {
        assert.ok(worker < timeline.threads && start <= end);
        assert.ok(start >= (last.get(worker) ?? 0), "a chunk before the end of the last");
        last.set(worker, end);
        // threads' clocks agree to much less than a millisecond
        assert.ok(end <= timeline.elapsed + 1);
      }
    }
  });

  it("sees the other threads at work", () => {
    setNumThreads(2);
    // they are started by work, and join once they run
    for (let tries = 0; tries < 200; tries++) {
      const { timeline } = recordTimeline(() => slow(300_000));
      if (new Set(timeline.chunks.map(({ worker }) => worker)).size === 2) return;
    }
    assert.fail("one thread did all of 200 calls");
  });

  it("records loops without sums, and asynchronous calls", async () => {
    const out = zeros(500_000);
    const sync = recordTimeline(() => {
      fill(out);
    });
    assert.ok(covers(sync.timeline, 500_000));
    const { result, timeline } = await recordTimeline(() => slow.async(100_000));
    assert.equal(result, slow(100_000));
    assert.ok(covers(timeline, 100_000));
  });

  it("leaves nothing behind, whatever happens", async () => {
    recordTimeline(() => slow(1000));
    // the first stretch that is as large as a log: a log that was left behind would lie there
    const place = () => {
      const address = heap().allocate(LOG_BYTES);
      heap().free(address);
      return address;
    };
    const before = place();
    assert.throws(
      () =>
        recordTimeline(() => {
          throw new RangeError("mine");
        }),
      /mine/,
    );
    await assert.rejects(
      recordTimeline(() => Promise.reject(new RangeError("late"))),
      /late/,
    );
    assert.throws(
      () => recordTimeline(() => recordTimeline(() => slow(1000))),
      /another recordTimeline was called before this one had ended/,
    );
    assert.equal(place(), before);
    assert.ok(covers(recordTimeline(() => slow(1000)).timeline, 1000));
  });
});
