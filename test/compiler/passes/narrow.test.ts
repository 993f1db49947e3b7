import assert from "node:assert/strict";
import fc from "fast-check";
import { add, at, lt, mul, Scene, sub, type Code } from "../loops.js";
import { run, SiteError, options, type Argument } from "../run.js";
import { f64, get, operate } from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import type { Expr, Kernel, Stmt } from "../../../kernel-lib/src/compiler/ir.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { narrow } from "../../../kernel-lib/src/compiler/passes/narrow.js";
import { printBody } from "../../../kernel-lib/src/compiler/print.js";
import { mapParts, rewrite } from "../../../kernel-lib/src/compiler/walk.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";

function built(body: (scene: Scene, code: Code) => void): Kernel {
  const scene = new Scene();
  return scene.kernel((code) => {
    body(scene, code);
  });
}

function outcome(kernel: Kernel, n: number, w: number) {
  const args = [
    n,
    w,
    Float64Array.from({ length: 400 }, (_, i) => i - 200.5),
    new Float64Array(400),
    { data: new Float64Array(400), shape: [20, 20] },
    Int32Array.from({ length: 400 }, (_, i) => (i % 7) - 3),
  ] satisfies Argument[];
  try {
    return { result: run(expanded(kernel), args).result, args };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { failed: [error.site, error.a, error.b], args };
  }
}

/** ToInt32 and % in basic operations, exact for the numbers that stand in for them here. */
function expanded(kernel: Kernel): Kernel {
  const expr = (outer: Expr): Expr =>
    rewrite(outer, (part) => {
      if (part.op === "math.to_int32") {
        const whole = operate("f64.trunc", part.args[0]!);
        const turns = operate("f64.floor", add(mul(whole, 2 ** -32), 0.5));
        return operate("i32.trunc_sat_f64_s", sub(whole, mul(turns, 2 ** 32)));
      }
      if (part.op !== "math.rem") return part;
      const [a, b] = part.args as readonly [Expr, Expr];
      return sub(a, mul(b, operate("f64.trunc", operate("f64.div", a, b))));
    });
  const body = (list: readonly Stmt[]): readonly Stmt[] =>
    list.map((stmt) => mapParts(stmt, { expr, body }));
  return { ...kernel, body: body(kernel.body) };
}

function narrowed(kernel: Kernel): Kernel {
  const made = narrow(kernel, new Context(options));
  verify(made);
  return made;
}

