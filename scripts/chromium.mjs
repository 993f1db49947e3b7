// Where a Chromium is for the tests that drive JupyterLab: out comes a path, or one line that says
// what to do. Knows the environment variable, PATH and Debian's package; starts nothing.
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const REMEDY =
  "install Chromium or Google Chrome (on Debian and Ubuntu: apt-get install chromium), " +
  "or set CHROMIUM_PATH to the one to use";

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The Chromium to test with: `CHROMIUM_PATH` where it is set, else the first found on PATH.
 * @returns {string | undefined} its absolute path
 * @throws {Error} when `CHROMIUM_PATH` names no executable file
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return path.resolve(named);
    throw new Error(`CHROMIUM_PATH is ${named}, which is no executable file: correct or unset it`);
  }
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => path.resolve(folder, name))).find(
    isExecutable,
  );
}

/**
 * The Chromium to test with.
 * @returns {string} its absolute path
 * @throws {Error} one line with the remedy, when there is none
 */
export function requireChromium() {
  const found = findChromium();
  if (found === undefined) throw new Error(`no Chromium found on PATH: ${REMEDY}`);
  return found;
}

/**
 * The Chromium to test with, installed from Debian's or Ubuntu's packages where there is none yet
 * and this process may do so (root, with apt-get).
 * @returns {string} its absolute path
 * @throws {Error} one line with the remedy, when there is none and it can't be installed
 */
export function installChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) throw new Error(`no Chromium found on PATH: ${REMEDY}`);
  /** @param {string[]} args */
  const aptGet = (args) =>
    spawnSync("apt-get", args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  const update = aptGet(["update", "-qq"]);
  if (update.error !== undefined) {
    throw new Error(`no Chromium found on PATH and no apt-get to install it with: ${REMEDY}`);
  }
  const { status } = aptGet(["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
  const installed = findChromium();
  if (status !== 0 || installed === undefined) {
    throw new Error(`apt-get could not install Chromium (see its lines above): ${REMEDY}`);
  }
  return installed;
}
