import assert from "node:assert/strict";
import fc from "fast-check";
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
import type {
  ArrayLocal,
  Expr,
  Kernel,
  Label,
  Local,
  Prange,
  Stmt,
} from "../../../kernel-lib/src/compiler/ir.js";
import { printBody } from "../../../kernel-lib/src/compiler/print.js";
import { vectorise } from "../../../kernel-lib/src/compiler/passes/vectorise/vectorise.js";
import { verify } from "../../../kernel-lib/src/compiler/verify.js";
import { everyExpr, everyStmt } from "../../../kernel-lib/src/compiler/walk.js";
import { access, arrayLocal, element, kernelOf } from "../arrays.js";
import { options, run, SiteError } from "../run.js";

const n = local("n", "f64");
const i = local("i", "i32");
const counter = get(i);
const x = operate("f64.convert_i32_s", counter);
const from = arrayLocal("from", "float64");
const into = arrayLocal("into", "float64");

/** A kernel of one prange over n of the body, which reads `from` and writes `into`. */
function kernel(body: readonly Stmt[], change: Partial<Prange> = {}, before: readonly Stmt[] = []) {
  const loop: Prange = {
    op: "prange",
    counter: i,
    from: i32(0),
    to: operate("i32.trunc_sat_f64_s", get(n)),
    step: 1,
    label: { name: "i" },
    loop: 0,
    reductions: [],
    winners: [],
    arrayReductions: [],
    body,
    ...change,
  };
  const result = change.reductions?.[0];
  return kernelOf(
    [
      { is: "number", local: n },
      { is: "array", array: from },
      { is: "array", array: into },
    ],
    [...before, loop],
    result ? { result: { is: "number", local: result.local } } : {},
  );
}

function prangeOf({ body }: Kernel): Prange {
  return body.find((stmt) => stmt.op === "prange")!;
}

function vectorised(scalar: Kernel, lanes = 2) {
  const context = new Context({ ...options, lanes });
  const made = vectorise(scalar, context);
  verify(made);
  return { made, verdict: context.notes(0).vectorised!, loop: prangeOf(made) };
}

function bits(values: ArrayLike<number>): BigUint64Array {
  return new BigUint64Array(Float64Array.from(values).buffer);
}

function outcome(code: Kernel, input: Float64Array) {
  const into = new Float64Array(input.length);
  try {
    const { result } = run(code, [input.length, input.slice(), into]);
    return { bits: bits(into), result: typeof result === "number" ? bits([result]) : undefined };
  } catch (error) {
    if (error instanceof SiteError) return { site: error.site };
    throw error;
  }
}

const input = Float64Array.from({ length: 37 }, (_, k) => ((k * 7919) % 41) / 3 - 5);

/** The vector body ran and gave what the scalar one gives. Lanes of 4 and 8 are only checked to be well formed. */
function expectSameBits(scalar: Kernel, values = input): Prange {
  const { made, verdict, loop } = vectorised(scalar);
  assert.ok(verdict.yes, JSON.stringify(verdict));
  for (const lanes of [4, 8]) assert.equal(vectorised(scalar, lanes).verdict.yes, true);
  assert.deepEqual(outcome(made, values), outcome(scalar, values), printBody(loop.vector!.body));
  return loop;
}

const at = (array: ArrayLocal, index: Expr = counter) =>
  element(access(array, [index], { checked: false }));
const put = (value: Expr, index: Expr = counter): Stmt => ({
  op: "store",
  access: access(into, [index], { checked: false }),
  value,
});
const add = (a: Expr, b: Expr) => operate("f64.add", a, b);
const mul = (a: Expr, b: Expr) => operate("f64.mul", a, b);
const lt = (a: Expr, b: Expr) => operate("f64.lt", a, b);
const not = (a: Expr) => operate("bool.not", a);

function patterns(body: readonly Stmt[]): readonly string[] {
  return [...everyExpr(body)].flatMap((e) => (e.op === "element" ? [e.access.pattern] : []));
}

