import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";

const dist = path.dirname(require.resolve("hotcell"));
const TEXT = `exports.at = __filename;
exports.answer = () => 42;
exports.fail = () => {
  throw new Error("no");
};
`;

describe("a file and V8's bytecode of it", () => {
  let folder: string;
  let file: string;
  let bytecode: string;

  /** Evaluates an expression in a process of its own, with our loader in `folder`. */
  function evaluate(expression: string): unknown {
    const program = `
      const { requireFast, recordBytecode } = require("./bytecode.js");
      const file = ${JSON.stringify(file)};
      console.log(JSON.stringify(${expression}));`;
    const output = execFileSync(process.execPath, ["-e", program], {
      cwd: folder,
      encoding: "utf8",
    });
    return JSON.parse(output);
  }

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "hotcell-bytecode-"));
    fs.copyFileSync(path.join(dist, "bytecode.js"), path.join(folder, "bytecode.js"));
    file = path.join(folder, "answer.js");
    bytecode = path.join(folder, "bytecode", "answer.js.bin");
    fs.writeFileSync(file, TEXT);
    const record =
      "(() => { const keep = recordBytecode(); requireFast(file).answer(); keep(); return 0; })()";
    evaluate(record);
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("give the module that require gives, the same one to everybody", () => {
    const found = evaluate("[requireFast(file) === require(file), requireFast(file).answer()]");
    assert.deepEqual(found, [true, 42]);
    assert.equal(evaluate("requireFast(file).at"), file);
  });

  it("are told apart when the text has changed, even to one of the same length", () => {
    fs.writeFileSync(file, TEXT.replace("42", "43"));
    assert.equal(evaluate("requireFast(file).answer()"), 43);
  });

  it("load without it where it is damaged, cut short or missing", () => {
    const whole = fs.readFileSync(bytecode);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1]! ^= 1;
    for (const bytes of [flipped, whole.subarray(0, whole.length >> 1), Buffer.alloc(0)]) {
      fs.writeFileSync(bytecode, bytes);
      assert.equal(evaluate("requireFast(file).answer()"), 42);
    }
    fs.rmSync(bytecode);
    assert.equal(evaluate("requireFast(file).answer()"), 42);
  });

  it("keep the stack of an error in the file's own lines", () => {
    const caught = "(() => { try { requireFast(file).fail() } catch (e) { return e.stack } })()";
    assert.match(evaluate(caught) as string, /answer\.js:4:9/);
  });

  it("come with the build: of the compiler and of the parser it needs", () => {
    const names = fs.readdirSync(path.join(dist, "bytecode"));
    assert.deepEqual(names.sort(), ["acorn.js.bin", "compile.js.bin", "eslint-scope.cjs.bin"]);
    // a process of its own: V8 leaves bytecode aside that was made under other flags
    const program = `
      const { readFileSync } = require("node:fs");
      const { Script } = require("node:vm");
      const text = readFileSync("compiler/compile.js", "utf8");
      const cachedData = readFileSync("bytecode/compile.js.bin").subarray(32);
      const wrapped = "(function (exports, require, module, __filename, __dirname) {" + text + "\\n})";
      console.log(new Script(wrapped, { cachedData }).cachedDataRejected);`;
    const output = execFileSync(process.execPath, ["-e", program], { cwd: dist, encoding: "utf8" });
    assert.equal(output, "false\n");
  });
});
