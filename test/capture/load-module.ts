/** Runs text as the CommonJS module that a user's program would be, beside the tests. */
import Module from "node:module";
import { join } from "node:path";

export function loadModule(text: string): unknown {
  const filename = join(__dirname, "row.js");
  const row = new Module(filename);
  row.filename = filename;
  row.paths = module.paths;
  (row as unknown as { _compile(text: string, filename: string): void })._compile(text, filename);
  return row.exports;
}
