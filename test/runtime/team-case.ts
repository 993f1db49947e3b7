/**
 * Kernels made by hand and loaded for a team, with a frame that a test fills. What they allocate
 * outside of loops is never freed.
 */
import { encode } from "../../kernel-lib/src/compiler/backends/wasm/wasm.js";
import { f64, get, i32, local, operate } from "../../kernel-lib/src/compiler/build.js";
import { Context } from "../../kernel-lib/src/compiler/context.js";
import type {
  Access,
  ArrayLocal,
  Expr,
  Func,
  Kernel,
  Local,
  Prange,
  Stmt,
  Storage,
} from "../../kernel-lib/src/compiler/ir.js";
import { addresses } from "../../kernel-lib/src/compiler/passes/addresses.js";
import { outline } from "../../kernel-lib/src/compiler/passes/outline.js";
import type { Code } from "../../kernel-lib/dist/runtime/code.js";
import { engine } from "../../kernel-lib/dist/runtime/engine.js";
import { loadCode } from "../../kernel-lib/dist/runtime/load-code.js";
import { heap } from "../../kernel-lib/dist/runtime/heap.js";
import { TeamKernel } from "../../kernel-lib/dist/runtime/team-kernel.js";
import { team } from "../../kernel-lib/dist/runtime/team.js";
import { options } from "../compiler/run.js";

export interface Loaded {
  readonly kernel: TeamKernel;
  /** Where the frame is. */
  readonly address: number;
  readonly argument: (index: number, value: number) => void;
  readonly array: (index: number, address: number, length: number) => void;
  readonly result: () => number;
  /** Calls `kernel(frame)` on this thread. */
  readonly call: () => void;
}

export function load(kernel: Kernel): Loaded {
  const { module: outlined, frame, plans } = outline(kernel, new Context(options));
  const module = new engine.Module(encode(addresses(outlined), { relaxedSimd: false }));
  const code: Code = { is: "wasm", module };
  const loaded = loadCode(code, plans, {
    memory: heap().memory,
    allocate: (size) => team().scratch(size) ?? heap().allocate(size),
    parallel: (loop, at, count, partialBytes) => team().run(made, loop, at, count, partialBytes),
    attend: () => {
      team().attend();
    },
  });
  const made = new TeamKernel(code, loaded, plans);
  const address = heap().allocate(frame.size);
  const offset = (index: number): number => {
    const slot = frame.parameters[index]!;
    if (!("offset" in slot)) throw new Error("not a number nor an array");
    return address + slot.offset;
  };
  return {
    kernel: made,
    address,
    argument: (index, value) => {
      heap().view.setFloat64(offset(index), value, true);
    },
    array: (index, at, length) => {
      [at, length, 1].forEach((field, i) => {
        heap().view.setInt32(offset(index) + 4 * i, field, true);
      });
    },
    result: () => {
      if (frame.result?.is !== "number") throw new Error("the kernel returns no number");
      return heap().view.getFloat64(address + frame.result.offset, true);
    },
    call: () => {
      team().settle();
      loaded.kernel(address);
    },
  };
}

const n = local("n", "f64");
const i = local("i", "i32");

function kernelOf(
  parameters: readonly Storage[],
  body: readonly Stmt[],
  result?: Local,
  functions: readonly Func[] = [],
): Kernel {
  return {
    name: "case",
    parameters,
    result: result && { is: "number", local: result },
    body,
    functions,
    loops: [{ text: "prange", position: { fn: 0, node: 0 }, isShown: true }],
  };
}

function prange(to: Expr, body: readonly Stmt[], reductions: Prange["reductions"] = []): Prange {
  return {
    op: "prange",
    counter: i,
    from: i32(0),
    to,
    step: 1,
    label: { name: "i" },
    loop: 0,
    body,
    reductions,
    winners: [],
    arrayReductions: [],
  };
}

const turns = operate("i32.trunc_sat_f64_s", get(n));
const asNumber = operate("f64.convert_i32_s", get(i));

/** x = sqrt(x + 1.5), so many times. */
function rooting(x: Local, times: Expr): Stmt {
  return {
    op: "for",
    counter: local("k", "i32"),
    from: i32(0),
    to: times,
    step: 1,
    label: { name: "k" },
    loop: 0,
    body: [
      {
        op: "set",
        local: x,
        value: operate("f64.sqrt", operate("f64.add", get(x), f64(1.5))),
      },
    ],
  };
}

