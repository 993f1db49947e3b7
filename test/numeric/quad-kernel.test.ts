import assert from "node:assert/strict";
import { IntegrandError, jit, prange, quad, zeros, type NDArray } from "hotcell";
import { GAUSS, NODES, WEIGHTS } from "../../kernel-lib/dist/compiler/intrinsics/gauss-kronrod.js";
import { integrate, length, workLength } from "../../kernel-lib/dist/compiler/intrinsics/quad.js";
import { compiled } from "../compiler/source.js";
import { CANCELLING, DIVERGENT, HARD, INFINITE, SMOOTH, type Case } from "./battery.js";
import { closedForm, grid } from "./spdc.js";

/** What kernels do, run as plain JavaScript. */
function asInKernel({ f, a, b, options = {} }: Omit<Case, "truth">): ReturnType<typeof integrate> {
  const { epsAbs = 1.49e-8, epsRel = 1.49e-8, limit = 50, points = [] } = options;
  const work = new Float64Array(workLength(limit));
  work.set([...NODES, ...WEIGHTS, ...GAUSS]);
  const integrand = { at: (x: number) => ({ re: f(x), im: 0 }), isComplex: false };
  return integrate(integrand, a, b, epsAbs, epsRel, limit, points, work, length);
}

describe("the integral of a kernel, as plain JavaScript", () => {
  for (const each of [...SMOOTH, ...HARD, ...INFINITE, ...CANCELLING]) {
    // numbers near 2 are 2e-16 apart, so that (2 − x)^−0.9 up to 2 isn't known to better than 2 %
    const isUnknowable = each.name === "the same at the upper end";
    it(`${isUnknowable ? "says that it has not found" : "finds"} ${each.name}`, () => {
      const { epsAbs = 1.49e-8, epsRel = 1.49e-8 } = each.options ?? {};
      const { integral, error, converged } = asInKernel(each);
      assert.equal(converged, !isUnknowable);
      const off = Math.abs(integral - each.truth);
      if (converged) assert.ok(off <= Math.max(epsAbs, epsRel * Math.abs(each.truth)), `${off}`);
      else assert.ok(off <= error, `${off} > ${error}`);
    });
  }

  for (const each of DIVERGENT) {
    it(`doesn't take ${each.name} for an integral`, () => {
      assert.equal(asInKernel(each).converged, false);
    });
  }
});

