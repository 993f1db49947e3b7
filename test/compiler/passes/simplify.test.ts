import assert from "node:assert/strict";
import fc from "fast-check";
import { access, arrayLocal, element, kernelOf } from "../arrays.js";
import { outcome, RandomProgram } from "../programs.js";
import { special } from "../values.js";
import {
  collect,
  f64,
  get,
  i32,
  local,
  operate,
  type Emitter,
} from "../../../kernel-lib/src/compiler/build.js";
import { evaluate } from "../../../kernel-lib/src/compiler/evaluate.js";
import type { Expr, Stmt } from "../../../kernel-lib/src/compiler/ir.js";
import { fold } from "../../../kernel-lib/src/compiler/passes/fold.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { printBody } from "../../../kernel-lib/src/compiler/print.js";
import { rewrite } from "../../../kernel-lib/src/compiler/walk.js";

const x = local("x", "f64");
const y = local("y", "f64");
const result = local("result", "f64");

/** The simplified body of a kernel of x and y that gives `result`. */
function simplified(body: (e: Emitter) => void): string[] {
  const parameters = [x, y].map((each) => ({ is: "number", local: each }) as const);
  const kernel = kernelOf(parameters, collect(body), { result: { is: "number", local: result } });
  return printBody(simplify(kernel).body).split("\n");
}

describe("simplify", () => {
  it("changes nothing that can be seen of random programs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const kernel = new RandomProgram(seed).kernel();
        const wanted = outcome(kernel, seed);
        assert.deepEqual(outcome(simplify(kernel), seed), wanted);
        assert.deepEqual(outcome(simplify(kernel), seed, simplify), wanted);
      }),
      { numRuns: 400 },
    );
  });

  it("uses identities only that hold for every number", () => {
    const of: ((x: Expr) => Expr)[] = [
      (x) => operate("f64.add", x, f64(0)),
      (x) => operate("f64.add", x, f64(-0)),
      (x) => operate("f64.add", f64(-0), x),
      (x) => operate("f64.sub", x, f64(0)),
      (x) => operate("f64.sub", x, f64(-0)),
      (x) => operate("f64.sub", f64(0), x),
      (x) => operate("f64.sub", x, x),
      (x) => operate("f64.mul", x, f64(1)),
      (x) => operate("f64.mul", x, f64(0)),
      (x) => operate("f64.mul", x, f64(-1)),
      (x) => operate("f64.div", x, f64(1)),
      (x) => operate("f64.div", x, x),
      (x) => operate("f64.abs", operate("f64.neg", x)),
      (x) => operate("f64.neg", operate("f64.neg", x)),
      ...[2, -4, 0.5, 2 ** -1000, 2 ** 1000, 2 ** 1023, 2 ** -1074, 3].map(
        (c) => (x: Expr) => operate("f64.div", x, f64(c)),
      ),
    ];
    for (const make of of) {
      const folded = fold(make(get(x)));
      for (const value of special.f64) {
        const put = (expr: Expr): unknown => {
          const found = rewrite(expr, (part) =>
            part.op === "get" ? f64(Number(value)) : part.op === "const" ? part : evaluated(part),
          );
          return found.op === "const" && found.value;
        };
        assert.ok(
          Object.is(put(folded), put(make(get(x)))),
          `${String(value)} in ${printBody([{ op: "set", local: y, value: folded }])}`,
        );
      }
    }
  });

  it("folds constants and reads variables from where they were copied", () => {
    const found = simplified((e) => {
      const two = e.variable("two", operate("f64.add", f64(1), f64(1)));
      const copy = e.variable("copy", get(x));
      e.set(result, operate("f64.mul", get(two), operate("f64.add", get(copy), get(y))));
    });
    assert.deepEqual(found, ["result: f64 = f64.mul(2, f64.add(x, y))"]);
  });

  it("forgets a copy once either variable is set", () => {
    const found = simplified((e) => {
      const copy = e.variable("copy", get(x));
      e.set(x, f64(3));
      e.set(result, operate("f64.add", get(copy), get(x)));
    });
    assert.deepEqual(found, ["copy: f64 = x", "x = 3", "result: f64 = f64.add(copy, 3)"]);
  });

  it("keeps a loop's bound apart from what its body sets", () => {
    const found = simplified((e) => {
      const bound = e.variable("bound", get(x));
      e.set(result, f64(0));
      e.emit({
        op: "for",
        counter: local("i", "f64"),
        from: f64(0),
        to: get(bound),
        step: 1,
        label: { name: "loop" },
        loop: 0,
        body: collect((inner) => {
          inner.set(x, operate("f64.add", get(x), f64(1)));
          inner.set(result, get(x));
        }),
      });
    });
    assert.equal(found[0], "bound: f64 = x");
    assert.equal(found[2], "for i: f64 = 0 to bound (loop)");
  });

  it("takes the branch of a condition it knows and drops what can't be reached", () => {
    const found = simplified((e) => {
      e.block("only", (block, label) => {
        block.if(
          operate("i32.lt_s", i32(1), i32(2)),
          (then) => {
            then.set(result, f64(1));
            then.emit({ op: "break", label });
          },
          (otherwise) => {
            otherwise.set(result, f64(2));
          },
        );
        block.set(result, f64(3));
      });
    });
    assert.deepEqual(found, ["result: f64 = 1"]);
  });

  it("drops values that nobody reads, sums included, but no element that can fail", () => {
    const a = arrayLocal("a", "float64");
    const unread = local("unread", "f64");
    const body: Stmt[] = [
      { op: "set", local: unread, value: element(access(a, [f64(9)])) },
      { op: "set", local: x, value: element(access(a, [i32(0)], { checked: false })) },
      { op: "set", local: y, value: operate("f64.add", get(y), get(x)) },
    ];
    const kernel = kernelOf([{ is: "array", array: a }], body);
    assert.equal(printBody(simplify(kernel).body), "unread: f64 = a[9]");
  });
});

function evaluated(part: Expr): Expr {
  assert.ok("args" in part);
  const values = part.args.map((arg) => (arg.op === "const" ? arg.value : NaN));
  return f64(Number(evaluate(part.op as "f64.add", values)));
}
