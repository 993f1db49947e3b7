/** Kernels that begin as WebAssembly while another process makes native code of them. Needs a C compiler. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Kernel, type KernelStats, jit, prange } from "hotcell";

type Sum = Kernel<(n: number) => number>;

/** The sum of `rounds` times i mod 7, a kernel of its own for each number of rounds. */
function sumOf(rounds: number, target: "auto" | "wasm" = "auto"): Sum {
  return jit(
    (n: number) => {
      let total = 0;
      for (const i of prange(n)) {
        let part = 0;
        for (let round = 0; round < rounds; round++) part += (i + round) % 7;
        total += Math.sqrt(part);
      }
      return total;
    },
    { target },
  );
}

function target(kernel: { readonly stats: KernelStats }): KernelStats["target"] {
  return kernel.stats.target;
}

describe("native code made in the background", () => {
  const chosen = process.env.HOTCELL_CACHE_DIR;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hotcell-background-"));
    process.env.HOTCELL_CACHE_DIR = folder;
  });
  afterEach(() => {
    if (chosen === undefined) delete process.env.HOTCELL_CACHE_DIR;
    else process.env.HOTCELL_CACHE_DIR = chosen;
    rmSync(folder, { recursive: true, force: true });
  });

  const objects = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".so"));

  it("takes over between two calls, and changes no bit", async () => {
    const kernel = sumOf(3);
    const first = kernel(1001);
    assert.equal(target(kernel), "wasm");
    while (target(kernel) !== "native") {
      assert.equal(kernel(1001), first);
      await sleep(20);
    }
    assert.equal(kernel(1001), first);
    assert.match(kernel.inspect("asm"), /sqrt/);
    assert.equal(kernel.stats.cacheMisses, 1);
  });

  it("is looked for also where the event loop never turns", () => {
    const kernel = sumOf(4);
    const first = kernel(1001);
    // mocha's own limit needs the event loop
    const giveUp = performance.now() + 100_000;
    while (target(kernel) !== "native") {
      assert.equal(kernel(1001), first);
      assert.ok(performance.now() < giveUp);
    }
    assert.equal(kernel(1001), first);
  });

  it("takes over in the midst of a loop, and changes no bit", () => {
    // until one call lasts longer than the C compiler does
    for (let rounds = 1000; ; rounds *= 2) {
      const kernel = sumOf(rounds);
      const result = kernel(40_000);
      if (target(kernel) === "wasm") continue;
      assert.equal(result, sumOf(rounds, "wasm")(40_000));
      assert.equal(kernel.stats.calls, 1);
      return;
    }
  });

  it("takes over in the midst of a call on other threads, and changes no bit", async () => {
    for (let rounds = 1001; ; rounds *= 2) {
      const kernel = sumOf(rounds);
      const result = await kernel.async(40_000);
      if (target(kernel) === "wasm") continue;
      assert.equal(result, sumOf(rounds, "wasm")(40_000));
      return;
    }
  });

  it("is finished for the next process when this one ends early", async () => {
    const program = `
      const { cacheInfo, jit } = require("hotcell");
      const kernel = jit((x) => 5 * x + 1);
      console.log(kernel(2), kernel.stats.target, kernel.stats.cacheHits, cacheInfo().hits);`;
    const run = (): string =>
      execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }).trim();
    assert.equal(run(), "11 wasm 0 0");
    while (objects().length === 0) await sleep(20);
    assert.equal(run(), "11 native 1 1");
  });

  it("that can't be had leaves WebAssembly, and the reason is said", () => {
    const cc = execFileSync("sh", ["-c", "command -v cc || command -v gcc || command -v clang"], {
      encoding: "utf8",
    }).trim();
    const broken = path.join(folder, "cc");
    writeFileSync(
      broken,
      `#!/bin/sh\ncase "$*" in *-dM*) exec ${cc} "$@";; *) echo "x.c:1:1: error: no luck" >&2; exit 1;; esac\n`,
    );
    chmodSync(broken, 0o755);
    const program = `
      const { jit } = require("hotcell");
      const kernel = jit((x) => 6 * x + 1);
      kernel(1);
      const waiting = setInterval(() => undefined, 1000);
      process.stderr.write = (message) => {
        console.log(message, kernel(2), kernel.stats.target);
        clearInterval(waiting);
      };`;
    const { stdout } = spawnSync(process.execPath, ["-e", program], {
      encoding: "utf8",
      env: { ...process.env, CC: broken },
      timeout: 100_000,
    });
    assert.match(stdout, /run as WebAssembly.*cc failed: x\.c:1:1: error: no luck.* 13 wasm\n$/s);
  });

  it("is spoken of from the first call on", () => {
    const kernel = sumOf(5);
    kernel(1001);
    assert.equal(target(kernel), "wasm");
    assert.ok(kernel.diagnostics()[0]!.vectorised.yes);
    assert.match(kernel.inspect("wat"), /f64x2\.sqrt/);
  });

  it("isn't waited for by fastMath, whose bits depend on what it runs on", () => {
    const kernel = jit((x: number) => x * x + 1, { fastMath: true });
    assert.equal(kernel(3), 10);
    assert.equal(target(kernel), "native");
  });
});
