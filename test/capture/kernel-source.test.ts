import assert from "node:assert/strict";
import { jit, NDArray, zeros } from "hotcell";
import {
  type KernelCapture,
  readKernel,
  type Recognised,
} from "../../kernel-lib/dist/capture/kernel-source.js";
import type { AnyFunction } from "../../kernel-lib/dist/capture/function-reader.js";
import type { ArrayType, Captured } from "../../kernel-lib/dist/compiler/types.js";
import { loadModule } from "./load-module.js";

const compiled = new WeakMap<AnyFunction, AnyFunction>();

const recognised: Recognised = {
  intrinsics: new Map<unknown, string>([
    [Math.sin, "Math.sin"],
    [Float64Array, "Float64Array"],
    [zeros, "zeros"],
  ]),
  unwrap: (fn) => compiled.get(fn) ?? fn,
  arrayType(value): ArrayType | undefined {
    const common = { type: "array", contiguous: true } as const;
    if (value instanceof Float64Array) {
      return { ...common, dtype: "float64", rank: 1, typed: true };
    }
    if (!(value instanceof NDArray)) return undefined;
    const { dtype } = value as NDArray;
    return { ...common, dtype, rank: value.shape.length, typed: false };
  },
};

interface Subject {
  readonly kernel: AnyFunction;
  readonly [change: string]: unknown;
}

/** Runs a CommonJS module's text, as a compiler leaves it; its exports hold the kernel and what changes its surroundings. */
const load = (text: string): Subject => loadModule(text) as Subject;
const read = ({ kernel }: Subject): KernelCapture => readKernel(kernel, recognised);
const plain = (captured: Captured | undefined): unknown =>
  JSON.parse(
    JSON.stringify(captured ?? null, (key, value: unknown) => (key === "source" ? "…" : value)),
  );
const captured = (text: string): Record<string, unknown> => {
  const { source } = read(load(text));
  return Object.fromEntries(
    Object.entries(source.captured).map(([name, value]) => [name, plain(value)]),
  );
};
const number = (value: number): unknown => ({ is: "number", value });

