import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Execution, startKernel, type TestKernel } from "../support/kernel.js";

/** tslab refuses cells for a moment after one has failed. */
const PAUSE = 250;

/** Runs a cell that prints "go" and never ends; stops it. */
async function stop(kernel: TestKernel, code: string): Promise<Execution> {
  let started: () => void = () => undefined;
  const going = new Promise<void>((resolve) => (started = resolve));
  const cell = kernel.execute(code, (text) => {
    if (text.includes("go")) started();
  });
  // A cell that fails at once shall fail the test, not hang it.
  await Promise.race([going, cell]);
  await sleep(100);
  await kernel.interrupt();
  const execution = await cell;
  await sleep(PAUSE);
  return execution;
}

/** Waits until a process uses almost no CPU time any more; says whether it came to that. */
async function settles(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 30; tries++) {
    const before = ticks(pid);
    await sleep(1000);
    // An endless worker uses 100 ticks, and on a loaded machine its share of them.
    if (ticks(pid) - before < 5) return true;
  }
  return false;
}

/** CPU time the kernel has used, in ticks of usually 10 ms, with all its threads. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

/** The processes of a kernel's process group, but for those that have ended and whose parent hasn't looked yet. */
function group(pid: number): string[] {
  return execFileSync("ps", ["-axo", "pgid=,pid=,stat=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => {
      const [of, , state] = line.trim().split(/\s+/);
      return of === String(pid) && !state?.startsWith("Z");
    });
}

async function gone(pid: number): Promise<string[]> {
  let left = group(pid);
  for (let tries = 0; left.length > 0 && tries < 100; tries++) {
    await sleep(100);
    left = group(pid);
  }
  return left;
}

for (const stock of [false, true]) {
  describe(`the stop button of ${stock ? "a stock kernel that imports hotcell" : "the kernel"}`, () => {
    let kernel: TestKernel;
    before(async () => {
      kernel = await startKernel({ stock });
      const { status, stderr } = await kernel.execute(`import { pool } from "hotcell";
import { setTimeout as nap } from "node:timers/promises";
const kept = 42;
const view = new Int32Array(new SharedArrayBuffer(4));
pool;`);
      assert.equal(status, "ok", stderr);
    });
    after(() => kernel.shutdown());
    afterEach("the kernel and its variables are there", async () => {
      const { stdout } = await kernel.execute("console.log(kept)");
      assert.equal(stdout, "42\n");
    });

    const endless = {
      "a synchronous loop": `console.log("go"); while (true);`,
      "an Atomics.wait": `console.log("go"); Atomics.wait(view, 0, 0);`,
      "a pending await": `console.log("go"); await new Promise(() => undefined);`,
      "a synchronous loop after an await": `await null; console.log("go"); while (true);`,
      "a synchronous loop after a timer": `await nap(5); console.log("go"); while (true);`,
      "a loop in a function that awaited": `
        async function spin(): Promise<void> { await nap(5); console.log("go"); for (;;); }
        await spin();`,
      "an Atomics.wait after an await": `await nap(5); console.log("go"); Atomics.wait(view, 0, 0);`,
      "a loop that prints": `await null; for (;;) console.log("go");`,
      "a loop that runs beside a map": `
        const busy = pool.map((n: number) => { for (;;) n++; }, [1, 2]);
        busy.catch(() => undefined);
        console.log("go");
        while (true);`,
    };
    for (const [name, code] of Object.entries(endless)) {
      it(`ends ${name}`, async () => {
        const { status, stderr } = await stop(kernel, code);
        assert.equal(status, "error");
        assert.match(
          stderr,
          stock ? /[Ii]nterrupted|was stopped/ : /^InterruptError: cell \d+ was stopped\n$/,
        );
      });
    }

    it("ends a map, whose workers stop and whose pool works on", async () => {
      const { status } = await stop(
        kernel,
        `console.log("go"); await pool.map((n: number) => { for (;;) n++; }, [1, 2, 3, 4]);`,
      );
      assert.equal(status, "error");
      assert.ok(await settles(kernel.pid), "a worker is still busy");
      const { stdout, stderr } = await kernel.execute(
        "console.log(await pool.map((n) => n * n, [1, 2, 3]))",
      );
      assert.equal(stdout, "[ 1, 4, 9 ]\n", stderr);
    });

    it("ends ten cells in a row", async () => {
      const codes = Object.values(endless).filter((code) => !code.includes("print"));
      for (let i = 0; i < 10; i++) {
        const { status } = await stop(kernel, codes[i % codes.length]!);
        assert.equal(status, "error");
      }
    });

    it("does no harm while nothing runs, nor to the cells after it", async () => {
      for (let i = 0; i < 3; i++) await kernel.interrupt();
      const { status } = await kernel.execute(
        "await null; const end = Date.now() + 1000; while (Date.now() < end);",
      );
      assert.equal(status, "ok");
    });

    it("does no harm to a cell that follows one it ended", async () => {
      await stop(kernel, endless["a synchronous loop"]);
      const { status, stderr } = await kernel.execute(
        "await null; const until = Date.now() + 1000; while (Date.now() < until);",
      );
      assert.deepEqual({ status, stderr }, { status: "ok", stderr: "" });
    });

    it("answers the cells that were queued", async () => {
      const running = stop(kernel, endless["a synchronous loop after a timer"]);
      const queued = [kernel.execute("1"), kernel.execute("2")];
      const statuses = (await Promise.all([running, ...queued])).map(({ status }) => status);
      assert.deepEqual(statuses, ["error", "aborted", "aborted"]);
      await sleep(PAUSE);
    });

    if (!stock) {
      it("ends no other cell when the watchdog hears of it late", async () => {
        const shell = group(kernel.pid).find((line) => line.includes("trap 'echo' INT"));
        const pid = Number(shell?.trim().split(/\s+/)[1]);
        process.kill(pid, "SIGSTOP");
        let next: Promise<Execution>;
        try {
          const { status } = await stop(kernel, endless["a pending await"]);
          assert.equal(status, "error");
          await sleep(500);
          next = kernel.execute(`await nap(1500); console.log("there");`);
          await sleep(300);
        } finally {
          process.kill(pid, "SIGCONT");
        }
        const { stdout } = await next;
        assert.equal(stdout, "there\n");
        const { status } = await stop(kernel, endless["a synchronous loop after an await"]);
        assert.equal(status, "error");
      });

      it("ends a loop of awaits for good", async () => {
        await stop(kernel, `for (;;) { console.log("go"); await nap(20); }`);
        const { stdout } = await kernel.execute("await nap(200)");
        assert.equal(stdout, "");
      });
    }
  });
}

describe("the processes of a kernel", () => {
  async function used(): Promise<TestKernel> {
    const kernel = await startKernel();
    const { stdout, stderr } = await kernel.execute(
      `import { pool } from "hotcell"; console.log(await pool.map((n: number) => n, [1, 2, 3]))`,
    );
    assert.equal(stdout, "[ 1, 2, 3 ]\n", stderr);
    assert.ok(group(kernel.pid).length > 0);
    return kernel;
  }

  it("are gone after a shutdown", async () => {
    const kernel = await used();
    await kernel.shutdown();
    assert.deepEqual(await gone(kernel.pid), []);
  });

  it("are gone after the kernel was killed", async () => {
    const kernel = await used();
    // The helpers must notice by themselves: only the kernel gets the signal.
    process.kill(kernel.pid, "SIGKILL");
    assert.deepEqual(await gone(kernel.pid), []);
    await kernel.shutdown();
  });
});
