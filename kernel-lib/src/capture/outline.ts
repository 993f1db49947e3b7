/**
 * The outline of a function's text: the names it takes from outside and which members of them it
 * uses. It is all that finding a kernel's captured values needs of the text, and plain data, so that
 * it can be kept on disk and an unchanged function is read without a parser.
 */
import { anchorOf, isStaticMember } from "./source.js";
import { parse, type Node, type Syntax } from "./syntax.js";

/** How a name, or a member of one, is used. */
export interface Use {
  /** It stands somewhere by itself: not only as `name.member`. */
  whole: boolean;
  readonly members: Record<string, Use>;
}

export interface Outline {
  /** Where in the text V8 says the function begins. */
  readonly anchor: number;
  readonly names: Readonly<Record<string, Use>>;
}

/** Keeps outlines by the text they were made from, in memory or on disk. */
export interface OutlineMemo {
  get(text: string): Outline | undefined;
  put(text: string, outline: Outline): void;
}

/** Outlines a function's text; undefined if it can't stand alone (a method with `#private` or `super()`). */
export function outline(text: string): Outline | undefined {
  const syntax = parse(text);
  if (!syntax) return undefined;
  const names = record<Use>();
  for (const { node } of syntax.free) note(names, node.name, node, syntax.parents);
  return { anchor: anchorOf(text, syntax), names };
}

function note(
  uses: Record<string, Use>,
  name: string,
  node: Node,
  parents: Syntax["parents"],
): void {
  const use = (uses[name] ??= { whole: false, members: record() });
  const parent = parents.get(node);
  if (parent && isStaticMember(parent) && parent.object === node) {
    note(use.members, (parent.property as { name: string }).name, parent, parents);
  } else {
    use.whole = true;
  }
}

/** A record without a prototype: a name may be `constructor` or `__proto__`. */
function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