describe("a kernel is read with what its names stand for", () => {
  it("numbers, booleans, tuples and objects", () => {
    assert.deepEqual(
      captured(
        `const k = 3, on = true, list = [1, [2]], params = { sigma: 2, deep: { x: 1 }, rest: new WeakMap() };
         exports.kernel = (x) => (on ? x * k : list[0]) + params.sigma + params.deep.x;`,
      ),
      {
        on: { is: "boolean", value: true },
        k: number(3),
        list: { is: "tuple", members: [number(1), { is: "tuple", members: [number(2)] }] },
        params: {
          is: "object",
          members: { sigma: number(2), deep: { is: "object", members: { x: number(1) } } },
        },
      },
    );
  });

  it("all members of an object that is used as a whole", () => {
    const text = `const p = { a: 1, b: 2 }; exports.kernel = (x) => { const { a } = p; return a + p.b; };`;
    assert.deepEqual(captured(text), {
      p: { is: "object", members: { a: number(1), b: number(2) } },
    });
  });

  it("names of earlier cells and of compiled imports by the text that stands for them", () => {
    assert.deepEqual(
      captured(
        `const hotcell_1 = require("hotcell"); const hc = require("hotcell"); exports.k = 3;
         exports.kernel = (x) => (0, hotcell_1.zeros)(3).at(0) + hc.zeros(x).size + exports.k;`,
      ),
      {
        "hotcell_1.zeros": { is: "intrinsic", name: "zeros" },
        "hc.zeros": { is: "intrinsic", name: "zeros" },
        "exports.k": number(3),
      },
    );
  });

  it("the language's own functions by what they are, whatever their name", () => {
    assert.deepEqual(
      captured(
        `const { sin: wave, PI } = Math; const m = Math;
         exports.kernel = (x) => wave(x) + Math.sin(PI) + m.sin(x) + Math.E + Number.EPSILON + NaN + new Float64Array(1)[0];`,
      ),
      {
        wave: { is: "intrinsic", name: "Math.sin" },
        "Math.sin": { is: "intrinsic", name: "Math.sin" },
        PI: number(Math.PI),
        "m.sin": { is: "intrinsic", name: "Math.sin" },
        "Math.E": number(Math.E),
        "Number.EPSILON": number(Number.EPSILON),
        NaN: { is: "number", value: null },
        Float64Array: { is: "intrinsic", name: "Float64Array" },
      },
    );
  });

  it("the user's function of an intrinsic's name", () => {
    const text = `const Math = { sin: (x) => x }; exports.kernel = (x) => Math.sin(x);`;
    assert.deepEqual(captured(text), {
      Math: { is: "object", members: { sin: { is: "function", source: "…" } } },
    });
  });

  it("functions with their own names, also where they lead back to themselves", () => {
    const { source } = read(
      load(
        `const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1);
         const scale = (factor) => (x) => x * factor; const five = scale(5);
         exports.kernel = (n) => even(n) ? five(n) : n;`,
      ),
    );
    const fn = (of: typeof source, name: string): typeof source => {
      const found = of.captured[name];
      assert.ok(found?.is === "function", name);
      return found.source;
    };
    const even = fn(source, "even");
    assert.equal(fn(fn(even, "odd"), "even"), even);
    assert.deepEqual(plain(fn(source, "five").captured["factor"]), number(5));
    assert.equal(fn(source, "five").text, "(x) => x * factor");
  });

  it("esbuild's naming of inner functions as what returns them", () => {
    // tsx runs this file through esbuild, which puts the naming here itself
    const kernel = (x: number): number => {
      const inner = (y: number): number => y + 1;
      function again(y: number): number {
        return inner(y) * 2;
      }
      return again(x);
    };
    assert.match(kernel.toString(), /__name\(/);
    const naming = readKernel(kernel, recognised).source.captured["__name"];
    assert.equal(naming?.is === "function" && naming.source.text, "(fn) => fn");
    assert.equal(jit(kernel, { cache: false })(4), 10);
  });

  it("another kernel as the function it was made of", () => {
    const subject = load(
      `exports.original = (x) => x + 1; exports.made = () => {}; exports.kernel = (x) => exports.made(x);`,
    );
    compiled.set(subject["made"] as AnyFunction, subject["original"] as AnyFunction);
    const made = read(subject).source.captured["exports.made"];
    assert.equal(made?.is === "function" && made.source.text, "(x) => x + 1");
  });

  it("arrays once each, in the order of first use", () => {
    const subject = load(
      `const { zeros } = require("hotcell"); exports.a = zeros([2, 3]); exports.b = new Float64Array(4); const same = exports.a;
       exports.kernel = (i) => exports.b[i] + exports.a.at(i, i) + same.at(0, 0);`,
    );
    const { arrays, source } = read(subject);
    assert.deepEqual(arrays, [subject["b"], subject["a"]]);
    assert.deepEqual(plain(source.captured["same"]), plain(source.captured["exports.a"]));
  });

  it("what no kernel can use, by what it is", () => {
    const found = captured(
      `class Lens { f = 1; power() { return 1; } } const lens = new Lens(), lens2 = new Lens(); const ring = {}; ring.self = ring;
       const m = new Map(), s = "text", big = new Array(5000).fill(0), n = null, bound = (() => 1).bind(null); let none;
       exports.kernel = (x) => [lens.power(), lens2.f, ring, m, s, big, n, bound, Lens, none, nowhere, JSON.parse];`,
    );
    const whats = Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, (value as { what?: string }).what]),
    );
    assert.deepEqual(whats, {
      lens: "an instance of Lens whose power is a method or getter",
      lens2: undefined,
      ring: undefined,
      m: "an instance of Map",
      s: "a string",
      big: "a plain array of 5000 values",
      n: "null",
      bound: "a bound function",
      Lens: "a class",
      none: "undefined",
      "JSON.parse": "the native function parse",
    });
  });

  it("the place of its text, when it is asked for", () => {
    const { place } = read(load(`\n\nexports.kernel = function (x) { return x; };`)).source;
    assert.equal(place.line, 2);
    assert.equal(place.column, 17);
    assert.match(place.file, /row\.js$/);
  });

  it("only if it has a text", () => {
    for (const fn of [Math.sin, Math.max.bind(null), Map, NDArray]) {
      assert.throws(() => readKernel(fn as AnyFunction, recognised), {
        name: "CaptureError",
        message: /can't be compiled; pass an arrow function/,
      });
    }
  });
});

