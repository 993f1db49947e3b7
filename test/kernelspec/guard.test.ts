import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kernelSpec } from "../../kernel-lib/dist/kernelspec/spec.js";

const preload = path.resolve("kernel-lib", "dist", "kernelspec", "preload.js");

describe("the preload", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "hotcell-tslab-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs a made-up tslab with the preload. */
  function run(files: Record<string, string>) {
    const dist = path.join(home, "tslab", "dist");
    mkdirSync(dist, { recursive: true });
    writeFileSync(path.join(home, "tslab", "package.json"), '{ "version": "9.9.9" }');
    for (const [name, code] of Object.entries(files)) writeFileSync(path.join(dist, name), code);
    const main = path.join(dist, "main.js");
    return spawnSync(process.execPath, ["--require", preload, main, "kernel"], {
      encoding: "utf8",
    });
  }

  it("leaves a tslab alone that it doesn't recognise, with a line for each repair", () => {
    const { status, stdout, stderr } = run({
      "jupyter.js": `
        exports.JupyterHandlerImpl = class { handleExecute(everything) { return "as it was"; } };
        exports.ZmqServer = class { bindSocket(socket, port) {} handleExecute() {} };`,
      "executor.js": "exports.createExecutor = (options) => options;",
      "main.js": `
        const { createExecutor } = require("./executor");
        const { JupyterHandlerImpl } = require("./jupyter");
        console.log(createExecutor(1), new JupyterHandlerImpl().handleExecute());`,
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "1 as it was\n");
    const lines = stderr.trim().split("\n");
    assert.equal(lines.length, 4, stderr);
    for (const line of lines)
      assert.match(line, /^hotcell: in tslab .*; tslab 1\.0\.22 is known to work$/);
  });

  it("does nothing outside a kernel", () => {
    const { stdout } = spawnSync(
      process.execPath,
      [
        "--require",
        preload,
        "-p",
        `Object.keys(require.cache).filter((file) => file.includes("repair")).length`,
      ],
      { encoding: "utf8" },
    );
    assert.equal(stdout, "0\n");
  });
});

describe("the kernelspec", () => {
  it("starts this Node with the preload and the installed tslab", () => {
    const { argv, language } = kernelSpec();
    assert.equal(language, "typescript");
    assert.deepEqual(argv.slice(0, 3), [process.execPath, "--require", preload]);
    assert.deepEqual(argv.slice(4), ["kernel", "--config-path", "{connection_file}"]);
    assert.ok(argv.every((argument) => path.isAbsolute(argument) || !argument.includes(path.sep)));
  });
});
