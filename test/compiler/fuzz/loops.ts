/**
 * Random loops: what stands around a body, and what it may do. A `prange` writes only its own elements
 * and reduces only what is given to it; a strip's iterations keep to themselves.
 */
import fc from "fast-check";
import { number } from "./expressions.js";
import { behind, before, reducedOf, type Reductions } from "./reductions.js";
import {
  block,
  form,
  pick,
  which,
  type ArrayName,
  type Line,
  type Piece,
  type Scope,
} from "./scope.js";
import { write } from "./writes.js";

export const MOST_DEPTH = 3;

/** Elements of an array that a strip works on. */
const SCRATCH = "32";

/** A counted loop each of whose iterations keeps to itself: it sets its own element and takes minima and maxima. */
export const strip = (lines: fc.Arbitrary<readonly Line[]>): fc.Arbitrary<Line> =>
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
        `Math.min(${scope.names.counters[0]?.name ?? "8"} + 1, 32)`,
      ][Math.min(to, 5)]!;
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
          if (by > 7) return { text: `${extreme} += ${value(within)};`, scope: within };
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
export function looped(
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
    case 11: {
      const step = scope.fresh("step");
      return {
        before: `const ${step} = 1 + ((${end(scope)}) & 3);`,
        head: `for (let ${k} = 0; ${k} < 8; ${k} += ${step})`,
        scope: counter("8"),
      };
    }
    case 12: {
      const [tile, size] = [scope.fresh("tile"), count + 1];
      return {
        head: `for (let ${tile} = 0; ${tile} < 8; ${tile} += ${size}) for (let ${k} = ${tile}; ${k} < Math.min(${tile} + ${size}, 8); ${k}++)`,
        scope: counter("8"),
      };
    }
    case 13: {
      const outer = counters[0] ?? { name: "2", below: "8" };
      const head =
        count % 2 === 0
          ? `for (let ${k} = ${outer.name}; ${k} >= 0; ${k} -= 3)`
          : `for (let ${k} = ${outer.name} + 1; ${k} < ${outer.below}; ${k} += 2)`;
      return {
        head: depth > 1 ? `for (let ${k} = 1; ${k} < 4; ${k} += 2)` : head,
        scope: counter(depth > 1 ? "4" : outer.below),
      };
    }
    case 14:
      return {
        before: `let ${k} = 8;`,
        head: `while (--${k} >= ${count - 3})`,
        scope: counter("8"),
      };
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

/** A loop whose iterations are independent, or an ordinary block where there is one around. */
export function prange(
  kind: number,
  mask: number,
  reductions: Reductions,
  body: readonly Line[],
): Line {
  return (scope) => {
    const { own, depth, returns, arrays } = scope.names;
    if (own !== undefined || depth > 1 || returns === "number") {
      return { text: `{\n${block(body, scope)}\n}`, scope };
    }
    const i = scope.fresh("i");
    const reduced = reducedOf(scope, reductions);
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
    const range = [
      "x.length",
      "n",
      "1, x.length - 1",
      "0, x.length, 2",
      "x.length - 1, -1, -1",
      "0, Math.min(n, 5)",
      "m.length",
    ][kind]!;
    const text = `${before(scope, reduced, reductions)}for (const ${i} of prange(${range})) {\n${block(body, inner)}\n}`;
    const after = behind(scope, reduced);
    return { text: [text, ...after.lines].join("\n"), scope: after.scope };
  };
}