describe("vectorise", () => {
  it("reads neighbours as contiguous lanes and stores them so", () => {
    const { vector } = expectSameBits(kernel([put(add(mul(at(from), f64(3)), x))]));
    assert.deepEqual(patterns(vector!.body), ["contiguous"]);
  });

  it("reaches every other element by a step, and what an element names by a gather", () => {
    const half = operate("i32.shr_s", counter, i32(1));
    const twice = operate("i32.rem_s", operate("i32.mul", counter, i32(2)), i32(37));
    for (const index of [half, twice]) {
      const { vector } = expectSameBits(kernel([put(add(at(from, index), mul(x, x)))]));
      assert.deepEqual(patterns(vector!.body), ["gather"]);
    }
    const reversed = operate("i32.sub", i32(36), counter);
    const { vector } = expectSameBits(kernel([put(add(at(from, reversed), x))]));
    assert.deepEqual(patterns(vector!.body), ["affine"]);
  });

  it("knows an index through the variable that holds it", () => {
    const k = local("k", "i32");
    const set: Stmt = { op: "set", local: k, value: operate("i32.add", counter, i32(0)) };
    const one = mul(at(from, get(k)), at(into, get(k)));
    const { vector } = expectSameBits(kernel([set, put(one, get(k))]));
    assert.deepEqual(patterns(vector!.body), ["contiguous", "contiguous"]);
  });

  it("selects in small branches, without a jump", () => {
    const y = local("y", "f64");
    const body = collect((e) => {
      e.set(y, at(from));
      e.if(
        lt(get(y), f64(0)),
        (inner) => {
          inner.set(y, mul(get(y), f64(-2)));
        },
        (inner) => {
          inner.set(y, add(get(y), x));
        },
      );
      e.emit(put(get(y)));
    });
    const { vector } = expectSameBits(kernel(body));
    assert.ok(![...everyStmt(vector!.body)].some(({ op }) => op === "if"));
  });

  it("neither reads, writes nor fails for lanes that don't take a branch", () => {
    const body = collect((e) => {
      const y = e.bind("y", at(from));
      e.if(lt(y, f64(0)), (inner) => {
        const far = operate("i32.add", counter, i32(2 ** 28));
        inner.if(lt(y, f64(-100)), (never) => {
          never.emit(put(at(from, far)), { op: "fail", site: 7, args: [y, x] });
        });
        inner.emit(put(mul(y, x)));
      });
    });
    expectSameBits(kernel(body));
  });

  it("fails with the numbers of the first lane that fails", () => {
    const body = collect((e) => {
      e.if(operate("f64.ge", x, f64(5)), (inner) => {
        inner.emit({ op: "fail", site: 7, args: [add(x, f64(0.5)), f64(1)] });
      });
    });
    assert.throws(() => run(vectorised(kernel(body)).made, [37, input.slice(), input.slice()]), {
      site: 7,
      a: 5.5,
      b: 1,
    });
  });

  it("runs a loop that each lane leaves after its own number of rounds", () => {
    const loop = expectSameBits(kernel(mandelbrot()));
    const inner = [...everyStmt(loop.vector!.body)].find(({ op }) => op === "loop");
    assert.ok(inner?.op === "loop");
    const selects = [...everyExpr([inner])].filter(({ op }) => op === "f64.select");
    // only the count is looked at behind the loop
    assert.equal(selects.length, 1, printBody([inner]));
    const masks = [...everyStmt([inner])].filter((s) => s.op === "set" && s.local.kind === "bool");
    assert.ok(masks.length === 1, printBody([inner]));
  });

  it("sums triangles, whose inner loop has as many rounds as the counter says", () => {
    const j = local("j", "i32");
    const sum = local("sum", "f64");
    for (const [first, last] of [
      [i32(0), counter],
      [counter, i32(37)],
    ] as const) {
      const body = collect((e) => {
        e.set(sum, f64(0));
        e.emit({
          op: "for",
          counter: j,
          from: first,
          to: last,
          step: 1,
          label: { name: "j" },
          loop: 0,
          body: collect((inner) => {
            const both = mul(at(from, get(j)), mul(x, add(x, f64(0.1))));
            inner.set(sum, add(get(sum), both));
          }),
        });
        e.emit(put(get(sum)));
      });
      expectSameBits(kernel(body));
    }
  });

  it("adds, multiplies and takes extremes in the accumulators of the scalar loop", () => {
    for (const by of ["add", "mul", "min", "max"] as const) {
      const total = local("total", "f64");
      const term = add(at(from), f64(0.1));
      const body = collect((e) => {
        e.if(lt(at(from), f64(4)), (inner) => {
          inner.set(total, operate(`f64.${by}`, get(total), term));
        });
      });
      const before = collect((e) => {
        e.set(total, f64(1));
      });
      const reductions = [{ local: total, by }];
      expectSameBits(
        kernel(body, { reductions }, before),
        Float64Array.from({ length: 5000 }, (_, k) => Math.sin(k)),
      );
    }
  });

  it("adds to the bins of a histogram lane after lane, also when two lanes mean the same", () => {
    const bin = operate("i32.rem_s", counter, i32(3));
    const term = mul(at(from), add(mul(x, x), mul(x, f64(0.3))));
    const body = collect((e) => {
      e.if(lt(x, f64(30)), (inner) => {
        inner.emit(put(add(at(into, bin), term), bin));
      });
    });
    expectSameBits(kernel(body, { arrayReductions: [{ array: into, by: "add" }] }));
  });

  it("says why a loop stays scalar", () => {
    const y = local("y", "f64");
    const wide = local("i", "f64");
    const reason = (body: readonly Stmt[], change: Partial<Prange> = {}) => {
      const { verdict, loop } = vectorised(kernel(body, change));
      assert.equal(loop.vector, undefined);
      return verdict.yes ? "" : verdict.why;
    };
    assert.match(reason([put(at(from))]), /nothing in floating point/);
    const permuted = operate("i32.rem_s", operate("i32.mul", counter, i32(5)), i32(37));
    assert.match(
      reason([put(add(at(from, permuted), at(from, permuted)), permuted)]),
      /gathers more/,
    );
    assert.match(
      reason([{ op: "set", local: y, value: operate("math.sin", x) }, put(get(y))]),
      /math\.sin is only scalar/,
    );
    const fractions = { counter: wide, from: f64(0.1), to: get(n) };
    assert.match(
      reason([put(get(wide), operate("i32.trunc_sat_f64_s", get(wide)))], fractions),
      /fractions/,
    );
  });

  it("computes the scalar body's bits for bodies of any structure", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1 << 20)), (stream) => {
        const scalar = generated(() => stream.next().value as number);
        expectSameBits(scalar, input);
      }),
      { numRuns: 150 },
    );
  });
});

