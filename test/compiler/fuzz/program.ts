/**
 * A random kernel with its helpers and arguments. Comes as text twice, as it is and with checked
 * typed arrays, and as the live functions of both.
 */
import fc from "fast-check";
import { type DType, NDArray, zeros } from "hotcell";
import * as hotcell from "hotcell";
import { boolean, number } from "./expressions.js";
import { block, form, Scope, type ArrayName, type Line, type Piece } from "./scope.js";
import { lines, returned } from "./statements.js";

const dtypes = [
  "float64",
  "float32",
  "int32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
] as const;
const typedArrays = [Float64Array, Int32Array, Uint8Array, Float32Array] as const;

/** What decides a program's arguments. */
interface Data {
  readonly n: number;
  readonly seed: number;
  readonly y: DType;
  readonly h: DType;
  readonly t: number;
  readonly isStrided: boolean;
  readonly isAliased: boolean;
  readonly u: number;
  readonly on: boolean;
}

const data: fc.Arbitrary<Data> = fc.record({
  n: fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 64, 129) },
    { weight: 1, arbitrary: fc.constantFrom(1000, 2500) },
  ),
  seed: form(999),
  y: fc.constantFrom(...dtypes),
  h: fc.constantFrom(...dtypes),
  t: form(typedArrays.length - 1),
  isStrided: form(4).map((k) => k === 4),
  isAliased: form(19).map((k) => k === 19),
  u: fc.constantFrom(0, 1, -1, 2.5, -0, NaN, 3, 1e10),
  on: fc.boolean(),
});

/** Numbers of every sort, the same for the same seed; 0, 1, 2 … for seed 0. */
function* numbers(seed: number): Generator<number, never> {
  const special = [
    0,
    -0,
    0.5,
    -1.5,
    1e10,
    NaN,
    Infinity,
    -Infinity,
    255,
    256,
    2 ** 31,
    -(2 ** 31),
    2.5,
  ];
  for (let k = 0; ; k++) {
    if (seed === 0) yield k;
    const noise = Math.abs(Math.sin((k + 1) * (seed + 12.9898)) * 43758.5453) % 1;
    const pick = Math.floor(noise * 1000);
    if (pick % 10 < 5) yield Math.floor(noise * 40) - 20;
    else if (pick % 10 < 9) yield (noise - 0.5) * 16;
    else yield special[Math.floor(pick / 10) % special.length]!;
  }
}

function fill(array: NDArray | ArrayLike<number>, seed: number, most?: number): void {
  const values = numbers(seed);
  const take = (): number => {
    const value = values.next().value;
    return most === undefined ? value : Math.floor(Math.abs(value) % most || 0);
  };
  if (array instanceof NDArray) {
    const [rows = 0, columns] = array.shape;
    for (let i = 0; i < rows; i++) {
      if (columns === undefined) array.set(take(), i);
      else for (let j = 0; j < columns; j++) array.set(take(), i, j);
    }
  } else (array as Float64Array).forEach((_, i, all) => (all[i] = take()));
}

/** The arguments, with the same values at each call. */
export function makeArguments({
  n,
  seed,
  y,
  h,
  t,
  isStrided,
  isAliased,
  u,
  on,
}: Data): () => unknown[] {
  const x = isStrided ? zeros([n, 3]).slice(undefined, 1) : zeros([n]);
  const args = {
    x,
    y: isAliased ? x : zeros<DType>([n], y),
    m: zeros([n], "int32"),
    a: isStrided ? zeros([n, 5]).slice(undefined, [1, 5]) : zeros([n, 4]),
    h: zeros<DType>([8], h),
    t: new typedArrays[t]!(n),
    o: zeros([n]),
    z: zeros([n]),
  };
  return () => {
    fill(args.x, seed);
    fill(args.a, seed && seed + 1);
    if (!isAliased) fill(args.y, seed && seed + 2);
    fill(args.m, seed && seed + 3, 8);
    fill(args.h, seed && seed + 4);
    fill(args.t, seed && seed + 5);
    fill(args.o, 0);
    fill(args.z, 0);
    return [...Object.values(args), n, u, on];
  };
}

const array = (
  name: string,
  lengths: readonly string[],
  access: ArrayName["access"] = "free",
): ArrayName => ({
  name,
  lengths,
  isTyped: name === "t" || name === "table",
  access,
});

