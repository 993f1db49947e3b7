import assert from "node:assert/strict";
import { startKernel, type TestKernel } from "../support/kernel.js";

describe("the kernel", () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await startKernel({});
  });
  after(() => kernel.shutdown());

  it("runs a cell", async () => {
    const { status, stdout, stderr } = await kernel.execute("console.log(6 * 7)");
    assert.deepEqual({ status, stdout, stderr }, { status: "ok", stdout: "42\n", stderr: "" });
  });
});
