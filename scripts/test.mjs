/**
 * `npm test`: sets up what is missing (Chromium too), then types, lint and format beside one another, and
 * mocha's tests, in two runs: those that mostly wait for kernels and pages, and those that compute.
 * `npm test -- ARGS` gives the arguments to mocha and runs it alone.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { installChromium } from "./chromium.mjs";
import { root, setup } from "./setup.mjs";

const mocha = "node_modules/mocha/bin/mocha.js";
const everything = "test/**/*.test.ts";
const waiting = "test/{kernelspec,lab,notebooks,scripts}/**/*.test.ts";
const counts = { passed: 0, failed: 0, skipped: 0 };
let allEnded = true;

setup();
const mochaArgs = process.argv.slice(2);
/** @type {[string, string[]][]} */
const checks = [
  ["types", ["node_modules/typescript/bin/tsc", "-p", "."]],
  ["types of the extension", ["node_modules/typescript/bin/tsc", "-p", "extension", "--noEmit"]],
  ["lint", ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."]],
  ["format", ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]],
];
if (mochaArgs.length === 0) await Promise.all(checks.map(([name, args]) => check(name, args)));
try {
  process.env.CHROMIUM_PATH = installChromium();
} catch (error) {
  console.error(`hotcell: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
if (mochaArgs.length > 0) {
  const specs = mochaArgs.some((arg) => arg.endsWith(".ts")) ? [] : [everything];
  const args = [mocha, ...mochaArgs, ...specs];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) fail("tests");
} else {
  console.log("hotcell: tests");
  await Promise.all([["--ignore", waiting, everything], [waiting]].map(runTests));
  const { passed, failed, skipped } = counts;
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (!allEnded || failed > 0) fail("tests");
}

/**
 * Runs mocha; what it says is shown when it has ended, of the first run while it runs.
 * @param {string[]} args
 * @param {number} run
 */
async function runTests(args, run) {
  const child = spawn(process.execPath, [mocha, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8");
  let output = "";
  child.stdout.on("data", (/** @type {string} */ text) => {
    output += text;
    if (run === 0) process.stdout.write(text);
  });
  const [status] = await once(child, "close");
  if (run > 0) process.stdout.write(output);
  const found = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m.exec(output);
  allEnded &&= status === 0 && found !== null;
  counts.passed += Number(found?.[1] ?? 0);
  counts.failed += Number(found?.[2] ?? 0);
  counts.skipped += Number(found?.[3] ?? 0);
}

/**
 * Runs a check; what it says is shown when it has ended.
 * @param {string} name
 * @param {string[]} args of Node
 */
async function check(name, args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
  const [status] = await once(child, "close");
  console.log(`hotcell: ${name}\n${output}`.trimEnd());
  if (status !== 0) fail(name);
}

/**
 * @param {string} name
 * @returns {never}
 */
function fail(name) {
  console.error(`hotcell: ${name} failed`);
  process.exit(1);
}
