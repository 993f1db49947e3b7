/**
 * Everything between a bare clone and a working JupyterLab: npm packages, the build, a Python
 * environment with JupyterLab, the tslab kernel and the extension. Node's own modules only, since it
 * runs before anything is installed. A step whose inputs have not changed is not done again.
 *
 *   node scripts/setup.mjs                    into .venv
 *   node scripts/setup.mjs --python PYTHON    into the environment of PYTHON, which has JupyterLab (Binder)
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const NODE_NEEDED = [20, 19];
const PYTHON_NEEDED = [3, 10];
const windows = process.platform === "win32";

/** Something is missing that only the user can supply; the message is one line with the remedy. */
class Missing extends Error {}

/**
 * Sets up what is missing.
 * @param {{ python?: string }} [options] `python`: an interpreter whose environment already holds JupyterLab
 * @returns {{ jupyter: (tool: string) => string }} where the environment's Jupyter commands are
 */
export function setup({ python } = {}) {
  return orSayWhatIsMissing(() => {
    requireNode();
    // what only the user can supply is asked for before the long work begins
    const prefix = python === undefined ? virtualEnvironment() : prefixOf(python);
    installAndBuild();
    installInto(prefix);
    return { jupyter: (tool) => executable(prefix, `jupyter-${tool}`) };
  });
}

/**
 * Sets up what the benchmarks need: the build, and the Python packages they are compared with.
 * @returns {string} the Python interpreter that has them
 */
export function setupBench() {
  return orSayWhatIsMissing(() => {
    requireNode();
    const prefix = path.join(root, "build", "bench-venv");
    const requirements = path.join("test", "bench", "requirements.txt");
    const python = executable(prefix, "python");
    step("Python packages to compare with", [requirements], [python], () => {
      run(findPython(), ["-m", "venv", "--clear", prefix]);
      run(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
    });
    installAndBuild();
    return python;
  });
}

/**
 * @template T
 * @param {() => T} work
 */
function orSayWhatIsMissing(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.error(`hotcell: ${error.message}`);
    process.exit(1);
  }
}

function installAndBuild() {
  step("npm packages", ["package-lock.json"], ["node_modules/hotcell", "node_modules/tslab"], () =>
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
  );
  const sources = ["kernel-lib/src", "kernel-lib/package.json", "kernel-lib/tsconfig.json"];
  sources.push(
    "extension/src",
    "extension/schema",
    "extension/style",
    "extension/rspack.config.cjs",
    "extension/package.json",
    "extension/tsconfig.json",
  );
  sources.push("package-lock.json", "tsconfig.base.json", "scripts/bundle.mjs");
  const built = ["kernel-lib/dist/bytecode", "extension/labextension/package.json"];
  step("build", sources, built, () => npm("run", "build"));
}

function requireNode() {
  if (!atLeast(process.versions.node.split(".").map(Number), NODE_NEEDED))
    throw new Missing(
      `Node ${NODE_NEEDED.join(".")} or newer is needed, this is ${process.versions.node}: install a current one from https://nodejs.org`,
    );
}

/**
 * Runs `work` unless it was done for these very inputs and its outputs are still there.
 * @param {string} name
 * @param {string[]} inputs files, folders or plain text that the result depends on
 * @param {string[]} outputs
 * @param {() => void} work
 */
function step(name, inputs, outputs, work) {
  const { [name]: last, ...others } = readStamps();
  const hash = createHash("sha256").update(process.version);
  for (const input of inputs) digest(path.join(root, input), hash, input);
  const stamp = hash.digest("hex");
  const present = outputs.every((output) => fs.existsSync(path.resolve(root, output)));
  if (last === stamp && present) return;
  console.error(`hotcell: ${name} …`);
  // should the work be cut short, it has to be done again
  writeStamps(others);
  work();
  writeStamps({ ...others, [name]: stamp });
}

const stampFile = path.join(root, "build", "setup.json");

