import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Lab } from "../support/lab.js";
import { FIGURE } from "../support/payloads.js";
import { repository, startServer, venv } from "../support/server.js";

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

/** A figure of each kind that notebook 01 has. */
const FIGURES = `
import { compare, heatmap, pool, timeline } from "hotcell";
heatmap({ z: [[1, 2], [3, 4]] });
const xs = [1, 2, 3, 4];
const squares = await pool.map((x) => x * x, xs);
await compare({ serial: () => xs.map((x) => x * x), pooled: () => pool.map((x) => x * x, xs) }, { repeat: 2, minTime: 1 });
timeline(squares);`;

describe("the Python wheel", function () {
  this.timeout(240_000);
  let home: string;
  let python: string;
  let share: string;

  before(
    "build it, and install it into an environment that has JupyterLab and nothing else",
    () => {
      home = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-wheel-"));
      const base = path.join(venv, "bin", "python");
      const run = (...words: string[]) =>
        execFileSync(base, ["-m", ...words], { cwd: repository, encoding: "utf8" });
      const prefix = path.join(home, "env");
      run("venv", "--without-pip", prefix);
      python = path.join(prefix, "bin", "python");
      share = path.join(prefix, "share", "jupyter");
      // JupyterLab's packages are those of this clone, which takes no download
      const purelib = ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"];
      const [from, to] = [base, python].map((each) =>
        execFileSync(each, purelib, { encoding: "utf8" }).trim(),
      ) as [string, string];
      fs.writeFileSync(path.join(to, "jupyterlab.pth"), from);
      run("pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", home, "./extension");
      const wheel = path.join(
        home,
        fs.readdirSync(home).find((file) => file.endsWith(".whl"))!,
      );
      run("pip", "--python", python, "install", "--quiet", "--no-deps", wheel);
    },
  );

  after("remove it", () => {
    fs.rmSync(home, { recursive: true, force: true });
  });

  /** What a cell prints in a kernel that was started from the wheel, as from a fresh login. */
  function runCell(folder: string, more: Record<string, string> = {}): string {
    // no kernel of this clone
    const own = { JUPYTER_DATA_DIR: path.join(home, "data"), JUPYTER_PREFER_ENV_PATH: "0" };
    return execFileSync(python, ["-c", RUN_CELL, folder], {
      encoding: "utf8",
      env: { ...process.env, ...more, ...own },
      stdio: ["ignore", "pipe", "ignore"],
    });
  }

  it("has the version of the npm packages", () => {
    for (const file of ["extension/package.json", "kernel-lib/package.json"]) {
      const { version } = JSON.parse(fs.readFileSync(path.join(repository, file), "utf8")) as {
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
    const built = path.join(repository, "extension", "labextension");
    const installed = fs.readdirSync(extension).filter((file) => file !== "install.json");
    assert.deepEqual(installed.sort(), fs.readdirSync(built).sort());
    const { jupyterlab } = JSON.parse(
      fs.readFileSync(path.join(extension, "package.json"), "utf8"),
    ) as { jupyterlab: { _build: { load: string } } };
    assert.ok(fs.existsSync(path.join(extension, jupyterlab._build.load)));
  });

  it("runs cells with the Node and the packages that it finds", () => {
    assert.equal(runCell(path.join(repository, "notebooks")), "42\n");
  });

  it("says in the notebook which part is missing, and what to do", () => {
    assert.match(
      runCell(repository, { HOTCELL_NODE: "no-such-node" }),
      /^Node 20\.19 or newer is needed, and 'no-such-node' was not found: install it from/,
    );
    // a folder without node_modules above it, and an npm without global packages
    assert.match(
      runCell(home, { npm_config_prefix: home }),
      /^the npm package hotcell was not found in .*: run 'npm install hotcell tslab' there/,
    );
  });

  it("draws figures in its JupyterLab, with its kernel", async () => {
    const server = await startServer({ prefix: path.join(home, "env") });
    try {
      const lab = await Lab.open([FIGURES], { server });
      await lab.page.setViewportSize({ width: 1000, height: 1800 });
      await lab.runAll();
      await lab.drawn(3);
      const outputs = (await lab.codeCells()).flatMap((cell) => cell.outputs);
      const figures = outputs.flatMap(({ data }) => (data && FIGURE in data ? [data[FIGURE]] : []));
      assert.deepEqual(
        figures.map((text) => (JSON.parse(text as string) as { kind: string }).kind),
        ["heatmap", "timings", "timeline"],
      );
      await lab.canvases.first().hover({ position: { x: 300, y: 100 } });
      assert.deepEqual(Object.keys((await lab.readout()) ?? {}), ["x", "y", "z"]);
      await lab.close();
    } finally {
      await server.stop();
    }
  });
});
