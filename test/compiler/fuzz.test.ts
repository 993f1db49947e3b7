/**
 * Random kernels, compiled, beside their plain runs. FUZZ_RUNS says how many, FUZZ_SEED which;
 * `npm run fuzz` sets both. Parts of them, each of the next seed, run in processes of their own, one
 * a core, as the compilers take the time. A failure prints the smallest such kernel as a cell.
 */
import { availableParallelism } from "node:os";
import path from "node:path";
import { apart } from "../support/apart.js";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 200);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20250101);
const PART = 100;

describe("random kernels", () => {
  it(`give what their plain runs give: ${RUNS} of seeds from ${SEED}`, async function () {
    this.timeout(0);
    const parts = Array.from({ length: Math.ceil(RUNS / PART) }, (_, k) => k).values();
    const failed = new AbortController();
    const lane = async (): Promise<void> => {
      for (const k of parts) {
        const runs = Math.min(PART, RUNS - k * PART);
        await apart(path.join(__dirname, "fuzz", "hold.ts"), [SEED + k, runs], failed.signal);
      }
    };
    try {
      await Promise.all(Array.from({ length: availableParallelism() }, lane));
    } finally {
      failed.abort();
    }
  });
});
