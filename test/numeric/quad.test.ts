import assert from "node:assert/strict";
import Complex from "complex.js";
import { IntegrandError, quad } from "hotcell";
import { CANCELLING, DIVERGENT, HARD, INFINITE, SMOOTH } from "./battery.js";

/** What rounding may add to an integral that is exact otherwise. */
const ROUNDING = 20 * Number.EPSILON;

function within(value: number, truth: number, tolerance: number): void {
  assert.ok(Math.abs(value - truth) <= tolerance, `${value} is ${value - truth} from ${truth}`);
}

describe("quad on integrals with known values", () => {
  for (const [group, cases] of Object.entries({ SMOOTH, HARD, INFINITE, CANCELLING })) {
    describe(group.toLowerCase(), () => {
      for (const { name, f, a, b, truth, options } of cases) {
        it(`${name}: converges, and its error estimate holds`, () => {
          const result = quad(f, a, b, options);
          assert.ok(result.converged, result.reason);
          // as asked for by default: 1.49e-8, absolute or relative
          assert.ok(result.error <= 1.49e-8 * Math.max(1, Math.abs(truth)) * 1.001);
          within(result.integral, truth, result.error + ROUNDING * Math.abs(truth));
        });
      }
    });
  }

  it("meets tolerances near rounding error", () => {
    for (const { name, f, a, b, truth } of SMOOTH) {
      const result = quad(f, a, b, { epsAbs: 0, epsRel: 1e-13 });
      assert.ok(result.converged, name);
      within(result.integral, truth, 1e-13 * Math.abs(truth));
    }
  });
});

describe("quad and its range", () => {
  it("negates the integral when the limits are reversed, to the bit", () => {
    const there = quad(Math.exp, 0, 2);
    const back = quad(Math.exp, 2, 0);
    assert.equal(back.integral, -there.integral);
    assert.equal(back.error, there.error);
    const tail = quad((x) => Math.exp(-x), Infinity, 0);
    within(tail.integral, -1, tail.error);
  });

  it("gives zero of the right form over an empty range", () => {
    assert.deepEqual(quad(Math.exp, 3, 3), {
      integral: 0,
      error: 0,
      evaluations: 1,
      subintervals: 0,
      converged: true,
    });
    assert.deepEqual(quad((x) => [x, 1], 3, 3).integral, [0, 0]);
    // a singular end doesn't matter where there is no length
    assert.equal(quad((x) => 1 / x, 0, 0).integral, 0);
    assert.equal(quad((x) => x, Infinity, Infinity).integral, 0);
  });

  it("never evaluates the ends or the points, also deep in a subdivision", () => {
    const seen = new Set<number>();
    const f = (x: number): number => {
      seen.add(x);
      return Math.abs(x - 1) ** -0.95 + Math.abs(x) ** -0.5 + Math.abs(2 - x) ** -0.5;
    };
    quad(f, 0, 2, { points: [1], epsAbs: 0, epsRel: 1e-12, limit: 500 });
    for (const x of [0, 1, 2]) assert.ok(!seen.has(x));
  });

  it("ignores points outside of the range, at its ends, and twice the same", () => {
    const f = (x: number): number => Math.abs(x - 0.3);
    const once = quad(f, 0, 1, { points: [0.3] });
    const more = quad(f, 0, 1, { points: [7, 0.3, 0, -2, 0.3, 1, Infinity] });
    assert.deepEqual(more, once);
    assert.equal(once.subintervals, 2);
    assert.equal(once.evaluations, 42);
    assert.deepEqual(quad(f, 1, 0, { points: [0.3] }).integral, -once.integral);
  });
});

describe("quad of complex integrands", () => {
  it("gives a pair for pairs, with the error as a modulus", () => {
    const result = quad((x) => [Math.cos(x), Math.sin(x)], 0, Math.PI);
    const [re, im]: [number, number] = result.integral;
    within(Math.hypot(re, im - 2), 0, result.error + ROUNDING);
  });

  it("gives { re, im } for objects", () => {
    const { integral } = quad((x) => ({ re: x, im: 1 }), 0, 2);
    assert.deepEqual(integral, { re: 2, im: 2 });
  });

  it("gives a complex.js value for complex.js values", () => {
    const f = (x: number): Complex => new Complex(0, x).exp();
    const { integral } = quad(f, 0, Math.PI);
    assert.ok(integral instanceof Complex);
    // the sum of 21 terms of modulus at most 1, each right to rounding
    within(integral.sub(new Complex(0, 2)).abs(), 0, ROUNDING);
    assert.ok(quad(f, 1, 1).integral instanceof Complex);
  });

  it("converges at singular ends, where only one part may be singular", () => {
    const both = quad((x) => [1 / Math.sqrt(x), Math.log(x)], 0, 1);
    assert.ok(both.converged);
    within(both.integral[0], 2, both.error);
    within(both.integral[1], -1, both.error);
    for (const part of [0, 1]) {
      const f = (x: number): [number, number] => (part === 0 ? [x ** -0.9, 0] : [0, x ** -0.9]);
      const { integral, converged, error } = quad(f, 0, 1);
      assert.ok(converged);
      within(integral[0] + integral[1], 10, error);
    }
  });

  it("reverses and transforms as with real ones", () => {
    // the Fourier transform of e^(−|t|) at 2 is 2/(1 + 4)
    const f = (t: number): [number, number] => {
      const size = Math.exp(-Math.abs(t));
      return [size * Math.cos(2 * t), size * Math.sin(2 * t)];
    };
    const { integral, error } = quad(f, Infinity, -Infinity);
    within(integral[0], -0.4, error);
    within(integral[1], 0, error);
  });
});

