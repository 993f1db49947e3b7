/**
 * Lays compiled code out again so that every token stands on the line, and where it fits in the
 * column, where the user wrote it. Then whatever V8 reports of a cell (stacks, function locations)
 * is already in the user's own lines. Code and a map of positions come in, code goes out; comments,
 * which only a reader of compiled code would see, are left behind.
 */
import type { Node, Token } from "acorn";

/** A position, line and column counted from zero. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the user wrote what stands at a position of the compiled code, if it is known exactly. */
export type Origin = (compiled: Position) => Position | undefined;

export interface Layout {
  readonly code: string;
  /** Whether the code awaits outside of any function. */
  readonly awaits: boolean;
  /** For each line, where columns differ from the user's: `[laid out, as written]`, ascending. */
  readonly columns: ReadonlyMap<number, readonly (readonly [number, number])[]>;
}

/** After these a line break would end the statement, or change its meaning. */
const NO_BREAK_AFTER = new Set(["return", "throw", "break", "continue", "yield", "async"]);
/** Before these it would. */
const NO_BREAK_BEFORE = new Set(["=>", "++", "--"]);

/**
 * Lays out `code`, whose tokens come from where `origin` says.
 *
 * Where the code awaits outside of functions, the value passes through `resumed` (the start of a
 * call, such as `check(4, `), if given.
 */
export function layOut(code: string, origin: Origin, resumed?: string): Layout {
  const acorn = require("acorn") as typeof import("acorn");
  const tokens: Token[] = [];
  const program = acorn.parse(code, {
    ecmaVersion: "latest",
    allowAwaitOutsideFunction: true,
    allowReturnOutsideFunction: true,
    locations: true,
    onToken: tokens,
  });
  const awaits = topLevelAwaits(program);
  const opening = new Map<number, number>();
  const closing = new Map<number, number>();
  for (const node of awaits) {
    if (resumed === undefined || node.type !== "AwaitExpression") continue;
    opening.set(node.start, (opening.get(node.start) ?? 0) + 1);
    closing.set(node.end, (closing.get(node.end) ?? 0) + 1);
  }

  const origins = ascending(
    tokens.map(({ loc }) => loc && origin({ line: loc.start.line - 1, column: loc.start.column })),
  );
  const page = new Page();
  let previous: Token | undefined;
  tokens.forEach((token, i) => {
    if (token.type === acorn.tokTypes.eof) return;
    const text = code.slice(token.start, token.end);
    // What stands beside a template's text would become part of it.
    const glued =
      token.type === acorn.tokTypes.template || previous?.type === acorn.tokTypes.template;
    if (!glued) {
      const before = previous && code.slice(previous.start, previous.end);
      const breakable = !NO_BREAK_AFTER.has(before ?? "") && !NO_BREAK_BEFORE.has(text);
      if (previous !== undefined && token.start > previous.end) page.gap = true;
      page.moveTo(origins[i], breakable);
    }
    page.write((resumed ?? "").repeat(opening.get(token.start) ?? 0));
    page.note(origins[i]);
    page.write(text);
    page.write(")".repeat(closing.get(token.end) ?? 0));
    previous = token;
  });
  return { code: page.text, awaits: awaits.length > 0, columns: page.columns };
}

/** The laid out code as it grows. */
class Page {
  private readonly parts: string[] = [];
  private line = 0;
  private column = 0;
  /** Whether the next token must not touch the last one. */
  gap = false;
  readonly columns = new Map<number, [number, number][]>();

  get text(): string {
    return this.parts.join("");
  }

  write(text: string): void {
    if (text === "") return;
    if (this.gap) this.parts.push(" ");
    this.column += this.gap ? 1 : 0;
    this.gap = false;
    this.parts.push(text);
    const lines = text.split("\n");
    this.line += lines.length - 1;
    this.column = lines.length === 1 ? this.column + text.length : (lines.at(-1)?.length ?? 0);
  }

  /** Fills up with line breaks and spaces; what is behind already stays where it is. */
  moveTo(place: Position | undefined, breakable: boolean): void {
    if (place === undefined) return;
    if (place.line > this.line && breakable) {
      this.parts.push("\n".repeat(place.line - this.line));
      this.line = place.line;
      this.column = 0;
      this.gap = false;
    }
    if (place.line === this.line && place.column > this.column) {
      this.parts.push(" ".repeat(place.column - this.column));
      this.column = place.column;
      this.gap = false;
    }
  }

  /** Remembers that the next token was written elsewhere in its line. */
  note(place: Position | undefined): void {
    const column = this.column + (this.gap ? 1 : 0);
    if (place?.line !== this.line) return;
    const shifts = this.columns.get(this.line);
    if (shifts === undefined && place.column === column) return;
    if (shifts === undefined) this.columns.set(this.line, [[column, place.column]]);
    else shifts.push([column, place.column]);
  }
}

/**
 * Keeps the positions of the longest sequence whose lines never go back: compiled code names some
 * things again (an enum's name, an exported variable) long before or after where they were written.
 */
function ascending(origins: readonly (Position | undefined)[]): (Position | undefined)[] {
  // Patience sorting: tails[n] ends the lowest sequence of length n + 1 seen so far.
  const tails: number[] = [];
  const before = new Map<number, number | undefined>();
  origins.forEach((place, i) => {
    if (place === undefined) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (origins[tails[middle]!]!.line <= place.line) low = middle + 1;
      else high = middle;
    }
    before.set(i, low > 0 ? tails[low - 1] : undefined);
    tails[low] = i;
  });
  const kept: (Position | undefined)[] = origins.map(() => undefined);
  for (let i = tails.at(-1); i !== undefined; i = before.get(i)) kept[i] = origins[i];
  return kept;
}

/** The `await` expressions and `for await` loops outside of any function. */
function topLevelAwaits(node: Node): Node[] {
  if (/Function|^PropertyDefinition$|^StaticBlock$/.test(node.type)) return [];
  const inside = Object.values(node).flatMap((child: unknown) =>
    (Array.isArray(child) ? child : [child]).filter(isNode).flatMap(topLevelAwaits),
  );
  const awaits =
    node.type === "AwaitExpression" ||
    (node.type === "ForOfStatement" && "await" in node && node.await === true);
  return awaits ? [node, ...inside] : inside;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