/** @returns {Record<string, string>} the inputs of each step that is done */
function readStamps() {
  try {
    return JSON.parse(fs.readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} stamps */
function writeStamps(stamps) {
  fs.mkdirSync(path.dirname(stampFile), { recursive: true });
  const draft = `${stampFile}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(stamps, null, 2));
  fs.renameSync(draft, stampFile);
}

/**
 * @param {string} file
 * @param {import("node:crypto").Hash} hash
 * @param {string} name
 */
function digest(file, hash, name) {
  hash.update(name);
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat?.isDirectory())
    for (const entry of fs.readdirSync(file).sort())
      digest(path.join(file, entry), hash, `${name}/${entry}`);
  else if (stat) hash.update(fs.readFileSync(file));
}

/** @param {string[]} args */
function npm(...args) {
  const cli = process.env.npm_execpath;
  if (cli) run(process.execPath, [cli, ...args]);
  else run(windows ? "npm.cmd" : "npm", args, { shell: windows });
}

/**
 * Runs a command to its end; its output is shown only where it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
function run(command, args, options) {
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", ...options });
  if (result.status === 0) return;
  console.error(`${result.stdout ?? ""}${result.stderr ?? ""}`.trimEnd());
  const reason = result.error
    ? result.error.message
    : `it ended with ${result.status ?? result.signal}`;
  throw new Missing(`'${command} ${args.join(" ")}' failed: ${reason}`);
}

/** Makes `.venv` with the JupyterLab that `binder/environment.yml` names. */
function virtualEnvironment() {
  const prefix = path.join(root, ".venv");
  const jupyterlab = pinned("jupyterlab");
  step(
    "Python environment with JupyterLab",
    [jupyterlab],
    [executable(prefix, "jupyter-lab")],
    () => {
      const python = findPython();
      fs.rmSync(prefix, { recursive: true, force: true });
      run(python, ["-m", "venv", prefix]);
      run(executable(prefix, "python"), [
        "-m",
        "pip",
        "install",
        "--quiet",
        `jupyterlab==${jupyterlab}`,
      ]);
    },
  );
  return prefix;
}

/**
 * The version that `binder/environment.yml`, the one source of such versions, gives a package.
 * @param {string} name
 */
function pinned(name) {
  const file = fs.readFileSync(path.join(root, "binder", "environment.yml"), "utf8");
  const version = new RegExp(`^\\s*- ${name}=([\\d.]+)\\s*$`, "m").exec(file)?.[1];
  if (version === undefined) throw new Error(`binder/environment.yml pins no ${name}`);
  return version;
}

/** Finds an interpreter that is new enough and can make a virtual environment. */
function findPython() {
  const minors = [14, 13, 12, 11, 10].map((minor) => `python3.${minor}`);
  const candidates = process.env.HOTCELL_PYTHON
    ? [process.env.HOTCELL_PYTHON]
    : ["python3", ...minors, "python"];
  const unfit = [];
  for (const candidate of candidates) {
    const probe = `import sys; print(*sys.version_info[:2])`;
    const { status, stdout } = spawnSync(candidate, ["-c", probe], { encoding: "utf8" });
    if (status !== 0) {
      if (process.env.HOTCELL_PYTHON) unfit.push(`${candidate} does not run`);
      continue;
    }
    const version = stdout.trim().split(" ").map(Number);
    if (!atLeast(version, PYTHON_NEEDED)) {
      unfit.push(`${candidate} is ${version.join(".")}`);
    } else if (spawnSync(candidate, ["-c", "import venv, ensurepip"]).status !== 0) {
      unfit.push(
        `${candidate} lacks its venv module, on Debian or Ubuntu 'sudo apt-get install python3-venv' brings it`,
      );
    } else return candidate;
  }
  const seen = unfit.length > 0 ? ` (${unfit.join("; ")})` : "";
  throw new Missing(
    `Python ${PYTHON_NEEDED.join(".")} or newer is needed and was not found${seen}: install it from https://www.python.org or name one in HOTCELL_PYTHON`,
  );
}

/** @param {string} python */
function prefixOf(python) {
  const probe = "import sys, jupyterlab; print(sys.prefix)";
  const { status, stdout } = spawnSync(python, ["-c", probe], { encoding: "utf8" });
  if (status !== 0) throw new Missing(`${python} has no JupyterLab: install it there first`);
  return stdout.trim();
}

/**
 * Puts the tslab kernel and the extension where the environment's Jupyter looks for them.
 * @param {string} prefix
 */
function installInto(prefix) {
  const share = path.join(prefix, "share", "jupyter");
  const spec = createRequire(import.meta.url)("../kernel-lib/dist/kernelspec/spec.js");
  const kernel = path.join(share, "kernels", "tslab");
  fs.mkdirSync(kernel, { recursive: true });
  fs.writeFileSync(path.join(kernel, "kernel.json"), JSON.stringify(spec.kernelSpec(), null, 2));

  const extension = path.join(share, "labextensions", "hotcell-jupyterlab");
  fs.rmSync(extension, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(extension), { recursive: true });
  fs.symlinkSync(path.join(root, "extension", "labextension"), extension, "junction");
}

/**
 * @param {string} prefix of a Python environment
 * @param {string} name
 */
function executable(prefix, name) {
  return windows ? path.join(prefix, "Scripts", `${name}.exe`) : path.join(prefix, "bin", name);
}

/**
 * @param {number[]} version
 * @param {number[]} needed
 */
function atLeast([major = 0, minor = 0], [neededMajor = 0, neededMinor = 0]) {
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--python");
  setup({ python: at > 0 ? process.argv[at + 1] : undefined });
  console.error("hotcell: ready; 'npm start' opens JupyterLab");
}
