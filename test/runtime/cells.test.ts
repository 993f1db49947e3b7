import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { startKernel, type TestKernel } from "../support/kernel.js";

/** Processor time a process has used, in clock ticks of 10 ms. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the pool in a cell", () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await startKernel();
    const { status, stderr } = await kernel.execute(
      `import { pool } from "hotcell"; const scale = 3; await pool.map((x) => x * scale, [1, 2]);`,
    );
    assert.equal(status, "ok", stderr);
  });
  after(() => kernel.shutdown());

  it("maps a function of one cell over the inputs of another", async () => {
    await kernel.execute(`const triple = (x: number): number => x * scale;`);
    const { stdout } = await kernel.execute(`await pool.map(triple, [1, 2, 3])`);
    assert.match(stdout, /\[ 3, 6, 9 \]/);
  });

  it("prints what mapped functions print, all of it before the cell ends", async () => {
    const { stdout } = await kernel.execute(
      `await pool.map((x) => { for (let i = 0; i < 100; i++) console.log(x + ":" + i); }, [0, 1, 2, 3]);
       console.log("end");`,
    );
    const lines = stdout.split("\n");
    for (const x of [0, 1, 2, 3]) {
      assert.deepEqual(
        lines.filter((line) => line.startsWith(`${x}:`)),
        Array.from({ length: 100 }, (_, i) => `${x}:${i}`),
      );
    }
    assert.ok(lines.indexOf("end") >= 400);
  });

  it("shows a failing item's error with the cell's line, the index and the input", async () => {
    const { status, stderr } = await kernel.execute(
      `await pool.map(({ phi }) => {\n  if (typeof phi !== "number") throw new TypeError("phi is no number");\n  return phi;\n}, [{ phi: 0.1 }, { phi: "0.3" }]);`,
    );
    assert.equal(status, "error");
    assert.match(stderr, /TypeError: phi is no number/);
    assert.match(stderr, /at item 1 of pool\.map, input \{ phi: '0\.3' \}/);
  });

  it("is stopped by the stop button: no worker goes on, and the next cell works", async () => {
    const threads = readdirSync(`/proc/${kernel.pid}/task`).length;
    const running = kernel.execute(`await pool.map((x) => { for (;;); }, [1, 2, 3]);`);
    await sleep(500);
    await kernel.interrupt();
    assert.notEqual((await running).status, "ok");
    await sleep(700); // grace, the killing of two threads, and tslab's own pause after an error
    const { stdout, stderr } = await kernel.execute(`await pool.map((x) => x + 1, [1, 2])`);
    assert.match(stdout, /\[ 2, 3 \]/, stderr);
    const before = ticks(kernel.pid);
    await sleep(1000);
    assert.ok(ticks(kernel.pid) - before < 30, "something still burns in the kernel");
    assert.ok(readdirSync(`/proc/${kernel.pid}/task`).length <= threads);
  });
});
