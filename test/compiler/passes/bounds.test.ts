import assert from "node:assert/strict";
import fc from "fast-check";
import { add, at, lt, mul, Scene, sub, type Code } from "../loops.js";
import { options, run, SiteError, type Argument } from "../run.js";
import { f64, get, operate } from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import type { Access, Expr, Kernel, Stmt } from "../../../kernel-lib/src/compiler/ir.js";
import { bounds } from "../../../kernel-lib/src/compiler/passes/bounds.js";
import { dependence } from "../../../kernel-lib/src/compiler/passes/dependence.js";
import { narrow } from "../../../kernel-lib/src/compiler/passes/narrow.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";
import { everyExpr, everyStmt } from "../../../kernel-lib/src/compiler/walk.js";

type Body = (scene: Scene, code: Code) => void;

function compiled(body: Body, change = {}) {
  const scene = new Scene();
  const context = new Context({ ...options, ...change });
  const source = dependence(
    scene.kernel((code) => {
      body(scene, code);
    }),
    context,
  );
  const kernel = bounds(narrow(source, context), context);
  verify(kernel);
  return { scene, source, kernel, notes: context.notes(0) };
}

function outcome(kernel: Kernel, n: number, w: number) {
  const args = [
    n,
    w,
    Float64Array.from({ length: 60 }, (_, i) => i - 20.5),
    new Float64Array(60),
    { data: Float64Array.from({ length: 60 }, (_, i) => i), shape: [10, 6] },
    Int32Array.from({ length: 60 }, (_, i) => (i * 7) % 60),
  ] satisfies Argument[];
  try {
    return { result: run(kernel, args).result, args };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { failed: [error.site, error.a, error.b], args };
  }
}

function accesses(body: readonly Stmt[]): readonly Access[] {
  return [
    ...[...everyStmt(body)].flatMap((stmt) => (stmt.op === "store" ? [stmt.access] : [])),
    ...[...everyExpr(body)].flatMap((expr) => (expr.op === "element" ? [expr.access] : [])),
  ];
}

const length = (scene: Scene): Expr => operate("f64.convert_i32_s", get(scene.a.shape[0]!));

