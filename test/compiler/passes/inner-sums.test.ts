import assert from "node:assert/strict";
import { array, getNumThreads, jit, type NDArray, prange, setNumThreads, zeros } from "hotcell";
import { bounds } from "../../../kernel-lib/src/compiler/passes/bounds.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { expand } from "../../../kernel-lib/src/compiler/passes/expand.js";
import { narrow } from "../../../kernel-lib/src/compiler/passes/narrow.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { vectorise } from "../../../kernel-lib/src/compiler/passes/vectorise/vectorise.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";
import { expectSame, reasons } from "../inner-loops.js";
import { run } from "../run.js";
import { type AnyKernel, lowered } from "../source.js";
import { vector } from "../zoo/specimen.js";

/** A sum as documented: eight partial sums as long as there are eight more terms, combined as a tree, then the rest. */
function inEights(terms: readonly number[], start = 0): number {
  const whole = terms.length & -8;
  let partial: number[] = new Array<number>(8).fill(-0);
  terms.slice(0, whole).forEach((term, k) => (partial[k % 8]! += term));
  while (partial.length > 1) {
    const half = partial.length / 2;
    partial = partial.slice(0, half).map((each, k) => each + partial[k + half]!);
  }
  return terms
    .slice(whole)
    .reduce((sum, term) => sum + term, whole > 0 ? start + partial[0]! : start);
}

/** The kernel after all passes but the last ones, with fastMath, for so many lanes. */
function forLanes(fn: AnyKernel, args: readonly unknown[], lanes: number) {
  const { kernel, context } = lowered(fn, args, {}, { fastMath: true, lanes });
  const passes = [simplify, dependence, narrow, simplify, bounds, expand, simplify, vectorise];
  const made = passes.reduce((each, pass) => {
    const next = pass(each, context);
    verify(next);
    return next;
  }, kernel);
  return { made, context };
}

