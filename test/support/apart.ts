/** Runs a program of the tests in a process of its own, so that all cores have work. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/**
 * Resolves when the program has ended well; else the error has what it printed.
 *
 * @param signal - Ends it early.
 */
export async function apart(file: string, args: unknown[], signal?: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args.map(String)], {
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal && { signal }),
  });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (child.exitCode !== 0) assert.fail(stdout + stderr);
}