describe("bounds", () => {
  it("need no check and no guard below the array's own length", () => {
    const { kernel, notes } = compiled((scene, code) => {
      code.for(scene.i, 0, length(scene), (c) => {
        c.set(scene.total, add(scene.total, at(scene.a, scene.i)));
      });
    });
    assert.ok(accesses(kernel.body).every(({ checked }) => !checked));
    assert.ok([...everyStmt(kernel.body)].every(({ op }) => op !== "if"));
    assert.deepEqual(notes.boundsHoisted, { yes: true });
  });

  const hoisted: Record<string, Body> = {
    "an index up to an argument": ({ a, i, n, total }, code) => {
      code.for(i, 0, n, (c) => {
        c.set(total, add(total, at(a, i)));
      });
    },
    neighbours: ({ a, b, i, n }, code) => {
      code.for(i, 1, sub(n, 1), (c) => {
        c.store(b, [i], add(at(a, sub(i, 1)), at(a, add(i, 1))));
      });
    },
    "rows by an argument's length": ({ a, b, i, j, k, n, w }, code) => {
      code.for(i, 0, n, (outer) => {
        outer.set(k, mul(i, w));
        outer.for(j, 0, w, (c) => {
          c.store(b, [add(k, j)], at(a, add(mul(i, w), j)));
        });
      });
    },
    "a triangle of a matrix": ({ m, i, j, n, total }, code) => {
      code.for(i, 0, n, (outer) => {
        outer.for(j, 0, i, (c) => {
          c.set(total, add(total, at(m, i, j)));
        });
      });
    },
    backwards: ({ a, i, n, total }, code) => {
      code.for(
        i,
        sub(59, 0),
        n,
        (c) => {
          c.set(total, add(total, at(a, sub(59, i))));
        },
        -3,
      );
    },
    "under a condition on the counter": ({ a, i, n, total }, code) => {
      code.for(i, 0, n, (c) => {
        c.if(lt(0, i), (then) => {
          then.set(total, add(total, at(a, sub(i, 1))));
        });
      });
    },
    "a parallel loop": ({ a, b, m, i, j, n, w }, code) => {
      code.prange(i, 0, n, (outer) => {
        outer.store(b, [i], at(a, add(i, 2)));
        outer.for(j, 0, w, (c) => {
          c.store(m, [i, j], at(a, j));
        });
      });
    },
  };
  const arguments_ = [0, 1, 4, 6, 10, 11, 60, 61, 2.5, -1, NaN];
  // loops that only an index outside ends
  const endless = [2 ** 31, 1e300];
  for (const [what, body] of Object.entries(hoisted)) {
    it(`are checked before the loop: ${what}`, () => {
      const { kernel, source, notes } = compiled(body);
      assert.deepEqual(notes.boundsHoisted, { yes: true });
      assert.ok(accesses(kernel.body).some(({ checked }) => !checked));
      const ns = /argument$|neighbours|condition/.test(what)
        ? [...arguments_, ...endless]
        : arguments_;
      for (const n of ns) {
        for (const w of [0, 6, 7, 2.5, -3, NaN]) {
          assert.deepEqual(outcome(kernel, n, w), outcome(source, n, w), `${n}, ${w}`);
        }
      }
    });
  }

  it("stay where an index comes from an array, with a reason", () => {
    const { kernel, source, notes } = compiled(({ a, counts, i, n, total }, code) => {
      code.for(i, 0, n, (c) => {
        c.set(total, add(total, at(a, at(counts, i))));
      });
    });
    assert.match(JSON.stringify(notes.boundsHoisted), /index of 'a' isn't a linear function of i/);
    assert.deepEqual(outcome(kernel, 30, 0), outcome(source, 30, 0));
  });

  it("aren't checked without the option boundsCheck", () => {
    const { kernel } = compiled(
      ({ a, counts, i, n, total }, code) => {
        code.for(i, 0, n, (c) => {
          c.set(total, add(total, at(a, at(counts, i))));
        });
      },
      { boundsCheck: false },
    );
    assert.ok(accesses(kernel.body).every(({ checked }) => !checked));
  });

  it("are integers without that option as well, so that lanes know their neighbours", () => {
    const body: Body = ({ a, i, n, total }, code) => {
      code.for(i, 0, n, (c) => {
        c.set(total, add(total, at(a, add(add(i, i), 1))));
      });
    };
    const { kernel, source } = compiled(body, { boundsCheck: false });
    const indices = accesses(kernel.body).flatMap((each) => each.indices);
    // the second loop is for lengths that no integer counts
    assert.deepEqual(
      indices.map(({ kind }) => kind),
      ["i32", "f64"],
    );
    assert.deepEqual(outcome(kernel, 10, 0), outcome(source, 10, 0));
  });

  it("let the code grow no more than linearly with the depth of loops", () => {
    const nest =
      (depth: number): Body =>
      (scene, code) => {
        const counters = Array.from({ length: depth }, (_, d) => ({ ...scene.i, name: `i${d}` }));
        const inside = (c: Code, d: number): void => {
          if (d === depth) {
            const sum = counters.map((each): Expr => get(each)).reduce((x, y) => add(x, y));
            c.set(scene.total, add(scene.total, at(scene.a, add(sum, at(scene.counts, 0)))));
            return;
          }
          c.set(scene.x, at(scene.b, d));
          c.for(counters[d]!, 0, scene.n, (inner) => {
            inner.set(scene.total, add(scene.total, at(scene.a, add(counters[d]!, d))));
            inside(inner, d + 1);
          });
        };
        inside(code, 0);
      };
    const size = (depth: number): number =>
      [...everyStmt(compiled(nest(depth)).kernel.body)].length;
    const source = (depth: number): number =>
      [...everyStmt(compiled(nest(depth)).source.body)].length;
    assert.ok(size(8) <= 4 * source(8), `${size(8)} statements of ${source(8)}`);
  });

  it("fail at the same place after the same writes as unhoisted ones, for any affine loops", () => {
    const small = fc.integer({ min: -2, max: 3 });
    const index = fc.record({
      i: small,
      j: small,
      w: fc.integer({ min: 0, max: 1 }),
      iw: fc.integer({ min: -1, max: 1 }),
      one: fc.integer({ min: -3, max: 60 }),
      under: fc.constantFrom("", "i", "j"),
    });
    const extent = fc.oneof(fc.integer({ min: -1, max: 12 }), fc.constantFrom(2.5, NaN));
    fc.assert(
      fc.property(
        fc.array(index, { minLength: 1, maxLength: 3 }),
        extent,
        extent,
        fc.constantFrom(1, 2, -1, -2),
        fc.constantFrom(1, 3, -1),
        fc.boolean(),
        (indices, n, w, stepI, stepJ, triangular) => {
          const { kernel, source } = compiled((scene, code) => {
            const { a, b, i, j, k, w, n } = scene;
            const [fromI, toI] =
              stepI > 0 ? [f64(0), get(n)] : [f64(9), operate("f64.neg", get(n))];
            const end = triangular ? get(i) : get(w);
            const [fromJ, toJ] = stepJ > 0 ? [f64(1), end] : [f64(5), operate("f64.neg", end)];
            code.for(
              i,
              fromI,
              toI,
              (outer) => {
                outer.set(k, mul(i, w));
                outer.for(
                  j,
                  fromJ,
                  toJ,
                  (inner) => {
                    for (const each of indices) {
                      const index = add(
                        add(
                          add(mul(i, each.i), mul(j, each.j)),
                          add(mul(each.w, w), mul(k, each.iw)),
                        ),
                        each.one,
                      );
                      const touch = (c: Code): void => {
                        c.store(b, [index], add(at(a, index), at(b, index)));
                      };
                      if (each.under === "") touch(inner);
                      else inner.if(lt(1, each.under === "i" ? i : j), touch);
                    }
                  },
                  stepJ,
                );
              },
              stepI,
            );
          });
          assert.deepEqual(outcome(kernel, n, w), outcome(source, n, w));
        },
      ),
      { numRuns: 150 },
    );
  });
});
