/**
 * A function's text without what doesn't change its meaning: comments, white space, line ends,
 * semicolons, redundant parentheses, how a number is written. Texts of one normal form have the same
 * syntax tree, so also the same node numbers.
 */

const forms = new Map<string, string>();
const MOST_FORMS = 1000;

/** The normal form of a function's text; the text itself where it can't be parsed on its own. */
export function normalForm(text: string): string {
  const known = forms.get(text);
  if (known !== undefined) return known;
  if (forms.size >= MOST_FORMS) forms.clear();
  const tree = parse(`(${text}\n)`) ?? parse(`({${text}\n})`);
  const form = tree === undefined ? text : JSON.stringify(tree, withoutPlaces);
  forms.set(text, form);
  return form;
}

function parse(text: string): unknown {
  const acorn = require("acorn") as typeof import("acorn");
  try {
    return acorn.parse(text, { ecmaVersion: "latest", sourceType: "script" });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JSON has no bigints (acorn keeps their digits besides) and no infinity, which `1e999` is. */
function withoutPlaces(this: unknown, key: string, value: unknown): unknown {
  if (key === "start" || key === "end") return undefined;
  if (key === "raw" && (this as { type?: unknown }).type === "Literal") return undefined;
  if (typeof value === "bigint") return undefined;
  return value === Infinity ? { number: "Infinity" } : value;
}
