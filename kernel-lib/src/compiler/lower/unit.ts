/**
 * One function's text while it is lowered: where its nodes stand, which of its names are assigned to,
 * and what its free names mean. A text of hotcell's own has no place; its call stands for it.
 */
import type * as es from "acorn";
import type { FunctionNode, Parsed } from "../parse.js";
import { everyNode, type Node } from "../syntax.js";
import type { Captured, Position, SourceFunction } from "../types.js";

export class Unit {
  readonly source: SourceFunction;
  readonly node: FunctionNode;
  /** Names that are assigned to anywhere in the text. */
  readonly assigned: ReadonlySet<string>;

  /**
   * @param fn - The function's number, as positions count.
   * @param call - For a text of hotcell's own: where the user calls it.
   */
  constructor(
    readonly parsed: Parsed,
    readonly fn: number,
    readonly call?: { readonly unit: Unit; readonly node: es.Node },
  ) {
    this.source = parsed.source;
    this.node = parsed.node;
    this.assigned = assignedNames(parsed.node);
  }

  position(node: es.Node): Position {
    if (this.call) return this.call.unit.position(this.call.node);
    return { fn: this.fn, node: this.parsed.numbers.get(node as Node) ?? 0 };
  }

  text(node: es.Node): string {
    return this.source.text.slice(node.start, node.end);
  }

  captured(name: string): Captured | undefined {
    const { captured } = this.source;
    return Object.hasOwn(captured, name) ? captured[name] : undefined;
  }
}

function assignedNames(root: es.Node): Set<string> {
  const names = new Set<string>();
  for (const node of everyNode(root)) {
    if (node.type === "AssignmentExpression") addTargets(node.left as Node, names);
    if (node.type === "UpdateExpression") addTargets(node.argument as Node, names);
    if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
      const left = node.left as Node;
      if (left.type !== "VariableDeclaration") addTargets(left, names);
    }
  }
  return names;
}

function addTargets(pattern: Node, names: Set<string>): void {
  for (const node of everyNode(pattern, ({ type }) => type !== "MemberExpression")) {
    if (node.type === "Identifier") names.add(node.name as string);
  }
}
