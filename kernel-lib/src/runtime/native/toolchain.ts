/**
 * Finds the C compiler of this machine and what it can make of this processor. Asking the compiler
 * takes some 20 ms, so the answer is kept on disk, by the compiler's file and the processor.
 */
import type * as ChildProcess from "node:child_process";
import {
  accessSync,
  constants,
  openSync,
  readSync,
  closeSync,
  realpathSync,
  statSync,
} from "node:fs";
import { arch, cpus, platform } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { hash } from "../../cache/key.js";
import { textMemo } from "../../cache/kernel-cache.js";

/** A C compiler that works. */
export interface Toolchain {
  /** The program, and what comes before all flags (`cc` of `zig cc`). */
  readonly command: readonly [string, ...string[]];
  /** What makes it use all of this processor. */
  readonly machineFlags: readonly string[];
  /** Float64 numbers in a vector register. */
  readonly lanes: 2 | 4 | 8;
  /** Whether products and sums are fused in hardware. */
  readonly fma: boolean;
  /** As people call it: "gcc 12.2.0". */
  readonly name: string;
  /** Of all that the compiler says of itself and the processor. */
  readonly fingerprint: string;
}

/** Why there is none. */
export interface NoToolchain {
  readonly problem: string;
}

const candidates: readonly (readonly [string, ...string[]])[] = [
  ["cc"],
  ["gcc"],
  ["clang"],
  ["zig", "cc"],
];

const machines = [["-march=native"], ["-mcpu=native"], []];

const known = new Map<string, Toolchain | NoToolchain>();

/** The compiler that `CC` names, or the first of `cc`, `gcc`, `clang` and `zig cc` that works. */
export function toolchain(env: NodeJS.ProcessEnv = process.env): Toolchain | NoToolchain {
  return lookUp(env, (command, memo) => {
    const kept = keptAnswer(memo);
    if (kept) return kept;
    const made = ask(command);
    if (made) textMemo.put(memo, made);
    return made ?? "broken";
  })!;
}

/** The same, but undefined where a compiler has to be asked first. */
export function knownToolchain(
  env: NodeJS.ProcessEnv = process.env,
): Toolchain | NoToolchain | undefined {
  return lookUp(env, (_, memo) => keptAnswer(memo));
}

/** @param answer What a compiler is, which may be kept under that text; undefined if it can't be told. */
function lookUp(
  { CC = "", PATH = "" }: NodeJS.ProcessEnv,
  answer: (command: Toolchain["command"], memo: string) => Toolchain | "broken" | undefined,
): Toolchain | NoToolchain | undefined {
  if (platform() === "win32") return { problem: "native code isn't made on Windows" };
  const key = `${CC}\n${PATH}`;
  const before = known.get(key);
  if (before) return before;
  const [program, ...args] = CC.trim().split(/\s+/);
  const commands = program ? [[program, ...args] as const] : candidates;
  for (const [name, ...args] of commands) {
    const file = locate(name, PATH);
    if (file === undefined) continue;
    const command = [file, ...args] as const;
    const made = answer(command, memoOf(command));
    if (made === "broken") continue;
    if (made) known.set(key, made);
    return made;
  }
  return {
    problem: program
      ? `CC is '${CC.trim()}', which is no C compiler that works here`
      : "there is no C compiler: install gcc or clang (Debian and Ubuntu: apt install gcc; macOS: xcode-select --install)",
  };
}

/** All that a compiler's answer depends on. */
function memoOf(command: Toolchain["command"]): string {
  const file = realpathSync(command[0]);
  const { size, mtimeMs } = statSync(file);
  return ["toolchain", ...command, file, size, mtimeMs, processor()].join("\n");
}

function keptAnswer(memo: string): Toolchain | undefined {
  return textMemo.get(memo) as Toolchain | undefined;
}

function locate(program: string, path: string): string | undefined {
  const places = isAbsolute(program)
    ? [program]
    : path
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, program));
  return places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What the compiler predefines tells what it is and what the processor has. */
function ask(command: readonly [string, ...string[]]): Toolchain | undefined {
  const { spawnSync } = require("node:child_process") as typeof ChildProcess;
  const [program, ...args] = command;
  for (const machineFlags of machines) {
    const { status, stdout } = spawnSync(
      program,
      [...args, ...machineFlags, "-dM", "-E", "-x", "c", "-"],
      { input: "", encoding: "utf8", timeout: 10_000 },
    );
    if (status !== 0) continue;
    const macros = new Map(
      [...stdout.matchAll(/^#define (\w+) (.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );
    const has = (name: string): boolean => macros.has(name);
    return {
      command,
      machineFlags,
      lanes: has("__AVX512DQ__") ? 8 : has("__AVX2__") ? 4 : 2,
      fma: has("__FMA__") || has("__aarch64__"),
      name: `${has("__clang__") ? "clang" : "gcc"} ${(macros.get("__VERSION__") ?? "").replaceAll('"', "")}`,
      fingerprint: hash([...command, ...machineFlags, stdout].join("\n")),
    };
  }
  return undefined;
}

/** What this processor is and can do. */
function processor(): string {
  return [arch(), ...(processorLines() ?? [cpus()[0]?.model ?? ""])].join("\n");
}

/** What Linux says of the first processor; a machine of many has a long list. */
function processorLines(): readonly string[] | undefined {
  try {
    const file = openSync("/proc/cpuinfo", "r");
    const start = Buffer.alloc(4096);
    readSync(file, start);
    closeSync(file);
    const [first = ""] = start.toString().split("\n\n", 1);
    return first.match(/^(?:model name|CPU part|flags|Features)\s*:.*$/gm) ?? undefined;
  } catch {
    return undefined;
  }
}
