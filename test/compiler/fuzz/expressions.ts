/** Random expressions of the kernel language, as pieces that fit any scope. */
import fc from "fast-check";
import { form, pick, type ArrayName, type Piece, type Scope } from "./scope.js";

const small = [0, 1, 2, 3, -1, -2, 0.5, -0.5, 7, 10, 100] as const;
const odd = [
  "(-0)",
  "0.1",
  "NaN",
  "Infinity",
  "(-Infinity)",
  "2147483647",
  "(-2147483648)",
  "2147483648",
  "4294967296",
  "9007199254740991",
  "1e300",
  "5e-324",
  "2.5",
  "(-1.5)",
  "0xff",
  "Math.PI",
] as const;

const literal = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...small).map((value) => (value < 0 ? `(${value})` : String(value))),
  },
  { weight: 1, arbitrary: fc.constantFrom(...odd) },
);

/** Anything of which one is picked from a scope. */
const which = form(11);

const binary = ["+", "-", "*", "/", "+", "-", "*", "%", "&", "|", "^", "<<", ">>", ">>>"] as const;
const unary = [
  (a: string) => `(-${a})`,
  (a: string) => `(~${a})`,
  (a: string) => `Math.abs(${a})`,
  (a: string) => `Math.floor(${a})`,
  (a: string) => `Math.ceil(${a})`,
  (a: string) => `Math.trunc(${a})`,
  (a: string) => `Math.round(${a})`,
  (a: string) => `Math.sign(${a})`,
  (a: string) => `Math.sqrt(${a})`,
  (a: string) => `Math.fround(${a})`,
  (a: string) => `Math.clz32(${a})`,
  (a: string) => `((${a}) ** 2)`,
  (a: string) => `(${a} | 0)`,
  (a: string) => `(${a} & 255)`,
] as const;
const calls = [
  (a: string, b: string) => `Math.min(${a}, ${b})`,
  (a: string, b: string) => `Math.max(${a}, ${b})`,
  (a: string, b: string) => `Math.imul(${a}, ${b})`,
  (a: string, b: string) => `Math.max(0, ${a}, ${b})`,
  (a: string, b: string) => `pair(${a}, ${b})[1]`,
  (a: string, b: string) => `lengthOf({ x: ${a}, y: ${b} })`,
] as const;
const comparisons = ["<", "<=", ">", ">=", "===", "!=="] as const;
const questions = ["Number.isNaN", "Number.isFinite", "Number.isInteger"] as const;

/** An index that is inside an axis, unless the program is wild. */
export function index(scope: Scope, length: string, by: number, value: Piece): string {
  const fitting = scope.names.counters.filter(({ below }) => below === length);
  if (scope.printing.isWild && by % 12 === 11) return value(scope);
  const counter = by % 3 === 2 ? undefined : pick(fitting, Math.floor(by / 3));
  if (counter)
    return scope.printing.isWild && by % 12 === 10 ? `${counter.name} + 1` : counter.name;
  switch (length) {
    case "4":
      return by % 2 ? `(${value(scope)}) & 3` : String(Math.floor(by / 2) % 4);
    case "8":
      return `(${value(scope)}) & 7`;
    default:
      if (by % 2 === 0) return `Math.min(${by}, ${length} - 1)`;
      return by % 4 === 1
        ? `((${value(scope)}) >>> 0) % ${length}`
        : `Math.min((${value(scope)}) & 4095, ${length} - 1)`;
  }
}

/** An array's element, to be read. */
export function element(scope: Scope, array: ArrayName, by: number, value: Piece): string {
  const { own } = scope.names;
  const indices = array.lengths.map((length, axis) =>
    axis === 0 && array.access === "own"
      ? (array.by ?? own!)
      : index(scope, length, by + axis, value),
  );
  return read(scope, array, indices);
}

export function read(
  scope: Scope,
  { name, isTyped }: ArrayName,
  indices: readonly string[],
): string {
  if (!isTyped) return `${name}.at(${indices.join(", ")})`;
  return scope.printing.isOracle ? `readOf(${name}, ${indices[0]!})` : `${name}[${indices[0]!}]`;
}

const readable = (scope: Scope): readonly ArrayName[] =>
  scope.names.arrays.filter(({ access }) => access !== "reduced");

