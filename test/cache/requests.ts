/** Compile requests and artifacts as the runtime and the compiler make them, for tests of the cache. */
import type {
  Artifact,
  Captured,
  CompileOptions,
  CompileRequest,
  SourceFunction,
} from "../../kernel-lib/dist/compiler/types.js";

export function source(
  text: string,
  captured: Readonly<Record<string, Captured>> = {},
  name = "kernel",
): SourceFunction {
  return { name, text, captured, place: { file: "cell 1", line: 0, column: 0 } };
}

export const plainOptions: CompileOptions = {
  fastMath: false,
  boundsCheck: true,
  parallel: true,
  aliased: false,
  target: "wasm",
  lanes: 2,
  fma: false,
};

export function request(
  kernel: SourceFunction | string,
  changes: Partial<Omit<CompileRequest, "kernel">> = {},
): CompileRequest {
  return {
    kernel: typeof kernel === "string" ? source(kernel) : kernel,
    args: [{ type: "number" }],
    options: plainOptions,
    ...changes,
  };
}

export function artifact(code: Uint8Array): Artifact {
  return {
    code,
    frame: {
      size: 16,
      parameters: [{ is: "number", offset: 0 }],
      result: { is: "number", offset: 8 },
    },
    loops: [],
    sites: [{ is: "index", name: "a", axis: 0, position: { fn: 0, node: 7 } }],
    diagnostics: [],
  };
}
