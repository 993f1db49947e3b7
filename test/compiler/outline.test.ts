import assert from "node:assert/strict";
import fc from "fast-check";
import { f64, get, i32, local, operate } from "../../kernel-lib/src/compiler/build.js";
import { accumulators, chunkLength } from "../../kernel-lib/src/compiler/chunks.js";
import type {
  Access,
  ArrayLocal,
  Expr,
  Kernel,
  Prange,
  Stmt,
} from "../../kernel-lib/src/compiler/ir.js";
import type { DType } from "../../kernel-lib/src/dtype.js";
import { run } from "./run.js";

/** Those whose order can be seen, or could be. */
type By = "add" | "mul" | "min" | "max";

function arrayLocal(name: string, dtype: DType = "float64"): ArrayLocal {
  return {
    name,
    array: { type: "array", dtype, rank: 1, contiguous: true, typed: true },
    base: local(name, "i32"),
    shape: [local(`${name}.length`, "i32")],
    strides: [local(`${name}.stride`, "i32")],
    origin: "parameter",
  };
}

function at(array: ArrayLocal, index: Expr, lanes = 1): Access {
  const pattern = lanes === 1 ? "scalar" : "contiguous";
  return { array, indices: [index], lanes, pattern, checked: false, site: 0 };
}

function element(access: Access): Expr {
  return { op: "element", kind: "f64", lanes: access.lanes, access };
}

const operations = { add: "f64.add", mul: "f64.mul", min: "f64.min", max: "f64.max" } as const;

/** `for (const i of prange(a.length)) total = total ⊕ a[i]`, from `first`; with vectors or without. */
function reducing(by: By, vectors: boolean): Kernel {
  const a = arrayLocal("a");
  const first = local("first", "f64");
  const total = local("total", "f64");
  const i = local("i", "i32");
  const lane = local("totals", "f64", 2);
  const loop: Prange = {
    op: "prange",
    counter: i,
    from: i32(0),
    to: get(a.shape[0]!),
    step: 1,
    label: { name: "i" },
    loop: 0,
    body: [
      {
        op: "set",
        local: total,
        value: operate(operations[by], get(total), element(at(a, get(i)))),
      },
    ],
    reductions: [{ local: total, by }],
    winners: [],
    arrayReductions: [],
    ...(vectors && {
      vector: {
        lanes: 2,
        reductions: [lane],
        winners: [],
        body: [
          {
            op: "set",
            local: lane,
            value: operate(operations[by], get(lane), element(at(a, get(i), 2))),
          },
        ],
      },
    }),
  };
  return {
    name: "reducing",
    parameters: [
      { is: "array", array: a },
      { is: "number", local: first },
    ],
    result: { is: "number", local: total },
    body: [{ op: "set", local: total, value: get(first) }, loop],
    functions: [],
    loops: [{ text: "prange", position: { fn: 0, node: 0 }, isShown: true }],
  };
}

const apply: Readonly<Record<By, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  min: Math.min,
  max: Math.max,
};

const nothing: Readonly<Record<By, number>> = { add: -0, mul: 1, min: Infinity, max: -Infinity };

/** The documented order, in JavaScript. */
function inOrder(by: By, values: readonly number[], first: number): number {
  const length = chunkLength(values.length, false);
  let total = first;
  for (let from = 0; from < values.length; from += length) {
    let sums = new Array<number>(accumulators).fill(nothing[by]);
    values.slice(from, from + length).forEach((value, p) => {
      sums[p % accumulators] = apply[by](sums[p % accumulators]!, value);
    });
    while (sums.length > 1) {
      const half = sums.length / 2;
      sums = sums.slice(0, half).map((sum, k) => apply[by](sum, sums[k + half]!));
    }
    total = apply[by](total, sums[0]!);
  }
  return total;
}

const values = fc.array(fc.double({ noNaN: true, min: -2, max: 2 }), { maxLength: 700 });