const { number, boolean } = fc.letrec<{ number: Piece; boolean: Piece }>((tie) => {
  const number = tie("number");
  const boolean = tie("boolean");
  const leaf: fc.Arbitrary<Piece> = fc.oneof(
    { withCrossShrink: true },
    {
      weight: 2,
      arbitrary: literal.map(
        (text): Piece =>
          () =>
            text,
      ),
    },
    {
      weight: 5,
      arbitrary: which.map(
        (by): Piece =>
          (scope) =>
            pick(scope.names.numbers, by) ?? "1",
      ),
    },
  );
  return {
    number: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      {
        weight: 5,
        arbitrary: fc
          .tuple(form(binary.length + 1), number, number)
          .map(([op, a, b]): Piece =>
            op === 0 ? a : op === 1 ? b : (scope) => `(${a(scope)} ${binary[op - 2]!} ${b(scope)})`,
          ),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(form(unary.length), number)
          .map(([op, a]): Piece => (op === 0 ? a : (scope) => unary[op - 1]!(a(scope)))),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(form(calls.length + 1), number, number)
          .map(([op, a, b]): Piece =>
            op === 0 ? a : op === 1 ? b : (scope) => calls[op - 2]!(a(scope), b(scope)),
          ),
      },
      {
        weight: 5,
        arbitrary: fc.tuple(which, which, number).map(([array, by, value]): Piece => (scope) => {
          const found = pick(readable(scope), array);
          return found ? element(scope, found, by, value) : value(scope);
        }),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.boolean(), which, number)
          .map(([after, array, otherwise]): Piece => (scope) => {
            const found = pick(
              readable(scope).filter(
                ({ access, lengths }) => access !== "own" && lengths.length === 1,
              ),
              array,
            );
            const counter =
              found && scope.names.counters.find(({ below }) => below === found.lengths[0]);
            if (!counter) return otherwise(scope);
            const { name, below } = counter;
            return after
              ? `(${name} + 1 < ${below} ? ${read(scope, found, [`${name} + 1`])} : ${otherwise(scope)})`
              : `(${name} > 0 ? ${read(scope, found, [`${name} - 1`])} : ${otherwise(scope)})`;
          }),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(form(2), boolean, number, number)
          .map(([op, test, a, b]): Piece =>
            op === 0 ? a : op === 1 ? b : (scope) => `(${test(scope)} ? ${a(scope)} : ${b(scope)})`,
          ),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(form(3), number, number)
          .map(([op, a, b]): Piece =>
            op === 0
              ? a
              : op === 1
                ? b
                : (scope) => `(${a(scope)} ${op === 2 ? "&&" : "||"} ${b(scope)})`,
          ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(form(2), boolean).map(([op, test]): Piece => {
          if (op === 0) return () => "1";
          return (scope) => (op === 1 ? `(${test(scope)} ? 1 : 0)` : `Number(${test(scope)})`);
        }),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(form(4), which, number).map(([op, by, value]): Piece => (scope) => {
          const name = pick(scope.names.settable, by);
          if (op === 0 || name === undefined) return value(scope);
          if (op === 1) return `(${name} = ${value(scope)})`;
          if (op === 2) return `(${name} += ${value(scope)})`;
          return op === 3 ? `(${name}++)` : `(--${name})`;
        }),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(which, number, number).map(([by, a, b]): Piece => (scope) => {
          const helper = pick(scope.names.helpers, by);
          if (!helper) return a(scope);
          const args = [a, b].slice(0, helper.arity).map((each) => each(scope));
          return `${helper.name}(${args.join(", ")})`;
        }),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(form(7), number, number).map(([op, inner, value]): Piece => (scope) => {
          if (op === 0) return value(scope);
          if (op === 7) return `rec((${inner(scope)}) & 3, ${value(scope)})`;
          const name = scope.fresh("w");
          return `twice((${name}) => ${inner(scope.number(name, false))}, ${value(scope)})`;
        }),
      },
    ),
    boolean: fc.oneof(
      { maxDepth: 4, depthIdentifier: "expression", withCrossShrink: true },
      {
        weight: 2,
        arbitrary: fc.oneof(
          fc.constantFrom("true", "false").map(
            (text): Piece =>
              () =>
                text,
          ),
          which.map(
            (by): Piece =>
              (scope) =>
                pick(scope.names.booleans, by) ?? "false",
          ),
        ),
      },
      {
        weight: 5,
        arbitrary: fc.tuple(fc.constantFrom(...comparisons), number, number).map(
          ([op, a, b]): Piece =>
            (scope) =>
              `(${a(scope)} ${op} ${b(scope)})`,
        ),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(form(3), boolean, boolean)
          .map(([op, a, b]): Piece =>
            op === 0
              ? a
              : op === 1
                ? b
                : (scope) => `(${a(scope)} ${op === 2 ? "&&" : "||"} ${b(scope)})`,
          ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(form(1), boolean).map(
          ([op, a]): Piece =>
            (scope) =>
              op === 0 ? a(scope) : `!${a(scope)}`,
        ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom(...questions), number).map(
          ([question, a]): Piece =>
            (scope) =>
              `${question}(${a(scope)})`,
        ),
      },
    ),
  };
});

export { boolean, number };

const functions = [
  "sin",
  "cos",
  "tan",
  "exp",
  "log",
  "atan",
  "tanh",
  "cbrt",
  "log10",
  "expm1",
  "asin",
  "sinh",
];
const functions2 = [
  (a: string, b: string) => `Math.pow(Math.abs(${a}), Math.max(-3, Math.min(3, ${b})))`,
  (a: string, b: string) => `Math.atan2(${a}, ${b})`,
  (a: string, b: string) => `Math.hypot(${a}, ${b})`,
];

/** A function whose last bits are ours and not V8's, of exact numbers. */
export const inexact = fc
  .tuple(form(functions.length + functions2.length - 1), number, number)
  .map(([by, a, b]): Piece => (scope) => {
    const two = functions2[by - functions.length];
    return two ? two(a(scope), b(scope)) : `Math.${functions[by]!}(${a(scope)})`;
  });
