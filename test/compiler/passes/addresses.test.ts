import assert from "node:assert/strict";
import { access, arrayLocal, element, kernelOf } from "../arrays.js";
import { run, SiteError, type Numbers, type Shaped } from "../run.js";
import { special } from "../values.js";
import {
  collect,
  f64,
  get,
  i32,
  local,
  operate,
  splat,
  type Emitter,
} from "../../../kernel-lib/src/compiler/build.js";
import type { Access, ArrayLocal, Expr } from "../../../kernel-lib/src/compiler/ir.js";
import type { Kind } from "../../../kernel-lib/src/compiler/operations.js";
import { itemSize, view, type DType } from "../../../kernel-lib/src/dtype.js";

const dtypes = [
  "float64",
  "float32",
  "int32",
  "uint32",
  "int16",
  "uint16",
  "int8",
  "uint8",
] as const satisfies readonly DType[];

const n = 96;
const source = Float64Array.from({ length: n }, (_, k) =>
  Number(special.f64[k % special.f64.length]),
);
/** A permutation of 0 … n − 1. */
const order = Int32Array.from({ length: n }, (_, k) => (k * 35 + 7) % n);
const chosen = Int32Array.from({ length: n }, (_, k) => Number(k % 3 !== 0 && k % 7 !== 1));

function typed(dtype: DType, length: number): Numbers {
  return view(dtype, new ArrayBuffer(length * itemSize(dtype)), 0, length);
}

function filled(dtype: DType, from: Float64Array = source): Numbers {
  const made = typed(dtype, from.length);
  made.set(from);
  return made;
}

const arrays = (
  dtype: DType,
): { a: ArrayLocal; b: ArrayLocal; at: ArrayLocal; on: ArrayLocal } => ({
  a: arrayLocal("a", dtype),
  b: arrayLocal("b", "float64"),
  at: arrayLocal("at", "int32"),
  on: arrayLocal("on", "int32"),
});

/** A kernel of (a, b, at, on) whose loop takes `lanes` of the n iterations at a time. */
function loop(
  { a, b, at, on }: ReturnType<typeof arrays>,
  lanes: number,
  body: (e: Emitter, i: Expr) => void,
): ReturnType<typeof kernelOf> {
  const i = local("i", "i32");
  return kernelOf(
    [a, b, at, on].map((array) => ({ is: "array", array })),
    [
      {
        op: "for",
        counter: i,
        from: i32(0),
        to: i32(n),
        step: lanes,
        label: { name: "loop" },
        loop: 0,
        body: collect((e) => {
          body(e, get(i));
        }),
      },
    ],
  );
}

const along = (array: ArrayLocal, i: Expr, lanes: number): Access =>
  access(array, [i], { lanes, pattern: lanes === 1 ? "scalar" : "contiguous" });

interface Case {
  readonly name: string;
  readonly lanes: number;
  /** Index of iteration k. */
  readonly index: (k: number) => number;
  readonly access: (array: ArrayLocal, i: Expr, at: ArrayLocal) => Access;
}

const cases: readonly Case[] = [
  { name: "a scalar", lanes: 1, index: (k) => k, access: (array, i) => access(array, [i]) },
  {
    name: "a scalar by an f64",
    lanes: 1,
    index: (k) => k,
    access: (array, i) =>
      access(array, [operate("f64.add", operate("f64.convert_i32_s", i), f64(0))]),
  },
  {
    name: "contiguous lanes",
    lanes: 2,
    index: (k) => k,
    access: (array, i) => along(array, i, 2),
  },
  {
    name: "affine lanes",
    lanes: 2,
    index: (k) => n - 1 - k,
    access: (array, i) =>
      access(array, [operate("i32.sub", i32(n - 1), i)], {
        lanes: 2,
        pattern: "affine",
        step: [i32(-1)],
      }),
  },
  {
    name: "gathered lanes",
    lanes: 2,
    index: (k) => order[k]!,
    access: (array, i, at) =>
      access(array, [element(along(at, i, 2), "i32")], { lanes: 2, pattern: "gather" }),
  },
  {
    name: "lanes gathered by f64",
    lanes: 2,
    index: (k) => order[k]!,
    access: (array, i, at) =>
      access(array, [element(along(at, i, 2))], { lanes: 2, pattern: "gather" }),
  },
];

/** Each case with and without a mask and checks. */
const variants = cases.flatMap((each) =>
  [true, false].flatMap((checked) =>
    (each.lanes > 1 ? [false, true] : [false]).map((masked) => ({
      ...each,
      masked,
      checked,
      name: `${each.name}${masked ? " under a mask" : ""}${checked ? "" : ", unchecked"}`,
      access: (array: ArrayLocal, i: Expr, { at, on }: ReturnType<typeof arrays>): Access => ({
        ...each.access(array, i, at),
        checked,
        ...(masked && { mask: operate("i32.ne", element(along(on, i, 2), "i32"), i32(0)) }),
      }),
    })),
  ),
);