describe("outline", () => {
  for (const by of ["add", "mul", "min", "max"] as const) {
    it(`reduces by ${by} in the documented order, to the bit, with vectors and without`, () => {
      fc.assert(
        fc.property(values, fc.double({ noNaN: true }), (list, first) => {
          const expected = inOrder(by, list, first);
          for (const vectors of [false, true]) {
            const { result } = run(reducing(by, vectors), [Float64Array.from(list), first]);
            assert.ok(Object.is(result, expected), `${result as number} is not ${expected}`);
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it("cuts a loop by its length alone, with no chunk of vectors broken", () => {
    for (let count = 1; count < 100_000; count = Math.ceil(count * 1.1)) {
      const length = chunkLength(count, false);
      assert.ok(length >= 1 && Math.ceil(count / length) <= 256);
      if (count > 64) assert.equal(length % accumulators, 0);
    }
  });

  it("runs the careful body where the guard doesn't hold", () => {
    const out = arrayLocal("out");
    const i = local("i", "i32");
    const [first, last] = [local("first", "i32"), local("last", "i32")];
    const set = (value: number): readonly Stmt[] => [
      { op: "store", access: at(out, get(i)), value: f64(value) },
    ];
    const kernel: Kernel = {
      name: "guarded",
      parameters: [{ is: "array", array: out }],
      result: undefined,
      body: [
        {
          op: "prange",
          counter: i,
          from: i32(0),
          to: get(out.shape[0]!),
          step: 1,
          label: { name: "i" },
          loop: 0,
          body: set(1),
          reductions: [],
          winners: [],
          arrayReductions: [],
          guard: {
            first,
            last,
            condition: operate(
              "bool.and",
              operate("i32.ge_s", get(first), i32(64)),
              operate("i32.lt_s", get(last), i32(128)),
            ),
            careful: set(2),
          },
        },
      ],
      functions: [],
      loops: [{ text: "prange", position: { fn: 0, node: 0 }, isShown: true }],
    };
    const data = new Float64Array(1000);
    const { instance } = run(kernel, [data]);
    for (const [, from, to] of instance.chunks) {
      const expected = from >= 64 && to <= 128 ? 1 : 2;
      assert.ok(data.subarray(from, to).every((value) => value === expected));
    }
    assert.ok(data.includes(1) && data.includes(2));
  });

  it("fills a copy of a histogram in every chunk and adds them up", () => {
    const bins = arrayLocal("bins", "int32");
    const data = arrayLocal("data");
    const i = local("i", "i32");
    const bin = local("bin", "i32");
    const kernel: Kernel = {
      name: "histogram",
      parameters: [
        { is: "array", array: data },
        { is: "array", array: bins },
      ],
      result: undefined,
      body: [
        {
          op: "prange",
          counter: i,
          from: i32(0),
          to: get(data.shape[0]!),
          step: 1,
          label: { name: "i" },
          loop: 0,
          body: [
            {
              op: "set",
              local: bin,
              value: operate("i32.trunc_sat_f64_s", element(at(data, get(i)))),
            },
            {
              op: "store",
              access: at(bins, get(bin)),
              value: operate("f64.add", element(at(bins, get(bin))), f64(1)),
            },
          ],
          reductions: [],
          winners: [],
          arrayReductions: [{ array: bins, by: "add" }],
        },
      ],
      functions: [],
      loops: [{ text: "prange", position: { fn: 0, node: 0 }, isShown: true }],
    };
    const numbers = Float64Array.from({ length: 5000 }, (_, k) => (k * k) % 7);
    const counts = new Int32Array(7).fill(100);
    run(kernel, [numbers, counts]);
    const expected = new Int32Array(7).fill(100);
    for (const k of numbers) expected[k]!++;
    assert.deepEqual(counts, expected);
  });

  it("fails where a range has too many iterations to count", () => {
    const n = local("n", "f64");
    const i = local("i", "f64");
    const kernel: Kernel = {
      name: "endless",
      parameters: [{ is: "number", local: n }],
      result: undefined,
      body: [
        {
          op: "prange",
          counter: i,
          from: f64(0),
          to: get(n),
          step: 1,
          label: { name: "i" },
          loop: 0,
          body: [],
          reductions: [],
          winners: [],
          arrayReductions: [],
        },
      ],
      functions: [],
      loops: [{ text: "prange", position: { fn: 0, node: 5 }, isShown: true }],
    };
    assert.throws(() => run(kernel, [3e9]), /site 0 failed with 3000000000/);
    assert.throws(() => run(kernel, [Infinity]), /site 0 failed with Infinity/);
    for (const none of [NaN, 0, -5]) assert.deepEqual(run(kernel, [none]).instance.chunks, []);
  });
});
