import assert from "node:assert/strict";
import { access, arrayLocal, element, kernelOf } from "./arrays.js";
import {
  bool,
  f64,
  get,
  i32,
  i64,
  local,
  operate,
  splat,
} from "../../kernel-lib/src/compiler/build.js";
import type { Expr, Func, Stmt } from "../../kernel-lib/src/compiler/ir.js";
import { print } from "../../kernel-lib/src/compiler/print.js";
import { verify } from "../../kernel-lib/src/compiler/verify.js";

const x = local("x", "f64");
const n = local("n", "i32");
const mask = local("mask", "bool", 2);
const pair = local("pair", "f64", 2);
const a = arrayLocal("a", "float64", 2);
const b = arrayLocal("b", "uint32");
const label = { name: "label" };
const given: Stmt[] = [
  { op: "set", local: n, value: i32(3) },
  { op: "set", local: mask, value: splat(bool(true), 2) },
  { op: "set", local: pair, value: splat(f64(0), 2) },
];

function check(...body: Stmt[]): void {
  const parameters = [
    { is: "number", local: x } as const,
    ...[a, b].map((array) => ({ is: "array", array }) as const),
  ];
  verify(kernelOf(parameters, [...given, ...body]));
}

const set = (value: Expr): Stmt => ({
  op: "set",
  local: local("made", value.kind, value.lanes),
  value,
});
const loop = {
  op: "for",
  counter: local("i", "f64"),
  from: f64(0),
  to: get(x),
  step: 1,
  label,
  loop: 0,
} as const;
const prange = { ...loop, op: "prange", reductions: [], winners: [], arrayReductions: [] } as const;
const two = { lanes: 2, pattern: "contiguous" } as const;

const wrong: Readonly<Record<string, readonly Stmt[]>> = {
  "a value of another kind": [{ op: "set", local: x, value: i32(1) }],
  "a value of other lanes": [{ op: "set", local: x, value: get(pair) }],
  "a variable read as another kind": [set({ op: "get", kind: "i32", lanes: 1, local: x })],
  "a variable that nothing sets": [set(get(local("ghost", "f64")))],
  "an i32 that isn't one": [set({ op: "const", kind: "i32", lanes: 1, value: 2 ** 31 })],
  "an i64 that is a number": [set({ op: "const", kind: "i64", lanes: 1, value: 1 })],
  "an operand of another kind": [
    set({ op: "f64.add", kind: "f64", lanes: 1, args: [f64(1), i32(1)] }),
  ],
  "an operand too few": [set({ op: "f64.add", kind: "f64", lanes: 1, args: [f64(1)] })],
  "an operand of other lanes": [set({ op: "f64.neg", kind: "f64", lanes: 2, args: [f64(1)] })],
  "a result of another kind": [
    set({ op: "f64.lt", kind: "f64", lanes: 1, args: [f64(1), f64(1)] }),
  ],
  "a splat of a vector": [set({ op: "splat", kind: "f64", lanes: 2, value: get(pair) })],
  "a lane that isn't there": [
    set({ op: "extract", kind: "f64", lanes: 1, value: get(pair), lane: 2 }),
  ],
  "any of what is no mask": [set({ op: "any", kind: "bool", lanes: 1, value: get(pair) })],
  "lanes shifted by different amounts": [
    set(
      operate(
        "i64.shl",
        splat(i64(1n), 2),
        operate("i64.extend_i32_s", { op: "lanes", kind: "i32", lanes: 2 }),
      ),
    ),
  ],
  "a mask as condition": [{ op: "if", condition: get(mask), then: [], otherwise: [] }],
  "a number as condition": [{ op: "if", condition: get(x), then: [], otherwise: [] }],
  "an index too few": [set(element(access(a, [i32(0)])))],
  "a vector index outside a gather": [set(element(access(b, [splat(i32(0), 2)], two)))],
  "an f64 index of contiguous lanes": [set(element(access(b, [f64(0)], two)))],
  "a mask on a scalar": [set(element(access(b, [i32(0)], { mask: bool(true) })))],
  "a mask of other lanes": [set(element(access(b, [i32(0)], { ...two, mask: bool(true) })))],
  "an i32 from uint32": [set(element(access(b, [i32(0)]), "i32"))],
  "a step without affine": [set(element(access(b, [i32(0)], { ...two, step: [i32(1)] })))],
  "a scalar stored to lanes": [{ op: "store", access: access(b, [i32(0)], two), value: get(x) }],
  "an f64 written to int32": [
    { op: "write", dtype: "int32", addresses: [get(n)], offset: 0, value: get(x) },
  ],
  "an f64 address": [
    { op: "write", dtype: "float64", addresses: [get(x)], offset: 0, value: get(x) },
  ],
  "a break to nowhere": [{ op: "break", label }],
  "a block that continues": [{ op: "block", label, body: [{ op: "continue", label }] }],
  "a bound of another kind": [{ ...loop, to: get(n), body: [] }],
  "a step of 0": [{ ...loop, step: 0, body: [] }],
  "a body that sets the counter": [
    { ...loop, body: [{ op: "set", local: loop.counter, value: f64(0) }] },
  ],
  "a body that sets what the bound reads": [
    { ...loop, body: [{ op: "set", local: x, value: f64(0) }] },
  ],
  "a break out of a prange": [{ ...prange, body: [{ op: "break", label }] }],
  "a break past a prange": [
    {
      op: "block",
      label,
      body: [{ ...prange, label: { name: "inner" }, body: [{ op: "break", label }] }],
    },
  ],
  "a return from a kernel": [{ op: "return", values: [] }],
  "a failure with i32": [{ op: "fail", site: 0, args: [i32(0), f64(0)] }],
};

