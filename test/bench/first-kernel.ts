/**
 * What the first call of a kernel costs in a fresh process, import and arguments already there:
 * compiled with an empty cache ("cold", to native code where there is a C compiler, and "wasm", to
 * WebAssembly) and loaded from the cache ("cached"). The peers are Numba's first call of the same
 * kernel without a cache, and with `cache=True` from a full one.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Row } from "./row.js";

const hotcell = JSON.stringify(require.resolve("hotcell"));
const full = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-bench-"));

const program = (target: string): string => `
const { jit, philox, prange } = require(${hotcell});
const sigma = 2;
function density(x) { return (1 / Math.sqrt(Math.PI)) * Math.exp(-x * x); }
function proposal(x) {
  return (1 / (Math.sqrt(2 * Math.PI) * sigma)) * Math.exp((-x * x) / (2 * sigma * sigma));
}
const kernel = jit((n, seed) => {
  let total = 0;
  for (const i of prange(n)) {
    const x = philox(seed, i).normal(0, sigma);
    total += (x * x * density(x)) / proposal(x);
  }
  return total / n;
}, { fastMath: true, target: "${target}" });
const began = performance.now();
kernel(10_000, 0);
console.log(performance.now() - began);
`;

/** The milliseconds of a first call with this cache folder. */
function firstCall(cache: string, target = "auto"): number {
  const env = { ...process.env, HOTCELL_CACHE_DIR: cache };
  const args = ["-e", program(target)];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8", env }));
}

function coldCall(target: string): number {
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-bench-"));
  try {
    return firstCall(empty, target);
  } finally {
    fs.rmSync(empty, { recursive: true });
  }
}

const row: Row = {
  title: "first call of the harmonic kernel in a fresh process",
  pairs: [
    ["cold", "numba"],
    ["wasm", "numba"],
    ["cached", "numba-cached"],
  ],
  ours: {
    cold: () => coldCall("auto"),
    wasm: () => coldCall("wasm"),
    cached: () => firstCall(full),
  },
  rounds: 9,
  warmUp: 1,
  selfTimed: true,
  close: () => fs.promises.rm(full, { recursive: true }),
};
export default row;
