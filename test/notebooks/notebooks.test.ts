import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const runner = path.join(root, "scripts", "notebooks.mjs");

function run(...files: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...files], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

function notebook(folder: string, name: string, ...cells: string[]): string {
  const file = path.join(folder, name);
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
    cells: cells.map((source, index) => ({
      id: `cell-${index}`,
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
  };
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

describe("npm run notebooks", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hotcell-notebooks-"));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("executes every walk-through without an error", () => {
    const { status, output } = run();
    assert.equal(status, 0, output);
    const walkThroughs = fs
      .readdirSync(path.join(root, "notebooks"))
      .filter((file) => file.endsWith(".ipynb"));
    assert.ok(walkThroughs.length > 0);
    for (const file of walkThroughs)
      assert.match(output, new RegExp(`ok {3}notebooks.${file.replaceAll(".", "\\.")}`));
  });

  it("fails on a thrown error, a type error, a figure without its PNG", () => {
    const thrown = notebook(
      folder,
      "thrown.ipynb",
      `const one = 1;`,
      `throw new Error("no luck");`,
    );
    const mistyped = notebook(folder, "mistyped.ipynb", `const two: number = "two";`);
    const bare = notebook(
      folder,
      "bare.ipynb",
      `import { display } from "tslab";`,
      `display.raw("application/vnd.hotcell.figure+json", "{}");`,
    );
    const { status, output } = run(thrown, mistyped, bare);
    assert.equal(status, 1, output);
    assert.match(output, /FAIL .*thrown\.ipynb\n.*no luck/);
    assert.match(output, /FAIL .*mistyped\.ipynb\n.*not assignable to type 'number'/s);
    assert.match(output, /FAIL .*bare\.ipynb\n.*a figure without its PNG/);
  });
});
