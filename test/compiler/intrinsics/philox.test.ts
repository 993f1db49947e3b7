import assert from "node:assert/strict";
import { jit, philox, prange, zeros, type NDArray } from "hotcell";
import { collect, f64, get, type Emitter } from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import * as generators from "../../../kernel-lib/src/compiler/intrinsics/philox.js";
import type { Expr, Local } from "../../../kernel-lib/src/compiler/ir.js";
import { expand } from "../../../kernel-lib/src/compiler/passes/expand.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { everyStmt } from "../../../kernel-lib/src/compiler/walk.js";
import { kernelOf } from "../arrays.js";
import { number } from "../loops.js";
import { options, run, SiteError } from "../run.js";

/** What the kernel and its plain run make of an array of so many rows and columns. */
function both(
  kernel: { (into: NDArray, seed: number): void; js(into: NDArray, seed: number): void },
  columns: number,
  seed = 12,
): readonly [Float64Array, Float64Array] {
  const [compiled, plain] = [zeros([500, columns]), zeros([500, columns])];
  kernel(compiled, seed);
  kernel.js(plain, seed);
  return [compiled.data, plain.data];
}

function assertNear(found: Float64Array, expected: Float64Array, tolerance: number): void {
  found.forEach((x, i) => {
    const y = expected[i]!;
    assert.ok(Math.abs(x - y) <= tolerance * (1 + Math.abs(y)), `${x} in place of ${y} (${i})`);
  });
}

/** Some ulp of logarithm, sine and cosine on either side. */
const few = 2e-15;

describe("philox in a kernel", () => {
  it("gives the plain run's bits of uniform numbers, one thread and lane or several", () => {
    const fill = (into: NDArray, seed: number): void => {
      for (const i of prange(into.shape[0]!)) {
        const random = philox(seed, i);
        for (let k = 0; k < into.shape[1]!; k++) into.set(random.uniform(), i, k);
      }
    };
    for (const seed of [0, 12, 2 ** 32 + 5, 2 ** 53 - 1]) {
      const [parallel, plain] = both(jit(fill), 5, seed);
      assert.deepEqual(parallel, plain);
      const [single] = both(jit(fill, { parallel: false }), 5, seed);
      assert.deepEqual(single, plain);
    }
  });
  it("gives the plain run's normal and exponential numbers", () => {
    const kernel = jit((into: NDArray, seed: number) => {
      for (const i of prange(into.shape[0]!)) {
        const random = philox(seed, i);
        into.set(random.normal(), i, 0);
        into.set(random.uniform(), i, 1);
        into.set(random.normal(3, 2), i, 2);
        into.set(random.exponential(), i, 3);
        into.set(random.normal(), i, 4);
        into.set(random.exponential(0.5), i, 5);
      }
    });
    assertNear(...both(kernel, 6), few);
  });
  it("gives the plain run's gamma numbers", () => {
    const kernel = jit((into: NDArray, seed: number) => {
      for (const i of prange(into.shape[0]!)) {
        const random = philox(seed, i);
        into.set(random.gamma(2.5), i, 0);
        into.set(random.gamma(0.5, 3), i, 1);
        into.set(random.gamma(i / 10 + 0.1), i, 2);
      }
    });
    assertNear(...both(kernel, 3), 10 * few);
  });
  it("refuses a distribution's parameters as the plain run does", () => {
    const wrong: readonly [kernel: (x: number) => number, bad: readonly number[]][] = [
      [(x) => philox(1).normal(0, x), [-1, NaN]],
      [(x) => philox(1).exponential(x), [0, -1, NaN]],
      [(x) => philox(1).gamma(x), [0, -1, NaN, Infinity]],
      [(x) => philox(1).gamma(1, x), [-1, NaN]],
    ];
    for (const [plain, bad] of wrong) {
      const kernel = jit(plain);
      for (const x of bad) {
        let message = "";
        try {
          plain(x);
        } catch (error) {
          message = (error as Error).message;
        }
        assert.match(message, /^(normal|exponential|gamma) got the/);
        assert.throws(() => kernel(x), { name: "RangeError", message: `the kernel: ${message}` });
      }
    }
  });
  it("refuses a parameter of one iteration among many", () => {
    const kernel = jit((into: NDArray) => {
      for (const i of prange(into.length)) into.set(philox(1, i).normal(0, 700 - i), i);
    });
    assert.throws(() => {
      kernel(zeros([1000]));
    }, /normal got the standard deviation -\d+: give/);
  });
  it("goes on where branches and loops meet", () => {
    const kernel = jit((into: NDArray, seed: number) => {
      for (const i of prange(into.shape[0]!)) {
        const random = philox(seed, i);
        let last = 0;
        if (i % 3 === 0) last = random.normal();
        for (let k = 0; k < i % 5; k++) {
          last += random.normal();
          if (last > 1) last += random.uniform();
        }
        into.set(last, i, 0);
        into.set(random.normal(), i, 1);
        into.set(random.uniform(), i, 2);
      }
    });
    assertNear(...both(kernel, 3), 10 * few);
  });
  it("goes on from statement to statement outside loops", () => {
    const kernel = jit((n: number) => {
      const random = philox(7);
      let sum = 0;
      for (let k = 0; k < n; k++) sum += random.normal() * random.uniform();
      return sum;
    });
    assert.ok(Math.abs(kernel(100) - kernel.js(100)) < 100 * few);
  });
  it("names a seed or stream that is none", () => {
    const kernel = jit((seed: number, stream: number) => philox(seed, stream).uniform());
    for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
      const error = { name: "RangeError", message: new RegExp(`philox got ${bad}: give a whole`) };
      assert.throws(() => kernel(bad, 0), error);
      assert.throws(() => kernel(0, bad), error);
    }
  });
});

describe("a generator's code", () => {
  const [seed, stream] = [number("seed"), number("stream")];

  function built(draw: (e: Emitter, generator: generators.Generator) => Expr) {
    const result: Local = number("result");
    const body = collect((e) => {
      const made = generators.createGenerator(e, undefined, get(seed), get(stream), 4);
      e.set(result, draw(e, made));
    });
    const parameters = [seed, stream].map((local) => ({ is: "number" as const, local }));
    return simplify(kernelOf(parameters, body, { result: { is: "number", local: result } }));
  }
  const draw = (e: Emitter, made: generators.Generator): Expr =>
    generators.normal(e, made, f64(0), f64(1), () => 0);

  for (const many of [1, 2, 3]) {
    it(`has no branch for a new generator's ${many} first normal numbers`, () => {
      const kernel = built((e, made) => Array.from({ length: many }, () => draw(e, made)).at(-1)!);
      const branches = [...everyStmt(kernel.body)].filter(({ op }) => op === "if");
      // those for a wrong seed and a wrong stream
      assert.equal(branches.length, 2);
      const logarithms = JSON.stringify(kernel.body, plainly).split('"math.log"').length - 1;
      // what nobody uses is gone: the last number needs one block's logarithm
      assert.equal(logarithms, 1);
    });
  }
  it("runs what expand makes of it", () => {
    const context = new Context(options);
    const kernel = expand(built(draw), context);
    const { result } = run(kernel, [3, 4], { context });
    assert.ok(Math.abs(Number(result) - philox(3, 4).normal()) < few);
    assert.throws(() => run(kernel, [-1, 4], { context }), new SiteError(4, -1, 0));
  });
});

function plainly(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
