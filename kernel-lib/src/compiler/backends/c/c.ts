/** The C backend: a module of the IR as the source of a shared object, which a person can read as well. */
import type { Func, Module } from "../../ir.js";
import { withCallees } from "../../callees.js";
import { functionText, head } from "./emit.js";
import { memoryTypes } from "./memory.js";
import { prelude } from "./prelude.js";

/** The whole source, which exports `kernel`, `loop0`, `loop1` …; `lanes` is what the vectors of the module have. */
export function source(module: Module, lanes: number): string {
  const functions = withCallees(module.functions);
  const names = new Map(functions.map((func, i) => [func, nameOf(func, i)]));
  const inner = functions.filter(({ exported }) => exported !== true);
  return [
    prelude(lanes),
    memoryTypes(lanes),
    "",
    ...inner.map((func) => `${head(func, names.get(func)!, () => "")};`),
    "",
    ...functions.map((func) => `${functionText(func, names)}\n`),
  ].join("\n");
}

/** A function of the user's may have any name; variables' names end in a number of their own. */
function nameOf({ name, exported }: Func, i: number): string {
  return exported === true ? name : `${name.replace(/\W/g, "_")}_f${i}`;
}
