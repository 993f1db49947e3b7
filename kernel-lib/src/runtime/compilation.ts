/**
 * Decides what a kernel is compiled to on this machine, and gets it, from the cache or from the
 * compiler: a request without a target comes in, code that any thread can load goes out.
 */
import { requireFast } from "../bytecode.js";
import { cachedArtifact, objectFile } from "../cache/kernel-cache.js";
import type { Artifact, CompileOptions, CompileRequest } from "../compiler/types.js";
import { NativeCodeError } from "../errors.js";
import type { Code } from "./code.js";
import { engine } from "./engine.js";
import { hasRelaxedSimd } from "./features.js";
import type { KernelOptions } from "./kernel-options.js";
import { build, buildFlags } from "./native/build.js";
import { toolchain, type Toolchain } from "./native/toolchain.js";
import { sayOnce } from "./notice.js";

/** A kernel's code for one kind of arguments. */
export interface Compilation {
  /** With what was decided. */
  readonly request: CompileRequest;
  readonly artifact: Artifact;
  readonly code: Code;
  readonly fromCache: boolean;
}

/** A request for whatever this machine makes of it. */
export interface KernelRequest extends Omit<CompileRequest, "options"> {
  /** Some of the arrays share memory. */
  readonly aliased: boolean;
}

/**
 * @throws NativeCodeError if native code is asked for and can't be had.
 * @throws CompileError where the kernel uses what can't be translated.
 */
export function compileKernel(request: KernelRequest, options: KernelOptions): Compilation {
  if (options.target !== "wasm") {
    try {
      return nativeCode(request, options);
    } catch (error) {
      if (!(error instanceof NativeCodeError) || options.target === "native") throw error;
      sayOnce(
        `kernels run as WebAssembly, not as native code, which is often several times faster: ` +
          `${error.message}. The option target: "wasm" says that this is wanted`,
      );
    }
  }
  return wasmCode(request, options);
}

function nativeCode(request: KernelRequest, options: KernelOptions): Compilation {
  const tools = toolchain();
  if ("problem" in tools) throw new NativeCodeError(tools.problem);
  const { lanes, fma, fingerprint } = tools;
  const machine = [fingerprint, ...buildFlags].join(" ");
  const decided = requestOf(request, options, { target: "c", lanes, fma, machine });
  const found = artifactOf(decided, options, (each) => compiled(each, tools));
  const file = objectFile(found.artifact.code, options.cache);
  return { request: decided, ...found, code: { is: "native", file } };
}

/** The artifact whose source has been built. */
function compiled(request: CompileRequest, tools: Toolchain): Artifact {
  const artifact = compiler().compile(request);
  return { ...artifact, code: build(artifact.code, tools) };
}

function wasmCode(request: KernelRequest, options: KernelOptions): Compilation {
  const fma = options.fastMath && hasRelaxedSimd();
  const decided = requestOf(request, options, { target: "wasm", lanes: 2, fma });
  const found = artifactOf(decided, options, (each) => compiler().compile(each));
  return {
    request: decided,
    ...found,
    code: { is: "wasm", module: new engine.Module(found.artifact.code) },
  };
}

function requestOf(
  { kernel, args, aliased }: KernelRequest,
  { fastMath, boundsCheck, parallel }: KernelOptions,
  machine: Pick<CompileOptions, "target" | "lanes" | "fma" | "machine">,
): CompileRequest {
  return { kernel, args, options: { fastMath, boundsCheck, parallel, aliased, ...machine } };
}

function artifactOf(
  request: CompileRequest,
  { cache }: KernelOptions,
  compile: (request: CompileRequest) => Artifact,
): Pick<Compilation, "artifact" | "fromCache"> {
  return cache
    ? cachedArtifact(request, compile)
    : { artifact: compile(request), fromCache: false };
}

/** The compiler, loaded when first asked for. */
export function compiler(): typeof import("../compiler/compile.js") {
  const file = require.resolve("../compiler/compile.js");
  return requireFast(file) as typeof import("../compiler/compile.js");
}
