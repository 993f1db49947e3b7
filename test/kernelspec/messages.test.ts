import assert from "node:assert/strict";
import path from "node:path";
import { repairMessages } from "../../kernel-lib/dist/kernelspec/messages.js";
import type { JupyterModule, Socket } from "../../kernel-lib/dist/kernelspec/tslab.js";
import { startKernel, type TestKernel } from "../support/kernel.js";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join("");

for (const stock of [false, true]) {
  describe(`messages of ${stock ? "a stock kernel that imports hotcell" : "the kernel"}`, () => {
    let kernel: TestKernel;
    before(async () => {
      kernel = await startKernel({ stock });
      if (stock) await kernel.execute(`import { quad } from "hotcell"; quad`);
    });
    after(() => kernel.shutdown());

    it("delivers 50,000 lines of a loop, whole and in order", async () => {
      const { status, stdout, stderr } = await kernel.execute(
        "for (let i = 0; i < 50_000; i++) console.log(`line ${i}`)",
      );
      assert.deepEqual({ status, stderr }, { status: "ok", stderr: "" });
      assert.ok(stdout === lines(0, 50_000), `got ${stdout.split("\n").length - 1} lines`);
    });

    it("delivers more text than the server takes at once", async () => {
      // 4 MB; by default the server drops what exceeds 3 MB in 3 seconds.
      const { status, stdout } = await kernel.execute(
        "for (let i = 0; i < 40_000; i++) console.log(String(i).padEnd(99, '.'))",
      );
      assert.equal(status, "ok");
      assert.equal(stdout.length, 4_000_000);
      assert.match(stdout, /^0\.+\n[^]*\n39999\.+\n$/);
    });

    // what a stock kernel lacks is repaired by the same code
    const many = stock ? 100 : 1000;
    it(`answers ${many} quick cells sent at once, each with its three lines`, async () => {
      const cells = await Promise.all(
        Array.from({ length: many }, (_, i) =>
          kernel.execute(`console.log("a${i}"); console.log("b${i}"); console.log("c${i}")`),
        ),
      );
      const wrong = cells.flatMap(({ status, stdout }, i) =>
        status === "ok" && stdout === `a${i}\nb${i}\nc${i}\n` ? [] : [`${i}: ${status} ${stdout}`],
      );
      assert.deepEqual(wrong, []);
    });

    it("keeps the order of stdout, stderr and displays, also when there are thousands", async () => {
      const { outputs } = await kernel.execute(`
        import { display } from "tslab";
        for (let i = 0; i < 1000; i++) {
          console.log("out", i);
          console.error("err", i);
          display.text("show " + i);
        }`);
      const seen = outputs
        .map(({ text, data }) => text ?? `${String(data?.["text/plain"])}\n`)
        .join("");
      const expected = Array.from({ length: 1000 }, (_, i) => `out ${i}\nerr ${i}\nshow ${i}\n`);
      assert.ok(seen === expected.join(""), "an output came too early, too late or not at all");
    });

    it("shows what a cell prints while the cell runs, also in a synchronous loop", async () => {
      const start = performance.now();
      const times: number[] = [];
      await kernel.execute(
        `for (let i = 0; i < 5; i++) {
           console.log("step", i);
           const end = Date.now() + 300;
           while (Date.now() < end);
         }`,
        () => times.push(performance.now() - start),
      );
      assert.equal(times.length, 5);
      // The loop takes 1.5 s; all at once would be a spread of a few milliseconds.
      assert.ok(times[4]! - times[0]! > 600, `arrived at ${times.map(Math.round).join(", ")} ms`);
    });

    it("keeps characters whole that are written in two halves", async () => {
      const { stdout } = await kernel.execute(`
        const bytes = Buffer.from("größe €\\n");
        for (const byte of bytes) process.stdout.write(Uint8Array.of(byte));`);
      assert.equal(stdout, "größe €\n");
    });

    it("tells a writer when its text is gone", async () => {
      const { stdout } = await kernel.execute(
        `await new Promise((resolve) => { process.stdout.write("written\\n", resolve); }); console.log("told")`,
      );
      assert.equal(stdout, "written\ntold\n");
    });
  });
}

describe("messages of the kernel, as the protocol has them", () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.shutdown());

  it("numbers each cell before its output", async () => {
    const seen: string[] = [];
    const future = kernel.connection.requestExecute({ code: "console.log(1)" });
    future.onIOPub = ({ header, content }) => {
      const { execution_count: count } = content as { execution_count?: number };
      seen.push(header.msg_type + (count === undefined ? "" : ` ${count}`));
    };
    const { content } = await future.done;
    assert.deepEqual(seen, ["status", "execute_input 1", "stream", "status"]);
    assert.equal(content.execution_count, 1);
  });

  it("answers cells behind a failing one with aborted", async () => {
    const cells = await Promise.all(
      ["throw new Error('first')", "1", "2"].map((code) => kernel.execute(code)),
    );
    assert.deepEqual(
      cells.map(({ status }) => status),
      ["error", "aborted", "aborted"],
    );
  });
});

describe("a kernel that is asked while it binds its sockets", () => {
  it("answers once all of them are bound", async () => {
    const jupyter = require(
      path.join(path.dirname(require.resolve("tslab/package.json")), "dist", "jupyter.js"),
    ) as JupyterModule;
    // tslab itself stays as it is
    const inherited = <Class extends { readonly prototype: object }>({ prototype }: Class): Class =>
      ({ prototype: Object.create(prototype) as object }) as Class;
    const ZmqServer = inherited(jupyter.ZmqServer);
    const asked: Socket[] = [];
    ZmqServer.prototype.handleShellMessage = (socket) => {
      asked.push(socket);
      return Promise.resolve();
    };
    repairMessages({
      ...jupyter,
      ZmqServer,
      JupyterHandlerImpl: inherited(jupyter.JupyterHandlerImpl),
    });
    let bind: () => void = () => undefined;
    const slow = {
      bind: () => new Promise<void>((resolve) => (bind = resolve)),
    } as unknown as Socket;
    const server = Object.assign(Object.create(ZmqServer.prototype) as typeof ZmqServer.prototype, {
      connInfo: { key: "", transport: "tcp", ip: "127.0.0.1" },
    });
    const binding = server.bindSocket(slow, 1);
    const handled = server.handleShellMessage(slow);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked.length, 0);
    bind();
    await Promise.all([binding, handled]);
    assert.deepEqual(asked, [slow]);
  });
});
