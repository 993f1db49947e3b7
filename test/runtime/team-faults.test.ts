import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import { WorkerError } from "../../kernel-lib/dist/errors.js";
import { getNumThreads, setNumThreads, team } from "../../kernel-lib/dist/runtime/team.js";
import { load, longRoots, roots, type Loaded } from "./team-case.js";

const threads = getNumThreads();

function sum(kernel: Loaded, n: number, times: number): number {
  kernel.argument(0, n);
  kernel.argument(1, times);
  kernel.call();
  return kernel.result();
}

/** Runs the kernel and tears it down in the midst, as Jupyter's stop button does. */
function tear(kernel: Loaded, n: number, times: number): void {
  Object.assign(globalThis, { hotcellTorn: () => sum(kernel, n, times) });
  assert.throws(() => {
    vm.runInThisContext("hotcellTorn()", { timeout: 50 });
  }, /timed out/);
}

describe("a thread team in trouble", () => {
  beforeEach(() => {
    setNumThreads(3);
  });
  afterEach(() => {
    setNumThreads(threads);
  });
  after(() => team().end());

  it("stops a loop that was torn down, at the next call", () => {
    const kernel = load(longRoots());
    const expected = sum(kernel, 5000, 100);
    for (let repeat = 0; repeat < 3; repeat++) {
      tear(kernel, 100_000, 100_000);
      assert.equal(sum(kernel, 5000, 100), expected);
    }
  });

  it("stops a loop that was torn down when the event loop turns", async () => {
    const kernel = load(longRoots());
    const expected = sum(kernel, 5000, 100);
    tear(kernel, 100_000, 100_000);
    await new Promise(setImmediate);
    // settled: what a kernel allocates now isn't for a loop's body
    assert.equal(team().scratch(16), undefined);
    assert.equal(sum(kernel, 5000, 100), expected);
  });

  it("replaces threads that don't stop, and their old work harms nobody", () => {
    const kernel = load(longRoots());
    const expected = sum(kernel, 5000, 100);
    // one iteration takes seconds: no thread gets to look whether it should stop
    tear(kernel, 16, 2e9);
    for (let repeat = 0; repeat < 20; repeat++) assert.equal(sum(kernel, 5000, 100), expected);
  });

  it("throws a WorkerError where a thread dies in the midst of a loop, then goes on", async () => {
    const kernel = load(longRoots());
    const expected = sum(kernel, 5000, 100);
    let killed = false;
    Object.assign(globalThis, {
      hotcellKill: () => {
        killed = true;
        void team().end();
      },
    });
    // this thread is busy: only an inspector can make it kill its workers now
    const killer = new Worker(
      `const { Session } = require("node:inspector");
       const session = new Session();
       session.connectToMainThread();
       require("node:worker_threads").parentPort.once("message", () => {
         session.post("Runtime.evaluate", { expression: "hotcellKill()" });
       }).postMessage("ready");`,
      { eval: true, execArgv: [] },
    );
    await new Promise((ready) => killer.once("message", ready));
    kernel.kernel.loops[0]!.pace = 1e9;
    killer.postMessage("kill");
    assert.throws(() => sum(kernel, 2e6, 10_000), WorkerError);
    assert.ok(killed);
    await killer.terminate();
    assert.equal(sum(kernel, 5000, 100), expected);
  });

  it("lets the process end by itself, also with threads in the midst of their start", () => {
    const program = `
      const { load, roots } = require("./test/runtime/team-case.ts");
      const kernel = load(roots(1000));
      kernel.argument(0, 20_000);
      kernel.call();
      console.log(kernel.result());`;
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", "-e", program], {
      cwd: resolve("."),
      encoding: "utf8",
    });
    const kernel = load(roots(1000));
    kernel.argument(0, 20_000);
    kernel.call();
    assert.deepEqual([stdout, status], [`${kernel.result()}\n`, 0]);
  });

  it("lets go of kernels that were not used lately", async () => {
    setNumThreads(2);
    const modules = Array.from({ length: 300 }, (_, k) => {
      const kernel = load(roots(10 + k));
      kernel.kernel.loops[0]!.pace = 1e9;
      kernel.argument(0, 2000);
      kernel.call();
      return new WeakRef(kernel.kernel.code);
    });
    // a WeakRef holds what it refers to until the event loop turns
    await new Promise(setImmediate);
    setFlagsFromString("--expose-gc");
    (vm.runInNewContext("gc") as () => void)();
    const alive = modules.filter((module) => module.deref() !== undefined).length;
    // 32 are kept, and the stack may still hold the latest
    assert.ok(alive >= 32 && alive <= 34, `${alive} of 300 are kept`);
  });
});
