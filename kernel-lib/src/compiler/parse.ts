/**
 * A function's text comes in, its syntax tree goes out, with a number for each node that formatting
 * and comments don't change; and back from such a number to a line and column of the text as it is
 * now. Knows nothing of what the syntax means.
 */
import type * as es from "acorn";
import type { CodePlace } from "../errors.js";
import { everyNode, parseText, type Node } from "./syntax.js";
import type { Captured, Position, SourceFunction } from "./types.js";

/** The part of a function that says what it does. */
export type FunctionNode = es.FunctionExpression | es.ArrowFunctionExpression;

/** A function's tree. */
export interface Parsed {
  readonly source: SourceFunction;
  readonly node: FunctionNode;
  /** Its nodes, outermost first: a node's number is its place here. */
  readonly nodes: readonly Node[];
  readonly numbers: ReadonlyMap<Node, number>;
}

const parsed = new WeakMap<SourceFunction, Parsed>();

/** Parses a function; undefined if its text is no function that can stand alone (a class, a getter). */
export function parse(source: SourceFunction): Parsed | undefined {
  const known = parsed.get(source);
  if (known) return known;
  const root = parseText(source.text);
  const node = root && functionOf(root);
  if (!node) return undefined;
  const nodes = [...everyNode(root)];
  const numbers = new Map(nodes.map((each, i) => [each, i]));
  const made = { source, node, nodes, numbers };
  parsed.set(source, made);
  return made;
}

function functionOf(root: Node): FunctionNode | undefined {
  const node = root.type === "Property" && root.kind === "init" ? (root.value as Node) : root;
  const isFunction = node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
  return isFunction ? (node as unknown as FunctionNode) : undefined;
}

/** The kernel and every function it leads to, each once: the functions that positions count. */
export function functionsOf(kernel: SourceFunction): readonly SourceFunction[] {
  const found = new Set<SourceFunction>();
  const visit = (source: SourceFunction): void => {
    if (found.has(source)) return;
    found.add(source);
    for (const each of sorted(source.captured)) enter(each);
  };
  const enter = (captured: Captured): void => {
    if (captured.is === "function") visit(captured.source);
    else if (captured.is === "tuple") captured.members.forEach(enter);
    else if (captured.is === "object") sorted(captured.members).forEach(enter);
  };
  visit(kernel);
  return [...found];
}

function sorted<T>(members: Readonly<Record<string, T>>): T[] {
  // by name, since the order of keys may follow that of the text
  return Object.keys(members)
    .sort()
    .map((name) => members[name]!);
}

/** The place of a node in the text of its function as it is now. */
export function placeOf(source: SourceFunction, start: number): CodePlace {
  const before = source.text.slice(0, start).split("\n");
  const row = before.length - 1;
  const column = before[row]!.length;
  const line = source.text.split("\n")[row]!;
  const caret = asWritten(line.slice(0, column)).length;
  return {
    file: source.place.file,
    line: source.place.line + row + 1,
    column: column + 1 + (row === 0 ? source.place.column : 0),
    text: asWritten(line),
    caret,
  };
}

/** Code without what compilers of modules put before the names of imports and of earlier cells. */
export function asWritten(code: string): string {
  return code
    .replace(/\(0, ((?:exports|[\w$]+_\d+)\.[\w$]+)\)/g, "$1")
    .replace(/\b(?:exports|[A-Za-z$_][\w$]*_\d+)\.(?=[A-Za-z$_])/g, "");
}

/** What a position in a compiled kernel means for the functions as they are now. */
export function locate(kernel: SourceFunction, { fn, node }: Position): CodePlace {
  const source = functionsOf(kernel)[fn] ?? kernel;
  return placeOf(source, parse(source)?.nodes[node]?.start ?? 0);
}
