import assert from "node:assert/strict";
import { jit, type NDArray, philox, prange, zeros } from "hotcell";
import { kernelOf } from "../arrays.js";
import { options } from "../run.js";
import { get, local, operate } from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import type { Expr } from "../../../kernel-lib/src/compiler/ir.js";
import { contract } from "../../../kernel-lib/src/compiler/passes/contract.js";
import { printExpr } from "../../../kernel-lib/src/compiler/print.js";

describe("contraction", () => {
  const [x, y, z] = ["x", "y", "z"].map((name) => get(local(name, "f64"))) as [Expr, Expr, Expr];
  const product = operate("f64.mul", x, y);

  function contracted(expr: Expr, fastMath = true): Expr {
    const set = { op: "set", local: local("result", "f64"), value: expr } as const;
    const [made] = contract(kernelOf([], [set]), new Context({ ...options, fastMath })).body;
    return made?.op === "set" ? made.value : assert.fail("the statement is gone");
  }

  const neg = (expr: Expr): Expr => operate("f64.neg", expr);
  const cases: readonly (readonly [string, Expr, Expr])[] = [
    ["x * y + z", operate("f64.add", product, z), operate("f64.madd", x, y, z)],
    ["z + x * y", operate("f64.add", z, product), operate("f64.madd", x, y, z)],
    ["x * y - z", operate("f64.sub", product, z), operate("f64.madd", x, y, neg(z))],
    ["z - x * y", operate("f64.sub", z, product), operate("f64.madd", neg(x), y, z)],
    [
      "x * x + y * y",
      operate("f64.add", operate("f64.mul", x, x), operate("f64.mul", y, y)),
      operate("f64.madd", y, y, operate("f64.mul", x, x)),
    ],
  ];
  for (const [text, given, made] of cases) {
    it(`makes one operation of ${text} under fastMath`, () => {
      assert.equal(printExpr(contracted(given)), printExpr(made));
      assert.equal(contracted(given, false), given);
    });
  }

  for (const target of ["native", "wasm"] as const) {
    it(`gives an iteration the same bits wherever its loop is cut, as ${target}`, () => {
      const kernel = jit(
        (a: NDArray, b: NDArray, out: NDArray, from: number, to: number) => {
          for (const i of prange(from, to)) out.set(a.at(i) * b.at(i) - b.at(i) * 0.1 + 0.7, i);
        },
        { fastMath: true, target },
      );
      const n = 37;
      const [a, b, whole, single] = [zeros(n), zeros(n), zeros(n), zeros(n)] as const;
      const random = philox(1, 2);
      for (let i = 0; i < n; i++) {
        a.set(random.normal(), i);
        b.set(random.normal(), i);
      }
      kernel(a, b, whole, 0, n);
      for (let i = 0; i < n; i++) kernel(a, b, single, i, i + 1);
      assert.deepEqual([...single], [...whole]);
      for (let i = 0; i < n; i++) {
        const plain = a.at(i) * b.at(i) - b.at(i) * 0.1 + 0.7;
        assert.ok(Math.abs(whole.at(i) - plain) <= 1e-15 * (1 + Math.abs(a.at(i) * b.at(i))));
      }
    });
  }

  it("leaves sums to be recognised", () => {
    const dot = jit(
      (a: NDArray, b: NDArray) => {
        let sum = 0;
        for (let i = 0; i < a.length; i++) sum += a.at(i) * b.at(i);
        return sum;
      },
      { fastMath: true },
    );
    const ones = zeros(1003);
    ones.data.fill(1);
    assert.equal(dot(ones, ones), 1003);
    assert.equal(dot.diagnostics()[0]?.vectorised.yes, true);
  });
});