const small = (dtype: DType): Kind[] =>
  /^u?int/.test(dtype) && dtype !== "uint32" ? ["f64", "i32"] : ["f64"];

describe("elements as memory", () => {
  for (const { name, lanes, masked, index, access } of variants) {
    it(`reads every dtype: ${name}`, () => {
      for (const dtype of dtypes) {
        for (const kind of small(dtype)) {
          const all = arrays(dtype);
          const kernel = loop(all, lanes, (e, i) => {
            e.emit({
              op: "store",
              access: along(all.b, i, lanes),
              value: element(access(all.a, i, all), kind),
            });
          });
          const a = filled(dtype);
          const b = new Float64Array(n);
          run(kernel, [a, b, order, chosen]);
          const wanted = Float64Array.from(b, (_, k) => (masked && !chosen[k] ? 0 : a[index(k)]!));
          assert.deepEqual(b, wanted, `${dtype} as ${kind}`);
        }
      }
    });

    it(`writes every dtype as a typed array does: ${name}`, () => {
      for (const dtype of dtypes) {
        const all = arrays(dtype);
        const kernel = loop(all, lanes, (e, i) => {
          e.emit({
            op: "store",
            access: access(all.a, i, all),
            value: element(along(all.b, i, lanes)),
          });
        });
        const a = typed(dtype, n).fill(77);
        run(kernel, [a, source, order, chosen]);
        const wanted = typed(dtype, n).fill(77);
        source.forEach((value, k) => {
          if (!masked || chosen[k]) wanted[index(k)] = value;
        });
        assert.deepEqual(a, wanted, dtype);
      }
    });

    it(`writes an i32 to every dtype: ${name}`, () => {
      for (const dtype of dtypes) {
        const all = arrays(dtype);
        const kernel = loop(all, lanes, (e, i) => {
          const value = operate("i32.mul", element(along(all.at, i, lanes), "i32"), i32(-12345677));
          e.emit({ op: "store", access: access(all.a, i, all), value });
        });
        const a = typed(dtype, n).fill(77);
        run(kernel, [a, source, order, chosen]);
        const wanted = typed(dtype, n).fill(77);
        order.forEach((value, k) => {
          if (!masked || chosen[k]) wanted[index(k)] = Math.imul(value, -12345677);
        });
        assert.deepEqual(a, wanted, dtype);
      }
    });
  }

  it("gathers from one place where the index is the same constant in both lanes", () => {
    const all = arrays("float64");
    const kernel = loop(all, 2, (e, i) => {
      const value = element(access(all.a, [splat(i32(5), 2)], { lanes: 2, pattern: "gather" }));
      e.emit({ op: "store", access: along(all.b, i, 2), value });
    });
    const b = new Float64Array(n);
    run(kernel, [source, b, order, chosen]);
    assert.deepEqual(b, new Float64Array(n).fill(source[5]!));
  });

  it("finds elements of arrays with strides, of every rank", () => {
    for (let rank = 1; rank <= 4; rank++) {
      for (const contiguous of [true, false]) {
        const shape = [2, 3, 2, 4].slice(-rank);
        const size = shape.reduce((product, length) => product * length, 1);
        const strides = contiguous
          ? undefined
          : shape.map((_, axis) => -2 * shape.slice(0, axis).reduce((p, length) => p * length, 1));
        const data = Float64Array.from({ length: 2 * size }, (_, k) => k);
        const given: Shaped = { data, shape, ...(strides && { strides, offset: 2 * size - 1 }) };
        const a = arrayLocal("a", "float64", rank, contiguous);
        const index = shape.map((_, axis) => local(`i${axis}`, "f64"));
        const result = local("result", "f64");
        const kernel = kernelOf(
          [
            { is: "array", array: a },
            ...index.map((each) => ({ is: "number", local: each }) as const),
          ],
          [{ op: "set", local: result, value: element(access(a, index.map(get))) }],
          { result: { is: "number", local: result } },
        );
        const last = shape.map((length) => length - 1);
        const rowMajor = shape.map((_, axis) => shape.slice(axis + 1).reduce((p, l) => p * l, 1));
        const at =
          (given.offset ?? 0) +
          last.reduce((sum, k, axis) => sum + k * (strides ?? rowMajor)[axis]!, 0);
        assert.equal(run(kernel, [given, ...last]).result, at);
        assert.equal(run(kernel, [given, ...last.map(() => 0)]).result, given.offset ?? 0);
      }
    }
  });
});

