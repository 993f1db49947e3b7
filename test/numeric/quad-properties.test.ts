import assert from "node:assert/strict";
import fc from "fast-check";
import { quad } from "hotcell";

// multiples of 1/1024: next to underflow nothing is exact to a relative precision
const multiple = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -1024 * most, max: 1024 * most }).map((n) => n / 1024);
const coefficient = multiple(1);
const end = multiple(2);

/** A smooth integrand with a few parameters. */
const wave =
  ([p, q, r]: readonly [number, number, number]) =>
  (x: number): number =>
    p * Math.cos(3 * q * x) + r * Math.exp(-x * x);
const parameters = fc.tuple(coefficient, coefficient, coefficient);

describe("quad's algebra", () => {
  it("is linear", () => {
    fc.assert(
      fc.property(parameters, parameters, coefficient, (p, q, factor) => {
        const [f, g] = [wave(p), wave(q)];
        const sum = quad((x) => f(x) + factor * g(x), -1, 2);
        const [left, right] = [quad(f, -1, 2), quad(g, -1, 2)];
        const bound = sum.error + left.error + Math.abs(factor) * right.error + 1e-14;
        assert.ok(Math.abs(sum.integral - left.integral - factor * right.integral) <= bound);
      }),
    );
  });

  it("changes sign with the direction, to the bit", () => {
    fc.assert(
      fc.property(parameters, end, end, (p, a, b) => {
        fc.pre(a !== b);
        assert.equal(quad(wave(p), a, b).integral, -quad(wave(p), b, a).integral);
      }),
    );
  });

  it("adds up over neighbouring ranges, given as points or apart", () => {
    fc.assert(
      fc.property(parameters, end, end, end, (p, a, b, c) => {
        const f = wave(p);
        const [ab, bc, ac] = [quad(f, a, b), quad(f, b, c), quad(f, a, c, { points: [b] })];
        const bound = ab.error + bc.error + ac.error + 1e-14;
        assert.ok(Math.abs(ab.integral + bc.integral - ac.integral) <= bound);
      }),
    );
  });

  it("treats real and imaginary parts alike", () => {
    fc.assert(
      fc.property(parameters, parameters, (p, q) => {
        const [f, g] = [wave(p), wave(q)];
        const pair = quad((x) => [f(x), g(x)], -1, 2);
        const swapped = quad((x) => [g(x), f(x)], -1, 2);
        assert.deepEqual([...swapped.integral].reverse(), pair.integral);
        const bound = pair.error + 1.49e-8;
        assert.ok(Math.abs(pair.integral[0] - quad(f, -1, 2).integral) <= bound);
        assert.ok(Math.abs(pair.integral[1] - quad(g, -1, 2).integral) <= bound);
      }),
    );
  });

  it("finds Lorentzians of any place and width from 1e-4, within its error", () => {
    const place = fc.double({ min: -0.9, max: 0.9, noNaN: true });
    const logWidth = fc.double({ min: -4, max: 1, noNaN: true });
    fc.assert(
      fc.property(place, logWidth, (p, log) => {
        const d = 10 ** log;
        const result = quad((x) => d / ((x - p) ** 2 + d * d), -1, 1);
        assert.ok(result.converged, result.reason);
        const truth = Math.atan((1 - p) / d) + Math.atan((1 + p) / d);
        // x − p loses up to 1e-16/d of itself near the peak
        assert.ok(Math.abs(result.integral - truth) <= result.error + 1e-12);
      }),
    );
  });
});
