/**
 * Random statements of the kernel language, as pieces that fit any scope: a `prange` among them
 * writes only its own elements and reduces only what is given to it.
 */
import fc from "fast-check";
import { boolean, index, inexact, number } from "./expressions.js";
import {
  form,
  pick,
  type ArrayName,
  type Line,
  type Piece,
  type ReducedName,
  type Scope,
} from "./scope.js";

const which = form(11);

/** Statements one after the other; what one declares the next may use. */
export function block(lines: readonly Line[], scope: Scope): string {
  let inner = scope;
  const texts: string[] = [];
  for (const line of lines) {
    const { text, scope } = line(inner);
    inner = scope;
    if (text !== "") texts.push(text);
  }
  return texts.map((text) => text.replace(/^/gm, "  ")).join("\n");
}

const plain =
  (piece: Piece): Line =>
  (scope) => ({ text: piece(scope), scope });

function write(
  scope: Scope,
  { name, isTyped }: ArrayName,
  indices: readonly string[],
  value: string,
): string {
  if (!isTyped) return `${name}.set(${[value, ...indices].join(", ")});`;
  return scope.printing.isOracle
    ? `writeTo(${name}, ${indices[0]!}, ${value});`
    : `${name}[${indices[0]!}] = ${value};`;
}

/** Sets an element of an array that the place allows. */
const store = fc
  .tuple(which, which, number, number, form(3))
  .map(([array, by, at, value, op]): Piece => (scope) => {
    const { arrays, own } = scope.names;
    const found = pick(
      arrays.filter(({ access }) => access === "free" || access === "own"),
      array,
    );
    if (!found) return "";
    const indices = found.lengths.map((length, axis) =>
      axis === 0 && found.access === "own"
        ? (found.by ?? own!)
        : index(scope, length, by + axis, at),
    );
    if (op === 3 && found.isTyped) {
      return scope.printing.isOracle
        ? `addTo(${found.name}, ${indices[0]!}, () => ${value(scope)});`
        : `${found.name}[${indices[0]!}] += ${value(scope)};`;
    }
    const old = op >= 2 ? `${readAt(scope, found, indices)} + ` : "";
    return write(scope, found, indices, old + value(scope));
  });

function readAt(scope: Scope, { name, isTyped }: ArrayName, indices: readonly string[]): string {
  if (!isTyped) return `${name}.at(${indices.join(", ")})`;
  return scope.printing.isOracle ? `readOf(${name}, ${indices[0]!})` : `${name}[${indices[0]!}]`;
}

/** Reduces into an element of an array. */
const histogram = fc
  .tuple(which, which, number, number, form(3))
  .map(([array, by, at, value, op]): Piece => (scope) => {
    const found = pick(
      scope.names.arrays.filter(({ access }) => access === "reduced"),
      array,
    );
    if (!found) return "";
    const added = op === 0 ? "1" : `((${value(scope)}) & 15)`;
    const place = index(scope, found.lengths[0]!, by, at);
    if (op < 2 || sideEffects(place)) {
      const bin = scope.fresh("bin");
      const old = readAt(scope, found, [bin]);
      return `const ${bin} = ${place};\n${write(scope, found, [bin], `${old} + ${added}`)}`;
    }
    return write(scope, found, [place], `${readAt(scope, found, [place])} + ${added}`);
  });

