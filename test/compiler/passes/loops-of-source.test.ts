import assert from "node:assert/strict";
import { lowered, prange, type AnyKernel } from "../source.js";
import { run, type Argument } from "../run.js";
import { compile } from "../../../kernel-lib/src/compiler/compile.js";
import { bounds } from "../../../kernel-lib/src/compiler/passes/bounds.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { narrow } from "../../../kernel-lib/src/compiler/passes/narrow.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { CompileError } from "../../../kernel-lib/src/errors.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";

function both(fn: AnyKernel, args: () => readonly unknown[]) {
  const ours = args();
  const theirs = args();
  const { kernel, context } = lowered(fn, ours);
  const passes = [simplify, dependence, narrow, simplify, bounds, simplify];
  const made = passes.reduce((each, pass) => {
    const next = pass(each, context);
    verify(next);
    return next;
  }, kernel);
  const { result } = run(made, ours as readonly Argument[], { context });
  const expected = fn(...theirs);
  return { result, expected, ours, theirs, diagnoses: context.diagnoses(made.loops) };
}

describe("loops of the source", () => {
  it("are parallel, reduced and unchecked where they can be", () => {
    const { result, expected, ours, theirs, diagnoses } = both(
      (a: number, x: Float64Array, y: Float64Array) => {
        let largest = -Infinity;
        for (const i of prange(x.length)) {
          y[i] = a * x[i]! + y[i]!;
          largest = Math.max(largest, y[i]);
        }
        return largest;
      },
      () => [2, Float64Array.from({ length: 100 }, (_, i) => Math.sin(i)), new Float64Array(100)],
    );
    assert.equal(result, expected);
    assert.deepEqual(ours, theirs);
    assert.deepEqual(diagnoses[0]?.parallel, { yes: true });
    assert.deepEqual(diagnoses[0].boundsHoisted, { yes: true });
    assert.deepEqual(diagnoses[0].reductions, ["largest = Math.max"]);
  });

  it("multiply by −1, which is a change of sign by then", () => {
    const { result, expected, diagnoses } = both(
      (x: Float64Array) => {
        let sign = 1;
        for (const i of prange(x.length)) if (x[i]! < 0) sign *= -1;
        return sign;
      },
      () => [Float64Array.from({ length: 101 }, (_, i) => Math.sin(i * i))],
    );
    assert.equal(result, expected);
    assert.deepEqual(diagnoses[0]?.reductions, ["sign *="]);
  });

  it("fill histograms in parallel", () => {
    const { ours, theirs, diagnoses } = both(
      (x: Float64Array, h: Int32Array) => {
        for (const i of prange(x.length)) h[Math.floor(x[i]!)]! += 1;
        for (const i of prange(x.length)) h[Math.floor(x[i]! / 2)]!++;
      },
      () => [Float64Array.from({ length: 200 }, (_, i) => (i * 7.3) % 10), new Int32Array(10)],
    );
    assert.deepEqual(ours, theirs);
    assert.deepEqual(
      diagnoses.map(({ reductions }) => reductions),
      [["h[…] +="], ["h[…] +="]],
    );
  });

  it("add into elements whose place an array gives, on one branch of several", () => {
    const { ours, theirs, diagnoses } = both(
      (n: Int32Array, w: Float64Array, sums: Float64Array) => {
        for (const i of prange(n.length)) {
          // the place is read twice, a value is chosen in between
          sums[n[i]!] = sums[n[i]!]! + (w[i]! > 3 ? Math.floor(w[n[i]!]!) : 1);
        }
      },
      () => [
        Int32Array.from({ length: 200 }, (_, i) => (i * i) % 8),
        Float64Array.from({ length: 200 }, (_, i) => i % 7),
        new Float64Array(8),
      ],
    );
    assert.deepEqual(ours, theirs);
    assert.deepEqual(diagnoses[0]?.reductions, ["sums[…] +="]);
  });

  it("are refused where the place is another at the second reading", () => {
    const { request } = lowered(
      (n: Int32Array, sums: Float64Array) => {
        for (const i of prange(n.length)) {
          let k = n[i]!;
          const old = sums[k]!;
          k = k + 1;
          sums[k] = old + 1;
        }
      },
      [new Int32Array(4), new Float64Array(8)],
    );
    assert.throws(() => compile(request), /may touch one element of 'sums'/);
  });

  it("are refused with the line and both accesses where iterations meet", () => {
    const { request } = lowered(
      (x: Float64Array) => {
        for (const i of prange(1, x.length)) {
          x[i] = x[i - 1]! + 1;
        }
      },
      [new Float64Array(4)],
    );
    assert.throws(
      () => compile(request),
      (error) => {
        assert.ok(error instanceof CompileError);
        assert.match(error.message, /one writes x\[i\], another reads x\[i - 1\]/);
        assert.match(error.message, /x\[i\] ?= ?x\[i ?- ?1\]/);
        return true;
      },
    );
  });

  it("are refused where an inner loop's halves reach into another iteration", () => {
    const { request } = lowered(
      (x: Float64Array, n: number) => {
        for (const i of prange(n)) for (let j = 0; j < 2; j += 0.5) x[6 * i + 4 * j] = i;
      },
      [new Float64Array(16), 2],
    );
    assert.throws(() => compile(request), /may touch one element of 'x'/);
  });

  it("may each write a column of a matrix in a typed array", () => {
    const { ours, theirs, diagnoses } = both(
      (a: Float64Array, t: Float64Array, u: Float64Array, n: number, m: number) => {
        for (const i of prange(n)) for (let j = 0; j < m; j++) t[j * n + i] = a[i * m + j]!;
        for (const i of prange(1, n))
          for (let j = 1; j < m; j++) t[j * n + i] = t[j * n + i]! + t[(j - 1) * n + i]! / 2;
        for (const i of prange(n))
          for (let j = 0; j < m; j++)
            for (let k = 0; k < 3; k++) u[(k * m + j) * n + i] = i - j * k;
      },
      () => [
        Float64Array.from({ length: 91 }, (_, i) => i * i),
        new Float64Array(91),
        new Float64Array(273),
        13,
        7,
      ],
    );
    assert.deepEqual(ours, theirs);
    const pranges = diagnoses.filter(({ loop }) => loop.includes("prange"));
    assert.deepEqual(
      pranges.map(({ parallel }) => parallel),
      [{ yes: true }, { yes: true }, { yes: true }],
    );
  });

  const overlapping: Record<string, (a: Float64Array, n: number, m: number) => void> = {
    "columns beyond the length of a row": (a, n, m) => {
      for (const i of prange(n + 1)) for (let j = 0; j < m; j++) a[j * n + i] = i;
    },
    "columns that read the next one": (a, n, m) => {
      for (const i of prange(n - 1)) for (let j = 0; j < m; j++) a[j * n + i] = a[j * n + i + 1]!;
    },
    "columns of half rows": (a, n, m) => {
      for (const i of prange(n)) for (let j = 0; j < m; j += 0.5) a[j * n + i] = i;
    },
    "columns from half rows on": (a, n, m) => {
      for (const i of prange(n))
        for (let k = 0; k < 1; k += 0.5) for (let j = k; j < m; j++) a[j * n + i] = i;
    },
    "columns of rows of another length": (a, n, m) => {
      for (const i of prange(n)) for (let j = 0; j < m; j++) a[j * m + i] = i;
    },
    "columns that are moved by an inner counter": (a, n, m) => {
      for (const i of prange(n))
        for (let j = 0; j < m; j++) for (let k = 0; k < 2; k++) a[j * n + i + k] = i;
    },
  };
  for (const [name, kernel] of Object.entries(overlapping)) {
    it(`may not write ${name}`, () => {
      const { request } = lowered(kernel, [new Float64Array(100), 6, 4]);
      assert.throws(() => compile(request), /may touch one element of 'a'/);
    });
  }

  it("are refused where two arrays take turns, and parallel in the form that the refusal names", () => {
    const { request } = lowered(
      (a: Float64Array, b: Float64Array, n: number) => {
        for (let k = 0; k < n; k++) {
          const [from, to] = [k % 2 === 0 ? a : b, k % 2 === 0 ? b : a];
          for (const i of prange(1, a.length)) to[i] = from[i - 1]! / 2;
        }
      },
      [new Float64Array(4), new Float64Array(4), 3],
    );
    assert.throws(() => compile(request), /call step\(a, b\), then step\(b, a\)/);
    const { ours, theirs, diagnoses } = both(
      (a: Float64Array, b: Float64Array, n: number) => {
        const step = (from: Float64Array, to: Float64Array): void => {
          for (const i of prange(1, from.length)) to[i] = from[i - 1]! / 2;
        };
        for (let k = 0; k < n; k += 2) {
          step(a, b);
          step(b, a);
        }
      },
      () => [Float64Array.from({ length: 100 }, (_, i) => i), new Float64Array(100), 3],
    );
    assert.deepEqual(ours, theirs);
    const pranges = diagnoses.filter(({ loop }) => loop.includes("prange"));
    assert.deepEqual(
      pranges.map(({ parallel }) => parallel),
      [{ yes: true }, { yes: true }],
    );
  });

  it("are refused on both sides of a diagonal, and parallel in the form that the refusal names", () => {
    const { request } = lowered(
      (a: Float64Array, n: number) => {
        for (const i of prange(n)) {
          for (let j = 0; j < i; j++) {
            a[i * n + j] = i - j;
            a[j * n + i] = i - j;
          }
        }
      },
      [new Float64Array(16), 4],
    );
    assert.throws(() => compile(request), /symmetric matrix write one triangle/);
    const { ours, theirs, diagnoses } = both(
      (a: Float64Array, full: Float64Array, n: number) => {
        for (const i of prange(n)) for (let j = 0; j < i; j++) a[i * n + j] = i - j;
        for (const i of prange(n))
          for (let j = 0; j < n; j++) full[i * n + j] = a[Math.max(i, j) * n + Math.min(i, j)]!;
      },
      () => [new Float64Array(81), new Float64Array(81), 9],
    );
    assert.deepEqual(ours, theirs);
    const pranges = diagnoses.filter(({ loop }) => loop.includes("prange"));
    assert.deepEqual(
      pranges.map(({ parallel }) => parallel),
      [{ yes: true }, { yes: true }],
    );
  });
});