/** What every program refers to. */
export const PRELUDE = `const { prange, zeros } = hotcell;
const table = new Float64Array([0.5, -1, 2, 3, 1e3, -0.25, 7, -0]);
const factor = 1.5;
const pair = (p, q) => [p + q, p - q];
const lengthOf = ({ x, y }) => Math.abs(x) + y;
const twice = (f, v) => f(f(v));
const rec = (d, v) => (d <= 0 ? v : rec(d - 1, v * 0.5 + d));
`;
const CHECKED = `const inside = (t, i) => { if (!(i >= 0 && i < t.length && i % 1 === 0)) throw new RangeError("outside"); };
const readOf = (t, i) => (inside(t, i), t[i]);
const writeTo = (t, i, v) => { inside(t, i); t[i] = v; };
const addTo = (t, i, v) => { inside(t, i); t[i] += v(); };
`;

export type Run = (...args: unknown[]) => unknown;

export interface Program {
  /** As a cell may have it. */
  readonly text: string;
  readonly kernel: Run;
  /** The kernel, where typed arrays are checked as the compiled kernel's are. */
  readonly oracle: Run;
  readonly data: Data;
  readonly args: () => unknown[];
}

interface Parts {
  readonly data: Data;
  readonly wild: number;
  readonly helpers: readonly (readonly [
    lines: readonly Line[],
    number: Piece,
    isCaptured: boolean,
    arity: number,
  ])[];
  readonly lines: readonly (readonly Line[])[];
  readonly results: readonly [Piece, Piece, Piece];
}

function print({ wild, helpers, lines, results }: Parts, isOracle: boolean): string {
  const printing = { isOracle, isWild: wild === 9, next: 0 };
  const empty = Scope.empty(printing).with({
    arrays: [array("table", ["8"], "read")],
    numbers: ["factor"],
  });
  const captured: string[] = [];
  const nested: string[] = [];
  let scope = empty.with({
    numbers: ["u", "n", "factor"],
    booleans: ["on"],
    arrays: [
      array("x", ["n"]),
      array("y", ["n"]),
      array("h", ["8"]),
      array("a", ["n", "4"]),
      array("m", ["n"]),
      array("t", ["n"]),
      array("table", ["8"], "read"),
    ],
    returns: "result",
  });
  for (const [body, result, isCaptured, arity] of helpers) {
    const name = scope.fresh("f");
    const parameters = ["p", "q"].slice(0, arity);
    let inner = empty.with({
      returns: "number",
      depth: 1,
      helpers: isCaptured ? [] : scope.names.helpers,
    });
    for (const each of parameters) inner = inner.number(each, true);
    const text = `const ${name} = (${parameters.join(", ")}) => {\n${block([...body, (last) => ({ text: `return ${result(last)};`, scope: last })], inner)}\n};`;
    (isCaptured ? captured : nested).push(text);
    scope = scope.with({ helpers: [{ name, arity }, ...scope.names.helpers] });
  }
  const finish: Line = (last) => ({ text: `return ${returned(last, ...results)};`, scope: last });
  const nestedLine: Line = (first) => ({ text: nested.join("\n"), scope: first });
  const start: Line = (first) => ({ text: "let inexact = 0;", scope: first });
  const body = block([nestedLine, start, ...lines.flat(), finish], scope);
  return `${captured.join("\n")}\nconst kernel = (x, y, m, a, h, t, o, z, n, u, on) => {\n${body}\n};\n`;
}

const parts: fc.Arbitrary<Parts> = fc.record({
  data,
  wild: form(9),
  helpers: fc.array(fc.tuple(lines, number, fc.boolean(), fc.integer({ min: 1, max: 2 })), {
    maxLength: 2,
  }),
  lines: fc.array(lines, { minLength: 1, maxLength: 3 }),
  results: fc.tuple(number, number, boolean),
});

/** A random program; its text is the smaller the smaller its parts. */
export const program: fc.Arbitrary<Program> = parts.map((each) => {
  const text = print(each, false);
  return {
    text,
    kernel: evaluate(PRELUDE + text),
    oracle: evaluate(PRELUDE + CHECKED + print(each, true)),
    data: each.data,
    args: makeArguments(each.data),
  };
});

function evaluate(text: string): Run {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what is generated here is run here
  const make = new Function("hotcell", `${text}\nreturn kernel;`) as (from: typeof hotcell) => Run;
  return make(hotcell);
}
