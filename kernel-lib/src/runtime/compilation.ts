/**
 * Decides what a kernel is compiled to on this machine, and gets it, from the cache or from the
 * compiler: a request without a target comes in, code that any thread can load goes out.
 */
import { isMainThread } from "node:worker_threads";
import { requireFast } from "../bytecode.js";
import { cachedArtifact, cachedBytes, keptArtifact, objectFile } from "../cache/kernel-cache.js";
import type { Artifact, CompileOptions, CompileRequest } from "../compiler/types.js";
import { NativeCodeError } from "../errors.js";
import type { Code } from "./code.js";
import { engine } from "./engine.js";
import { hasRelaxedSimd } from "./features.js";
import type { KernelOptions } from "./kernel-options.js";
import type { KernelRequest } from "./kernel-request.js";
import { Later } from "./native/background.js";
import { bridgeSource } from "./native/bridge-source.js";
import { build, buildFlags } from "./native/build.js";
import { knownToolchain, toolchain, type Toolchain } from "./native/toolchain.js";
import { sayOnce } from "./notice.js";

/** Of SIMD128. */
const wasmLanes = 2;

/** A kernel's code for one kind of arguments. */
export interface Compilation {
  /** With what was decided. */
  readonly request: CompileRequest;
  readonly artifact: Artifact;
  readonly code: Code;
  readonly fromCache: boolean;
  /** Better code of the same bits, which is being made; until then this one has no vectors. */
  readonly later?: Later<Compilation>;
}

/**
 * @throws NativeCodeError if native code is asked for and can't be had.
 * @throws CompileError where the kernel uses what can't be translated.
 */
export function compileKernel(request: KernelRequest, options: KernelOptions): Compilation {
  if (options.target === "wasm") return wasmCode(request, options);
  if (options.target === "auto" && canFollow(options)) return quickCode(request, options);
  try {
    return nativeCode(request, options);
  } catch (error) {
    if (!(error instanceof NativeCodeError) || options.target === "native") throw error;
    explainWasm(error.message);
    return wasmCode(request, options);
  }
}

function explainWasm(problem: string): void {
  sayOnce(
    `kernels run as WebAssembly, not as native code, which is often several times faster: ` +
      `${problem}. The option target: "wasm" says that this is wanted`,
  );
}

/**
 * Whether native code may take over when it is there: it has to give the same bits, and to come by way
 * of the cache. A pool's threads, of which each would ask for it, had better wait.
 */
function canFollow({ fastMath, cache }: KernelOptions): boolean {
  return !fastMath && cache && isMainThread;
}

/**
 * Native code if the cache has it; else WebAssembly at once, and better code later. Vectors are half of
 * the work of compiling, so what is to be replaced goes without.
 */
function quickCode(request: KernelRequest, options: KernelOptions): Compilation {
  const native = (mayAsk: boolean): Compilation | undefined => {
    const tools = mayAsk ? toolchain() : knownToolchain();
    if (!tools || "problem" in tools) return undefined;
    const decided = nativeRequest(request, options, tools);
    const artifact = keptArtifact(decided);
    return artifact && asNative(decided, artifact, tools, options);
  };
  const kept = native(false);
  if (kept) return kept;
  const tools = knownToolchain();
  if (tools && "problem" in tools) {
    explainWasm(tools.problem);
    return wasmCode(request, options);
  }
  const compilation = wasmCode(request, options, 1);
  const later = new Later(request, options, (ended) =>
    ended ? (native(true) ?? wasmCode(request, options)) : native(false),
  );
  // between the chunks of a loop there is time to ask whether it lasts, elsewhere there isn't
  if (compilation.artifact.loops.length === 0) later.begin();
  void later.ended.then((problem) => {
    if (problem !== undefined) explainWasm(problem);
  });
  return { ...compilation, later };
}

function nativeCode(request: KernelRequest, options: KernelOptions): Compilation {
  const tools = toolchain();
  if ("problem" in tools) throw new NativeCodeError(tools.problem);
  const decided = nativeRequest(request, options, tools);
  // before the kernel, so that who finds this in the cache finds all
  bridgeFile(tools, options);
  const { artifact, fromCache } = artifactOf(decided, options, (each) => compiled(each, tools));
  return { ...asNative(decided, artifact, tools, options), fromCache };
}

function nativeRequest(
  request: KernelRequest,
  options: KernelOptions,
  { lanes, fma, fingerprint }: Toolchain,
): CompileRequest {
  const machine = [fingerprint, ...buildFlags].join(" ");
  return requestOf(request, options, { target: "c", lanes, fma, machine });
}

function asNative(
  request: CompileRequest,
  artifact: Artifact,
  tools: Toolchain,
  options: KernelOptions,
): Compilation {
  const code = {
    is: "native",
    file: objectFile(artifact.code, options.cache),
    bridge: bridgeFile(tools, options),
  } as const;
  return { request, artifact, fromCache: true, code };
}

const bridges = new Map<string, Uint8Array>();

/** The addon that loads native code; made once on a machine. */
function bridgeFile(tools: Toolchain, { cache }: KernelOptions): string {
  const text = [tools.fingerprint, ...buildFlags, bridgeSource].join("\n");
  const bytes =
    bridges.get(text) ?? cachedBytes(text, cache, () => build(Buffer.from(bridgeSource), tools));
  bridges.set(text, bytes);
  return objectFile(bytes, cache);
}

/** The artifact whose source has been built. */
function compiled(request: CompileRequest, tools: Toolchain): Artifact {
  const artifact = compiler().compile(request);
  return { ...artifact, code: build(artifact.code, tools) };
}

function wasmCode(request: KernelRequest, options: KernelOptions, lanes = wasmLanes): Compilation {
  const fma = options.fastMath && hasRelaxedSimd();
  const decided = requestOf(request, options, { target: "wasm", lanes, fma });
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

/** The request with vectors, whatever runs for now. */
export function fullRequest({ request, later }: Compilation): CompileRequest {
  return later ? { ...request, options: { ...request.options, lanes: wasmLanes } } : request;
}

/** A kernel that runs as native code, as it would be without a C compiler. */
export function asWasm(request: CompileRequest): CompileRequest {
  const { options } = request;
  const fma = options.fastMath && hasRelaxedSimd();
  return { ...request, options: { ...options, target: "wasm", lanes: wasmLanes, fma } };
}

/** The compiler, loaded when first asked for. */
export function compiler(): typeof import("../compiler/compile.js") {
  const file = require.resolve("../compiler/compile.js");
  return requireFast(file) as typeof import("../compiler/compile.js");
}
