/** Makes a shared object of C source with the machine's compiler: text in, bytes out. */
import type * as ChildProcess from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InterruptError, NativeCodeError } from "../../errors.js";
import type { Toolchain } from "./toolchain.js";

/**
 * No contraction and no reassociation, so that the bits are WebAssembly's; nothing asks for errno or
 * floating-point traps, integers wrap, and memory is anything.
 */
export const buildFlags: readonly string[] = [
  ...["-std=gnu11", "-O3", "-fPIC", "-shared", "-nostdlib", "-w"],
  ...["-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"],
  ...["-fwrapv", "-fno-strict-aliasing", "-fvisibility=hidden"],
];

/** @throws NativeCodeError with the compiler's first complaint. */
export function build(source: Uint8Array, { command, machineFlags }: Toolchain): Uint8Array {
  const { spawnSync } = require("node:child_process") as typeof ChildProcess;
  const folder = mkdtempSync(join(tmpdir(), "hotcell-"));
  const file = join(folder, "kernel.so");
  const [program, ...args] = command;
  try {
    const { status, signal, stderr, error } = spawnSync(
      program,
      [...args, ...machineFlags, ...buildFlags, "-x", "c", "-", "-o", file],
      { input: source, encoding: "utf8" },
    );
    // Ctrl-C reaches the compiler as well
    if (signal === "SIGINT") throw new InterruptError("interrupted while a kernel was compiled");
    if (status === null) throw new NativeCodeError(`${program} can't be run: ${String(error)}`);
    if (status !== 0) {
      const lines = stderr.split("\n");
      const first = lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "";
      throw new NativeCodeError(`${program} failed: ${first.trim() || `it ended with ${status}`}`);
    }
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