/** z² + c until |z| > 2, at most 100 rounds; stores the number of rounds. */
function mandelbrot(): readonly Stmt[] {
  const [re, im, rounds, next] = ["re", "im", "rounds", "next"].map((name) =>
    local(name, "f64"),
  ) as [Local, Local, Local, Local];
  const c = mul(x, f64(0.03));
  const label: Label = { name: "rounds" };
  return collect((e) => {
    for (const each of [re, im, rounds]) e.set(each, f64(0));
    e.emit({
      op: "loop",
      label,
      loop: 0,
      body: collect((inner) => {
        const size = add(mul(get(re), get(re)), mul(get(im), get(im)));
        const on = operate("bool.and", lt(size, f64(4)), lt(get(rounds), f64(100)));
        inner.if(not(on), (done) => {
          done.emit({ op: "break", label });
        });
        inner.set(next, add(operate("f64.sub", mul(get(re), get(re)), mul(get(im), get(im))), c));
        inner.set(im, add(mul(f64(2), mul(get(re), get(im))), c));
        inner.set(re, get(next));
        inner.set(rounds, add(get(rounds), f64(1)));
      }),
    });
    e.emit(put(get(rounds)));
  });
}

/**
 * A kernel made of a stream of numbers: branches, loops and blocks in each other, with jumps out of
 * them, over three variables, a reduction and stores. Every loop is bounded by a counter of its own.
 */