describe("an ordinary loop that sums", () => {
  const threads = getNumThreads();
  after(() => {
    setNumThreads(threads);
  });

  const dot = (x: NDArray, y: NDArray) => {
    let sum = 0.1;
    for (let k = 0; k < x.length; k++) sum += x.at(k) * y.at(k);
    return sum;
  };

  it("keeps the order of the source", () => {
    const kernel = expectSame(dot, (n) => [vector(n), vector(n, 3)]);
    assert.match(reasons(kernel)[0]!, /adds to 'sum' in order, from which fastMath would free it/);
  });

  it("takes eight partial sums with fastMath, whatever its length", () => {
    const kernel = jit(
      (x: NDArray, y: NDArray) => {
        let sum = 0.1;
        // no product, which the sum would swallow unrounded
        for (let k = 0; k < x.length; k++) sum += x.at(k) / y.at(k);
        return sum;
      },
      { fastMath: true, cache: false },
    );
    for (let n = 0; n < 50; n++) {
      const [x, y] = [vector(n), vector(n, 3)];
      const terms = [...x].map((value, k) => value / y.at(k));
      assert.equal(kernel(x, y), inEights(terms, 0.1), `for n = ${n}`);
    }
    assert.deepEqual(reasons(kernel), [undefined]);
  });

  it("takes them in that order also in the iterations that check every index", () => {
    const windows = jit(
      (x: NDArray, into: NDArray, width: number) => {
        for (const i of prange(into.length)) {
          let sum = 0;
          for (let k = 0; k < width; k++) sum += 2 * i + k < x.length ? x.at(2 * i + k) : 0;
          into.set(sum, i);
        }
      },
      { fastMath: true, cache: false },
    );
    const x = vector(300);
    const expected = Array.from({ length: 150 }, (_, i) =>
      inEights(Array.from({ length: 37 }, (_, k) => (2 * i + k < 300 ? x.at(2 * i + k) : 0))),
    );
    for (const threads of [1, 2, 3, 4]) {
      setNumThreads(threads);
      const into = zeros([150]);
      windows(x, into, 37);
      assert.deepEqual([...into], expected, `on ${threads} threads`);
    }
  });

  it("takes them in that order where it was written as a prange inside another", () => {
    const rows = jit(
      (m: NDArray, into: NDArray) => {
        for (const i of prange(m.length)) {
          let sum = 0.1;
          for (const k of prange(m.shape[1]!)) sum += Math.abs(m.at(i, k));
          into.set(sum, i);
        }
      },
      { cache: false },
    );
    for (const n of [0, 5, 8, 29]) {
      const m = vector(6 * n).reshape(6, n);
      const expected = Array.from({ length: 6 }, (_, i) =>
        inEights(
          Array.from({ length: n }, (_, k) => Math.abs(m.at(i, k))),
          0.1,
        ),
      );
      for (const threads of [1, 3]) {
        setNumThreads(threads);
        const into = zeros([6]);
        rows(m, into);
        assert.deepEqual([...into], expected, `on ${threads} threads`);
      }
    }
    assert.deepEqual(
      rows.diagnostics().map(({ parallel }) => parallel),
      [{ yes: true }, { yes: false, why: "runs inside another prange" }],
    );
    assert.equal(reasons(rows)[1], undefined);
  });

  it("takes them in that order also where it can't tell that iterations don't meet", () => {
    const terms = (v: number) => 1 / (v * v + 0.3);
    for (const target of ["wasm", "native"] as const) {
      const rows = jit(
        (x: NDArray, into: NDArray, first: number, end: number, by: number) => {
          for (const i of prange(x.length)) {
            let sum = 0.1;
            for (const k of prange(first, end)) {
              const v = x.at(i, k + end + by);
              x.set(v * 0.5, i, k);
              sum += 1 / (v * v + 0.3);
            }
            into.set(sum, i);
          }
        },
        { target },
      );
      // of a negative number it isn't known that what is read lies behind all that is written
      for (const by of [0, -5]) {
        const [x, into] = [vector(4 * 100).reshape(4, 100), zeros([4])];
        const read = (i: number) => Array.from({ length: 30 }, (_, k) => x.at(i, k + 50 + by));
        const expected = [0, 1, 2, 3].map((i) => inEights(read(i).map(terms), 0.1));
        rows(x, into, 10, 40, by);
        assert.deepEqual([...into], expected, `${target}, moved by ${by}`);
      }
    }
  });

  it("keeps the order of the source in a prange inside another with parallel: false", () => {
    const rows = jit(
      (m: NDArray, into: NDArray) => {
        for (const i of prange(m.length)) {
          let sum = 0;
          for (const k of prange(m.shape[1]!)) sum += 1 / m.at(i, k);
          into.set(sum, i);
        }
      },
      { parallel: false, cache: false },
    );
    const m = vector(3 * 29).reshape(3, 29);
    const into = zeros([3]);
    rows(m, into);
    const inOrder = Array.from({ length: 3 }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < 29; k++) sum += 1 / m.at(i, k);
      return sum;
    });
    assert.deepEqual([...into], inOrder);
  });

  it("gives the same with any number of lanes", () => {
    // a long body turns its accumulators, a short one is written out for each of them
    const short = (m: Float64Array, into: Float64Array, length: number) => {
      for (let i = 0; i < into.length; i++) {
        let sum = 0;
        for (let k = 0; k < length; k++) sum += m[i * length + k]!;
        into[i] = sum;
      }
    };
    const long = (m: Float64Array, into: Float64Array, length: number) => {
      for (let i = 0; i < into.length; i++) {
        let [sum, product] = [0, 1];
        for (let k = 0; k < length; k++) {
          const x = m[i * length + k]!;
          sum += Math.exp(x) * Math.sin(x);
          product *= 1 + Math.tanh(x);
        }
        into[i] = sum * product;
      }
    };
    for (const fn of [short, long]) {
      const found = [1, 2].map((lanes) => {
        const [m, into] = [Float64Array.from(vector(3 * 29)), new Float64Array(3)];
        const { made, context } = forLanes(fn, [m, into, 29], lanes);
        run(made, [m, into, 29], { context });
        return [...into];
      });
      assert.deepEqual(found[0], found[1]);
      for (const lanes of [4, 8]) {
        const { context } = forLanes(fn, [new Float64Array(3), new Float64Array(3), 1], lanes);
        assert.deepEqual(context.notes(1).vectorised, {
          yes: true,
          how: `${lanes} iterations at once`,
        });
      }
    }
  });
});