describe("quad when it can't", () => {
  function refused(f: (x: number) => number, a: number, b: number, reason: RegExp): void {
    const result = quad(f, a, b);
    assert.equal(result.converged, false);
    assert.match(result.reason ?? "", reason);
  }

  it("calls divergent integrals divergent, and says where", () => {
    refused((x) => 1 / x, 0, 1, /^the integral probably diverges.* near x = \d/);
    refused((x) => 1 / x ** 2, 0, 1, /^the integral probably diverges/);
    refused((x) => 1 / (1 - x), 0, 1, /diverge|too singular near x = 1:/);
    refused((x) => 1 / x, 1, Infinity, /^the integral probably diverges/);
    refused(() => 1, 0, Infinity, /diverges/);
  });

  for (const { name, f, a, b } of DIVERGENT) {
    it(`${name}: isn't called converged, alone or as a part of a complex integrand`, () => {
      assert.equal(quad(f, a, b).converged, false);
      // the other part is convergent, and small beside it
      assert.equal(quad((x) => [f(x), 1 / (1 + x * x)], a, b).converged, false);
      assert.equal(quad((x) => [0.6 * f(x), -0.8 * f(x)], a, b).converged, false);
    });
  }

  it("doesn't settle for an extrapolated value of the wrong sign", () => {
    assert.ok(quad((x) => 1 / x ** 2, 0, 1).integral > 0);
  });

  it("doesn't pass off a principal value as an integral", () => {
    // the centre of [−1, 1] is a node
    assert.throws(() => quad((x) => 1 / x, -1, 1), IntegrandError);
    assert.equal(quad((x) => 1 / x, -1, 1, { points: [0] }).converged, false);
    assert.equal(quad((x) => 1 / x, -1, 1.5).converged, false);
  });

  it("says so when the limit is reached", () => {
    const result = quad((x) => Math.sin(1000 * x), 0, 3, { limit: 7 });
    assert.equal(result.converged, false);
    assert.match(result.reason ?? "", /^the limit of 7 subintervals was reached.* raise limit/);
    assert.equal(result.subintervals, 7);
    const more = quad((x) => Math.sin(1000 * x), 0, 3, { limit: 1000 });
    assert.ok(more.converged);
    within(more.integral, (1 - Math.cos(3000)) / 1000, more.error);
  });

  it("says so when rounding or noise is in the way", () => {
    // a deterministic noise of 1e-6
    const noisy = (x: number): number => 1 + 1e-6 * Math.sin(1e9 * x * x);
    const result = quad(noisy, 0, 1, { epsAbs: 0, epsRel: 1e-12, limit: 200 });
    assert.equal(result.converged, false);
    assert.match(result.reason ?? "", /rounding errors|limit/);
  });

  it("doesn't pass off an integral of overflowing size as a number", () => {
    refused(() => 1e308, 0, 1e5, /overflow/);
  });
});

