import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

const script = path.join(__dirname, "..", "..", "scripts", "bench.mjs");
const bench = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

describe("npm run bench", function () {
  // the first run of a clone builds it and installs the Python packages
  this.timeout(600_000);

  it("prints one JSON array of pairs, whose ratio is peer to ours", () => {
    const { status, stdout, stderr } = bench("empty-map", "--json");
    assert.equal(status, 0, stderr);
    const pairs = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(
      pairs.map(({ row, ours, peer }) => [row, ours, peer]),
      [
        ["empty-map", "none", "pool-none"],
        ["empty-map", "one", "pool-one"],
      ],
    );
    for (const pair of pairs) {
      assert.deepEqual(Object.keys(pair), ["row", "ours", "peer", "oursMs", "peerMs", "ratio"]);
      const { oursMs, peerMs, ratio } = pair as Record<string, number>;
      assert.ok(oursMs! > 0 && peerMs! > 0);
      assert.equal(ratio, peerMs! / oursMs!);
    }
  });

  it("names the rows there are when asked for another", () => {
    const { status, stdout, stderr } = bench("nonesuch");
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^hotcell: there is no benchmark 'nonesuch'; there are empty-map, first-kernel, first-map,/,
    );
    assert.equal(stderr.trim().split("\n").length, 1);
  });
});
