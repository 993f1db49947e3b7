import assert from "node:assert/strict";
import Module from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { inWorker } from "./apart.js";
import { type Kind, kinds } from "./kinds.js";

type Fn = (...args: unknown[]) => unknown;

/** Runs a row as the CommonJS module that the TypeScript compiler makes of it. */
function load({ setup, fn, inputs }: Kind): { fn: Fn; inputs: unknown[] } {
  const text = `${setup}\nexport const fn = ${fn};\nexport const inputs = ${inputs ?? "[3, 4]"};`;
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const filename = join(__dirname, "row.js");
  const row = new Module(filename);
  row.filename = filename;
  row.paths = module.paths;
  (row as unknown as { _compile(text: string, filename: string): void })._compile(
    outputText,
    filename,
  );
  return row.exports as { fn: Fn; inputs: unknown[] };
}

describe("a function in another thread gives what it gives here, with", () => {
  for (const kind of kinds) {
    it(kind.name, async () => {
      const { fn, inputs } = load(kind);
      for (const input of inputs) {
        assert.deepStrictEqual(await inWorker(fn, input), await fn(input));
      }
    });
  }
});
