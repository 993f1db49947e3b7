import assert from "node:assert/strict";
import fc from "fast-check";
import { cacheKey, textKey } from "../../kernel-lib/dist/cache/key.js";
import type {
  Captured,
  CompileRequest,
  SourceFunction,
} from "../../kernel-lib/dist/compiler/types.js";
import { plainOptions, request, source } from "./requests.js";

const key = (asked: CompileRequest | string): string =>
  cacheKey(typeof asked === "string" ? request(asked) : asked, "1");
const number = (value: number): Captured => ({ is: "number", value });
const calling = (callee: SourceFunction): CompileRequest =>
  request(source("(x) => f(x)", { f: { is: "function", source: callee } }));

describe("two kernels share an artifact", () => {
  const text = "(x) => { const y = x * 2; return y + 1; }";

  const alike: Record<string, string> = {
    "a comment": "(x) => { /* twice */ const y = x * 2; // and\n return y + 1; }",
    "white space and line ends": "(x)=>{\r\n  const y=x*2;\n\n  return y+1;\n}",
    semicolons: "(x) => { const y = x * 2\n return y + 1 }",
    "redundant parentheses": "((x) => { const y = (x * 2); return (y) + (1); })",
    "how a number is written": "(x) => { const y = x * 0x2; return y + 1.0; }",
    "a comment at the very end": "(x) => { const y = x * 2; return y + 1; } // done",
  };
  for (const [what, other] of Object.entries(alike)) {
    it(`when only ${what} differ${/s$/.test(what) ? "" : "s"}`, () => {
      assert.equal(key(other), key(text));
      assert.notEqual(textKey(request(other), "1"), textKey(request(text), "1"));
    });
  }

  it("when they stand in other places", () => {
    const moved = { ...source(text), place: { file: "cell 9", line: 40, column: 2 } };
    assert.equal(key(request(moved)), key(text));
  });

  it("when a comment of a method differs", () => {
    assert.equal(key("f(x) { return x; /* so */ }"), key("f(x) { return x; }"));
  });

  it("when options are written in another order", () => {
    const options = Object.fromEntries(Object.entries(plainOptions).reverse());
    assert.equal(key(request(text, { options: options as never })), key(text));
  });
});

describe("two kernels don't share an artifact", () => {
  it("when an operator, a number, a name or the grouping differs", () => {
    const texts = [
      "(x) => x + 1 - x",
      "(x) => x - 1 + x",
      "(x) => x + 2 - x",
      "(y) => y + 1 - y",
      "(x) => x + (1 - x)",
    ];
    assert.equal(new Set(texts.map(key)).size, texts.length);
  });

  it("when only a literal that JSON can't write differs", () => {
    const texts = [
      "(x) => 1e999",
      "(x) => null",
      "(x) => 1n",
      "(x) => 2n",
      "(x) => /a/",
      "(x) => /b/",
      '(x) => "Infinity"',
    ];
    assert.equal(new Set(texts.map(key)).size, texts.length);
  });

  it("when a captured function's text differs, at any depth", () => {
    const deep = (inner: string): CompileRequest =>
      calling(source("(x) => g(x)", { g: { is: "function", source: source(inner) } }));
    assert.notEqual(key(deep("(x) => x + 1")), key(deep("(x) => x + 2")));
    assert.equal(key(deep("(x) => x + 1")), key(deep("(x) => x + 1 /* one */")));
  });

  it("when a captured number differs, in its sign or as NaN also", () => {
    const values = [0, -0, 1, -1, NaN, Infinity, -Infinity, 1e21, 2 ** 53, 0.1, 0.1 + 2 ** -55];
    const keys = values.map((k) => key(request(source("(x) => x * k", { k: number(k) }))));
    assert.equal(new Set(keys).size, values.length);
  });

  it("when any two captured numbers differ", () => {
    const of = (k: number): string => key(request(source("(x) => x * k", { k: number(k) })));
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        assert.equal(of(a) === of(b), Object.is(a, b));
      }),
    );
  });

  it("when a captured value's kind or place differs", () => {
    const captured: Record<string, Captured>[] = [
      { k: number(1) },
      { j: number(1) },
      { k: { is: "boolean", value: true } },
      { k: { is: "tuple", members: [number(1)] } },
      { k: { is: "tuple", members: [number(1), number(1)] } },
      { k: { is: "object", members: { a: number(1) } } },
      { k: { is: "object", members: { b: number(1) } } },
      { k: { is: "intrinsic", name: "zeros" } },
      { k: { is: "unsupported", what: "zeros" } },
      { "exports.k": number(1) },
    ];
    const keys = captured.map((names) => key(request(source("(x) => x * k", names))));
    assert.equal(new Set(keys).size, captured.length);
  });

  it("when an option, an argument's type or the compiler differs", () => {
    const array = {
      type: "array",
      dtype: "float64",
      rank: 1,
      contiguous: true,
      typed: false,
    } as const;
    const keys = [
      key("(x) => x"),
      ...(["fastMath", "boundsCheck", "parallel", "aliased", "fma"] as const).map((flag) =>
        key(request("(x) => x", { options: { ...plainOptions, [flag]: !plainOptions[flag] } })),
      ),
      key(request("(x) => x", { options: { ...plainOptions, lanes: 1 } })),
      key(request("(x) => x", { options: { ...plainOptions, target: "c" } })),
      key(request("(x) => x", { options: { ...plainOptions, machine: "another compiler" } })),
      key(request("(x) => x", { args: [{ type: "boolean" }] })),
      key(request("(x) => x", { args: [array] })),
      key(request("(x) => x", { args: [{ ...array, dtype: "float32" }] })),
      key(request("(x) => x", { args: [{ ...array, rank: 2 }] })),
      key(request("(x) => x", { args: [{ ...array, contiguous: false }] })),
      key(request("(x) => x", { args: [{ type: "object", members: { type: array } }] })),
      key(request("(x) => x", { args: [{ type: "tuple", members: [array] }] })),
      cacheKey(request("(x) => x"), "2"),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });

  it("when an object's members stand in another order, which a result would keep", () => {
    const of = (members: Record<string, { type: "number" }>): string =>
      key(request("(x) => x", { args: [{ type: "object", members }] }));
    const [a, b] = [{ type: "number" }, { type: "number" }] as const;
    assert.notEqual(of({ a, b }), of({ b, a }));
  });
});

describe("a key of functions that call each other", () => {
  /** even and odd, each capturing the other. */
  function pair(odd: string): SourceFunction {
    const captured: Record<string, Captured> = {};
    const even = source("(n) => n === 0 || odd(n - 1)", captured, "even");
    const other = source(odd, { even: { is: "function", source: even } }, "odd");
    captured["odd"] = { is: "function", source: other };
    return even;
  }

  it("exists, and changes with either", () => {
    const one = key(request(pair("(n) => n !== 0 && even(n - 1)")));
    assert.equal(one, key(request(pair("(n) =>  n !== 0 && even(n - 1)"))));
    assert.notEqual(one, key(request(pair("(n) => n === 1 || even(n - 1)"))));
  });

  it("tells one function used twice from two alike", () => {
    const f = source("(x) => x");
    const twice = (g: SourceFunction): string =>
      key(
        request(
          source("(x) => f(x) + g(x)", {
            f: { is: "function", source: f },
            g: { is: "function", source: g },
          }),
        ),
      );
    assert.notEqual(twice(f), twice(source("(x) => x")));
  });
});