describe("a kernel that was read before is read anew", () => {
  const setup = `const { zeros } = require("hotcell");
    exports.k = 1; exports.f = (x) => x; exports.a = zeros(3); exports.params = { sigma: 1, other: 1 }; exports.list = [1, 2];
    const params = { sigma: 1 };
    let m = 1; exports.setM = (v) => { m = v; };
    exports.setSigma = (v) => { params.sigma = v; };
    const inner = (x) => x + m; const fixed = 4;
    exports.kernel = (x) => exports.f(x) * exports.k + exports.a.at(0) + params.sigma + exports.params.sigma + exports.list[0] + inner(x) + fixed;`;
  type Writable = Record<string, unknown> & Subject;

  const changes: Record<string, (subject: Writable) => void> = {
    "a number of an earlier cell": (s) => (s["k"] = 2),
    "its sign of zero": (s) => (s["k"] = -0),
    "its type": (s) => (s["k"] = true),
    "a function of an earlier cell": (s) => (s["f"] = (x: number) => x + 1),
    "an array's dtype": (s) => (s["a"] = zeros([3], "float32")),
    "an array's rank": (s) => (s["a"] = zeros([3, 1])),
    "a member that it uses": (s) => ((s["params"] as { sigma: number }).sigma = 2),
    "the object itself": (s) => (s["params"] = { sigma: 3, other: 1 }),
    "a list's element": (s) => ((s["list"] as number[])[1] = 9),
    "a list's length": (s) => (s["list"] as number[]).push(3),
    "a member of a closed-over object": (s) => {
      (s["setSigma"] as (v: number) => void)(2);
    },
    "a variable that a function it calls closes over": (s) => {
      (s["setM"] as (v: number) => void)(2);
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    for (const calls of [1, 200]) {
      it(`after a change of ${what}, and ${calls} call${calls > 1 ? "s" : ""}`, () => {
        const subject = load(setup) as Writable;
        const capture = read(subject);
        for (let n = 0; n < calls; n++) assert.equal(capture.stillCurrent(), true);
        change(subject);
        assert.equal(capture.stillCurrent(), false);
        assert.equal(read(subject).stillCurrent(), true);
      });
    }
  }

  it("but not after a change that it can't see", () => {
    const subject = load(setup) as Writable;
    const capture = read(subject);
    (subject["params"] as { other: number }).other = 2;
    subject["params"] = { sigma: 1, other: 5 };
    subject["list"] = [1, 2];
    subject["unused"] = 7;
    (subject["setM"] as (v: number) => void)(1);
    assert.equal(capture.stillCurrent(), true);
  });

  it("but not for another array of the same type: the new one is passed", () => {
    const subject = load(setup) as Writable;
    const capture = read(subject);
    const other = zeros(7);
    subject["a"] = other;
    assert.equal(capture.stillCurrent(), true);
    assert.deepEqual(capture.arrays, [other]);
  });

  it("when two names of one array part", () => {
    const subject = load(
      `const { zeros } = require("hotcell"); exports.a = exports.b = zeros(3); exports.kernel = (i) => exports.a.at(i) + exports.b.at(i);`,
    ) as Writable;
    const capture = read(subject);
    assert.equal(capture.arrays.length, 1);
    subject["b"] = zeros(3);
    assert.equal(capture.stillCurrent(), false);
    assert.equal(read(subject).arrays.length, 2);
  });

  it("when a variable gets its first value after the kernel was read", () => {
    for (const declaration of [
      "let later; exports.set = () => { later = 2; };",
      "exports.set = () => {};",
    ]) {
      const subject = load(
        `exports.kernel = (x) => x + later; exports.before = () => exports.read(exports.kernel); ${declaration} ${declaration.includes("let") ? "" : "var later = 2;"}`,
      );
      const capture = read(subject);
      (subject["set"] as () => void)();
      assert.equal(capture.stillCurrent(), declaration.startsWith("exports"));
    }
  });

  it("when a `var` of a loop takes its next value", () => {
    const subject = load(
      `exports.captures = []; exports.run = (use) => { for (const n of [1, 2]) { var v = n; exports.kernel = (x) => x + v; use(n); } };`,
    );
    const captures: KernelCapture[] = [];
    (subject["run"] as (use: () => void) => void)(() => {
      const capture = read(subject);
      for (let n = 0; n < 200; n++) assert.equal(capture.stillCurrent(), true);
      captures.push(capture);
    });
    assert.deepEqual(
      captures.map((capture) => capture.stillCurrent()),
      [false, true],
    );
  });
});