/** What a kernel fails with: site and the two numbers; undefined if it doesn't. */
function failure(execute: () => unknown): readonly [number, number, number] | undefined {
  try {
    execute();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof SiteError, String(error));
    return [error.site, error.a, error.b];
  }
}

describe("checked accesses", () => {
  it("take whole indices inside and nothing else", () => {
    const a = arrayLocal("a", "int16");
    const index = local("index", "f64");
    const store = kernelOf(
      [
        { is: "array", array: a },
        { is: "number", local: index },
      ],
      [{ op: "store", access: access(a, [get(index)]), value: f64(1) }],
    );
    const fails = (value: number) => failure(() => run(store, [new Int16Array(5), value]));
    for (const inside of [0, -0, 1, 4]) assert.equal(fails(inside), undefined);
    const outside = [-1, 5, 0.5, 4.5, -0.5, NaN, Infinity, -Infinity, 2 ** 32, 2 ** 32 + 1, 1e300];
    for (const value of outside) assert.deepEqual(fails(value), [100, value, 5]);
  });

  it("take the floor of a number that is inside and nothing else", () => {
    const a = arrayLocal("a", "float64");
    const at = arrayLocal("at", "float64");
    const into = arrayLocal("into", "float64");
    const bin = (lanes: number) => local("bin", "f64", lanes);
    const kernel = (lanes: number, pattern: "scalar" | "contiguous") => {
      const floored = bin(lanes);
      const place = { lanes, pattern } as const;
      const gathered = { lanes, pattern: lanes === 1 ? "scalar" : "gather" } as const;
      return kernelOf(
        [a, at, into].map((array) => ({ is: "array", array })),
        [
          {
            op: "set",
            local: floored,
            value: operate("f64.floor", element(access(at, [i32(0)], place))),
          },
          {
            op: "store",
            access: access(into, [i32(0)], place),
            value: element(access(a, [get(floored)], gathered)),
          },
        ],
      );
    };
    const fails = (lanes: number, values: readonly number[]) => {
      const found = new Float64Array(lanes);
      const args = [Float64Array.of(10, 11, 12), Float64Array.from(values), found];
      const why = failure(() => run(kernel(lanes, lanes === 1 ? "scalar" : "contiguous"), args));
      if (!why)
        assert.deepEqual(
          [...found],
          values.map((value) => 10 + Math.abs(Math.floor(value))),
        );
      return why;
    };
    for (const inside of [0, -0, 0.5, 1, 2, 2.999]) {
      assert.equal(fails(1, [inside]), undefined);
      assert.equal(fails(2, [1.5, inside]), undefined);
    }
    const outside = [-1e-300, -0.5, -1, -7.5, 3, 3.5, NaN, Infinity, -Infinity, 2 ** 32, 1e300];
    for (const value of outside) {
      const expected = [100, Math.floor(value), 3];
      assert.deepEqual(fails(1, [value]), expected);
      assert.deepEqual(fails(2, [1.5, value]), expected);
      assert.deepEqual(fails(2, [value, -9]), expected);
    }
  });

  it("name the first axis that fails", () => {
    const a = arrayLocal("a", "float64", 3);
    const index = ["i", "j", "k"].map((name) => local(name, "f64"));
    const result = local("result", "f64");
    const kernel = kernelOf(
      [{ is: "array", array: a }, ...index.map((each) => ({ is: "number", local: each }) as const)],
      [{ op: "set", local: result, value: element(access(a, index.map(get))) }],
    );
    const given = { data: new Float64Array(24), shape: [2, 3, 4] };
    const fails = (...at: number[]) => failure(() => run(kernel, [given, ...at]));
    assert.equal(fails(1, 2, 3), undefined);
    assert.deepEqual(fails(2, 3, 4), [100, 2, 2]);
    assert.deepEqual(fails(1, 3, 4), [101, 3, 3]);
    assert.deepEqual(fails(1, 2, -4), [102, -4, 4]);
  });

  it("are checked in the order of evaluation, the inner one first", () => {
    const a = arrayLocal("a", "float64");
    const index = local("index", "f64");
    const result = local("result", "f64");
    const inner = element(access(a, [get(index)], { site: 1 }));
    const outer = element(access(a, [inner], { site: 2 }));
    const other = element(access(a, [f64(9)], { site: 3 }));
    const kernel = kernelOf(
      [
        { is: "array", array: a },
        { is: "number", local: index },
      ],
      [{ op: "set", local: result, value: operate("f64.add", outer, other) }],
    );
    const fails = (value: number) => failure(() => run(kernel, [Float64Array.of(1, 7), value]));
    assert.deepEqual(fails(3), [1, 3, 2]);
    assert.deepEqual(fails(1), [2, 7, 2]);
    assert.deepEqual(fails(0), [3, 9, 2]);
  });

  it("fail with the first lane outside that the mask holds", () => {
    const at = arrayLocal("at", "float64");
    const on = arrayLocal("on", "int32");
    const a = arrayLocal("a", "float64");
    const b = arrayLocal("b", "float64");
    for (const dtypeKind of ["f64", "i32"] as const) {
      const vector = element(access(at, [i32(0)], { lanes: 2, pattern: "contiguous" }));
      const index = dtypeKind === "f64" ? vector : operate("i32.trunc_sat_f64_s", vector);
      const mask = operate(
        "i32.ne",
        element(access(on, [i32(0)], { lanes: 2, pattern: "contiguous" }), "i32"),
        i32(0),
      );
      const kernel = kernelOf(
        [a, b, at, on].map((array) => ({ is: "array", array })),
        [
          {
            op: "store",
            access: access(b, [i32(0)], { lanes: 2, pattern: "contiguous" }),
            value: element(access(a, [index], { lanes: 2, pattern: "gather", mask })),
          },
        ],
      );
      const b2 = new Float64Array(2);
      const fails = (indices: number[], active: number[]) =>
        failure(() =>
          run(kernel, [
            Float64Array.of(1, 2, 3),
            b2,
            Float64Array.from(indices),
            Int32Array.from(active),
          ]),
        );
      assert.equal(fails([0, 2], [1, 1]), undefined);
      assert.deepEqual(b2, Float64Array.of(1, 3));
      assert.equal(fails([3, 2], [0, 1]), undefined);
      assert.deepEqual(b2, Float64Array.of(0, 3));
      assert.equal(fails([-8, 1e9], [0, 0]), undefined);
      assert.deepEqual(fails([3, 4], [1, 1]), [100, 3, 3]);
      assert.deepEqual(fails([3, 4], [0, 1]), [100, 4, 3]);
      assert.deepEqual(fails([1, -1], [1, 1]), [100, -1, 3]);
      if (dtypeKind === "f64") assert.deepEqual(fails([1, 1.5], [1, 1]), [100, 1.5, 3]);
    }
  });

  it("count contiguous and affine lanes along", () => {
    const a = arrayLocal("a", "float64", 2);
    const i = local("i", "f64");
    const result = local("result", "f64", 2);
    const first = operate("i32.trunc_sat_f64_s", get(i));
    const kernelFor = (change: Partial<Access>) =>
      kernelOf(
        [
          { is: "array", array: a },
          { is: "number", local: i },
        ],
        [
          {
            op: "set",
            local: result,
            value: element(access(a, [i32(1), first], { lanes: 2, ...change })),
          },
        ],
      );
    const given = { data: new Float64Array(12), shape: [3, 4] };
    const fails = (change: Partial<Access>, at: number) =>
      failure(() => run(kernelFor(change), [given, at]));
    const contiguous = { pattern: "contiguous" } as const;
    assert.equal(fails(contiguous, 2), undefined);
    assert.deepEqual(fails(contiguous, 3), [101, 4, 4]);
    assert.deepEqual(fails(contiguous, -1), [101, -1, 4]);
    assert.deepEqual(fails(contiguous, 5), [101, 5, 4]);
    const onlyFirst = operate("i32.eq", { op: "lanes", kind: "i32", lanes: 2 }, splat(i32(0), 2));
    assert.equal(fails({ ...contiguous, mask: onlyFirst }, 3), undefined);
    const affine = { pattern: "affine", step: [i32(2), i32(-1)] } as const;
    assert.deepEqual(fails(affine, 1), [100, 3, 3]);
    assert.deepEqual(fails({ ...affine, step: [i32(1), i32(-1)] }, 0), [101, -1, 4]);
    assert.equal(fails({ ...affine, step: [i32(1), i32(-1)] }, 1), undefined);
  });

  it("make arrays of whole, non-negative lengths only", () => {
    const lengths = [local("rows", "f64"), local("columns", "f64")];
    const made = { ...arrayLocal("made", "float32", 2), origin: "allocated" } as const;
    const kernel = kernelOf(
      lengths.map((each) => ({ is: "number", local: each })),
      [
        { op: "allocate", array: made, lengths: lengths.map(get), site: 5 },
        { op: "store", access: access(made, [i32(1), i32(2)]), value: f64(3) },
      ],
      { result: { is: "array", array: made } },
    );
    const { result } = run(kernel, [2, 4]);
    assert.deepEqual(result, { data: Float32Array.of(0, 0, 0, 0, 0, 0, 3, 0), shape: [2, 4] });
    for (const wrong of [-1, 0.5, NaN, Infinity, 2 ** 31]) {
      assert.deepEqual(
        failure(() => run(kernel, [2, wrong])),
        [5, wrong, 0],
      );
    }
  });
});
