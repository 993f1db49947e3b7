import assert from "node:assert/strict";
import { kernelOf } from "../arrays.js";
import { run } from "../run.js";
import {
  bool,
  collect,
  f64,
  get,
  i32,
  local,
  operate,
  splat,
  type Emitter,
} from "../../../kernel-lib/src/compiler/build.js";
import { encode, text } from "../../../kernel-lib/src/compiler/backends/wasm/wasm.js";
import type { Func, Label, Local, Module } from "../../../kernel-lib/src/compiler/ir.js";

const result = local("result", "f64");
const input = local("input", "f64");

/** What a kernel of one number gives that computes `result` from `input`. */
function compute(value: number, body: (e: Emitter) => void): unknown {
  const kernel = kernelOf(
    [{ is: "number", local: input }],
    collect((e) => {
      e.set(result, f64(0));
      body(e);
    }),
    { result: { is: "number", local: result } },
  );
  return run(kernel, [value]).result;
}

const add = (e: Emitter, to: Local, value: number): void => {
  e.set(to, operate("f64.add", get(to), f64(value)));
};

function loop(
  e: Emitter,
  change: { from: number; to: number; step: number; kind?: "f64" | "i32" },
  body: (e: Emitter, counter: Local, label: Label) => void,
): Local {
  const { from, to, step, kind = "f64" } = change;
  const counter = local("counter", kind);
  const label = { name: "loop" };
  const number = kind === "f64" ? f64 : i32;
  e.emit({
    op: "for",
    counter,
    from: number(from),
    to: number(to),
    step,
    label,
    loop: 0,
    body: collect((inner) => {
      body(inner, counter, label);
    }),
  });
  return counter;
}

describe("control flow of the WebAssembly backend", () => {
  it("counts up, down, by fractions, and not at all", () => {
    const ranges = [
      { from: 0, to: 5, step: 1 },
      { from: 5, to: -1, step: -2 },
      { from: 0, to: 1, step: 0.3 },
      { from: 3, to: 3, step: 1 },
      { from: 0, to: NaN, step: 1 },
    ];
    for (const range of ranges) {
      const seen: number[] = [];
      const { from, to, step } = range;
      for (let x = from; step > 0 ? x < to : x > to; x += step) seen.push(x);
      const found = compute(0, (e) => {
        loop(e, range, (inner, counter) => {
          const next = operate("f64.add", operate("f64.mul", get(result), f64(10)), get(counter));
          inner.set(result, next);
        });
      });
      assert.equal(
        found,
        seen.reduce((sum, x) => sum * 10 + x, 0),
      );
    }
  });

  it("continues and breaks out of the loop that is named", () => {
    const found = compute(3, (e) => {
      loop(e, { from: 0, to: 10, step: 1, kind: "i32" }, (outer, i, outerLabel) => {
        loop(outer, { from: 0, to: 10, step: 1 }, (inner, j, innerLabel) => {
          inner.if(operate("f64.eq", get(j), get(input)), (then) => {
            then.emit({ op: "continue", label: innerLabel });
          });
          inner.if(operate("f64.gt", get(j), f64(5)), (then) => {
            then.emit({ op: "continue", label: outerLabel });
          });
          inner.if(operate("i32.eq", get(i), i32(4)), (then) => {
            then.emit({ op: "break", label: outerLabel });
          });
          add(inner, result, 1);
        });
      });
    });
    let wanted = 0;
    outer: for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 10; j++) {
        if (j === 3) continue;
        if (j > 5) continue outer;
        if (i === 4) break outer;
        wanted++;
      }
    }
    assert.equal(found, wanted);
  });

  it("leaves endless loops and blocks", () => {
    const found = compute(7, (e) => {
      const label: Label = { name: "forever" };
      e.emit({
        op: "loop",
        label,
        loop: 0,
        body: collect((inner) => {
          add(inner, result, 1);
          inner.block("test", (block, test) => {
            block.if(operate("f64.ge", get(result), get(input)), (then) => {
              then.emit({ op: "break", label });
            });
            block.if(operate("f64.lt", get(result), f64(3)), (then) => {
              then.emit({ op: "continue", label });
            });
            block.emit({ op: "break", label: test });
            add(block, result, 1000);
          });
          add(inner, result, 0.5);
        }),
      });
    });
    assert.equal(found, 7.5);
  });

  it("calls functions that call themselves and give two results", () => {
    const n = local("n", "f64");
    const [p, q] = [local("p", "f64"), local("q", "f64")];
    const pair: Func = { name: "fibonacci", params: [n], results: ["f64", "f64"], body: [] };
    pair.body = collect((e) => {
      e.if(
        operate("f64.lt", get(n), f64(1)),
        (then) => {
          then.emit({ op: "return", values: [f64(0), f64(1)] });
        },
        (otherwise) => {
          const less = operate("f64.sub", get(n), f64(1));
          otherwise.emit({ op: "call", callee: pair, args: [less], results: [p, q] });
          otherwise.emit({ op: "return", values: [get(q), operate("f64.add", get(p), get(q))] });
        },
      );
    });
    const found = compute(30, (e) => {
      e.emit({
        op: "call",
        callee: pair,
        args: [get(input)],
        results: [result, local("q", "f64")],
      });
    });
    assert.equal(found, 832040);
  });

  it("lists what it encodes, with names", () => {
    const x = local("x", "f64", 2);
    const frame = local("frame", "i32");
    const module: Module = {
      functions: [
        {
          name: "kernel",
          exported: true,
          params: [frame],
          results: [],
          body: collect((e) => {
            e.set(x, operate("f64.madd", get(x), splat(f64(1.5), 2), get(x)));
            e.if(bool(true), (then) => {
              then.emit({
                op: "write",
                dtype: "float64",
                addresses: [get(frame)],
                offset: 16,
                value: get(x),
              });
            });
          }),
        },
      ],
    };
    const code = text(module, { relaxedSimd: true }).split("\n").slice(5, -2);
    assert.deepEqual(code, [
      '  (func $kernel (export "kernel") (param $frame i32)',
      "    (local $x v128)",
      "    local.get $x",
      "    v128.const f64x2 1.5 1.5",
      "    local.get $x",
      "    f64x2.relaxed_madd",
      "    local.set $x",
      "    i32.const 1",
      "    if",
      "      local.get $frame",
      "      local.get $x",
      "      v128.store offset=16",
      "    end",
      "  )",
    ]);
    assert.doesNotMatch(text(module, { relaxedSimd: false }), /relaxed/);
    // prefix 0xfd, then 0x107 in LEB128 (relaxed SIMD overview)
    const bytes = Buffer.from(encode(module, { relaxedSimd: true }));
    assert.ok(bytes.includes(Buffer.from([0xfd, 0x87, 0x02])));
  });
});
