import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const read = (file: string): string => fs.readFileSync(path.join(root, file), "utf8");

/** What `binder/environment.yml` asks for. */
function pinned(name: string): string {
  const version = new RegExp(`^\\s*- ${name}=([\\d.]+)\\s*$`, "m").exec(
    read("binder/environment.yml"),
  )?.[1];
  assert.ok(version, `${name} is not pinned`);
  return version;
}

describe("Binder and npm start", () => {
  it("run the same JupyterLab", () => {
    const jupyter = path.join(root, ".venv", "bin", "jupyter-lab");
    assert.equal(
      execFileSync(jupyter, ["--version"], { encoding: "utf8" }).trim(),
      pinned("jupyterlab"),
    );
  });

  it("have a Node that every package of ours supports, and a Python that set-up would take", () => {
    for (const file of ["package.json", "kernel-lib/package.json"]) {
      const { engines } = JSON.parse(read(file)) as { engines: { node: string } };
      assert.equal(engines.node, ">=20.19");
    }
    assert.ok(Number(pinned("nodejs").split(".")[0]) >= 22);
    const [major, minor] = pinned("python").split(".").map(Number);
    assert.ok(major === 3 && minor! >= 10);
  });

  it("open a notebook that is there", () => {
    const link = /mybinder\.org\/v2\/gh\/\S+\?urlpath=lab\/tree\/([^)]+)\)/.exec(read("README.md"));
    assert.ok(link, "README.md has no Binder link");
    assert.ok(fs.existsSync(path.join(root, link[1]!)), link[1]);
    const { mode } = fs.statSync(path.join(root, "binder", "postBuild"));
    assert.ok(mode & 0o100, "binder/postBuild is not executable");
  });
});
