/** Accuracy and special values of the functions of Math. HOTCELL_MATH_POINTS=10000000 measures at that many points a range. */
import assert from "node:assert/strict";
import type { MathOperation } from "../../../kernel-lib/src/compiler/operations.js";
import { hasRelaxedSimd } from "../../../kernel-lib/src/runtime/features.js";
import { numbers, type Reference } from "./accuracy.js";
import { ulps } from "./double-double.js";
import { applied, scalar, vector, type Applied, type Variant } from "./execute.js";
import { references } from "./reference.js";

type Name = keyof typeof references;
type Uniform = () => number;
/** Makes arguments of uniform numbers. */
type Arguments = (u: Uniform) => readonly number[];

const points = Number(process.env["HOTCELL_MATH_POINTS"] ?? 16_000);
const batch = 16_000;

const fast: Variant = { lanes: 2, fastMath: true, relaxedSimd: hasRelaxedSimd() };

/** Over magnitudes of both signs. */
const wide =
  (least: number, greatest: number): Arguments =>
  (u) => [(u() < 0.5 ? -1 : 1) * (1 + u()) * 2 ** (least + u() * (greatest - least))];
const positive =
  (least: number, greatest: number): Arguments =>
  (u) => [(1 + u()) * 2 ** (least + u() * (greatest - least))];
const between =
  (from: number, to: number): Arguments =>
  (u) => [from + (to - from) * u()];
/** Beside the multiples of π/2, where almost all of the angle cancels. */
const quarters: Arguments = (u) => {
  const turns = Math.round(2 ** (21 * u()));
  return [turns * (Math.PI / 2) * (1 + (u() - 0.5) * 2 ** (-53 * u()))];
};
/** With powers from 1e-320 to 1e308. */
const powers =
  (base: Arguments): Arguments =>
  (u) => {
    const x = base(u)[0]!;
    return [x, x === 1 ? 1 : (-736 + 1445 * u()) / Math.log(x)];
  };
const pair =
  (first: Arguments, second: Arguments): Arguments =>
  (u) => [first(u)[0]!, second(u)[0]!];
const angles = [between(-4, 4), wide(-30, 30), quarters, wide(20, 1022)];

const ranges: Readonly<Record<Name, readonly Arguments[]>> = {
  pow: [
    powers(positive(-20, 20)),
    powers((u) => [1 + (u() - 0.5) * 2 ** (-40 * u())]),
    powers(positive(-1070, 1020)),
  ],
  sin: angles,
  cos: angles,
  tan: angles,
  atan2: [pair(between(-1, 1), between(-1, 1)), pair(wide(-300, 300), wide(-300, 300))],
  atan: [between(-3, 3), wide(-300, 300)],
  // at 0.508… fdlibm's way of adding up is 1.014 ulp off
  asin: [
    between(-1, 1),
    () => [0.50829939436151994],
    (u) => [1 - 2 ** (-50 * u())],
    wide(-300, -1),
  ],
  acos: [between(-1, 1), (u) => [2 ** (-50 * u()) - 1]],
  hypot: [pair(between(-1, 1), between(-1, 1)), pair(wide(-300, 300), wide(-300, 300))],
  sinh: [wide(-27, 8.4), between(-3, 3)],
  cosh: [wide(-27, 8.4), between(-3, 3)],
  tanh: [wide(-27, 5), between(-1, 1)],
  expm1: [wide(-60, 8.4), between(-1, 1)],
  log1p: [positive(-60, 900), between(-0.999, 1), wide(-60, -2)],
  log2: [positive(-1070, 1022), (u) => [1 + (u() - 0.5) * 2 ** (-50 * u())]],
  log10: [positive(-1070, 1022), (u) => [1 + (u() - 0.5) * 2 ** (-50 * u())]],
  cbrt: [wide(-900, 900), between(-9, 9)],
  asinh: [wide(-25, 60), between(-2, 2)],
  acosh: [(u) => [1 + 2 ** (-50 * u())], positive(0, 60)],
  atanh: [between(-1, 1), (u) => [1 - 2 ** (-50 * u())], wide(-300, -1)],
};

