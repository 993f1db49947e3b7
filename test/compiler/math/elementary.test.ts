import assert from "node:assert/strict";
import { assertWithin, numbers, type Reference } from "./accuracy.js";
import { exp, halfPi, log, multiply, negative, sinCos } from "./double-double.js";
import { hasRelaxedSimd } from "../../../kernel-lib/src/runtime/features.js";
import { applied, valueAt, vector, type Variant } from "./execute.js";

/** With fused products where the engine has them. */
const fast: Variant = { lanes: 2, fastMath: true, relaxedSimd: hasRelaxedSimd() };
/** What is promised, and what fastMath promises. */
const variants = [
  { name: "", variant: vector, most: 1 },
  { name: " with fastMath", variant: fast, most: 4 },
];

const expOf = (x: number): Reference => exp([x, 0]);
const logOf = (x: number): Reference => ({ value: log(x) });

function turn(x: number, ahead: 0 | 1): Reference {
  const quarters = Math.round(4 * x);
  const { sin, cos } = sinCos(multiply([4 * x - quarters, 0], halfPi));
  const round = [sin, cos, negative(sin), negative(cos)];
  return { value: round[(quarters + ahead) % 4]! };
}
const sinOf = (x: number): Reference => turn(x, 0);
const cosOf = (x: number): Reference => turn(x, 1);

for (const { name, variant, most } of variants) {
  describe(`the elementary functions${name}`, () => {
    it(`give e^x to ${most} ulp, subnormal results included`, () => {
      assertWithin(most, "math.exp", variant, (u) => -745 + u * 1454, expOf);
      assertWithin(most, "math.exp", variant, (u) => -745 + u * 40, expOf);
      assertWithin(most, "math.exp", variant, (u) => 2 * u - 1, expOf);
      assertWithin(most, "math.exp", variant, (u, v) => (u - 0.5) * 2 ** (-70 * v), expOf);
    });
    it(`give ln x to ${most} ulp, near 1 and at subnormal numbers too`, () => {
      assertWithin(most, "math.log", variant, (u) => 1 - u, logOf);
      assertWithin(most, "math.log", variant, (u) => 0.65 + 0.8 * u, logOf);
      assertWithin(most, "math.log", variant, (u, v) => 1 + (u - 0.5) * 2 ** (-52 * v), logOf);
      assertWithin(most, "math.log", variant, (u) => 2 ** (-1074 + u * 2098), logOf);
    });
    it(`give sine and cosine of a part of a turn to ${most} ulp, near the quarters too`, () => {
      for (const [op, of] of [
        ["math.sinTurn", sinOf],
        ["math.cosTurn", cosOf],
      ] as const) {
        assertWithin(most, op, variant, (u) => u, of);
        assertWithin(most, op, variant, (u, v) => u * 2 ** (-100 * v), of);
        for (const quarter of [0.25, 0.5, 0.75, 1]) {
          assertWithin(most, op, variant, (u, v) => quarter - u * 2 ** (-50 * v) * 0.25, of);
        }
      }
    });
  });
}

describe("the elementary functions", () => {
  const functions = ["exp", "log"] as const;
  const ends = [0, -0, NaN, Infinity, -Infinity, -1, -Number.MIN_VALUE, -1e300, 1e300];

  for (const name of functions) {
    it(`give what Math.${name} gives for NaN, zeros, infinities and beyond the domain`, () => {
      for (const fastMath of [false, true]) {
        const apply = applied(`math.${name}`, { lanes: 2, fastMath });
        for (const x of ends) {
          const expected = Math[name](x);
          if (Number.isFinite(expected) && expected !== 1 && expected !== 0) continue;
          assert.ok(Object.is(valueAt(apply, x), expected), `${name}(${x})`);
        }
      }
    });
  }
  it("overflow and underflow where e^x does", () => {
    const apply = applied("math.exp", vector);
    assert.equal(valueAt(apply, 709.782712893384), Math.exp(709.782712893384));
    assert.equal(valueAt(apply, 709.7827128933841), Infinity);
    assert.equal(valueAt(apply, -745.1332191019411), Number.MIN_VALUE);
    assert.equal(valueAt(apply, -745.1332191019412), 0);
  });
  it("are exact at the quarters of a turn", () => {
    const [sine, cosine] = [applied("math.sinTurn", vector), applied("math.cosTurn", vector)];
    [0, 0.25, 0.5, 0.75, 1].forEach((x, i) => {
      assert.ok(valueAt(sine, x) === [0, 1, 0, -1, 0][i], `sine of ${x}`);
      assert.ok(valueAt(cosine, x) === [1, 0, -1, 0, 1][i], `cosine of ${x}`);
    });
  });
  it("give the same bits in one lane as in two", () => {
    const next = numbers(7);
    const unit = Float64Array.from({ length: 10_000 }, next);
    const wide = unit.map((u) => 1500 * (u - 0.5));
    for (const fastMath of [false, true]) {
      for (const [op, xs] of [
        ["math.exp", wide],
        ["math.log", unit],
        ["math.sinTurn", unit],
        ["math.cosTurn", unit],
      ] as const) {
        const [one, two] = ([1, 2] as const).map((lanes) => applied(op, { lanes, fastMath })(xs));
        assert.deepEqual(one, two, op);
      }
    }
  });
  it("agree with Math to a few ulp, so that the reference isn't judged by itself alone", () => {
    const next = numbers(3);
    for (let i = 0; i < 2000; i++) {
      const [x, y] = [600 * (next() - 0.5), next()];
      const { value, power } = exp([x, 0]);
      // 2 ulp: V8's functions are fdlibm's, below 1 ulp each
      assert.ok(Math.abs((value[0] * 2 ** power) / Math.exp(x) - 1) < 2 ** -51);
      assert.ok(Math.abs(log(y)[0] / Math.log(y) - 1) < 2 ** -51);
    }
  });
});
