/**
 * Which variables of a function can never change: the script it was written in is parsed, and a
 * variable without a second assignment keeps its value. In doubt a variable counts as changeable.
 * Values are not looked at.
 */
import type { Scope, ScopeManager, Variable } from "eslint-scope";
import type { Location } from "./scopes.js";
import { sourceOf } from "./scripts.js";
import { attempt, walk, type Node } from "./syntax.js";

interface ParsedScript {
  readonly text: string;
  readonly scopes: ScopeManager;
  /** Functions by where they begin. */
  readonly functions: ReadonlyMap<number, Node>;
  readonly parents: ReadonlyMap<Node, Node>;
}

const scripts = new Map<string, ParsedScript | undefined>();
const MOST_SCRIPTS = 50;

/** A function as V8 knows it. */
export interface Written {
  readonly text: string;
  readonly location: Location | undefined;
  /** Where in the text V8 says the function begins. */
  readonly anchor: number;
}

/** Those of a function's free names that hold one value for ever, once they have one. */
export function constantNames({ text, location, anchor }: Written): ReadonlySet<string> {
  const constant = new Set<string>();
  const script = location && parsedScript(location.scriptId);
  if (!script) return constant;
  const start = offsetOf(script.text, location) - anchor;
  const node = script.functions.get(start);
  const scope = node && script.scopes.acquire(node as never);
  if (!scope || script.text.slice(start, start + text.length) !== text) return constant;
  const free = [...scope.through, ...(outerOf(scope)?.through ?? [])];
  for (const { identifier, resolved } of free) {
    const { name } = identifier as { name: string };
    if (resolved && isConstant(resolved, script.parents)) constant.add(name);
  }
  return constant;
}

/** The scope of a named function expression's own name lies between. */
function outerOf({ upper }: Scope): Scope | undefined {
  return upper?.type === "function-expression-name" ? upper : undefined;
}

function parsedScript(scriptId: string): ParsedScript | undefined {
  if (!scripts.has(scriptId)) {
    if (scripts.size >= MOST_SCRIPTS) scripts.clear();
    scripts.set(scriptId, parseScript(sourceOf(scriptId)));
  }
  return scripts.get(scriptId);
}

function parseScript({
  text,
  isModule,
}: {
  text: string;
  isModule: boolean;
}): ParsedScript | undefined {
  const sourceType = isModule ? "module" : "script";
  const program = attempt(text, { sourceType, allowReturnOutsideFunction: true });
  if (!program) return undefined;
  const { analyze } = require("eslint-scope") as typeof import("eslint-scope");
  const scopes = analyze(program as never, { ecmaVersion: 2022, sourceType });
  const functions = new Map<number, Node>();
  const parents = new Map<Node, Node>();
  walk(program, (node, parent) => {
    if (parent) parents.set(node, parent);
    if (/^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type)) {
      const isMethod = parent && (parent.method === true || parent.type === "MethodDefinition");
      functions.set(isMethod === true ? parent.start : node.start, node);
    }
    return true;
  });
  return { text, scopes, functions, parents };
}

function offsetOf(text: string, { line, column }: Location): number {
  let start = 0;
  for (let n = 0; n < line; n++) start = text.indexOf("\n", start) + 1;
  return start + column;
}

/** One declaration, and no assignment but that of the declaration, which happens once. */
function isConstant(variable: Variable, parents: ParsedScript["parents"]): boolean {
  const [definition, ...others] = variable.defs;
  if (!definition || others.length > 0) return false;
  const writes = variable.references.filter((reference) => reference.isWrite());
  switch (definition.type) {
    case "FunctionName":
    case "ClassName":
    case "CatchClause":
      return writes.length === 0;
    case "Parameter":
      // in sloppy functions `arguments[0] = …` changes a parameter
      return (
        writes.every(({ init }) => init === true) &&
        variable.scope.set.get("arguments")?.references.length === 0
      );
    case "Variable": {
      const declaration = definition.parent as { kind: string };
      if (declaration.kind === "const") return true;
      if (writes.some(({ init }) => init !== true) || writes.length > 1) return false;
      return declaration.kind === "let" || !isRepeated(definition.node as unknown as Node, parents);
    }
    default:
      return false;
  }
}

/** A `var` in a loop is set again and again. */
function isRepeated(declarator: Node, parents: ParsedScript["parents"]): boolean {
  let node: Node | undefined = declarator;
  while (node && !/Function/.test(node.type)) {
    if (/^(For|While|DoWhile)/.test(node.type)) return true;
    node = parents.get(node);
  }
  return false;
}
