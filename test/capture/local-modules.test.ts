import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { startKernel } from "../support/kernel.js";

const root = join(__dirname, "../..");

const lens = `
import Complex from "complex.js";
import { half } from "./half";
import * as os from "os";
export const focal = 5;
let uses = 3;
export function focus(x: number) { return half(x) * focal + uses; }
export default class Lens {
  static made = 0;
  constructor(readonly power: number) {}
  phase(x: number) { return new Complex(0, half(x * this.power)).exp().toString() + os.EOL.length; }
}
export const registry = new WeakMap();
export enum Side { Front, Back = 4 }
`;
const half = `export const half = (x: number) => x / divisor; const divisor = 2;`;

function folder(files: Record<string, string>): string {
  mkdirSync(join(root, "build"), { recursive: true });
  const made = mkdtempSync(join(root, "build", "modules-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

describe("functions of local files", () => {
  it("travel from a cell, of this cell and of earlier ones", async () => {
    const path = folder({ "lens.ts": lens, "half.ts": half });
    const kernel = await startKernel({ path: relative(root, path) });
    try {
      const imports = `import { pool } from "hotcell";
import Lens, { focus, focal, Side } from "./lens";
import * as optics from "./lens";`;
      const call = `const there = await pool.map((x) => [focus(x), new Lens(focal).phase(x), Side[4], optics.focus(x), new Lens(x) instanceof Lens], [1, 2]);
const here = [1, 2].map((x) => [focus(x), new Lens(focal).phase(x), Side[4], optics.focus(x), true]);
console.log(JSON.stringify(there) === JSON.stringify(here), there.length);`;
      for (const cells of [[`${imports}\n${call}`], [imports, call]]) {
        for (const cell of cells) {
          const { status, stdout, stderr } = await kernel.execute(cell);
          assert.deepEqual({ status, stderr }, { status: "ok", stderr: "" });
          if (cell.includes("console")) assert.equal(stdout, "true 2\n");
        }
      }
    } finally {
      await kernel.shutdown();
      rmSync(path, { recursive: true });
    }
  });

  const program = (imports: string): string => `${imports}
const scale = (f) => (x) => x * f;
class Point { constructor(x) { this.x = x; } get twice() { return this.x * 2; } }
const five = scale(5);
const fn = (x) => [five(x), join("a", String(x)), new Point(x).twice, path.sep, new Complex(x, 1).toString(), focus(x)];
const main = async () => {
  const there = await pool.map(fn, [1, 2, 3]);
  console.log(JSON.stringify(there) === JSON.stringify([1, 2, 3].map(fn)));
  await pool.close();
};
main();
`;
  const programs: Record<string, [string, Record<string, string>, string[]]> = {
    "a CommonJS program": [
      program(
        `const { pool } = require("hotcell"); const { join } = require("path"); const path = require("node:path"); const Complex = require("complex.js"); const { focus } = require("./lens.js");`,
      ),
      { "lens.js": `let uses = 1; exports.focus = (x) => x + uses;` },
      ["main.cjs"],
    ],
    "an ES module": [
      program(
        `import { pool } from "hotcell"; import { join } from "path"; import * as path from "node:path"; import Complex from "complex.js"; import { focus } from "./lens.mjs";`,
      ),
      { "lens.mjs": `let uses = 1; export const focus = (x) => x + uses;` },
      ["main.mjs"],
    ],
    "a TypeScript program run by tsx": [
      program(
        `import { pool } from "hotcell"; import { join } from "path"; import * as path from "node:path"; import Complex from "complex.js"; import { focus } from "./lens.js";`,
      ),
      { "lens.ts": `let uses: number = 1; export const focus = (x: number) => x + uses;` },
      ["--import", "tsx", "main.ts"],
    ],
  };
  for (const [name, [text, files, args]] of Object.entries(programs)) {
    it(`travel from ${name}`, async () => {
      const path = folder({ ...files, [args.at(-1)!]: text });
      try {
        const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: path });
        assert.equal(stdout, "true\n");
      } finally {
        rmSync(path, { recursive: true });
      }
    });
  }
});
