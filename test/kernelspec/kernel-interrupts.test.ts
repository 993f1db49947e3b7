import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { type Execution, startKernel, type TestKernel } from "../support/kernel.js";

/** tslab refuses cells for a moment after one has failed. */
const PAUSE = 250;

/** Runs a cell that prints "go" and doesn't end by itself; stops it after `delay` ms. */
async function stop(kernel: TestKernel, code: string, delay = 100): Promise<Execution> {
  let started: () => void = () => undefined;
  const going = new Promise<void>((resolve) => (started = resolve));
  const cell = kernel.execute(code, (text) => {
    if (text.includes("go")) started();
  });
  // a cell that fails at once shall fail the test, not hang it
  await Promise.race([going, cell]);
  await sleep(delay);
  await kernel.interrupt();
  const execution = await cell;
  await sleep(PAUSE);
  return execution;
}

/** CPU time the kernel has used, in ticks of usually 10 ms, with all its threads. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

/** Waits until a process uses almost no CPU time any more; says whether it came to that. */
async function settles(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 30; tries++) {
    const before = ticks(pid);
    await sleep(1000);
    // a thread that works on uses 100 ticks, and on a loaded machine its share of them
    if (ticks(pid) - before < 5) return true;
  }
  return false;
}

for (const stock of [false, true]) {
  describe(`a kernel function that is stopped in ${stock ? "a stock kernel" : "the kernel"}`, () => {
    let kernel: TestKernel;
    before(async () => {
      kernel = await startKernel({ stock });
      const { status, stderr } = await kernel.execute(`import { jit, prange, zeros } from "hotcell";
const roots = jit((n: number, depth: number) => {
  let total = 0;
  for (const i of prange(n)) {
    let x = i;
    for (let k = 0; k < depth; k++) x = Math.sqrt(x + 1.5);
    total += x;
  }
  return total;
});
const out = new Float64Array(1000);
const fill = jit((a: Float64Array, depth: number) => {
  const half = zeros(1000);
  for (let i = 0; i < depth; i++) half.set(half.at(i % 1000) + 1, i % 1000);
  a[0] = half.at(0);
});
console.log(roots(1000, 0));`);
      assert.deepEqual({ status, stderr }, { status: "ok", stderr: "" });
    });
    after(() => kernel.shutdown());
    afterEach("the next call works, and no thread works on", async () => {
      const { stdout, stderr } = await kernel.execute(
        "console.log(roots(1000, 0), await roots.async(1000, 0));",
      );
      assert.deepEqual({ stdout, stderr }, { stdout: "499500 499500\n", stderr: "" });
      assert.ok(await settles(kernel.pid), "a thread is still busy");
    });

    const endless = {
      "in a parallel loop": `console.log("go"); roots(1e8, 1e5);`,
      "in a chunk that doesn't end": `console.log("go"); roots(16, 1e12);`,
      "outside of parallel loops": `console.log("go"); fill(out, 1e14);`,
      "between calls": `console.log("go"); for (;;) roots(100_000, 3);`,
      "after an await": `await null; console.log("go"); roots(1e8, 1e5);`,
      "in an asynchronous call": `console.log("go"); await roots.async(1e8, 1e5);`,
      "in many asynchronous calls": `console.log("go");
        await Promise.all([1, 2, 3, 4].map(() => roots.async(16, 1e12)));`,
    };
    for (const [where, code] of Object.entries(endless)) {
      it(`ends ${where}`, async () => {
        const { status, stderr } = await stop(kernel, code);
        assert.equal(status, "error", stderr);
        assert.match(stderr, /[Ii]nterrupted|was stopped/);
      });
    }

    it("ends while kernels are being compiled", async () => {
      const compiling = `console.log("go");
        for (let k = 0; ; k++) {
          const define = new Function("prange", \`return (n) => {
            let total = 0;
            for (const i of prange(n)) total += Math.exp(i / \${k + 2}) * Math.log(i + \${k + 1});
            return total;
          }\`);
          jit(define(prange), { cache: false })(10);
        }`;
      for (const delay of [20, 60, 110, 170]) {
        const { status, stderr } = await stop(kernel, compiling, delay);
        assert.equal(status, "error", stderr);
      }
    });

    it("loses no memory, call after call", async () => {
      const bytes = async (): Promise<number> => {
        const { stdout } = await kernel.execute(
          `const { heap } = require(require.resolve("hotcell").replace("index", "runtime/heap"));
           roots(10, 1); fill(out, 1); console.log(heap().bytes);`,
        );
        return Number(stdout);
      };
      const before = await bytes();
      for (let k = 0; k < 3; k++) await stop(kernel, endless["outside of parallel loops"]);
      const after = await bytes();
      assert.ok(after - before <= 4096, `${after - before} bytes more`);
    });
  });
}
