import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

interface Outcome {
  status: number | null;
  lines: string[];
}

function setup(folder: string, env: NodeJS.ProcessEnv = {}): Outcome {
  const script = path.join(folder, "scripts", "setup.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, lines: (stdout + stderr).trim().split("\n") };
}

/** A tree in which all is set up but the Python environment. */
function treeWithoutPython(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-setup-"));
  for (const copied of ["scripts", "binder", "build/setup.json"])
    fs.cpSync(path.join(root, copied), path.join(folder, copied), { recursive: true });
  for (const linked of ["node_modules", "kernel-lib", "extension"])
    fs.symlinkSync(path.join(root, linked), path.join(folder, linked), "junction");
  for (const file of ["package.json", "package-lock.json", "tsconfig.base.json"])
    fs.copyFileSync(path.join(root, file), path.join(folder, file));
  return folder;
}

describe("npm run setup", () => {
  it("does no work twice", () => {
    assert.equal(setup(root).status, 0);
    const { status, lines } = setup(root);
    assert.equal(status, 0);
    assert.deepEqual(lines, ["hotcell: ready; 'npm start' opens JupyterLab"]);
  });

  it("does again what was cut short, whatever it left behind", () => {
    const folder = treeWithoutPython();
    try {
      const python = path.join(folder, "python");
      // makes an environment, and fails where packages come into it
      const venv = 'mkdir -p "$3/bin" && cp "$0" "$3/bin/python"';
      const script = `#!/bin/sh\ncase "$2" in venv) ${venv};; pip) exit 1;; *) echo 3 12;; esac\n`;
      fs.writeFileSync(python, script, { mode: 0o755 });
      fs.writeFileSync(path.join(folder, "build", "setup.json"), "{");
      for (let run = 0; run < 2; run++) {
        const { status, lines } = setup(folder, { HOTCELL_PYTHON: python });
        assert.equal(status, 1);
        assert.match(lines.at(-1)!, /^hotcell: '.* pip install .*' failed/);
      }
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  describe("without a usable Python", () => {
    const folder = treeWithoutPython();
    after(() => {
      fs.rmSync(folder, { recursive: true });
    });

    it("says in one line that Python is missing, and the remedy", () => {
      const { status, lines } = setup(folder, { HOTCELL_PYTHON: path.join(folder, "none") });
      assert.equal(status, 1);
      assert.match(lines.at(-1)!, /^hotcell: Python 3\.10 or newer is needed.*install it from/);
      assert.equal(lines.filter((line) => !line.endsWith("…")).length, 1, lines.join("\n"));
    });

    it("says that a Python is too old", () => {
      const python = path.join(folder, "python3.9");
      fs.writeFileSync(python, "#!/bin/sh\necho 3 9\n", { mode: 0o755 });
      const { status, lines } = setup(folder, { HOTCELL_PYTHON: python });
      assert.equal(status, 1);
      assert.match(lines.at(-1)!, /python3\.9 is 3\.9/);
    });

    it("says that the venv module is missing, and the package that brings it", () => {
      const python = path.join(folder, "bare-python");
      const script = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\necho 3 12\n';
      fs.writeFileSync(python, script, { mode: 0o755 });
      const { status, lines } = setup(folder, { HOTCELL_PYTHON: python });
      assert.equal(status, 1);
      assert.match(lines.at(-1)!, /lacks its venv module.*apt-get install python3-venv.*brings it/);
    });
  });
});
