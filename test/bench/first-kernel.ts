/**
 * What the first call of a kernel costs in a fresh process, import and arguments already there: with an
 * empty cache ("cold", which doesn't wait for the C compiler, and "fastMath", which does) and loaded from
 * the cache ("cached"). The peers are Numba's first call of the same kernel without a cache, and with
 * `cache=True` from a full one.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Row } from "./row.js";

const hotcell = JSON.stringify(require.resolve("hotcell"));
const full = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-bench-"));

const program = (fastMath: boolean): string => `
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
}, { fastMath: ${fastMath} });
const began = performance.now();
kernel(10_000, 0);
console.log(performance.now() - began);
// the C compiler is not to run into the next measurement
setInterval(() => {
  kernel(10_000, 0);
  if (kernel.stats.target === "native") process.exit();
}, 20);
`;

/** The milliseconds of a first call with this cache folder. */
function firstCall(cache: string, fastMath: boolean): number {
  const env = { ...process.env, HOTCELL_CACHE_DIR: cache };
  const args = ["-e", program(fastMath)];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8", env }));
}

function coldCall(fastMath: boolean): number {
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-bench-"));
  try {
    return firstCall(empty, fastMath);
  } finally {
    fs.rmSync(empty, { recursive: true });
  }
}

const row: Row = {
  title: "first call of the harmonic kernel in a fresh process",
  pairs: [
    ["cold", "numba"],
    ["fastMath", "numba"],
    ["cached", "numba-cached"],
  ],
  ours: {
    cold: () => coldCall(false),
    fastMath: () => coldCall(true),
    cached: () => firstCall(full, true),
  },
  rounds: 9,
  warmUp: 1,
  selfTimed: true,
  close: () => fs.promises.rm(full, { recursive: true }),
};
export default row;
