/** Random reductions of a `prange` into variables: sums, bits, extremes, searches, flags, last values. */
import fc from "fast-check";
import { number } from "./expressions.js";
import { form, pick, which, type Piece, type ReducedName, type Scope } from "./scope.js";

/** What decides how a `prange` reduces: by what, whether exactly, from which value on, and what is kept along. */
export type Reductions = readonly (readonly [
  by: ReducedName["by"],
  isExact: boolean,
  start: Piece,
  along: number,
])[];

const kinds = ["+", "*", "&", "|", "^", "min", "max", "<", "<=", ">", ">=", "last", "any"] as const;

export const reductions: fc.Arbitrary<Reductions> = fc.array(
  fc.tuple(fc.constantFrom(...kinds), fc.boolean(), number, form(2)),
  { maxLength: 3 },
);

export function reducedOf(scope: Scope, reductions: Reductions): readonly ReducedName[] {
  return reductions.map(([by, isExact, , along]) => ({
    name: scope.fresh("r"),
    by,
    along: isSearch(by) ? Array.from({ length: along }, () => scope.fresh("w")) : [],
    isExact: isExact || (by !== "+" && by !== "*"),
  }));
}

function isSearch(by: ReducedName["by"]): by is "<" | "<=" | ">" | ">=" {
  return /[<>]/.test(by);
}

/** What declares the variables. */
export function before(scope: Scope, reduced: readonly ReducedName[], all: Reductions): string {
  const lines = reduced.flatMap(({ name, by, isExact, along }, at) => {
    const start =
      by === "any"
        ? "false"
        : by !== "+" && by !== "*"
          ? all[at]![2](scope)
          : isExact
            ? "1"
            : "0.5";
    return [`let ${name} = ${start};\n`, ...along.map((each) => `let ${each} = -1;\n`)];
  });
  return lines.join("");
}

/** What follows the loop, and what is known behind it: a sum that was rounded is told apart. */
export function behind(
  scope: Scope,
  reduced: readonly ReducedName[],
): { readonly lines: readonly string[]; readonly scope: Scope } {
  const lines: string[] = [];
  let after = scope;
  for (const { name, by, isExact, along } of reduced) {
    if (by === "any") after = after.boolean(name);
    else if (isExact) after = [name, ...along].reduce((each, one) => each.number(one, true), after);
    else lines.push(`inexact = Math.max(-1e6, Math.min(1e6, inexact + ${name}));`);
  }
  return { lines, scope: after };
}

/** Reduces into a variable. */
export const reduce = fc
  .tuple(which, number, form(3), which)
  .map(([by, value, op, other]): Piece => (scope) => {
    const found = pick(scope.names.reduced, by);
    if (!found) return "";
    const plain = pick(scope.names.numbers, other)!;
    if (isSearch(found.by)) return search(scope, found, found.by, value(scope), op, plain);
    switch (found.by) {
      case "last":
        return `if (${plain} > ${op}) ${found.name} = ${value(scope)};`;
      case "any":
        return flag(scope, found.name, value(scope), op);
      default:
        return reduction(found, value(scope), op);
    }
  });

function reduction({ name, by, isExact }: ReducedName, value: string, op: number): string {
  if (by === "min" || by === "max") {
    return op % 2
      ? `${name} = Math.${by}(${name}, ${value});`
      : `${name} = Math.${by}(${value}, ${name});`;
  }
  if (by === "&" || by === "|" || by === "^") {
    return op % 2 ? `${name} ${by}= ${value};` : `${name} = (${value}) ${by} ${name};`;
  }
  if (by === "*")
    return `${name} *= ${isExact ? `((${value}) & 1 ? -1 : 1)` : `(0.5 + ((${value}) & 1))`};`;
  const added = isExact ? `((${value}) & 1023)` : `Math.max(-8, Math.min(8, ${value}))`;
  return [
    `${name} += ${added};`,
    `${name} -= ${added};`,
    `${name} = ${added} + ${name};`,
    `${name} = ${name} + ${added};`,
  ][op]!;
}

const mirrored = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

/** @param plain a number that is there, and can't fail to be. */
function search(
  scope: Scope,
  { name, along }: ReducedName,
  by: keyof typeof mirrored,
  value: string,
  op: number,
  plain: string,
): string {
  const found = scope.fresh("c");
  const first = `const ${found} = ${value};\n`;
  const test = op % 2 === 0 ? `${found} ${by} ${name}` : `${name} ${mirrored[by]} ${found}`;
  if (along.length === 0 && op > 1) return `${first}${name} = ${test} ? ${found} : ${name};`;
  const kept = along.map((_, k) => [scope.names.own!, `${plain} - ${found}`][k]!);
  const condition = op === 3 ? `${plain} > 0 && ${test}` : test;
  if (op === 0) {
    const sets = along.map((each, k) => ` ${each} = ${kept[k]!};`);
    return `${first}if (${condition}) {${sets.join("")} ${name} = ${found}; }`;
  }
  return `${first}if (${condition}) [${[name, ...along].join(", ")}] = [${[found, ...kept].join(", ")}];`;
}

function flag(scope: Scope, name: string, value: string, op: number): string {
  const found = scope.fresh("c");
  const set = [
    `if (${found} > 9) ${name} = true;`,
    `${name} = ${name} || ${found} > 9;`,
    `${name} ||= ${found} < 0 || ${found} > 12;`,
    `if (${found} === 3) ${name} = !(${found} > 5);`,
  ][op]!;
  return `const ${found} = ${value};\n${set}`;
}