describe("verify", () => {
  for (const [name, body] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => {
        check(...body);
      }, /:\n/);
    });
  }

  it("refuses calls and returns that don't fit the function", () => {
    const func: Func = {
      name: "f",
      params: [x],
      results: ["f64"],
      body: [{ op: "return", values: [f64(1)] }],
    };
    const call = {
      op: "call",
      callee: func,
      args: [get(x)],
      results: [local("y", "f64")],
    } as const;
    check(call);
    assert.throws(() => {
      check({ ...call, args: [get(n)] });
    }, /arguments/);
    assert.throws(() => {
      check({ ...call, results: [] });
    }, /results/);
    const other = { ...func, body: [{ op: "return", values: [i32(1)] }] } as const;
    assert.throws(() => {
      verify({ functions: [other] });
    }, /values/);
  });

  it("takes what is right", () => {
    check(
      set(element(access(a, [f64(0), get(n)]))),
      set(element(access(b, [i32(0)], { ...two, mask: get(mask) }))),
      {
        ...loop,
        body: [
          { op: "continue", label },
          { op: "break", label },
        ],
      },
      { ...prange, body: [{ op: "continue", label }] },
    );
  });
});

describe("print", () => {
  it("shows a kernel as one would write it down", () => {
    const body: Stmt[] = [
      ...given,
      {
        ...prange,
        reductions: [{ local: x, by: "add" }],
        body: [
          {
            op: "if",
            condition: operate("f64.lt", get(loop.counter), f64(-0)),
            then: [{ op: "store", access: access(a, [get(loop.counter), f64(1)]), value: get(x) }],
            otherwise: [{ op: "fail", site: 2, args: [get(x), f64(0)] }],
          },
        ],
      },
      set(element(access(b, [get(n)], { ...two, checked: false, mask: get(mask) }))),
    ];
    const parameters = [{ is: "number", local: x } as const, { is: "array", array: a } as const];
    const text = print(kernelOf(parameters, body, { result: { is: "array", array: b } }));
    assert.deepEqual(text.trimEnd().split("\n"), [
      "kernel test(x: f64, a: float64[:,:]): b: uint32[:]",
      "  n: i32 = 3",
      "  mask: boolx2 = 1",
      "  pair: f64x2 = 0",
      "  prange i: f64 = 0 to x (label) reduces add x",
      "    if f64.lt(i, -0)",
      "      a[i, 1] = x",
      "    else",
      "      fail site 2 (x, 0)",
      "  made: f64x2 = b![n contiguous where mask]",
    ]);
  });
});
