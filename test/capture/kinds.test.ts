import assert from "node:assert/strict";
import ts from "typescript";
import { inWorker } from "./apart.js";
import { loadModule } from "./load-module.js";
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
  return loadModule(outputText) as { fn: Fn; inputs: unknown[] };
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
