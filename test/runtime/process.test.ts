import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const library = resolve("kernel-lib/dist/index.js");

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
}

describe("a plain Node program", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "hotcell-process-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a program that has `pool` and `Pool`; `meanwhile` is called with each text it prints. */
  async function run(
    body: string,
    meanwhile?: (child: ChildProcess, text: string) => void,
  ): Promise<Outcome> {
    const file = join(folder, "program.cjs");
    writeFileSync(
      file,
      `const { pool, Pool } = require(${JSON.stringify(library)});\n(async () => {${body}})();\n`,
    );
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      meanwhile?.(child, text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    return { stdout, stderr, code, signal };
  }

  it("ends by itself after its last map, without closing the pool", async () => {
    const { stdout, code } = await run(`console.log(await pool.map((x) => x + 1, [1, 2]));`);
    assert.equal(stdout, "[ 2, 3 ]\n");
    assert.equal(code, 0);
  });

  it("sees what mapped functions print before the map ends, in each worker's order", async () => {
    const { stdout } = await run(`
      const one = new Pool({ threads: 1 });
      await one.map((x) => { console.log("item", x); process.stdout.write("part "); }, [1, 2, 3]);
      console.log("end");`);
    assert.equal(stdout, "item 1\npart item 2\npart item 3\npart end\n");
  });

  it("loses no line of 20,000, nor one printed by a worker that dies", async () => {
    const { stdout, stderr } = await run(`
      await pool.map((x) => { for (let i = 0; i < 1000; i++) console.log(x + ":" + i); },
        Array.from({ length: 20 }, (_, i) => i));
      await pool.map(() => { console.error("last words"); process.exit(1); }, [1]).catch(() => 0);
      await pool.map(() => { console.error("looping"); for (;;); }, [1], { timeout: 50 }).catch(() => 0);
    `);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 20_000);
    for (let x = 0; x < 20; x++) {
      const own = lines.filter((line) => line.startsWith(`${x}:`));
      assert.deepEqual(
        own,
        Array.from({ length: 1000 }, (_, i) => `${x}:${i}`),
      );
    }
    assert.equal(stderr, "last words\nlooping\n");
  });

  it("shows a line at once, while the item still runs", async () => {
    const { stdout } = await run(
      `const gate = new Int32Array(new SharedArrayBuffer(4));
       process.once("SIGUSR2", () => { Atomics.store(gate, 0, 1); Atomics.notify(gate, 0); });
       await pool.map(() => { console.log("waiting"); Atomics.wait(gate, 0, 0); }, [1]);
       console.log("released");`,
      (child, text) => {
        if (text.includes("waiting")) child.kill("SIGUSR2");
      },
    );
    assert.equal(stdout, "waiting\nreleased\n");
  });

  it("is ended by Ctrl-C also while a map runs", async () => {
    const { signal } = await run(
      `await pool.map(() => { console.log("hot"); for (;;); }, [1, 2]);`,
      (child, text) => {
        if (text.includes("hot")) child.kill("SIGINT");
      },
    );
    assert.equal(signal, "SIGINT");
  });

  it("that handles SIGINT itself goes on with a usable pool", async () => {
    const { stdout, code } = await run(
      `process.on("SIGINT", () => undefined);
       try { await pool.map(() => { console.log("hot"); for (;;); }, [1]); }
       catch (error) { console.log(error.name + ": " + error.message); }
       console.log(await pool.map((x) => x, [1, 2]));`,
      (child, text) => {
        if (text.includes("hot")) child.kill("SIGINT");
      },
    );
    assert.equal(
      stdout,
      "hot\nInterruptError: interrupted by the user; the pool stays usable\n[ 1, 2 ]\n",
    );
    assert.equal(code, 0);
  });

  it("waits for a map that nobody awaits, and for nothing else", async () => {
    const { stdout, code } = await run(
      `void pool.map(() => new Promise((resolve) => setTimeout(resolve, 100)), [1])
         .then(() => console.log("done"));`,
    );
    assert.equal(stdout, "done\n");
    assert.equal(code, 0);
  });

  it("is not kept alive by timers that mapped functions leave behind", async () => {
    const { code } = await run(`await pool.map(() => { setInterval(() => 0, 1000); }, [1, 2]);`);
    assert.equal(code, 0);
  });

  it("fires the timers that mapped functions leave behind, between maps", async () => {
    const { stdout } = await run(`
      const one = new Pool({ threads: 1 });
      const fired = new Int32Array(new SharedArrayBuffer(4));
      await one.map(() => {
        setTimeout(() => { console.log("later"); Atomics.store(fired, 0, 1); }, 20);
      }, [1]);
      while (Atomics.load(fired, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await one.map((x) => x, [1]);
      console.log("end");`);
    assert.equal(stdout, "later\nend\n");
  });

  it("warns when a forgotten timer fails between maps, and goes on", async () => {
    const { stdout, stderr, code } = await run(`
      const one = new Pool({ threads: 1 });
      let warned = "";
      const write = process.stderr.write.bind(process.stderr);
      process.stderr.write = (text, ...rest) => { warned += text; return write(text, ...rest); };
      await one.map(() => { setTimeout(() => { throw new Error("too late"); }, 20); }, [1]);
      while (!warned.includes("too late")) await new Promise((resolve) => setTimeout(resolve, 5));
      console.log(await one.map((x) => x, [1]));`);
    assert.match(stderr, /failed between two calls and was replaced: Error: too late/);
    assert.equal(stdout, "[ 1 ]\n");
    assert.equal(code, 0);
  });
});
