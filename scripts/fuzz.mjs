/**
 * `npm run fuzz -- COUNT SEED`: compiles COUNT random kernels (1000) of a seed (the time) and compares
 * them with their plain runs. The first that differs is printed, as small as it gets, as a cell.
 */
import { spawnSync } from "node:child_process";
import { root } from "./setup.mjs";

const [count = "1000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
console.log(`hotcell: ${count} random kernels, seed ${seed}`);
const { status } = spawnSync(
  process.execPath,
  ["node_modules/mocha/bin/mocha.js", "test/compiler/fuzz.test.ts"],
  { cwd: root, stdio: "inherit", env: { ...process.env, FUZZ_RUNS: count, FUZZ_SEED: seed } },
);
process.exit(status ?? 1);
