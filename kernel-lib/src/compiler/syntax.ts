/**
 * A function's text as acorn's tree, and a walk through its nodes in the order of the text. Knows
 * where nodes stand, nothing of what they mean.
 */
import type { Node as AnyNode, Program } from "acorn";

/** A node of any type, for code that looks at its children only. */
export interface Node extends AnyNode {
  readonly [key: string]: unknown;
}

/**
 * Parses what `Function.prototype.toString` gave: a function, or the one member of an object literal.
 * Positions count from the text's start. Undefined when the text can't stand alone.
 */
export function parseText(text: string): Node | undefined {
  for (const [before, after] of [
    ["(", ")"],
    ["({", "})"],
  ] as const) {
    const program = attempt(before + text + after) as (Program & Node) | undefined;
    if (!program) continue;
    for (const node of everyNode(program)) {
      Object.assign(node, { start: node.start - before.length, end: node.end - before.length });
    }
    const { expression } = program.body[0] as unknown as { expression: Node };
    const root = before === "(" ? expression : (expression.properties as Node[])[0]!;
    if (root.start === 0 && root.end === text.length) return root;
  }
  return undefined;
}

function attempt(text: string): Program | undefined {
  const { parse } = require("acorn") as typeof import("acorn");
  try {
    return parse(text, { ecmaVersion: 2022, sourceType: "script" });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Every node below, outer before inner, each once: a shorthand property holds one identifier twice. */
export function everyNode(root: AnyNode, enters: (node: Node) => boolean = () => true): Set<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (found.has(node)) return;
    found.add(node);
    if (!enters(node)) return;
    for (const value of Object.values(node)) {
      for (const child of (Array.isArray(value) ? value : [value]) as unknown[]) {
        if (isNode(child)) visit(child);
      }
    }
  };
  visit(root as Node);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
