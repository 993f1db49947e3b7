/** What `k.inspect` shows: the code of a compiled kernel, as people read it. */
import type * as ChildProcess from "node:child_process";
import { NativeCodeError } from "../errors.js";
import { asWasm, compiler, fullRequest, type Compilation } from "./compilation.js";

/** The compiler's own language, WebAssembly's, C, or the processor's. */
export type Listing = "ir" | "wat" | "c" | "asm";

const listings: readonly unknown[] = ["ir", "wat", "c", "asm"];

/** @throws TypeError for anything but a listing; NativeCodeError where there is no machine code to show. */
export function inspectKernel(compilation: Compilation, as: Listing): string {
  if (!listings.includes(as))
    throw new TypeError(`inspect shows "ir", "wat", "c" or "asm", not ${JSON.stringify(as)}`);
  const { code } = compilation;
  if (as === "asm") {
    if (code.is === "native") return disassembled(code.file);
    throw new NativeCodeError("the kernel is WebAssembly, which its engine compiles in private");
  }
  const request = fullRequest(compilation);
  return compiler().inspect(as === "wat" ? asWasm(request) : request, as);
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
