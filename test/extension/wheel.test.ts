import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const python = path.join(root, ".venv", "bin", "python");

/** Starts the kernel named tslab, runs a cell, and prints what came of it: text or an error's message. */
const RUN_CELL = `
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="tslab", cwd=sys.argv[1], startup_timeout=120)
try:
    def show(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            print(content["text"], end="")
        elif message["msg_type"] == "error":
            print(content["evalue"])
    client.execute_interactive("const answer: number = 6 * 7; console.log(answer);", output_hook=show, timeout=120)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;

describe("the Python wheel", function () {
  this.timeout(240_000);
  let home: string;
  let share: string;

  before("build it, and install it into a folder of its own", () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-wheel-"));
    const pip = (...words: string[]) =>
      execFileSync(python, ["-m", "pip", "--disable-pip-version-check", ...words], { cwd: root });
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", home, "./extension");
    const wheel = fs.readdirSync(home).find((file) => file.endsWith(".whl"))!;
    pip("install", "--quiet", "--no-deps", "--target", home, path.join(home, wheel));
    share = path.join(home, "share", "jupyter");
  });

  after("remove it", () => {
    fs.rmSync(home, { recursive: true, force: true });
  });

  /** What a cell prints in a kernel that was started from the wheel, as from a fresh login. */
  function runCell(folder: string, more: Record<string, string> = {}): string {
    const env = { ...process.env, PYTHONPATH: home, JUPYTER_PATH: share, ...more };
    // only what is in the wheel: no kernel of this clone
    const own = { JUPYTER_DATA_DIR: path.join(home, "data"), JUPYTER_PREFER_ENV_PATH: "0" };
    return execFileSync(python, ["-c", RUN_CELL, folder], {
      encoding: "utf8",
      env: { ...env, ...own },
      stdio: ["ignore", "pipe", "ignore"],
    });
  }

  it("has the version of the npm packages", () => {
    for (const file of ["extension/package.json", "kernel-lib/package.json"]) {
      const { version } = JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as {
        version: string;
      };
      assert.ok(
        fs.readdirSync(home).includes(`hotcell_jupyterlab-${version}-py3-none-any.whl`),
        `${file} has ${version}`,
      );
    }
  });

  it("puts the built extension where JupyterLab looks for it", () => {
    const extension = path.join(share, "labextensions", "hotcell-jupyterlab");
    const built = path.join(root, "extension", "labextension");
    const installed = fs.readdirSync(extension).filter((file) => file !== "install.json");
    assert.deepEqual(installed.sort(), fs.readdirSync(built).sort());
    const { jupyterlab } = JSON.parse(
      fs.readFileSync(path.join(extension, "package.json"), "utf8"),
    ) as { jupyterlab: { _build: { load: string } } };
    assert.ok(fs.existsSync(path.join(extension, jupyterlab._build.load)));
  });

  it("runs cells with the Node and the packages that it finds", () => {
    assert.equal(runCell(path.join(root, "notebooks")), "42\n");
  });

  it("says in the notebook which part is missing, and what to do", () => {
    assert.match(
      runCell(root, { HOTCELL_NODE: "no-such-node" }),
      /^Node 20\.19 or newer is needed, and 'no-such-node' was not found: install it from/,
    );
    // a folder without node_modules above it, and an npm without global packages
    assert.match(
      runCell(home, { npm_config_prefix: home }),
      /^the npm package hotcell was not found in .*: run 'npm install hotcell tslab' there/,
    );
  });
});
