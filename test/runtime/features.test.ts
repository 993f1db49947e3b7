import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { hasRelaxedSimd } from "../../kernel-lib/src/runtime/features.js";

const features = require.resolve("../../kernel-lib/dist/runtime/features.js");

/** What a new process answers. */
function asked(...flags: readonly string[]): string {
  const script = `console.log(require(${JSON.stringify(features)}).hasRelaxedSimd())`;
  return execFileSync(process.execPath, [...flags, "-e", script], { encoding: "utf8" }).trim();
}

describe("the engine's features", () => {
  it("include fused products where Node has them: from 22 on, and on 20 by a flag", () => {
    const major = Number(process.versions.node.split(".")[0]);
    assert.equal(hasRelaxedSimd(), major >= 22);
    if (major < 22) assert.equal(asked("--experimental-wasm-relaxed-simd"), "true");
  });
});
