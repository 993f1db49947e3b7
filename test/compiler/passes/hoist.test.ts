import assert from "node:assert/strict";
import fc from "fast-check";
import { access, arrayLocal, element, kernelOf } from "../arrays.js";
import { outcome, RandomProgram } from "../programs.js";
import { options } from "../run.js";
import {
  collect,
  f64,
  get,
  i32,
  local,
  operate,
  type Emitter,
} from "../../../kernel-lib/src/compiler/build.js";
import { Context } from "../../../kernel-lib/src/compiler/context.js";
import type { ArrayLocal, Expr, Local, Module } from "../../../kernel-lib/src/compiler/ir.js";
import { addresses } from "../../../kernel-lib/src/compiler/passes/addresses.js";
import { hoist } from "../../../kernel-lib/src/compiler/passes/hoist.js";
import { simplify } from "../../../kernel-lib/src/compiler/passes/simplify.js";
import { printBody } from "../../../kernel-lib/src/compiler/print.js";

const hoisted = (module: Module): Module => hoist(module, new Context(options));

/** The lines of a kernel's body after `addresses` and `hoist`, each simplified. */
function lines(
  parameters: readonly (Local | ArrayLocal)[],
  body: (e: Emitter) => void,
  change: Partial<typeof options> = {},
): string[] {
  const kernel = kernelOf(
    parameters.map((each) =>
      "base" in each ? { is: "array", array: each } : { is: "number", local: each },
    ),
    collect(body),
  );
  const func = { name: "kernel", params: [], results: [], body: addresses(kernel).body };
  const moved = hoist(simplify({ functions: [func] }), new Context({ ...options, ...change }));
  return printBody(simplify(moved).functions[0]!.body)
    .split("\n")
    .map((line) => line.trim());
}

function loop(e: Emitter, to: Expr, body: (e: Emitter, i: Expr) => void): void {
  const i = local("i", "i32");
  e.emit({
    op: "for",
    counter: i,
    from: i32(0),
    to,
    step: 1,
    label: { name: "loop" },
    loop: 0,
    body: collect((inner) => {
      body(inner, get(i));
    }),
  });
}

const n = local("n", "i32");
const x = local("x", "f64");
const unchecked = { checked: false };

describe("hoist", () => {
  it("changes nothing that can be seen of random programs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const kernel = new RandomProgram(seed).kernel();
        const wanted = outcome(kernel, seed);
        assert.deepEqual(outcome(kernel, seed, hoisted), wanted);
        const both = (module: Module): Module => simplify(hoisted(simplify(module)));
        assert.deepEqual(outcome(simplify(kernel), seed, both), wanted);
      }),
      { numRuns: 400 },
    );
  });

  it("computes before the outermost loop what no iteration changes", () => {
    const a = arrayLocal("a", "float64", 2);
    const found = lines([a, n, x], (e) => {
      loop(e, get(n), (outer, i) => {
        loop(outer, get(n), (inner, j) => {
          const value = operate(
            "f64.mul",
            operate("f64.sqrt", get(x)),
            operate("f64.convert_i32_s", i),
          );
          inner.emit({ op: "store", access: access(a, [i, j], unchecked), value });
        });
      });
    });
    assert.deepEqual(found, [
      "same: f64 = f64.sqrt(x)",
      "for i: i32 = 0 to n (loop)",
      "same.2: i32 = i32.add(a, i32.shl(i32.mul(i, aStride0), 3))",
      "same.3: f64 = f64.mul(same, f64.convert_i32_s(i))",
      "for i.2: i32 = 0 to n (loop)",
      "float64@[i32.add(same.2, i32.shl(i.2, 3))] = same.3",
    ]);
  });

  it("reads memory before a loop only if the loop runs, and nothing in it writes there", () => {
    const [a, b] = [arrayLocal("a", "float64"), arrayLocal("b", "float64")];
    const body = (e: Emitter): void => {
      loop(e, get(n), (inner, i) => {
        const value = element(access(a, [i32(0)], unchecked));
        inner.emit({ op: "store", access: access(b, [i], unchecked), value });
      });
    };
    assert.deepEqual(lines([a, b, n], body), [
      "if i32.lt_s(0, n)",
      "same: f64 = float64@[a]",
      "for i: i32 = 0 to n (loop)",
      "float64@[i32.add(b, i32.shl(i, 3))] = same",
    ]);
    const stays = [
      "for i: i32 = 0 to n (loop)",
      "float64@[i32.add(b, i32.shl(i, 3))] = float64@[a]",
    ];
    assert.deepEqual(lines([a, b, n], body, { aliased: true }), stays);
    const view = { ...b, origin: "view" } as const;
    const toView = lines([a, view, n], (e) => {
      loop(e, get(n), (inner, i) => {
        const value = element(access(a, [i32(0)], unchecked));
        inner.emit({ op: "store", access: access(view, [i], unchecked), value });
      });
    });
    assert.deepEqual(toView, stays);
  });

  it("leaves a read where it is that a condition or a check guards", () => {
    const a = arrayLocal("a", "float64");
    const b = arrayLocal("b", "float64");
    const found = lines([a, b, n, x], (e) => {
      loop(e, get(n), (inner, i) => {
        const first = element(access(a, [i32(0)], unchecked));
        inner.if(operate("f64.lt", operate("f64.convert_i32_s", i), get(x)), (then) => {
          then.emit({ op: "store", access: access(b, [i], unchecked), value: first });
        });
        const checked = element(access(a, [get(n)]));
        inner.emit({ op: "store", access: access(b, [i], unchecked), value: checked });
      });
    });
    const loopAt = found.findIndex((line) => line.startsWith("for"));
    assert.ok(found.slice(0, loopAt).every((line) => !line.includes("float64@")));
    assert.equal(found.filter((line) => line.includes("float64@[a]")).length, 1);
  });

  it("shares what is computed twice until something it reads is set or written", () => {
    const a = arrayLocal("a", "float64");
    const b = arrayLocal("b", "float64");
    const [p, q, r] = ["p", "q", "r"].map((name) => local(name, "f64")) as [Local, Local, Local];
    const first = element(access(a, [get(n)], unchecked));
    const other = element(access(b, [get(n)], unchecked));
    const found = lines([a, b, n, x], (e) => {
      e.set(p, operate("f64.add", first, other));
      e.emit({ op: "store", access: access(b, [i32(0)], unchecked), value: get(p) });
      e.set(q, operate("f64.sub", first, other));
      e.set(n, operate("i32.add", get(n), i32(1)));
      e.set(r, first);
      e.emit({ op: "store", access: access(b, [i32(1)], unchecked), value: get(q) });
      e.emit({ op: "store", access: access(b, [i32(2)], unchecked), value: get(r) });
      e.emit({ op: "store", access: access(b, [i32(3)], unchecked), value: f64(1) });
    });
    assert.equal(
      found.filter((line) => line.includes("float64@[") && !line.startsWith("float64")).length,
      4,
    );
    assert.equal(found.filter((line) => line.includes("i32.shl(n, 3)")).length, 2);
  });

  it("makes a check once until the index changes", () => {
    const a = arrayLocal("a", "float64");
    const found = lines([a, n, x], (e) => {
      const at = access(a, [get(n)]);
      e.emit({ op: "store", access: at, value: operate("f64.add", element(at), get(x)) });
      e.emit({ op: "store", access: at, value: get(x) });
      e.set(n, operate("i32.add", get(n), i32(1)));
      e.emit({ op: "store", access: at, value: get(x) });
    });
    assert.equal(found.filter((line) => line.startsWith("fail")).length, 2);
  });
});
