/**
 * `npm run wheel`: the extension and the kernelspec as a Python wheel, and the library as npm's tarball,
 * into `build/dist/`. Whoever installs the wheel needs no Node for the figures.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root, setup } from "./setup.mjs";

const { jupyter } = setup();
const target = path.join(root, "build", "dist");
fs.mkdirSync(target, { recursive: true });
const python = path.join(path.dirname(jupyter("lab")), "python");
run(python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", target, "./extension");
run("npm", "pack", "--silent", "--workspace", "hotcell", "--pack-destination", target);
console.log(`hotcell: ${fs.readdirSync(target).join(", ")} in ${target}`);

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) process.exit(1);
}
