/**
 * `npm test`: sets up what is missing (Chromium too), then types, lint, format, and mocha's run of the
 * unit, notebook and JupyterLab tests. `npm test -- ARGS` gives the arguments to mocha and runs it alone.
 */
import { spawnSync } from "node:child_process";
import { installChromium } from "./chromium.mjs";
import { root, setup } from "./setup.mjs";

setup();
const mochaArgs = process.argv.slice(2);
/** @type {[string, string[]][]} */
const checks = [
  ["types", ["node_modules/typescript/bin/tsc", "-p", "."]],
  ["types of the extension", ["node_modules/typescript/bin/tsc", "-p", "extension", "--noEmit"]],
  ["lint", ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."]],
  ["format", ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]],
];
if (mochaArgs.length === 0) for (const [name, args] of checks) check(name, args);
try {
  process.env.CHROMIUM_PATH = installChromium();
} catch (error) {
  console.error(`hotcell: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
const everything = "test/**/*.test.ts";
const specs = mochaArgs.some((arg) => arg.endsWith(".ts")) ? [] : [everything];
check("tests", ["node_modules/mocha/bin/mocha.js", ...mochaArgs, ...specs]);

/**
 * @param {string} name
 * @param {string[]} args of Node
 */
function check(name, args) {
  console.log(`hotcell: ${name}`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  console.error(`hotcell: ${name} failed`);
  process.exit(1);
}
