import assert from "node:assert/strict";
import { startKernel, type TestKernel } from "../support/kernel.js";
import { type Kind, kinds } from "./kinds.js";

const check = `
import { pool } from "hotcell";
import assert from "node:assert/strict";
async function check(fn: (...args: any[]) => unknown, inputs: unknown[], expected?: unknown[]) {
  const there = await pool.map(fn as (x: unknown) => unknown, inputs);
  const here = expected ?? await Promise.all(inputs.map((x) => fn(x)));
  assert.deepStrictEqual([...there], here);
  return "same";
}`;

const call = ({ fn, inputs = "[3, 4]", expected = "undefined" }: Kind): string =>
  `const fn = ${fn};\nconsole.log(await check(fn, ${inputs}, ${expected}));`;

describe("a function of a cell gives in another thread what it gives here, with", () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await startKernel();
    await run(check);
  });
  after(() => kernel.shutdown());

  async function run(code: string): Promise<string> {
    const { status, stdout, stderr } = await kernel.execute(code);
    assert.deepEqual({ status, stderr }, { status: "ok", stderr: "" }, code);
    return stdout;
  }

  for (const kind of kinds) {
    it(`${kind.name}, of the same cell`, async () => {
      assert.equal(await run(`${kind.setup}\n${call(kind)}`), "same\n");
    });

    it(`${kind.name}, of an earlier cell`, async () => {
      await run(kind.setup);
      assert.equal(await run(call(kind)), "same\n");
    });
  }

  it("names cell and line in the stack of an error", async () => {
    await run(
      "const tenth = (x: number) => {\n  if (x > 1) throw new RangeError(`no ${x}`);\n  return x;\n};",
    );
    const { executionCount, stdout } = await kernel.execute(
      "const place = (e: any) => /cell \\d+:\\d+:\\d+/.exec(e.stack)![0];\n" +
        "let here; try { tenth(2); } catch (e) { here = place(e); }\n" +
        "await pool.map(x => tenth(x), [0, 2]).catch((e) => console.log(e instanceof RangeError, place(e) === here, place(e)));",
    );
    assert.match(stdout, new RegExp(`^true true cell ${executionCount! - 1}:2:`));
  });
});
