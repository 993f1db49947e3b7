/** Native kernels where they differ from WebAssembly ones: files, stacks, endless code, what can be read. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { mock } from "node:test";
import {
  array,
  clearCache,
  getNumThreads,
  jit,
  type NDArray,
  philox,
  prange,
  setNumThreads,
  zeros,
} from "hotcell";
import { team } from "../../../kernel-lib/dist/runtime/team.js";

const native = { target: "native" } as const;
const teamFile = path.resolve(__dirname, "../../../kernel-lib/dist/runtime/team.js");

describe("a native kernel", () => {
  const chosen = process.env.HOTCELL_CACHE_DIR;
  const threads = getNumThreads();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hotcell-native-"));
    process.env.HOTCELL_CACHE_DIR = folder;
  });
  afterEach(() => {
    setNumThreads(threads);
    if (chosen === undefined) delete process.env.HOTCELL_CACHE_DIR;
    else process.env.HOTCELL_CACHE_DIR = chosen;
    rmSync(folder, { recursive: true });
  });

  const objects = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".so"));

  it("is kept as a file that only its user can read", () => {
    assert.equal(jit((x: number) => x + 1, native)(1), 2);
    // and the bridge to it
    assert.equal(objects().length, 2);
    for (const name of objects())
      assert.equal(statSync(path.join(folder, name)).mode & 0o777, 0o600);
  });

  it("comes from the cache, also when its files were spoilt or are gone", () => {
    const define = (): ((x: number) => number) & { stats: { cacheHits: number } } =>
      jit((x: number) => 3 * x, native);
    assert.equal(define()(2), 6);
    for (const name of objects()) {
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      for (const spoil of [
        () => {
          // a new file: what is loaded already stays as it is
          rmSync(file);
          writeFileSync(file, bytes.subarray(0, 100));
        },
        () => {
          rmSync(file);
        },
      ]) {
        spoil();
        const again = define();
        assert.equal(again(2), 6);
        assert.equal(again.stats.cacheHits, 1);
        assert.deepEqual(readFileSync(file), bytes);
      }
    }
  });

  it("leaves no file where nothing is to be kept", () => {
    assert.equal(jit((x: number) => x + 4, { ...native, cache: false })(1), 5);
    assert.deepEqual(objects(), []);
  });

  it("goes from the cache with all others", () => {
    const twice = jit((x: number) => 2 * x, native);
    assert.equal(twice(2), 4);
    clearCache();
    assert.deepEqual(objects(), []);
    assert.equal(twice(3), 6);
  });

  it("ends in a RangeError when it calls itself without end", () => {
    const sink = (n: number): number => (n < 0 ? 0 : 1 + sink(n + 1));
    const kernel = jit((n: number) => sink(n), { ...native, cache: false });
    assert.throws(() => kernel(0), RangeError);
    assert.throws(() => kernel(0), /stack/);
    assert.equal(kernel(-1), 0);
  });

  it("ends when it is aborted in code that has no end", async () => {
    const spin = jit(
      (step: number) => {
        let x = 1;
        while (x > 0) x += step;
        return x;
      },
      { ...native, cache: false },
    );
    const reason = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(reason);
    }, 50);
    await assert.rejects(spin.async.with({ signal: controller.signal })(0), reason);
    assert.equal(spin(-1), 0);
  });

  it("looks at the outside world once in thousands of iterations, however short its loops", () => {
    const kernel = jit(
      (v: NDArray, rounds: number) => {
        let sum = 0;
        for (let r = 0; r < rounds; r++) for (let i = 0; i < v.length; i++) sum += v.at(i);
        return sum;
      },
      { ...native, cache: false },
    );
    const looking = mock.method(team(), "attend");
    try {
      assert.equal(kernel(array([1, 2, 3, 4, 5, 6, 7, 8]), 100_000), 3_600_000);
      // a million iterations, and a few per round for the loop itself
      assert.ok(looking.mock.callCount() < 100, `${looking.mock.callCount()} times`);
    } finally {
      looking.mock.restore();
    }
  });

  describe("that is loaded by threads which end", () => {
    /** Has a kernel loaded in `round(k)`, of which `end` ends the threads at some moment. */
    function survives(round: string, end: string): void {
      const program = `
        const { jit, Pool, prange, setNumThreads } = require("hotcell");
        const { team } = require(${JSON.stringify(teamFile)});
        const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));
        setNumThreads(4);
        const kernel = jit((n) => {
          let total = 0;
          for (const i of prange(n)) total += Math.sqrt(i + 0.25);
          return total;
        }, { target: "native" });
        kernel(1);
        (async () => {
          for (let k = 0; k < 20; k++) {
            ${round}
            await wait(5 + 2 * k);
            ${end}
            await calls;
          }
          console.log("survived");
          process.exit(0);
        })();`;
      const stdout = execFileSync(process.execPath, ["-e", program], { encoding: "utf8" });
      assert.equal(stdout, "survived\n");
    }
    const onTeam = "const calls = Promise.allSettled([1, 2, 3].map(() => kernel.async(1e9)));";

    it("leaves the process unharmed when a team ends", () => {
      survives(onTeam, "await team().end();");
    });

    it("leaves the process unharmed when a pool's map is aborted", () => {
      survives(
        `const pool = new Pool({ threads: 2 });
         const stop = new AbortController();
         const options = { chunkSize: 1, signal: stop.signal };
         const calls = Promise.allSettled([pool.map((n) => kernel(n), [1e9, 1e9], options)]);`,
        "stop.abort(); await pool.close();",
      );
    });

    it("leaves the process' exit code as it is", () => {
      for (let ms = 5; ms < 45; ms += 6) {
        const program = `
          const { jit, setNumThreads } = require("hotcell");
          setNumThreads(4);
          const kernel = jit((n) => n + 1, { target: "native" });
          kernel(1);
          for (const n of [1, 2, 3]) void kernel.async(n);
          setTimeout(() => process.exit(7), ${ms});`;
        assert.equal(spawnSync(process.execPath, ["-e", program]).status, 7);
      }
    });
  });

  it("has the bits of WebAssembly in long iterations, whatever the number of threads", () => {
    const sample = (n: number, seed: number, out: NDArray): number => {
      let total = 0;
      for (const i of prange(n)) {
        const x = philox(seed, i).normal(0, 2);
        out.set(Math.exp(-x * x), i);
        total += (x * x * Math.exp(-x * x)) / Math.exp(-x / 8);
      }
      return total;
    };
    const run = (target: "native" | "wasm"): unknown => {
      const kernel = jit(sample, { target, cache: false });
      const results = [1, 2, 3].flatMap((threads) => {
        setNumThreads(threads);
        // also where the last few iterations are left over
        return [1, 7, 8, 9, 4099].map((n) => {
          const out = zeros(n);
          return [kernel(n, 5, out), ...out];
        });
      });
      assert.deepEqual(results.slice(5, 10), results.slice(0, 5));
      assert.deepEqual(results.slice(10), results.slice(0, 5));
      return results;
    };
    assert.deepEqual(run("native"), run("wasm"));
  });

  it("can be read as C that a compiler takes, and as machine code", () => {
    const kernel = jit((n: number) => Math.sqrt(n), { ...native, cache: false });
    kernel(4);
    const source = kernel.inspect("c");
    assert.match(source, /EXPORT i32 kernel\(/);
    execFileSync("cc", ["-x", "c", "-", "-c", "-o", "/dev/null"], { input: source });
    assert.match(kernel.inspect("asm"), /sqrt/);
    assert.match(kernel.inspect("wat"), /f64\.sqrt/);
  });
});