/** The worst error of each variant over a range. */
function measure(
  applies: readonly Applied[],
  make: Arguments,
  reference: (...args: number[]) => Reference,
): readonly { readonly worst: number; readonly at: readonly number[] }[] {
  const next = numbers(1);
  const found = applies.map(() => ({ worst: 0, at: [] as readonly number[] }));
  for (let done = 0; done < points; done += batch) {
    const rows = Array.from({ length: batch }, () => make(next));
    const columns = rows[0]!.map((_, k) => Float64Array.from(rows, (row) => row[k]!));
    const results = applies.map((apply) => apply(...columns));
    rows.forEach((row, i) => {
      const { value, power } = reference(...row);
      results.forEach((result, k) => {
        const off = ulps(result[i]!, value, power);
        if (!(off <= found[k]!.worst)) found[k] = { worst: off, at: row };
      });
    });
  }
  return found;
}

const names = Object.keys(references) as readonly Name[];
const ends = [
  ...[0, 1, 0.5, 2, 3, 2.5, Infinity, Number.MIN_VALUE, 1e308, 2 ** 53 - 1, 2 ** 53, 1e-300],
  ...[1 + 2 ** -52, 1 - 2 ** -53, 709.8, 710.5, 1e-20, 2 ** 20, Number.MAX_VALUE],
].flatMap((x) => [x, -x]);
const corners = [...ends, NaN, NaN];
const pairs = corners.flatMap((x) => corners.map((y) => [x, y] as const));

/** All pairs of corners for two arguments, all corners for one. */
function cornerColumns(arity: number): readonly Float64Array[] {
  if (arity === 1) return [Float64Array.from(corners)];
  return [0, 1].map((k) => Float64Array.from(pairs, (each) => each[k]!));
}

describe("the functions of Math", () => {
  for (const name of names) {
    const op: MathOperation = `math.${name}`;
    const reference = references[name];
    it(`give ${name} to 1 ulp, with fastMath to 4`, function () {
      this.timeout(0);
      const applies = [applied(op, vector), applied(op, fast)];
      for (const make of ranges[name]) {
        const [strict, loose] = measure(applies, make, reference);
        if (process.env["HOTCELL_MATH_POINTS"]) {
          console.log(
            name,
            make(() => 0.3),
            strict!.worst.toFixed(4),
            loose!.worst.toFixed(4),
          );
        }
        assert.ok(strict!.worst <= 1, `${name}(${strict!.at.join()}) is ${strict!.worst} ulp off`);
        assert.ok(loose!.worst <= 4, `${name}(${loose!.at.join()}) is ${loose!.worst} ulp off`);
      }
    });
    it(`give ${name} of NaN, zeros, infinities and the ends of the range as JavaScript does`, () => {
      const engines = Math as unknown as Readonly<Record<Name, (...args: number[]) => number>>;
      const columns = cornerColumns(reference.length);
      for (const fastMath of [false, true]) {
        const found = applied(op, { lanes: 2, fastMath })(...columns);
        found.forEach((value, i) => {
          const args = columns.map((column) => column[i]!);
          const expected = engines[name](...args);
          // the engine's own functions are up to 2 ulp off (fdlibm's sinh, tanh, asinh, atan2)
          const near = Math.abs(value - expected) <= 6 * 2 ** -52 * Math.abs(expected);
          const exact = expected === 0 || !Number.isFinite(expected);
          const same = exact ? Object.is(value, expected) : near;
          assert.ok(same, `${name}(${args.join()}) is ${value}, not ${expected}`);
        });
      }
    });
    it(`give the same bits of ${name} in one lane as in two`, () => {
      const next = numbers(7);
      const columns = (make: Arguments): readonly Float64Array[] => {
        const rows = Array.from({ length: 2000 }, () => make(next));
        return rows[0]!.map((_, k) => Float64Array.from(rows, (row) => row[k]!));
      };
      const [one, two] = [applied(op, scalar), applied(op, vector)];
      for (const args of [...ranges[name].map(columns), cornerColumns(reference.length)]) {
        // as numbers: which NaN it is can't be seen
        assert.deepEqual([...one(...args)], [...two(...args)]);
      }
    });
  }

  it("give JavaScript's % exactly, whatever the magnitudes and signs", () => {
    const next = numbers(11);
    const sides = [wide(-1070, 1022), wide(-5, 60), wide(-1074, -1000)];
    const rows = sides.flatMap((first) =>
      sides.flatMap((second) => Array.from({ length: 3000 }, () => pair(first, second)(next))),
    );
    const columns = [0, 1].map((k) => Float64Array.from([...rows, ...pairs], (row) => row[k]!));
    for (const variant of [scalar, vector, fast]) {
      applied(
        "math.rem",
        variant,
      )(...columns).forEach((value, i) => {
        const [x, y] = columns.map((column) => column[i]!);
        assert.ok(Object.is(value, x! % y!), `${x} % ${y} is not ${value}`);
      });
    }
  });
});
