/**
 * One real JupyterLab server for the whole mocha run, started when first asked for and stopped
 * after the last test. It reads no configuration of the user and keeps Jupyter's default limits, so
 * that tests meet what a user meets.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KERNEL_NAME, kernelSpec } from "../../kernel-lib/dist/kernelspec/spec.js";

export const repository = path.resolve(__dirname, "..", "..");

/** The kernelspec of tslab as its authors ship it, without hotcell's preload. */
export const STOCK_KERNEL_NAME = "tslab-stock";

export interface Server {
  /** With a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The directory that the file browser and the kernels' paths start from. */
  readonly rootDir: string;
  /** What server and kernels have written lately, for a test that fails. */
  log(): string;
  stop(): Promise<void>;
}

let shared: Promise<Server> | undefined;

/** The server of this mocha run, rooted at the repository. */
export function server(): Promise<Server> {
  shared ??= startServer();
  return shared;
}

/** Stops the shared server if a test has started it; the next {@link server} starts another. */
export async function stopServer(): Promise<void> {
  const running = shared;
  shared = undefined;
  await (await running)?.stop();
}

// A root hook: this module is loaded once, by whichever test file needs a server.
if (typeof after === "function") after("stop the JupyterLab server", stopServer);

/** The Python environment of this clone. */
export const venv = path.join(repository, ".venv");

export interface ServerOptions {
  readonly rootDir?: string;
  /** A Python environment that has kernels and extensions of its own. */
  readonly prefix?: string;
}

/** Starts a JupyterLab server of its own, for tests that want another root directory or environment. */
export async function startServer({
  rootDir = repository,
  prefix = venv,
}: ServerOptions = {}): Promise<Server> {
  const python = path.join(prefix, "bin", "python");
  if (!existsSync(python)) throw new Error(`${python} is missing: run npm run setup`);

  const home = mkdtempSync(path.join(tmpdir(), "hotcell-jupyter-"));
  if (prefix === venv) {
    const spec = kernelSpec();
    writeKernelSpec(home, KERNEL_NAME, spec);
    const [node = "", , , ...stockArguments] = spec.argv;
    writeKernelSpec(home, STOCK_KERNEL_NAME, { ...spec, argv: [node, ...stockArguments] });
  }

  const child = spawn(
    python,
    [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0"],
      ...[`--ServerApp.root_dir=${rootDir}`, "--LabApp.news_url=None"],
      ...["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
    ],
    {
      cwd: rootDir,
      env: {
        ...process.env,
        JUPYTER_PATH: path.join(home, "share"),
        JUPYTERLAB_DIR: path.join(venv, "share", "jupyter", "lab"),
        JUPYTER_DATA_DIR: path.join(home, "data"),
        JUPYTER_CONFIG_DIR: path.join(home, "config"),
        JUPYTER_RUNTIME_DIR: path.join(home, "runtime"),
        JUPYTERLAB_SETTINGS_DIR: path.join(home, "settings"),
        JUPYTERLAB_WORKSPACES_DIR: path.join(home, "workspaces"),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-100_000);
    });
  }
  const killAtExit = () => child.kill();
  process.once("exit", killAtExit);

  const { url, token } = await address(child, path.join(home, "runtime"), () => log);
  return {
    url,
    token,
    rootDir,
    log: () => log,
    async stop() {
      process.off("exit", killAtExit);
      await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function writeKernelSpec(home: string, name: string, spec: object): void {
  const directory = path.join(home, "share", "kernels", name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, "kernel.json"), JSON.stringify(spec, undefined, 1));
}

/** Where the server listens, as it says itself, once it answers there. */
async function address(child: ChildProcess, runtimeDir: string, log: () => string) {
  const file = path.join(runtimeDir, `jpserver-${child.pid ?? 0}.json`);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`JupyterLab did not start:\n${log()}`);
    if (existsSync(file)) {
      const { url, token } = JSON.parse(readFileSync(file, "utf8")) as Server;
      const headers = { Authorization: `token ${token}` };
      const answer = await fetch(`${url}api/status`, { headers }).catch(() => undefined);
      if (answer?.ok === true) return { url, token };
    }
    await sleep(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(patience);
}