/** Whether a text gives another value the second time. */
function sideEffects(text: string): boolean {
  return /\w(?: \+?= |\+\+)|--\w|=>|\w\d+\(|rec\(|pair\(|lengthOf\(|\?|&&|\|\|/.test(text);
}

/** Reduces into a variable. */
const reduce = fc.tuple(which, number, form(3)).map(([by, value, op]): Piece => (scope) => {
  const found = pick(scope.names.reduced, by);
  return found ? reduction(found, value(scope), op) : "";
});

function reduction({ name, by, isExact }: ReducedName, value: string, op: number): string {
  if (by === "min" || by === "max") {
    return op % 2
      ? `${name} = Math.${by}(${name}, ${value});`
      : `${name} = Math.${by}(${value}, ${name});`;
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

const MOST_DEPTH = 3;

/** Elements of an array that a strip works on. */
const SCRATCH = "32";

/** A counted loop each of whose iterations keeps to itself: it sets its own element and takes minima and maxima. */
const strip = (lines: fc.Arbitrary<readonly Line[]>): fc.Arbitrary<Line> =>
  fc
    .tuple(form(4), form(7), number, lines, fc.array(fc.tuple(which, number), { maxLength: 3 }))
    .map(([from, to, end, body, effects]): Line => (scope) => {
      const depth = scope.names.depth + 2;
      if (depth > MOST_DEPTH) return { text: "", scope };
      const [own, k] = [scope.fresh("s"), scope.fresh("k")];
      const made: ArrayName = { name: own, isTyped: false, lengths: [SCRATCH], access: "free" };
      const high = [
        SCRATCH,
        "19",
        scope.names.numbers.includes("n") ? "Math.min(n, 32)" : "8",
        `((${end(scope)}) & 31)`,
        `Math.min(${end(scope)}, 31)`,
      ][Math.min(to, 4)]!;
      const isScratch = ({ access, lengths }: ArrayName): boolean =>
        access === "free" && lengths[0] === SCRATCH;
      const arrays = [made, ...scope.names.arrays];
      const extremes: string[] = [];
      let inner = forbidLeaving(scope).with({
        depth,
        isInLoop: true,
        numbers: [k, ...scope.names.numbers],
        counters: [{ name: k, below: SCRATCH }, ...scope.names.counters],
        arrays: arrays.map((each) =>
          isScratch(each)
            ? { ...each, access: "own", by: k }
            : each.access === "free"
              ? { ...each, access: "read" }
              : each,
        ),
      });
      const last: Line[] = effects.map(([by, value]) => (within) => {
        const [target, extreme] = [
          pick(
            within.names.arrays.filter((a) => a.by === k),
            by,
          ),
          scope.fresh("w"),
        ];
        if (by % 3 > 0 || !target) {
          extremes.push(extreme);
          const fn = by % 2 ? "min" : "max";
          return { text: `${extreme} = Math.${fn}(${extreme}, ${value(within)});`, scope: within };
        }
        const text = write(within, target, [k], value(within));
        return { text, scope: within };
      });
      inner = inner.with({ settable: [], settableBooleans: [], jumps: from === 1 });
      const text = block([...body, ...last], inner);
      const head = `for (let ${k} = ${[0, 0, 0, 1, 3][from]!}; ${k} < ${high}; ${k}++) {\n${text}\n}`;
      const before = [
        `const ${own} = zeros([${SCRATCH}]);`,
        ...extremes.map((each) => `let ${each} = ${pick(scope.names.numbers, to)!};`),
      ];
      const behind = extremes.reduce((each, name) => each.number(name, true), scope);
      return {
        text: [...before, head].join("\n"),
        scope: behind.with({ arrays: [made, ...behind.names.arrays] }),
      };
    });

/** The head of a loop and what its body may use; undefined where its kind doesn't fit. */
function looped(
  kind: number,
  count: number,
  end: Piece,
  scope: Scope,
): {
  readonly before?: string;
  readonly head: string;
  readonly tail?: string;
  readonly first?: string;
  readonly scope: Scope;
} {
  const k = scope.fresh("k");
  const { counters, depth, numbers } = scope.names;
  const inner = scope.with({ depth: depth + 1, isInLoop: true, jumps: true });
  const counter = (below?: string): Scope =>
    inner.with({
      numbers: [k, ...numbers],
      ...(below !== undefined && { counters: [{ name: k, below }, ...counters] }),
    });
  switch (kind) {
    case 0:
      return {
        head: `for (let ${k} = 0; ${k} < ${count}; ${k}++)`,
        scope: counter(count === 4 ? "4" : undefined),
      };
    case 1:
      return { head: `for (let ${k} = 0; ${k} < 4; ${k}++)`, scope: counter("4") };
    case 2:
      if (depth > 0) return { head: `for (let ${k} = 7; ${k} >= 0; ${k}--)`, scope: counter("8") };
      return { head: `for (let ${k} = 0; ${k} < n; ${k}++)`, scope: counter("n") };
    case 3:
      return {
        head: `for (let ${k} = ${count}; ${k} > Math.max(${end(scope)}, -3); ${k} -= 2)`,
        scope: counter(),
      };
    case 4: {
      const most = scope.fresh("most");
      return {
        before: `const ${most} = Math.min(${end(scope)}, 6);`,
        head: `for (let ${k} = 0; ${k} < ${most}; ${k}++)`,
        scope: counter("8"),
      };
    }
    case 5:
      return {
        head: `for (let ${k} = 0; ${k} < Math.min(${end(scope)}, 5); ${k} += 0.5 + ${count} / 2)`,
        scope: counter(),
      };
    case 6: {
      const outer = counters[0];
      if (!outer || outer.below === "4")
        return { head: `for (let ${k} = 1; ${k} < 8; ${k} *= 2)`, scope: counter("8") };
      const to = outer.below === "8" ? outer.name : `Math.min(${outer.name}, 6)`;
      return { head: `for (let ${k} = 0; ${k} < ${to}; ${k}++)`, scope: counter(outer.below) };
    }
    case 7:
      return {
        before: `let ${k} = 0;`,
        head: `while (${k} < ${count + 2} && ${end(scope)} < 50)`,
        first: `${k}++;`,
        scope: counter("8"),
      };
    case 8:
      return {
        before: `let ${k} = 0;`,
        head: "do",
        first: `${k}++;`,
        tail: ` while (${k} < ${count} && !(${end(scope)} > 9));`,
        scope: counter("8"),
      };
    case 9:
      return { head: `for (const ${k} of table)`, scope: counter() };
    case 10:
      return { head: `for (const ${k} of [${end(scope)}, 2])`, scope: counter() };
    default:
      return { head: `for (const ${k} of prange(4))`, scope: forbidLeaving(counter("4")) };
  }
}

/** Inside a prange: nothing leaves it, and what is outside stays as it is. */
function forbidLeaving(scope: Scope): Scope {
  const { arrays, own, depth } = scope.names;
  return scope.with({
    labels: [],
    jumps: false,
    returns: undefined,
    settable: [],
    settableBooleans: [],
    reduced: [],
    arrays: arrays.map((each) => (each.access === "free" ? { ...each, access: "read" } : each)),
    depth: own === undefined ? MOST_DEPTH : depth,
  });
}

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
          .tuple(form(12), fc.integer({ min: 1, max: 5 }), number, lines, fc.boolean())
          .map(([kind, count, end, body, labelled]) =>
            plain((scope) => {
              if (kind === 0 || scope.names.depth >= MOST_DEPTH)
                return `{\n${block(body, scope)}\n}`;
              const loop = looped(kind - 1, count, end, scope);
              const label = labelled ? scope.fresh("outer") : undefined;
              const isPrange = kind === 12;
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
          .tuple(
            form(6),
            form(63),
            fc.array(
              fc.tuple(fc.constantFrom("+", "*", "min", "max" as const), fc.boolean(), number),
              { maxLength: 3 },
            ),
            lines,
            lines,
            number,
          )
          .map(([kind, mask, reductions, body, more, value]) =>
            prange(kind, mask, reductions as Reductions, [
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

type Reductions = readonly (readonly [ReducedName["by"], boolean, Piece])[];

/** A loop whose iterations are independent, or an ordinary block where there is one around. */
function prange(kind: number, mask: number, reductions: Reductions, body: readonly Line[]): Line {
  return (scope) => {
    const { own, depth, returns, arrays } = scope.names;
    if (own !== undefined || depth > 1 || returns === "number") {
      return { text: `{\n${block(body, scope)}\n}`, scope };
    }
    const i = scope.fresh("i");
    const reduced = reductions.map(([by, isExact]): ReducedName => ({
      name: scope.fresh("r"),
      by,
      isExact,
    }));
    const inside = arrays.map((array, at): ArrayName => {
      const isWritten = array.access === "free" && ((mask >> (at % 6)) & 1) === 1;
      if (!isWritten) return { ...array, access: "read" };
      if (array.lengths[0] === "n") return { ...array, access: "own" };
      return {
        ...array,
        access: array.lengths.length === 1 && array.lengths[0] === "8" ? "reduced" : "read",
      };
    });
    const inner = scope.with({
      own: i,
      numbers: [i, ...scope.names.numbers],
      settable: [],
      settableBooleans: [],
      labels: [],
      jumps: false,
      returns: undefined,
      reduced,
      arrays: inside,
      counters: [{ name: i, below: "n" }, ...scope.names.counters],
      depth: depth + 1,
    });
    const before = reduced.map(({ name, by, isExact }, at) => {
      const start =
        isExact && (by === "+" || by === "*")
          ? "1"
          : by === "+" || by === "*"
            ? "0.5"
            : reductions[at]![2](scope);
      return `let ${name} = ${start};\n`;
    });
    const range = [
      "x.length",
      "n",
      "1, x.length - 1",
      "0, x.length, 2",
      "x.length - 1, -1, -1",
      "0, Math.min(n, 5)",
      "m.length",
    ][kind]!;
    const text = `${before.join("")}for (const ${i} of prange(${range})) {\n${block(body, inner)}\n}`;
    const exact = reduced.filter(({ by, isExact }) => isExact || by === "min" || by === "max");
    const rest = reduced.filter((each) => !exact.includes(each));
    const after = exact.reduce((each, { name }) => each.number(name, true), scope);
    const kept = rest.map(
      ({ name }) => `inexact = Math.max(-1e6, Math.min(1e6, inexact + ${name}));`,
    );
    return { text: [text, ...kept].join("\n"), scope: after };
  };
}