describe("quad in a kernel", () => {
  it("gives the bits of quad where one panel is enough", () => {
    const kernel = jit((a: number) => quad((x) => 1 / (a + x), 0, 1));
    assert.deepEqual({ ...kernel(1) }, { ...quad((x) => 1 / (1 + x), 0, 1) });
    assert.deepEqual({ ...kernel(3) }, { ...quad((x) => 1 / (3 + x), 0, 1) });
  });

  it("gives the bits of quad for complex integrands, pairs or objects", () => {
    const pair = (x: number): [number, number] => [1 / (2 + x), x / (3 + x * x)];
    const object = (x: number): { re: number; im: number } => ({ re: x * x, im: 1 / (2 - x) });
    const kernel = jit((b: number) => [quad(pair, 0, b), quad(object, b, 0)]);
    const [p, o] = kernel(1);
    assert.deepEqual({ ...p }, { ...quad(pair, 0, 1) });
    assert.deepEqual({ ...o }, { ...quad(object, 1, 0) });
  });

  it("integrates complex functions up to infinity and to the tolerance of their modulus", () => {
    // e^{(i k - 1) x} from 0, which is 1 / (1 - i k); the imaginary part alone is 0 for k = 0
    const kernel = jit((k: number) =>
      quad((x) => [Math.exp(-x) * Math.cos(k * x), Math.exp(-x) * Math.sin(k * x)], 0, Infinity),
    );
    for (const k of [0, 0.1, 1, 7, 20]) {
      const { integral, error, converged } = kernel(k);
      const [re, im] = [1 / (1 + k * k), k / (1 + k * k)];
      const off = Math.hypot(integral[0] - re, integral[1] - im);
      assert.ok(converged && off <= error && error < 1.5e-8, `k = ${k}: off by ${off}, ${error}`);
    }
  });

  it("has integrals of complex numbers in integrals of real ones", () => {
    const kernel = jit(
      (c: number) => quad((x) => quad((y) => [c * x, y], 0, 1).integral[1] * x, 0, 1).integral,
    );
    // right to rounding: polynomials
    assert.ok(Math.abs(kernel(3) - 0.25) < 1e-15);
  });

  it("names the abscissa where one part isn't finite", () => {
    const kernel = jit((c: number) => quad((x) => [x, Math.log(x - c)], 0, 1).integral);
    assert.throws(
      () => kernel(0.5),
      (error) => {
        assert.ok(error instanceof IntegrandError);
        assert.deepEqual([error.abscissa < 0.5, error.value], [true, NaN]);
        return true;
      },
    );
  });

  it("takes several samples at once, unless the integrand keeps them apart", () => {
    const free = jit((c: number) => quad((x) => Math.exp(c * x), 0, 1).integral);
    const bound = jit((c: number) => {
      let last = c;
      return quad((x) => (last = 0.5 * last + x), 0, 1).integral;
    });
    free(1);
    bound(1);
    const [yes, no] = [free, bound].map((kernel) => kernel.diagnostics()[0]!);
    assert.deepEqual([yes!.vectorised.yes, no!.vectorised.yes], [true, false]);
    assert.match(yes!.loop, /quad\b/);
    assert.match(String("why" in no!.vectorised && no!.vectorised.why), /carries 'last'/);
  });

  it("integrates over finite, half-infinite and infinite ranges, both ways", () => {
    const kernel = jit((a: number, b: number) => quad((x) => 1 / (1 + x * x), a, b).integral);
    const ranges = [-Infinity, -3, 0, 0.5, Infinity];
    for (const a of ranges) {
      for (const b of ranges) {
        // the default tolerance, of which hardly anything is used
        const off = Math.abs(kernel(a, b) - (Math.atan(b) - Math.atan(a)));
        assert.ok(off < 1.5e-8, `${a} to ${b}: off by ${off}`);
      }
    }
  });

  it("integrates up to singular ends and points", () => {
    const kernel = jit((c: number) => [
      quad((x) => 1 / Math.sqrt(x), 0, c).integral,
      quad((x) => 1 / Math.sqrt(1 - x), c, 1).integral,
      quad((x) => 1 / Math.sqrt(Math.abs(x - c)), 0, 1, { points: [c] }).integral,
    ]);
    for (const c of [0.25, 0.49]) {
      const [upwards, downwards, both] = kernel(c) as [number, number, number];
      const [left, right] = [2 * Math.sqrt(c), 2 * Math.sqrt(1 - c)];
      // the default tolerance
      assert.ok(Math.abs(upwards - left) < 1.5e-8);
      assert.ok(Math.abs(downwards - right) < 1.5e-8);
      assert.ok(Math.abs(both - left - right) < 4e-8);
    }
  });

  it("integrates a double integral whose inner one uses both variables", () => {
    const kernel = jit(
      (c: number) =>
        quad((x) => quad((y) => Math.sqrt(x * x + y * y) + c, 0, 1).integral, 0, 1).integral,
    );
    // the mean distance from a corner of the unit square; both tolerances add up
    const truth = (Math.SQRT2 + Math.asinh(1)) / 3;
    assert.ok(Math.abs(kernel(2) - 2 - truth) < 1e-7);
  });

  it("gives every turn of a prange its own integral", () => {
    const kernel = jit((out: NDArray) => {
      for (const i of prange(out.length)) {
        const k = i + 1;
        out.set(quad((x) => k / (1 + k * k * x * x), -1, 1).integral, i);
      }
    });
    const out = zeros(500);
    kernel(out);
    for (let k = 1; k <= 500; k++) {
      // the default tolerance, relative to values from 1.5 to 3.1
      assert.ok(Math.abs(out.at(k - 1) - 2 * Math.atan(k)) < 5e-8, `k = ${k}`);
    }
  });

  it("integrates inside a function that calls itself", () => {
    // a text, as the test runner's own compiler would name the inner function
    const text = `(n) => {
      const factorial = (k) =>
        k < 1 ? 1 : quad((x) => k * factorial(k - 1) + 0 * x, 0, 1, { limit: 4 }).integral;
      return factorial(n);
    }`;
    // right to rounding: the integrand is a constant
    assert.ok(Math.abs((compiled(text, [2]) as number) - 2) < 1e-12);
  });

  it("makes its work space once, however often it integrates", () => {
    const kernel = jit((n: number) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += quad((x) => 2 * x * i, 0, 1).integral;
      return sum;
    });
    // 300,000 work spaces of 5 KB would be 1.6 GB; each integral is right to rounding
    const n = 300_000;
    assert.ok(Math.abs(kernel(n) / ((n * (n - 1)) / 2) - 1) < 1e-12);
  });

  it("says when the limit of subintervals keeps it from the tolerance", () => {
    const kernel = jit((c: number) => quad((x) => Math.abs(x - c), 0, 1, { limit: 3 }));
    const { converged, subintervals, error, integral } = kernel(1 / 3);
    assert.deepEqual([converged, subintervals], [false, 3]);
    assert.ok(Math.abs(integral - 5 / 18) < error);
  });

  it("looks again where the first samples see nothing", () => {
    const kernel = jit((c: number) => quad((x) => 1 / (1 + (c * x) ** 4) ** 4, 0, 1e5));
    const { converged, integral } = kernel(1);
    assert.equal(converged, true);
    // π/2√2 for the first power, times 1 − 1/4n from each to the next; the default tolerance
    const truth = (Math.PI / Math.sqrt(8)) * (3 / 4) * (7 / 8) * (11 / 12);
    assert.ok(Math.abs(integral - truth) < 1.5e-8);
  });

  it("names the abscissa where the integrand isn't finite", () => {
    const kernel = jit((c: number) => quad((x) => 1 / (x - c), 0, 1).integral);
    assert.throws(
      () => kernel(0.5),
      (error) => {
        assert.ok(error instanceof IntegrandError);
        assert.deepEqual([error.abscissa, error.value], [0.5, Infinity]);
        return true;
      },
    );
  });

  it("throws what quad throws for limits and tolerances that mean nothing", () => {
    const kernel = jit((b: number, eps: number) => quad((x) => x, 0, b, { epsAbs: eps }).integral);
    assert.throws(() => kernel(NaN, 1), { name: "RangeError", message: /upper limit is NaN/ });
    assert.throws(() => kernel(1, -1), { name: "RangeError", message: /epsAbs/ });
    assert.equal(kernel(2, 1e-3), 2);
  });

  it("agrees with the closed form of the SPDC map", () => {
    const kernel = jit((phis: NDArray, xis: NDArray, out: NDArray) => {
      for (const i of prange(out.length)) {
        const [phi, xi] = [phis.at(i), xis.at(i)];
        const overlap = quad(
          (l) => {
            const angle = (phi * l) / 2;
            return (
              (Math.sqrt(xi) * (Math.cos(angle) - xi * l * Math.sin(angle))) / (1 + xi * xi * l * l)
            );
          },
          -1,
          1,
        );
        out.set(overlap.integral, i);
      }
    });
    const items = grid();
    const [phis, xis, out] = [zeros(items.length), zeros(items.length), zeros(items.length)];
    items.forEach(({ phi, xi }, i) => {
      phis.set(phi, i);
      xis.set(xi, i);
    });
    kernel(phis, xis, out);
    const worst = Math.max(
      ...items.map(({ phi, xi }, i) => Math.abs(out.at(i) - closedForm(phi, xi))),
    );
    // the default tolerance for values up to 2.1
    assert.ok(worst < 3.2e-8, `off by ${worst}`);
  });
});