describe("narrowing", () => {
  it("makes indices of a matrix 32-bit arithmetic", () => {
    const kernel = narrowed(
      built(({ m, total, i, j }, code) => {
        const length = (axis: number): Expr => operate("f64.convert_i32_s", get(m.shape[axis]!));
        code.for(i, 0, length(0), (outer) => {
          outer.for(j, 1, length(1), (inner) => {
            inner.set(total, add(total, at(m, i, sub(j, 1))));
          });
        });
      }),
    );
    const text = printBody(kernel.body);
    assert.doesNotMatch(text, /convert|trunc|f64\.sub/);
    assert.match(text, /i32\.sub|j - 1/);
  });

  it("counts on an integer, and on what is set to it, in 32-bit arithmetic", () => {
    const source = built(({ counts, a, i, k, x, total }, code) => {
      code.set(k, 0);
      code.for(i, 0, operate("f64.convert_i32_s", get(a.shape[0]!)), (c) => {
        c.set(x, k);
        c.store(counts, [x], add(at(counts, x), 1));
        c.set(k, operate("f64.convert_i32_s", operate("math.to_int32", add(k, 1))));
      });
      code.set(total, k);
    });
    const kernel = narrowed(source);
    assert.doesNotMatch(printBody(kernel.body), /to_int32|trunc|f64\.add/);
    assert.deepEqual(outcome(kernel, 0, 0), outcome(source, 0, 0));
  });

  it("keeps a loop up to an argument right for every argument", () => {
    const source = built(({ b, n, i, total }, code) => {
      code.for(i, 0, n, (c) => {
        c.store(b, [i], add(i, 0.5));
        c.set(total, add(total, i));
      });
    });
    for (const n of [0, -0, 3, 2.5, -7, NaN, 401, 2 ** 31, 1e300, Infinity, -Infinity]) {
      assert.deepEqual(outcome(narrowed(source), n, 0), outcome(source, n, 0), String(n));
    }
  });

  it("fails where a parallel loop has too many iterations", () => {
    const kernel = narrowed(
      dependence(
        built(({ n, i, total }, code) => {
          code.prange(i, 0, n, (c) => {
            c.set(total, add(total, i));
          });
        }),
        new Context(options),
      ),
    );
    assert.equal(outcome(kernel, 2.5, 0).result, 3);
    assert.equal(outcome(kernel, NaN, 0).result, 0);
    assert.equal(outcome(kernel, -1e300, 0).result, 0);
    assert.deepEqual(outcome(kernel, 1e300, 0).failed?.[1], 1e300);
  });

  it("narrows inner loops up to an argument in a parallel loop", () => {
    const source = dependence(
      built(({ m, n, w, i, j }, code) => {
        code.prange(i, 0, n, (c) => {
          c.for(j, 0, w, (inner) => {
            inner.store(m, [i, j], add(i, j));
          });
        });
      }),
      new Context(options),
    );
    for (const w of [5, 2.5, NaN, -1, 21, 1e300]) {
      assert.deepEqual(outcome(narrowed(source), 4, w), outcome(source, 4, w), String(w));
    }
  });

  it("keeps the sign of zero where it can be seen", () => {
    const source = built(({ b, i, k, n }, code) => {
      code.for(i, 0, n, (c) => {
        c.set(k, mul(i, -1));
        c.store(b, [i], operate("f64.div", f64(1), get(k)));
      });
    });
    const { args } = outcome(narrowed(source), 2, 0);
    assert.deepEqual((args[3] as Float64Array).slice(0, 2), Float64Array.of(-Infinity, -1));
  });

  it("gives the same bits as float64 for any expression of counters, elements and arguments", () => {
    const binary = fc.constantFrom(
      "f64.add",
      "f64.sub",
      "f64.mul",
      "f64.div",
      "f64.min",
      "f64.max",
      "math.rem",
    );
    const unary = fc.constantFrom("f64.floor", "f64.trunc", "f64.ceil", "f64.neg", "f64.abs", "or");
    type Recipe = { leaf: string | number } | { op: string; args: readonly Recipe[] };
    const recipes = fc.letrec<{ recipe: Recipe }>((tie) => ({
      recipe: fc.oneof(
        { maxDepth: 5 },
        fc.record({
          leaf: fc.oneof(
            fc.constantFrom("i", "j", "k", "n", "w", "count", "element", "length"),
            fc.constantFrom(0, -0, 1, 2, -3, 0.5, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 52),
          ),
        }),
        fc.record({ op: binary, args: fc.tuple(tie("recipe"), tie("recipe")) }),
        fc.record({ op: unary, args: fc.tuple(tie("recipe")) }),
        fc.record({
          op: fc.constant("select"),
          args: fc.tuple(tie("recipe"), tie("recipe"), tie("recipe"), tie("recipe")),
        }),
      ),
    })).recipe;
    const number = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constantFrom(2.5, NaN, 2 ** 31));
    fc.assert(
      fc.property(
        recipes,
        recipes,
        number,
        number,
        fc.integer({ min: 1, max: 3 }),
        (one, two, n, w, step) => {
          const source = built((scene, code) => {
            const { a, b, counts, i, j, k, x } = scene;
            const leaves: Record<string, Expr> = {
              i: get(i),
              j: get(j),
              k: get(k),
              n: get(scene.n),
              w: get(scene.w),
              count: at(counts, i),
              element: at(a, j),
              length: operate("f64.convert_i32_s", get(b.shape[0]!)),
            };
            const build = (recipe: Recipe): Expr => {
              if ("leaf" in recipe) {
                return typeof recipe.leaf === "number" ? f64(recipe.leaf) : leaves[recipe.leaf]!;
              }
              const args = recipe.args.map(build);
              if (recipe.op === "select") {
                return operate(
                  "f64.select",
                  operate("f64.lt", args[0]!, args[1]!),
                  args[2]!,
                  args[3]!,
                );
              }
              if (recipe.op === "or") {
                return operate("f64.convert_i32_s", operate("math.to_int32", args[0]!));
              }
              return operate(recipe.op as "f64.add", ...args);
            };
            code.for(i, 0, 4, (outer) => {
              outer.set(k, 3);
              outer.if(lt(i, scene.w), (c) => {
                c.set(k, build(one));
              });
              outer.for(
                j,
                0,
                operate("f64.min", get(scene.n), f64(9)),
                (inner) => {
                  inner.set(x, build(two));
                  inner.if(lt(k, x), (c) => {
                    c.set(x, add(x, k));
                  });
                  inner.store(b, [add(mul(i, 20), j)], operate("f64.div", f64(1), get(x)));
                  inner.store(b, [add(add(mul(i, 20), j), 100)], x);
                  inner.store(counts, [add(j, 10)], x);
                },
                step,
              );
            });
          });
          assert.deepEqual(outcome(narrowed(source), n, w), outcome(source, n, w));
        },
      ),
      { numRuns: 300 },
    );
  });
});