/** (n) => sum over i < n of i after so many roots. */
export function roots(times: number): Kernel {
  const total = local("total", "f64");
  const x = local("x", "f64");
  const body: Stmt[] = [
    { op: "set", local: x, value: asNumber },
    rooting(x, i32(times)),
    { op: "set", local: total, value: operate("f64.add", get(total), get(x)) },
  ];
  return kernelOf(
    [{ is: "number", local: n }],
    [
      { op: "set", local: total, value: f64(0) },
      prange(turns, body, [{ local: total, by: "add" }]),
    ],
    total,
  );
}

function numbers(name: string, origin: ArrayLocal["origin"]): ArrayLocal {
  return {
    name,
    array: { type: "array", dtype: "float64", rank: 1, contiguous: true, typed: true },
    base: local(name, "i32"),
    shape: [local(`${name}.length`, "i32")],
    strides: [local(`${name}.stride`, "i32")],
    origin,
  };
}

function at(array: ArrayLocal, index: Expr): Access {
  return { array, indices: [index], lanes: 1, pattern: "scalar", checked: false, site: 0 };
}

/** (n) => sum over i < n of i, which passes through the end of a new array of 1 + 400 (i mod 50) numbers. */
export function allocating(): Kernel {
  const total = local("total", "f64");
  const made = numbers("made", "allocated");
  const length = operate(
    "i32.add",
    operate("i32.mul", operate("i32.rem_s", get(i), i32(50)), i32(400)),
    i32(1),
  );
  const access = at(made, operate("i32.sub", get(made.shape[0]!), i32(1)));
  const end: Expr = { op: "element", kind: "f64", lanes: 1, access };
  return kernelOf(
    [{ is: "number", local: n }],
    [
      { op: "set", local: total, value: f64(0) },
      prange(
        turns,
        [
          {
            op: "allocate",
            array: made,
            lengths: [operate("f64.convert_i32_s", length)],
            site: 0,
          },
          { op: "store", access, value: operate("f64.add", end, asNumber) },
          { op: "set", local: total, value: operate("f64.add", get(total), end) },
        ],
        [{ local: total, by: "add" }],
      ),
    ],
    total,
  );
}

/** (out) => out[i] += i * i + 1 */
export function squares(): Kernel {
  const out = numbers("out", "parameter");
  const access = at(out, get(i));
  const value = operate(
    "f64.add",
    { op: "element", kind: "f64", lanes: 1, access },
    operate("f64.add", operate("f64.mul", asNumber, asNumber), f64(1)),
  );
  return kernelOf(
    [{ is: "array", array: out }],
    [prange(get(out.shape[0]!), [{ op: "store", access, value }])],
  );
}

/** (n, first) => fails in every iteration from `first` on, at site 0 with the iteration's number. */
export function failing(): Kernel {
  const first = local("first", "f64");
  return kernelOf(
    [
      { is: "number", local: n },
      { is: "number", local: first },
    ],
    [
      prange(turns, [
        {
          op: "if",
          condition: operate("f64.ge", asNumber, get(first)),
          then: [{ op: "fail", site: 0, args: [asNumber, get(n)] }],
          otherwise: [],
        },
      ]),
    ],
  );
}

/** (n) => calls a function without end in every iteration. */
export function endless(): Kernel {
  const depth = local("depth", "i32");
  const deeper = local("deeper", "i32");
  const callee: Func = { name: "endless", params: [depth], results: ["i32"], body: [] };
  callee.body = [
    {
      op: "call",
      callee,
      args: [operate("i32.add", get(depth), i32(1))],
      results: [deeper],
    },
    { op: "return", values: [operate("i32.add", get(deeper), i32(1))] },
  ];
  return kernelOf(
    [{ is: "number", local: n }],
    [prange(turns, [{ op: "call", callee, args: [get(i)], results: [deeper] }])],
    undefined,
    [callee],
  );
}

/** (n, times) => sum over i < n of i after so many roots: iterations as long as one likes. */
export function longRoots(): Kernel {
  const times = local("times", "f64");
  const total = local("total", "f64");
  const x = local("x", "f64");
  const body: Stmt[] = [
    { op: "set", local: x, value: asNumber },
    rooting(x, operate("i32.trunc_sat_f64_s", get(times))),
    { op: "set", local: total, value: operate("f64.add", get(total), get(x)) },
  ];
  return kernelOf(
    [
      { is: "number", local: n },
      { is: "number", local: times },
    ],
    [
      { op: "set", local: total, value: f64(0) },
      prange(turns, body, [{ local: total, by: "add" }]),
    ],
    total,
  );
}
