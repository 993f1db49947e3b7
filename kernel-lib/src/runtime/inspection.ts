/** What `k.inspect` shows: the code of a compiled kernel, as people read it. */
import type * as ChildProcess from "node:child_process";
import type { CompileOptions } from "../compiler/types.js";
import { NativeCodeError } from "../errors.js";
import { compiler, type Compilation } from "./compilation.js";
import { hasRelaxedSimd } from "./features.js";

/** The compiler's own language, WebAssembly's, C, or the processor's. */
export type Listing = "ir" | "wat" | "c" | "asm";

const listings: readonly unknown[] = ["ir", "wat", "c", "asm"];

/** @throws TypeError for anything but a listing; NativeCodeError where there is no machine code to show. */
export function inspectKernel({ request, code }: Compilation, as: Listing): string {
  if (!listings.includes(as))
    throw new TypeError(`inspect shows "ir", "wat", "c" or "asm", not ${JSON.stringify(as)}`);
  if (as === "asm") {
    if (code.is === "native") return disassembled(code.file);
    throw new NativeCodeError("the kernel is WebAssembly, which its engine compiles in private");
  }
  const { options } = request;
  return compiler().inspect({ ...request, options: as === "wat" ? forWasm(options) : options }, as);
}

/** A kernel that runs as native code, as it would be without a C compiler. */
function forWasm(options: CompileOptions): CompileOptions {
  const fma = options.fastMath && hasRelaxedSimd();
  return { ...options, target: "wasm", lanes: 2, fma };
}

function disassembled(file: string): string {
  const { spawnSync } = require("node:child_process") as typeof ChildProcess;
  const flags = ["-d", "--no-show-raw-insn", ...(process.arch === "x64" ? ["-M", "intel"] : [])];
  const { stdout, error, status } = spawnSync("objdump", [...flags, file], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (!error && status === 0) return stdout;
  throw new NativeCodeError(
    "machine code is listed by objdump, which isn't there: install binutils",
  );
}