function generated(next: () => number): Kernel {
  const pick = (count: number) => next() % count;
  const total = local("total", "f64");
  const variables = ["a", "b", "c"].map((name) => local(name, "f64"));
  const counters: Local[] = [];
  interface Targets {
    readonly breaks: readonly Label[];
    readonly continues: readonly Label[];
  }
  const leaf = (): Expr => {
    const names = [...variables, ...counters];
    switch (pick(5)) {
      case 0:
        return x;
      case 1:
        return f64(pick(9) - 3.5);
      case 2:
        return at(from);
      case 3:
        return at(from, i32(pick(37)));
      default: {
        const chosen = names[pick(names.length)]!;
        return chosen.kind === "f64" ? get(chosen) : operate("f64.convert_i32_s", get(chosen));
      }
    }
  };
  const value = (depth: number): Expr => {
    if (depth === 0) return leaf();
    const op = (["f64.add", "f64.sub", "f64.mul", "f64.min", "f64.div", "f64.max"] as const)[
      pick(6)
    ]!;
    return operate(op, value(depth - 1), leaf());
  };
  const condition = (): Expr => {
    const one = operate((["f64.lt", "f64.ge", "f64.ne"] as const)[pick(3)]!, leaf(), leaf());
    return pick(4) === 0 ? operate("bool.or", one, lt(leaf(), leaf())) : one;
  };
  const jump = (e: Emitter, { breaks, continues }: Targets): void => {
    const to = pick(breaks.length + continues.length);
    if (to < breaks.length) e.emit({ op: "break", label: breaks[to]! });
    else e.emit({ op: "continue", label: continues[to - breaks.length]! });
  };
  const list = (e: Emitter, depth: number, targets: Targets): void => {
    const count = 1 + pick(4);
    for (let s = 0; s < count; s++) statement(e, depth, targets);
    if (depth < 3 && pick(4) === 0) jump(e, targets);
  };
  const statement = (e: Emitter, depth: number, targets: Targets): void => {
    const { breaks, continues } = targets;
    switch (depth === 0 ? pick(4) : pick(10)) {
      case 0:
      case 1:
        e.set(variables[pick(3)]!, value(2));
        return;
      case 2:
        e.emit(put(value(1)));
        return;
      case 3:
        e.set(total, add(get(total), value(1)));
        return;
      case 4:
      case 5: {
        const other = pick(2) === 0;
        e.if(
          condition(),
          (inner) => {
            list(inner, depth - 1, targets);
          },
          (inner) => {
            if (other) list(inner, depth - 1, targets);
          },
        );
        return;
      }
      case 6:
        e.if(condition(), (inner) => {
          jump(inner, targets);
        });
        return;
      case 7:
        e.block("block", (inner, label) => {
          list(inner, depth - 1, { breaks: [...breaks, label], continues });
        });
        return;
      case 8: {
        const j = local("j", "i32");
        const label: Label = { name: "for" };
        const small = operate("i32.rem_s", counter, i32(3));
        const first = pick(3) === 0 ? small : i32(0);
        const to = pick(2) === 0 ? operate("i32.add", small, i32(1)) : i32(pick(5));
        counters.push(j);
        const body = collect((inner) => {
          list(inner, depth - 1, { breaks: [...breaks, label], continues: [...continues, label] });
        });
        counters.pop();
        e.emit({ op: "for", counter: j, from: first, to, step: 1, label, loop: 0, body });
        return;
      }
      default: {
        const rounds = local("rounds", "f64");
        const label: Label = { name: "loop" };
        counters.push(rounds);
        e.set(rounds, f64(0));
        const body = collect((inner) => {
          inner.set(rounds, add(get(rounds), f64(1)));
          const over = lt(f64(1 + pick(4)), get(rounds));
          inner.if(pick(2) === 0 ? over : operate("bool.or", over, condition()), (done) => {
            done.emit({ op: "break", label });
          });
          list(inner, depth - 1, { breaks: [...breaks, label], continues: [...continues, label] });
        });
        counters.pop();
        e.emit({ op: "loop", label, loop: 0, body });
      }
    }
  };
  const label: Label = { name: "i" };
  const body = collect((e) => {
    e.set(variables[0]!, x);
    e.set(variables[1]!, at(from));
    e.set(variables[2]!, f64(1));
    for (let s = 0; s < 5; s++) statement(e, 3, { breaks: [], continues: [label] });
    e.emit(put(add(get(variables[0]!), add(get(variables[1]!), get(variables[2]!)))));
  });
  const before: readonly Stmt[] = [{ op: "set", local: total, value: f64(0.5) }];
  return kernel(body, { label, reductions: [{ local: total, by: "add" }] }, before);
}
