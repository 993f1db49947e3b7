/**
 * Random statements of the kernel language, as pieces that fit any scope: a `prange` among them
 * writes only its own elements and reduces only what is given to it.
 */
import fc from "fast-check";
import { boolean, inexact, number } from "./expressions.js";
import { looped, MOST_DEPTH, prange, strip } from "./loops.js";
import { reduce, reductions } from "./reductions.js";
import {
  block,
  form,
  pick,
  plain,
  which,
  type ArrayName,
  type Line,
  type Piece,
  type Scope,
} from "./scope.js";
import { histogram, store } from "./writes.js";

const declare = fc
  .tuple(form(40), number, number, boolean)
  .map(([op, a, b, test]): Line => (scope) => {
    const name = scope.fresh("v");
    switch (op) {
      default:
        return { text: `let ${name} = ${a(scope)};`, scope: scope.number(name, true) };
      case 1:
      case 2:
      case 7:
        return { text: `const ${name} = ${a(scope)};`, scope: scope.number(name, false) };
      case 3:
        return { text: `let ${name} = ${test(scope)};`, scope: scope.boolean(name) };
      case 4: {
        const other = scope.fresh("v");
        const text = `let [${name}, ${other}] = pair(${a(scope)}, ${b(scope)});`;
        return { text, scope: scope.number(name, true).number(other, true) };
      }
      case 5: {
        const text = `const ${name} = { re: ${a(scope)}, im: ${b(scope)} };`;
        return { text, scope: scope.number(`${name}.re`, true).number(`${name}.im`, true) };
      }
      case 6: {
        const text = `const ${name} = zeros([4]);\n${name}.set(${a(scope)}, 0);`;
        const array: ArrayName = { name, isTyped: false, lengths: ["4"], access: "free" };
        return { text, scope: scope.with({ arrays: [array, ...scope.names.arrays] }) };
      }
    }
  });

const operators = [
  "=",
  "=",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "|=",
  "&=",
  "^=",
  "<<=",
  ">>=",
  ">>>=",
] as const;
const assign = fc
  .tuple(which, fc.constantFrom(...operators), number, form(4), which, boolean)
  .map(([by, operator, value, op, other, test]): Piece => (scope) => {
    const { settable, settableBooleans } = scope.names;
    const name = pick(settable, by);
    if (op === 3) {
      const found = pick(settableBooleans, by);
      return found === undefined ? "" : `${found} = ${test(scope)};`;
    }
    if (name === undefined) return "";
    if (op === 4) {
      const second = pick(settable, other)!;
      return `[${name}, ${second}] = [${second}, ${value(scope)}];`;
    }
    return `${name} ${operator} ${value(scope)};`;
  });

export const { lines } = fc.letrec<{ lines: readonly Line[]; line: Line }>((tie) => {
  const lines = tie("lines");
  return {
    lines: fc.array(tie("line"), { maxLength: 4, depthIdentifier: "statement" }),
    line: fc.oneof(
      { maxDepth: 3, depthIdentifier: "statement", withCrossShrink: true },
      { weight: 3, arbitrary: declare },
      { weight: 3, arbitrary: assign.map(plain) },
      { weight: 4, arbitrary: store.map(plain) },
      { weight: 2, arbitrary: reduce.map(plain) },
      { weight: 1, arbitrary: histogram.map(plain) },
      { weight: 2, arbitrary: strip(lines) },
      {
        weight: 2,
        arbitrary: fc.tuple(form(3), boolean, lines, lines).map(([op, test, then, otherwise]) =>
          plain((scope) => {
            if (op === 0) return `{\n${block(then, scope)}\n}`;
            const head = `if (${test(scope)}) {\n${block(then, scope)}\n}`;
            return op === 1 ? head : `${head} else {\n${block(otherwise, scope)}\n}`;
          }),
        ),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(form(16), fc.integer({ min: 1, max: 5 }), number, lines, fc.boolean())
          .map(([kind, count, end, body, labelled]) =>
            plain((scope) => {
              if (kind === 0 || scope.names.depth >= MOST_DEPTH)
                return `{\n${block(body, scope)}\n}`;
              const loop = looped(kind - 1, count, end, scope);
              const label = labelled ? scope.fresh("outer") : undefined;
              const isPrange = kind === 16;
              const inner =
                label === undefined || isPrange
                  ? loop.scope
                  : loop.scope.with({ labels: [label, ...scope.names.labels] });
              const first = loop.first === undefined ? "" : `  ${loop.first}\n`;
              const text = `${label === undefined || isPrange ? "" : `${label}: `}${loop.head} {\n${first}${block(body, inner)}\n}${loop.tail ?? ""}`;
              return loop.before === undefined ? text : `${loop.before}\n${text}`;
            }),
          ),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            number,
            fc.array(fc.tuple(fc.integer({ min: -1, max: 4 }), lines, fc.boolean()), {
              maxLength: 3,
              size: "max",
            }),
            lines,
          )
          .map(([on, cases, otherwise]) =>
            plain((scope) => {
              const inside = scope.with({ jumps: false });
              const seen = new Set<number>();
              const texts = cases.map(([value, body, falls]) => {
                if (seen.has(value)) return "";
                seen.add(value);
                return `  case ${value}: {\n${block(body, inside)}\n${falls ? "" : "  break;\n"}  }\n`;
              });
              return `switch ((${on(scope)}) & 3) {\n${texts.join("")}  default: {\n${block(otherwise, inside)}\n  }\n}`;
            }),
          ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(form(5), which, boolean, number, number).map(([op, by, test, a, b]) =>
          plain((scope) => {
            const { jumps, labels, returns } = scope.names;
            const label = pick(labels, by);
            const jump =
              op < 2
                ? jumps && (op === 0 ? "continue;" : "break;")
                : op < 4
                  ? label !== undefined && `${op === 2 ? "continue" : "break"} ${label};`
                  : returns && `return ${returned(scope, a, b, test)};`;
            return typeof jump === "string" ? `if (${test(scope)}) ${jump}` : "";
          }),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(which, inexact).map(([by, value]) =>
          plain((scope) => {
            const { own } = scope.names;
            if (own === undefined || by > 8) return "";
            return `z.set(${value(scope)}, ${own});`;
          }),
        ),
      },
      {
        weight: 6,
        arbitrary: fc
          .tuple(form(6), form(63), reductions, lines, lines, number)
          .map(([kind, mask, reduced, body, more, value]) =>
            prange(kind, mask, reduced, [
              ...body,
              ...more,
              plain((scope) =>
                scope.names.own === undefined ? "" : `o.set(${value(scope)}, ${scope.names.own});`,
              ),
            ]),
          ),
      },
    ),
  };
});

/** What a kernel or a function gives. */
export function returned(scope: Scope, a: Piece, b: Piece, test: Piece): string {
  if (scope.names.returns === "number") return a(scope);
  return `{ a: ${a(scope)}, b: ${b(scope)}, c: ${test(scope)}, inexact }`;
}