describe("quad and peaks between its samples", () => {
  const density =
    (mean: number, deviation: number) =>
    (x: number): number =>
      Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));

  // each is reported to SciPy's tracker as silently wrong: issues 17443, 11571, 10305, 15990
  it("finds densities that others report as zero", () => {
    for (const [f, a, b, truth] of [
      [density(116, 3.81), 0, Infinity, 1],
      // Φ((0.5 − 0.64449662)/0.19)
      [density(0.64449662, 0.19), -1000, 0.5, 0.22347533732644],
      [(x: number) => Math.exp(-x * x), -Infinity, 38, Math.sqrt(Math.PI)],
      // 1 − Φ(2.4)
      [density(0, 5e-4), 0.0012, Infinity, 0.008197535924596],
      [density(0, 1), 0, 1e5, 0.5],
    ] as const) {
      const result = quad(f, a, b);
      assert.ok(result.converged);
      within(result.integral, truth, 1.49e-8);
    }
  });

  it("finds a pulse at the end of a long range (scipy issue 7204)", () => {
    for (const end of [1, 100, 1000, 10_000]) {
      const result = quad((x) => (x <= 0 ? 1 : 0), -1, end);
      within(result.integral, 1, result.error + ROUNDING);
    }
  });

  it("finds both halves of a narrow peak at the origin of the whole line", () => {
    for (const width of [0.1, 0.01, 1e-3, 5e-4, 3e-4, 2e-4, 1e-4, 5e-5]) {
      const result = quad((x) => Math.exp(-((x / width) ** 2)), -Infinity, Infinity);
      assert.ok(result.converged);
      // within ten tolerances: the error of a peak on few samples is an estimate
      within(result.integral, width * Math.sqrt(Math.PI), 1.49e-7);
      const density = quad((x) => Math.exp(-((x / width) ** 2)) / width, -Infinity, Infinity);
      assert.ok(density.converged);
      within(density.integral, Math.sqrt(Math.PI), 1.49e-7);
    }
  });

  it("looks again where one piece sees nothing, also when another sees much", () => {
    // one half of the line holds a peak of width 1, the other one of width 3e-4 at the origin
    const f = (x: number): number => (x < 0 ? Math.exp(x) : Math.exp(-((x / 3e-4) ** 2)) / 3e-4);
    const result = quad(f, -Infinity, Infinity);
    assert.ok(result.converged);
    within(result.integral, 1 + Math.sqrt(Math.PI) / 2, 1.49e-7);
  });

  it("doesn't believe a second look that saw only a tail", () => {
    for (const at of [7.646156772971153, -6.6852842643857]) {
      const result = quad((x) => Math.exp(-Math.abs(x - at) / 0.0169), -Infinity, Infinity);
      assert.ok(result.converged);
      within(result.integral, 2 * 0.0169, 1.49e-7);
    }
  });

  it("looks twice at zeros, and believes them then", () => {
    const { integral, evaluations, converged } = quad(() => 0, 0, 1);
    assert.deepEqual([integral, converged], [0, true]);
    assert.equal(evaluations, 273);
  });

  it("misses a peak far narrower than its samples' spacing, until the peak is in points", () => {
    const f = density(0.3, 1e-6);
    assert.equal(quad(f, -1, 1).integral, 0);
    const result = quad(f, -1, 1, { points: [0.3] });
    assert.ok(result.converged);
    within(result.integral, 1, result.error + 1e-10); // 0.3 itself is off by 1e-17, 1e-11 of the width
  });
});

describe("quad and jumps", () => {
  it("is exact where they are in points", () => {
    // the first hides between two samples, the sums of the second look like a geometric sequence
    for (const at of [0.845700993668288, 0.6661803950555625, 1 / 3, 0.1]) {
      const f = (x: number): number => (x < at ? -1 : 1);
      const { integral, converged, error } = quad(f, 0, 1, { points: [at] });
      assert.ok(converged);
      within(integral, 1 - 2 * at, error + ROUNDING);
    }
  });
});

describe("quad and a bad integrand", () => {
  const thrown = (f: (x: number) => unknown, a = 0, b = 1): Error => {
    try {
      quad(f as (x: number) => number, a, b);
    } catch (error) {
      assert.ok(error instanceof Error);
      return error;
    }
    return assert.fail("nothing was thrown");
  };

  it("names the abscissa and the value when a parameter is no number", () => {
    const phi = undefined as unknown as number;
    const error = thrown((l) => Math.cos(phi * l));
    assert.ok(error instanceof IntegrandError);
    assert.ok(error.abscissa > 0 && error.abscissa < 1);
    assert.ok(Number.isNaN(error.value));
    assert.equal(error.name, "IntegrandError");
    assert.match(
      error.message,
      /^quad: the integrand returned NaN at x = 0\.\d+; check that its parameters are numbers/,
    );
  });

  it("names them for infinities, also those met later, and in complex values", () => {
    const error = thrown((x) => (x > 0.99 ? Infinity : 1));
    assert.match(error.message, /returned Infinity at x = 0\.99\d+;/);
    assert.ok(error instanceof IntegrandError && error.value === Infinity);
    assert.match(thrown(Math.exp, 0, Infinity).message, /Infinity at x = \d{3,}/);
    assert.match(thrown((x) => [x, NaN]).message, /returned \[0\.\d+, NaN\] at x = 0/);
    const object = thrown((x) => new Complex(x, -Infinity));
    assert.ok(object instanceof IntegrandError);
    assert.match(object.message, /returned \{ re: 0\.\d+, im: -Infinity \} at x/);
  });

  it("refuses what is no number", () => {
    for (const [value, words] of [
      ["0.3", /the string "0\.3" at x = 0\.\d+; it must return a number/],
      [undefined, /returned undefined at x/],
      [null, /returned null at x/],
      [1n, /the bigint 1n at x/],
      [true, /returned true at x/],
      [[1, 2, 3], /an array of length 3/],
      [[1, "2"], /\[1, the string "2"\]/],
      [{ real: 1 }, /an object that is not \{ re, im \}/],
      [Object.create(null), /an object that/],
      [Math.sin, /a function/],
      [Promise.resolve(1), /returned a Promise.* remove "async"/],
    ] as const) {
      const error = thrown(() => value);
      assert.ok(error instanceof TypeError);
      assert.match(error.message, words);
    }
  });

  it("refuses numbers mixed with complex values, whichever comes first", () => {
    for (const [first, second] of [
      [1, [1, 0]],
      [[1, 0], 1],
      [{ re: 1, im: 0 }, 1],
      [[1, 0], { re: 1, im: 0 }],
      [1, "1"],
      [1, undefined],
    ] as const) {
      const error = thrown((x) => (x < 0.9 ? first : second));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, / at x = 0\.9\d+/);
    }
  });

  it("lets an error of the integrand through as it is, and works on", () => {
    const mine = new Error("mine");
    assert.equal(
      thrown((x) => {
        if (x > 0.5) throw mine;
        return x;
      }),
      mine,
    );
    assert.equal(quad((x) => x, 0, 1).integral, 0.5);
  });
});

