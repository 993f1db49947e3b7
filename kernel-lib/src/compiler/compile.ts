/**
 * The whole compiler: a request in, an artifact out. The order of the passes stands here and
 * nowhere else; each is a function from a kernel to a kernel (see `passes/`).
 */
import { CompileError } from "../errors.js";
import { source } from "./backends/c/c.js";
import { encode, text } from "./backends/wasm/wasm.js";
import { Context } from "./context.js";
import type { Kernel, Module } from "./ir.js";
import { lower } from "./lower/lower.js";
import { LoopRefusal } from "./loop-refusal.js";
import { locate } from "./parse.js";
import { addresses } from "./passes/addresses.js";
import { bounds } from "./passes/bounds.js";
import { contract } from "./passes/contract.js";
import { count } from "./passes/count.js";
import { dependence } from "./passes/dependence.js";
import { expand } from "./passes/expand.js";
import { hoist } from "./passes/hoist.js";
import { liftEnds } from "./passes/lift-ends.js";
import { narrow } from "./passes/narrow.js";
import { outline } from "./passes/outline.js";
import { poolConstants } from "./passes/pool-constants.js";
import { simplify } from "./passes/simplify.js";
import { vectorise } from "./passes/vectorise/vectorise.js";
import { print } from "./print.js";
import type { Artifact, CompileOptions, CompileRequest, Frame, LoopPlan } from "./types.js";

const passes: readonly ((kernel: Kernel, context: Context) => Kernel)[] = [
  simplify,
  count,
  dependence,
  liftEnds,
  narrow,
  simplify,
  bounds,
  contract,
  expand,
  simplify,
  numberLocals,
  vectorise,
];

/**
 * Compiles a kernel for the types of its arguments.
 *
 * @throws CompileError where the kernel uses what can't be translated faithfully.
 */
export function compile(request: CompileRequest): Artifact {
  const { kernel, context, plans, module, frame } = translate(request);
  return {
    code: codeOf(module, request.options),
    frame,
    loops: plans,
    sites: context.sites,
    diagnostics: context.diagnoses(kernel.loops),
  };
}

/** The kernel after all passes, as people read it: the compiler's own language, WebAssembly's, or C. */
export function inspect(request: CompileRequest, as: "ir" | "wat" | "c"): string {
  const { kernel, module } = translate(request);
  switch (as) {
    case "ir":
      return print(kernel);
    case "wat":
      return text(module, { relaxedSimd: request.options.fma });
    case "c":
      return source(module, request.options.lanes);
  }
}

function codeOf(module: Module, { target, lanes, fma }: CompileOptions): Uint8Array {
  return target === "c"
    ? new TextEncoder().encode(source(module, lanes))
    : encode(module, { relaxedSimd: fma });
}

interface Translated {
  readonly kernel: Kernel;
  readonly context: Context;
  readonly plans: readonly LoopPlan[];
  readonly module: Module;
  readonly frame: Frame;
}

function translate(request: CompileRequest): Translated {
  const context = new Context(request.options);
  const lowered = lower(request, context);
  const kernel = passes.reduce(
    (each, pass) => located(request, () => pass(each, context)),
    lowered,
  );
  const { plans, ...outlined } = outline(kernel, context);
  const cleaned = simplify(hoist(simplify(addresses(outlined.module)), context));
  // a C compiler has its own ways with constants
  const finished =
    request.options.target === "c"
      ? { module: cleaned, frame: outlined.frame }
      : poolConstants(cleaned, outlined.frame);
  return { kernel, context, plans, ...finished };
}

/** Up to here all targets have the same code. */
function numberLocals(kernel: Kernel, context: Context): Kernel {
  context.numberLocals(kernel);
  return kernel;
}

/** What a pass makes; its refusals with the line of the source. */
function located(request: CompileRequest, pass: () => Kernel): Kernel {
  try {
    return pass();
  } catch (error) {
    if (!(error instanceof LoopRefusal)) throw error;
    const { position, problem, remedy } = error;
    const place = locate(request.kernel, position);
    throw new CompileError(request.kernel.name, problem, remedy, place);
  }
}
