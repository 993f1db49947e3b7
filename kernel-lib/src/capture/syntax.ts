/**
 * The syntax tree of one function: `toString()` text comes in, acorn's tree with parents and the
 * names it leaves free go out. Says nothing of what those names mean.
 */
import type { Options } from "acorn";
import type { Reference } from "eslint-scope";
import { requireFast } from "../bytecode.js";

/** A node of acorn's tree, as far as capture looks at it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** How a text becomes a value: on its own, or as the one member of an object literal. */
export type Form = "expression" | "member";

export interface FreeReference {
  readonly node: Node & { readonly name: string };
  readonly writes: boolean;
}

export interface Syntax {
  /** The function or class itself; for a member its property. */
  readonly root: Node;
  readonly form: Form;
  readonly parents: ReadonlyMap<Node, Node>;
  readonly free: readonly FreeReference[];
  /** For the name in a declaration that is never assigned again: where it is read. */
  readonly reads: ReadonlyMap<Node, readonly Node[]>;
}

/** Parses what `Function.prototype.toString` gave; undefined when the text cannot stand alone. */
export function parse(text: string): Syntax | undefined {
  for (const form of ["expression", "member"] as const) {
    // one character before the text in either form, so positions are off by one or two
    const [before, after] = form === "expression" ? ["(", ")"] : ["({", "})"];
    const program = attempt(before + text + after);
    if (program === undefined) continue;
    shift(program, -before.length);
    const [statement] = program.body as [Node];
    const expression = statement.expression as Node;
    const root = form === "expression" ? expression : (expression.properties as [Node])[0];
    if (root.start !== 0 || root.end !== text.length) continue;
    return { root, form, parents: parentsOf(program), ...references(program) };
  }
  return undefined;
}

/** Parses a whole script; undefined where it isn't one. */
export function attempt(text: string, options: Partial<Options> = {}): Node | undefined {
  const { parse: parseScript } = requireFast(require.resolve("acorn")) as typeof import("acorn");
  try {
    return parseScript(text, {
      ecmaVersion: "latest",
      sourceType: "script",
      ...options,
      // eslint-scope compares positions by range
      ranges: true,
    }) as unknown as Node;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The nodes directly below one. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node)) {
    for (const child of (Array.isArray(value) ? value : [value]) as unknown[]) {
      if (isNode(child)) found.push(child);
    }
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Every node below with the one around it, outermost first; `enter` returns false to stay out of a node. */
export function walk(
  node: Node,
  enter: (node: Node, parent?: Node) => boolean,
  parent?: Node,
): void {
  if (!enter(node, parent)) return;
  for (const child of children(node)) walk(child, enter, node);
}

function shift(program: Node, by: number): void {
  const done = new Set<Node>();
  walk(program, (node) => {
    // a shorthand property holds one identifier twice
    if (done.has(node)) return false;
    done.add(node);
    const [start, end] = [node.start + by, node.end + by];
    Object.assign(node, { start, end, range: [start, end] });
    return true;
  });
}

function parentsOf(program: Node): Map<Node, Node> {
  const parents = new Map<Node, Node>();
  walk(program, (node) => {
    for (const child of children(node)) if (!parents.has(child)) parents.set(child, node);
    return true;
  });
  return parents;
}

function references(program: Node): Pick<Syntax, "free" | "reads"> {
  const file = require.resolve("eslint-scope");
  const { analyze } = requireFast(file) as typeof import("eslint-scope");
  const scopes = analyze(program as never, {
    ecmaVersion: 2022,
    sourceType: "script",
    ignoreEval: true,
  });
  const through: readonly Reference[] = scopes.globalScope?.through ?? [];
  const free = through.map((reference) => ({
    node: reference.identifier as unknown as FreeReference["node"],
    writes: reference.isWrite(),
  }));
  const reads = new Map<Node, readonly Node[]>();
  for (const { variables } of scopes.scopes) {
    for (const { identifiers, references: all } of variables) {
      const [name, ...others] = identifiers as unknown as Node[];
      if (!name || others.length > 0 || all.filter((one) => one.isWrite()).length !== 1) continue;
      const read = all.filter((one) => !one.isWrite());
      reads.set(
        name,
        read.map(({ identifier }) => identifier as unknown as Node),
      );
    }
  }
  return { free, reads };
}
