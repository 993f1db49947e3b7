import assert from "node:assert/strict";
import { at, add, lt, mul, Scene, type Code } from "../loops.js";
import { options, run } from "../run.js";
import { f64, operate } from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import type { Expr, Kernel, Local } from "../../../kernel-lib/src/compiler/ir.js";
import type { MathOperation } from "../../../kernel-lib/src/compiler/operations.js";
import { get } from "../../../kernel-lib/src/compiler/build.js";
import { expand } from "../../../kernel-lib/src/compiler/passes/expand.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";
import { everyExpr, everyStmt } from "../../../kernel-lib/src/compiler/walk.js";

function apply(op: MathOperation, operand: Expr | Local): Expr {
  return operate(op, "op" in operand ? operand : get(operand));
}

function expanded(body: (scene: Scene, code: Code) => void): Kernel {
  const scene = new Scene();
  const kernel = expand(
    scene.kernel((code) => {
      body(scene, code);
    }),
    new Context(options),
  );
  verify(kernel);
  return kernel;
}

function result(kernel: Kernel, n: number, w: number, a: Float64Array): unknown {
  return run(kernel, [n, w, a, new Float64Array(8), square, new Int32Array(8)]).result;
}
const square = { data: new Float64Array(4), shape: [2, 2] };

function calls(kernel: Kernel): readonly string[] {
  return [...everyStmt(kernel.body)].flatMap((stmt) =>
    stmt.op === "call" ? [stmt.callee.name] : [],
  );
}

const data = Float64Array.of(0.5, 1.5, 2.5, 3.5);

describe("expand", () => {
  it("calls a function of its own outside loops, made once", () => {
    const kernel = expanded(({ total, w }, code) => {
      code.set(total, apply("math.log", w));
      code.set(total, add(total, apply("math.log", total)));
    });
    assert.deepEqual(calls(kernel), ["math.log", "math.log"]);
    assert.deepEqual(
      kernel.functions.map(({ name }) => name),
      ["math.log"],
    );
    const once = Math.log(9);
    // each logarithm is at most 1 ulp off, and the sum rounds once more
    assert.ok(Math.abs(Number(result(kernel, 4, 9, data)) - (once + Math.log(once))) < 1e-15);
  });
  it("squares whatever stands before ** 2 with one product", () => {
    const kernel = expanded(({ total, w }, code) => {
      code.set(total, operate("math.pow", add(w, 0.1), f64(2)));
    });
    assert.deepEqual(calls(kernel), []);
    assert.equal(result(kernel, 4, 0.2, data), (0.2 + 0.1) * (0.2 + 0.1));
  });
  it("writes functions out in loops", () => {
    const kernel = expanded(({ total, a, i, n }, code) => {
      code.for(i, 0, n, (inner) => {
        inner.set(total, add(total, apply("math.exp", at(a, i))));
      });
    });
    assert.deepEqual(calls(kernel), []);
    const sum = data.reduce((before, x) => before + Math.exp(x), 0);
    assert.ok(Math.abs(Number(result(kernel, 4, 0, data)) / sum - 1) < 1e-15);
  });
  it("computes the same function of the same variable once, until that is set", () => {
    const kernel = expanded(({ total, w, x }, code) => {
      code.set(x, apply("math.log", w));
      code.set(total, apply("math.log", w));
      code.set(w, add(w, 1));
      code.set(total, add(mul(x, total), apply("math.log", w)));
    });
    assert.equal(calls(kernel).length, 2);
    const expected = Math.log(5) ** 2 + Math.log(6);
    assert.ok(Math.abs(Number(result(kernel, 4, 5, data)) - expected) < 2e-15);
  });
  it("reduces an angle once for sine and cosine", () => {
    const count = (...ops: MathOperation[]): number => {
      const kernel = expanded(({ total, a, i, n, x }, code) => {
        code.for(i, 0, n, (inner) => {
          inner.set(x, at(a, i));
          for (const op of ops) inner.set(total, add(total, apply(op, x)));
        });
      });
      return [...everyExpr(kernel.body)].filter(({ op }) => op === "f64.mul").length;
    };
    const one = count("math.sinTurn");
    assert.equal(count("math.sinTurn", "math.cosTurn"), one);
  });
  it("knows nothing of what a loop's earlier iterations set", () => {
    const kernel = expanded(({ total, i, n, w }, code) => {
      code.set(total, apply("math.exp", w));
      code.for(i, 0, n, (inner) => {
        inner.set(total, add(total, apply("math.exp", w)));
        inner.set(w, add(w, -1));
      });
    });
    const expected = [1, 1, 0, -1].reduce((sum, x) => sum + Math.exp(x), 0);
    assert.ok(Math.abs(Number(result(kernel, 3, 1, data)) - expected) < 1e-14);
  });
  it("leaves what is computed in a branch to that branch", () => {
    const kernel = expanded(({ total, a, i, n, w }, code) => {
      code.for(i, 0, w, (inner) => {
        inner.if(lt(i, n), (then) => {
          then.set(total, add(total, apply("math.exp", at(a, i))));
        });
        inner.set(total, add(total, apply("math.exp", w)));
      });
    });
    // elements beyond the array's end would fail
    const sum = data.reduce((before, x) => before + Math.exp(x), 6 * Math.exp(6));
    assert.ok(Math.abs(Number(result(kernel, 4, 6, data)) / sum - 1) < 1e-15);
  });
});
