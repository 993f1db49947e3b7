/**
 * A function's text with the values of its variables comes in, the function goes out. The variables
 * become constants around it, so reading one costs what a local costs; stack traces show the script,
 * line and column where the user wrote it.
 */
import { constants, Script } from "node:vm";
import type { FunctionRecord } from "./capsule.js";

/** Gives a variable its value after the function was made. */
export type Late = (variable: number, value: unknown) => void;

export interface Evaluated {
  readonly fn: ((...args: never[]) => unknown) & { prototype?: unknown };
  readonly fill: Late;
  /** The object literal a member stands in: `super` means its prototype. */
  readonly home: object | undefined;
}

interface Given {
  readonly values: readonly unknown[];
  set?: Late;
  home?: object;
}

/** `late` are the variables whose value comes later, through `fill`. */
export function evaluate(
  record: FunctionRecord,
  values: readonly unknown[],
  late: ReadonlySet<number>,
): Evaluated {
  const given: Given = { values };
  const wrapper = compile(record, late) as (given: Given) => unknown;
  const made = wrapper(given) as Evaluated["fn"];
  const fn = given.home === undefined ? made : onlyMember(given.home);
  if (fn.name !== record.name && !ownsName(fn)) {
    Object.defineProperty(fn, "name", { value: record.name, configurable: true });
  }
  return {
    fn,
    fill: (variable, value) => given.set?.(variable, value),
    home: given.home,
  };
}

function compile(record: FunctionRecord, late: ReadonlySet<number>): unknown {
  const { text, kind, variables, place, strict, importsDynamically } = record;
  let given = "given";
  while (text.includes(given) || variables.includes(given)) given += "$";
  const constantsOf = variables
    .map((name, i) => (late.has(i) ? undefined : `${name} = ${given}.values[${i}]`))
    .filter((declaration) => declaration !== undefined);
  const laterOnes = [...late].map((i) => variables[i]!);
  const cases = [...late].map((i) => `case ${i}: ${variables[i]!} = ${given}[1]; break; `).join("");
  // its parameters hide the outer `given`, the only name that is surely free
  const setter = `(...${given}) => { switch (${given}[0]) { ${cases}} }`;
  const before = [
    strict ? '"use strict"; ' : "",
    constantsOf.length > 0 ? `const ${constantsOf.join(", ")}; ` : "",
    laterOnes.length > 0 ? `let ${laterOnes.join(", ")}; ${given}.set = ${setter}; ` : "",
    kind === "member" ? `${given}.home = ({` : "return (",
  ].join("");
  const opening = `(function (${given}) { ${before}`;
  const key = `${opening}${text}\n${kind} ${String(importsDynamically)} ${place.line}:${place.column} ${place.file}`;
  const known = wrappers.get(key);
  if (known !== undefined) return known;
  const script = new Script(`${opening}${text}${kind === "member" ? "})" : ")"} })`, {
    filename: place.file,
    lineOffset: place.line,
    columnOffset: place.column - opening.length,
    ...(importsDynamically && {
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }),
  });
  const wrapper: unknown = script.runInThisContext();
  if (wrappers.size === MOST_WRAPPERS) wrappers.delete(wrappers.keys().next().value!);
  wrappers.set(key, wrapper);
  return wrapper;
}

/**
 * Compiled texts, by all that they are compiled from, the oldest first. A wrapper that is called again
 * makes new functions with new variables, but they share what V8 has learnt about the code: the next
 * map of the same function starts optimised.
 */
const wrappers = new Map<string, unknown>();
const MOST_WRAPPERS = 1000;

function onlyMember(home: object): Evaluated["fn"] {
  const [key] = Reflect.ownKeys(home) as [string];
  const property = Object.getOwnPropertyDescriptor(home, key) as Record<string, unknown>;
  return (property.value ?? property.get ?? property.set) as Evaluated["fn"];
}

/** True for a class with a static method called `name`. */
function ownsName(fn: object): boolean {
  return typeof Object.getOwnPropertyDescriptor(fn, "name")?.value === "function";
}