describe("an ordinary loop stays as it is", () => {
  const cases: Record<string, readonly [RegExp, AnyKernel, (n: number) => readonly unknown[]]> = {
    "where an element is made of the one before": [
      /may touch the same element/,
      (x: NDArray) => {
        for (let k = 1; k < x.length; k++) x.set(0.5 * x.at(k - 1) + x.at(k), k);
      },
      (n) => [vector(n)],
    ],
    "where it hands a number on": [
      /carries 'last'/,
      (x: NDArray, into: NDArray) => {
        let last = 0;
        for (let k = 0; k < x.length; k++) {
          into.set(x.at(k) - last, k);
          last = x.at(k);
        }
      },
      (n) => [vector(n), zeros([n])],
    ],
    "where its last value is asked for": [
      /its last 'last' is read behind it/,
      (x: NDArray, into: NDArray) => {
        let last = 7;
        for (let k = 0; k < x.length; k++) {
          last = Math.sqrt(Math.abs(x.at(k)));
          into.set(last, k);
        }
        return last;
      },
      (n) => [vector(n), zeros([n])],
    ],
    "where it may end early": [
      /may end early/,
      (x: NDArray, into: NDArray) => {
        for (let k = 0; k < x.length; k++) {
          if (x.at(k) > 0.9) break;
          into.set(x.at(k) * 2, k);
        }
      },
      (n) => [vector(n), zeros([n])],
    ],
    "where it runs three times": [
      /runs 3 times only/,
      (x: NDArray) => {
        for (let k = 0; k < 3; k++) if (x.length > 3) x.set(Math.sqrt(k), k);
      },
      (n) => [vector(n)],
    ],
    "where it checks an index after it has written": [
      /checks an index after it has written/,
      (x: NDArray, at: NDArray, into: NDArray) => {
        for (let k = 0; k < x.length; k++) {
          into.set(x.at(k) + 1, k);
          into.set(Math.sqrt(x.at(at.at(k))), k);
        }
      },
      (n) => [
        array([...vector(n)].map(Math.abs)),
        array(Array.from({ length: n }, (_, k) => k)),
        zeros([n]),
      ],
    ],
    "where a smallest value is the first of several zeros": [
      /carries 'best'/,
      (x: NDArray) => {
        let best = Infinity;
        for (let k = 0; k < x.length; k++) if (x.at(k) < best) best = x.at(k);
        return 1 / best;
      },
      (n) => [zeros([n])],
    ],
  };
  for (const [what, [why, fn, args]] of Object.entries(cases)) {
    it(what, () => {
      assert.match(reasons(expectSame(fn, args))[0] ?? "it is vectorised", why);
    });
  }

  it("where two of its arrays share memory", () => {
    const shift = (x: NDArray, y: NDArray) => {
      for (let k = 0; k < y.length; k++) y.set(2 * x.at(k), k);
    };
    const kernel = jit(shift, { cache: false });
    const [ours, theirs] = [vector(40), vector(40)];
    kernel(ours.slice([0, 39]), ours.slice([1, 40]));
    shift(theirs.slice([0, 39]), theirs.slice([1, 40]));
    assert.deepEqual([...ours], [...theirs]);
    assert.match(reasons(kernel)[0]!, /may touch the same element/);
  });
});
