/** A notebook that is worked on all day: what cells leave behind, in a real kernel. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { startKernel, type TestKernel } from "../support/kernel.js";

/** What the process holds once its garbage is gone. */
interface Held {
  readonly threads: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

const KIB = 1024;

describe("a long notebook", () => {
  let kernel: TestKernel;

  before(async () => {
    kernel = await startKernel();
    const { status } = await kernel.execute(`
      import { jit, prange, timeit, zeros, type NDArray } from "hotcell";
      import { setFlagsFromString } from "node:v8";
      import { runInNewContext } from "node:vm";
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc");
      const vector = zeros(100_000);`);
    assert.equal(status, "ok");
  });
  after(() => kernel.shutdown());

  async function held(): Promise<Held> {
    // libraries are unloaded in a turn of their own, after what used them was collected
    const { stdout } = await kernel.execute(`
      collect();
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
      console.log(JSON.stringify(process.memoryUsage()));`);
    const threads = readdirSync(`/proc/${kernel.pid}/task`).length;
    return { ...(JSON.parse(stdout) as Omit<Held, "threads">), threads };
  }

  /** Defines a kernel again and again, each time in a cell of its own, and calls it. */
  async function redefine(times: number): Promise<void> {
    const cells = Array.from({ length: times }, (_, i) =>
      kernel.execute(`
        const sum = jit((v: NDArray) => {
          let total = ${i % 4};
          for (const i of prange(v.length)) total += v.at(i);
          return total;
        });
        console.log(sum(vector));`),
    );
    for (const [i, { stdout }] of (await Promise.all(cells)).entries()) {
      assert.equal(stdout, `${i % 4}\n`);
    }
  }

  it("keeps nothing of 200 definitions of a kernel but the last", async () => {
    await redefine(50);
    // waits for native code, which all definitions from then on begin with
    await kernel.execute(`timeit(() => sum(vector));`);
    await redefine(50);
    const before = await held();
    await redefine(100);
    const after = await held();
    assert.equal(after.threads, before.threads);
    // one kernel's code and frame take 13 KiB
    assert.ok(after.arrayBuffers - before.arrayBuffers < 50 * KIB, "array buffers grow");
    // tslab itself keeps 30 KiB of every cell
    assert.ok(after.heapUsed - before.heapUsed < 100 * 50 * KIB, "the heap grows");
  });

  it("keeps nothing of 10,000 calls", async () => {
    const call = (times: number) =>
      kernel.execute(`for (let k = 0; k < ${times}; k++) sum(vector);`);
    // until V8 has optimised what a call runs through
    await call(10_000);
    const before = await held();
    const { status } = await call(10_000);
    const after = await held();
    assert.equal(status, "ok");
    assert.equal(after.threads, before.threads);
    assert.ok(after.arrayBuffers - before.arrayBuffers < 50 * KIB, "array buffers grow");
    // an object a call would be 16 bytes at least; tslab keeps 30 KiB of each of the three cells
    assert.ok(after.heapUsed - before.heapUsed < 3 * 50 * KIB + 10_000 * 16, "the heap grows");
  });
});
