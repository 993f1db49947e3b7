import assert from "node:assert/strict";
import fc from "fast-check";
import { SAMPLES } from "../../kernel-lib/dist/compiler/intrinsics/gauss-kronrod.js";
import {
  reduceComplex,
  reduceReal,
  sampleReal,
  Sums,
} from "../../kernel-lib/dist/numeric/quad-rule.js";

// multiples of 1/1024: next to underflow nothing is exact to a relative precision
const multiple = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -1024 * most, max: 1024 * most }).map((n) => n / 1024);
const coefficient = multiple(1);
const end = multiple(2);
const polynomial = fc.array(coefficient, { minLength: 1, maxLength: 32 });

const horner =
  (coefficients: readonly number[]) =>
  (x: number): number =>
    coefficients.reduceRight((sum, c) => sum * x + c, 0);

/** Antiderivative of the polynomial, zero at 0. */
const integrated =
  (coefficients: readonly number[]) =>
  (x: number): number =>
    x * coefficients.reduceRight((sum, c, k) => sum * x + c / (k + 1), 0);

/** Upper bound of the terms' moduli, which is what rounding errors are relative to. */
const size = (coefficients: readonly number[], ...ends: number[]): number => {
  const most = Math.max(1, ...ends.map(Math.abs));
  return coefficients.reduce((sum, c, k) => sum + Math.abs(c) * most ** (k + 1), 0);
};

/** Integral and error estimate of one panel. */
function rule(f: (x: number) => number, a: number, b: number): { integral: number; error: number } {
  const samples = new Float64Array(SAMPLES);
  const out = new Sums();
  sampleReal(f, 0, 0, a, b, samples, 0);
  reduceReal(samples, 0.5 * (b - a), out);
  return { integral: out.re, error: out.error };
}

describe("the Gauss-Kronrod rule", () => {
  it("is exact for polynomials up to degree 31", () => {
    fc.assert(
      fc.property(polynomial, end, end, (coefficients, a, b) => {
        const primitive = integrated(coefficients);
        const error = rule(horner(coefficients), a, b).integral - (primitive(b) - primitive(a));
        // some 32 operations for each of 21 samples, each with its rounding error
        assert.ok(Math.abs(error) <= 1e-14 * size(coefficients, a, b));
      }),
    );
  });

  it("isn't exact for degree 32", () => {
    // the leading error term is some 1e-13 of the integral, hence an integrand without rounding
    const { integral } = rule((x) => (2 * x) ** 32, -1, 1);
    assert.ok(Math.abs(integral - 2 ** 33 / 33) > 1e-14 * 2 ** 33);
  });

  it("estimates an error no smaller than the true one, for polynomials of any degree", () => {
    const degree = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(degree, (n) => {
        const { integral, error } = rule((x) => x ** n, 0, 1);
        assert.ok(Math.abs(integral - 1 / (n + 1)) <= error);
      }),
    );
  });

  it("takes moduli of complex samples: a real factor i changes no sum", () => {
    fc.assert(
      fc.property(polynomial, (coefficients) => {
        const samples = new Float64Array(SAMPLES);
        const [real, imaginary] = [new Sums(), new Sums()];
        sampleReal(horner(coefficients), 0, 0, -1, 1, samples, 0);
        reduceReal(samples, 1, real);
        reduceComplex(new Float64Array(SAMPLES), samples, 1, imaginary);
        // the two add in different orders
        const tolerance = 1e-13 * real.modulus;
        assert.ok(Math.abs(imaginary.im - real.re) <= tolerance);
        assert.ok(Math.abs(imaginary.modulus - real.modulus) <= tolerance);
        assert.ok(Math.abs(imaginary.spread - real.spread) <= tolerance);
      }),
    );
  });

  it("reaches towards infinity on panels with a side", () => {
    const samples = new Float64Array(SAMPLES);
    const out = new Sums();
    const seen: number[] = [];
    const f = (x: number): number => {
      seen.push(x);
      return 1 / x ** 2;
    };
    // 1/x² dx = dt exactly when the origin is 0 and x = 1/t - 1 is shifted by 1
    sampleReal((x) => f(x + 1), 1, 0, 0, 1, samples, 0);
    reduceReal(samples, 0.5, out);
    assert.ok(Math.abs(out.re - 1) < 1e-15 * 21);
    assert.ok(Math.min(...seen) > 1 && Math.max(...seen) > 400);
  });
});
