import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { FigureError, progress } from "hotcell";
import { progressText } from "../../kernel-lib/dist/figure/progress.js";
import { quietly, quietlyAwait } from "./stdout.js";

const hotcell = path.resolve(__dirname, "../../kernel-lib");

/** What a program of its own prints, its stdout a pipe or (so it believes) a terminal. */
function output(code: string, terminal = false): string {
  const setUp = terminal ? "process.stdout.isTTY = true; process.stdout.columns = 60;" : "";
  const program = `${setUp} const { progress, pool } = require(${JSON.stringify(hotcell)}); (async () => { ${code} })();`;
  return execFileSync(process.execPath, ["-e", program], { encoding: "utf8" });
}

const SPIN =
  "const spin = (ms) => { const t = performance.now(); while (performance.now() - t < ms); };";

describe("progress", () => {
  it("passes on every value of any iterable, in order", async () => {
    const { value } = quietly(() => [...progress(new Set(["a", "b"])), ...progress("cd")]);
    assert.deepEqual(value, ["a", "b", "c", "d"]);
    async function* later() {
      yield await Promise.resolve(1);
      yield 2;
    }
    const seen: number[] = [];
    await quietlyAwait(async () => {
      for await (const x of progress(later())) seen.push(x);
    });
    assert.deepEqual(seen, [1, 2]);
  });

  it("prints its first and last state only into a file or a pipe", () => {
    const printed = output(
      `${SPIN} for (const i of progress([1, 2, 3], { label: "runs" })) spin(150);`,
    );
    assert.match(printed, /^runs: 0 % │ {24}│ 0\/3\nruns: 3\/3 in [\d.]+ m?s, [\d.]+\/s\n$/);
  });

  it("rewrites one line on a terminal, at most ten times a second, and settles it", () => {
    const printed = output(`${SPIN} for (const i of progress(Array(60))) spin(10);`, true);
    const states = printed.split("\r").slice(1);
    assert.equal(printed.split("\n").length, 2);
    // first and last, and one in 100 ms of the time it says that it took
    const took = /60\/60 in ([\d.]+) (ms|s)/.exec(states.at(-1)!);
    assert.ok(took, printed);
    const elapsed = Number(took[1]) * (took[2] === "s" ? 1000 : 1);
    assert.ok(states.length >= 4 && states.length <= 2 + elapsed / 100, `${states.length} states`);
    assert.match(states[2]!, /^\d+ % │█.*│ \d+\/60, .* left/);
    // no line is wider than the terminal, lest it wraps
    for (const state of states) assert.ok(state.replace("\u001b[K", "").trimEnd().length < 60);
  });

  it("writes loops within a loop on one line of a terminal, and settles that of the outer", () => {
    const printed = output(
      `for (const i of progress([1, 2], { label: "a" })) for (const j of progress([1], { label: "b" })) {}`,
      true,
    );
    assert.equal(printed.split("\n").length, 2);
    const states = printed.split("\r").map((state) => state.replace("\u001b[K", ""));
    // as wide as the terminal at most
    assert.ok(states.some((state) => /^a: 0 % .* 0\/2 › b: 0 % /.test(state)));
    assert.match(states.at(-1)!, /^a: 2\/2 in [^›]*\n$/);
  });

  it("says that a loop was left early, or that its source failed", () => {
    const stopped = quietly(() => {
      for (const x of progress([1, 2, 3])) if (x === 2) break;
    });
    assert.match(stopped.printed, /\n1\/3 in .* \(stopped early\)\n$/);
    const thrown = quietly(() => {
      assert.throws(() => {
        for (const x of progress([1, 2, 3])) if (x === 3) throw new RangeError("mine");
      }, /mine/);
    });
    assert.match(thrown.printed, /\n2\/3 in .* \(stopped early\)\n$/);
    function* source() {
      yield 1;
      throw new RangeError("source");
    }
    const failed = quietly(() => {
      assert.throws(() => [...progress(source())], /source/);
    });
    assert.match(failed.printed, /\n1 item in .* \(failed\)\n$/);
  });

  it("closes the iterable it reads when the loop is left", () => {
    let closed = false;
    function* source() {
      try {
        yield 1;
        yield 2;
      } finally {
        closed = true;
      }
    }
    quietly(() => {
      for (const x of progress(source())) if (x === 1) break;
    });
    assert.ok(closed);
  });

  it("shows nothing until the loop begins, and refuses what isn't iterable", () => {
    assert.equal(quietly(() => progress([1])).printed, "");
    assert.throws(() => progress(3 as never), /3 is not iterable/);
    assert.throws(() => progress(null as never), /null is not iterable/);
    assert.throws(() => progress({} as never), FigureError);
    assert.throws(() => progress([1], { total: -1 }), /total is -1/);
    assert.throws(() => progress([1], { label: "x".repeat(201) }), FigureError);
  });

  it("is what pool.map draws with, and tells how the call ended", () => {
    const done = output("await pool.map((x) => x * x, [1, 2, 3], { progress: true });");
    assert.match(done, /^pool\.map: 0 %.*\npool\.map: 3\/3 in .*\n$/);
    const failed = output(
      "await pool.map((x) => { if (x === 2) throw new Error('no'); }, [1, 2, 3], { progress: true }).catch(() => {});",
    );
    assert.match(failed, /^pool\.map: 0 %.*\npool\.map: .*\(failed\)\n$/);
  });
});

describe("a progress line", () => {
  const at = { kind: "progress", label: "", done: 25, total: 100, elapsed: 10_000 } as const;

  it("has bar, count, time, time left and rate", () => {
    assert.equal(
      progressText({ ...at, label: "runs", state: "running" }),
      "runs: 25 % │██████                  │ 25/100, 10 s, 30 s left, 2.5/s",
    );
    assert.equal(
      progressText({ ...at, total: undefined, state: "running" }),
      "25 items, 10 s, 2.5/s",
    );
    assert.equal(
      progressText({ ...at, done: 2, elapsed: 60_000, state: "done" }),
      "2/100 in 60 s, 30 s each",
    );
  });

  it("keeps its width at any count, also one beyond the total", () => {
    for (const done of [0, 1, 33, 100, 250]) {
      const bar = /│(.*)│/.exec(progressText({ ...at, done, state: "running" }))?.[1];
      assert.equal(bar?.length, 24);
    }
  });
});