describe("quad and bad arguments", () => {
  const call = (...args: unknown[]): unknown =>
    (quad as unknown as (...args: unknown[]) => unknown)(...args);
  const one = (): number => 1;

  it("says which argument is wrong and what it is", () => {
    for (const [args, type, words] of [
      [[3, 0, 1], TypeError, /integrand must be a function of one number, not 3/],
      [[one, "0", 1], TypeError, /lower limit must be a number, not the string "0"/],
      [[one, 0], TypeError, /upper limit must be a number, not undefined/],
      [[one, 0, NaN], RangeError, /upper limit is NaN/],
      [[one, 0, 1, { epsAbs: -1 }], RangeError, /can't be negative/],
      [[one, 0, 1, { epsRel: "1e-8" }], TypeError, /epsRel must be a number/],
      [[one, 0, 1, { epsAbs: 0, epsRel: 1e-15 }], RangeError, /more than double precision/],
      [[one, 0, 1, { limit: 0 }], RangeError, /limit must be a positive whole number, not 0/],
      [[one, 0, 1, { limit: 1.5 }], RangeError, /not 1\.5/],
      [[one, 0, 1, { points: [0.5, NaN] }], RangeError, /points\[1\] is NaN/],
      [[one, 0, 1, { points: ["0.5"] }], TypeError, /points\[0\] must be a number/],
      [[one, 0, 1, { points: 0.5 }], TypeError, /points must be an array/],
      [[one, 0, 1, { points: [0.2, 0.4], limit: 2 }], RangeError, /3 subintervals.* raise limit/],
    ] as const) {
      assert.throws(
        () => call(...args),
        (error: Error) => {
          assert.ok(error instanceof type, error.message);
          assert.match(error.message, words);
          return true;
        },
      );
    }
  });

  it("takes undefined options as absent ones", () => {
    const plain = quad(Math.exp, 0, 1);
    assert.deepEqual(call(Math.exp, 0, 1, { epsAbs: undefined, points: undefined }), plain);
    assert.deepEqual(call(Math.exp, 0, 1, undefined), plain);
  });
});

describe("quad inside quad", () => {
  it("integrates over a disc", () => {
    const area = quad(
      (y) => quad(() => 1, -Math.sqrt(1 - y * y), Math.sqrt(1 - y * y)).integral,
      -1,
      1,
    );
    within(area.integral, Math.PI, area.error);
  });

  it("works three deep, with complex and real integrands mixed", () => {
    const inner = (x: number, y: number): number => quad((z) => x + y * z, 0, 1).integral;
    const middle = (x: number): [number, number] =>
      quad((y) => [inner(x, y), x * y] as [number, number], 0, 1).integral;
    const { integral } = quad((x) => middle(x), 0, 1);
    // ∫∫∫ x + y z = 1/2 + 1/4, ∫∫ x y = 1/4
    within(integral[0], 3 / 4, ROUNDING);
    within(integral[1], 1 / 4, ROUNDING);
  });

  it("survives an error of the inner integrand", () => {
    assert.throws(() => quad((y) => quad((x) => x / (y - y), 0, 1).integral, 0, 1), IntegrandError);
    within(quad((y) => quad((x) => x * y, 0, 1).integral, 0, 1).integral, 1 / 4, ROUNDING);
  });
});
