/**
 * A function of the calling thread comes in, a capsule that a worker can revive goes out.
 * Knows nothing of threads, pools or cells.
 */
import { randomUUID } from "node:crypto";
import { serialize } from "node:v8";
import { CaptureError } from "../errors.js";
import type { Capsule, Courier } from "./capsule.js";
import { readClosure } from "./scopes.js";

/** A captured function, ready to be posted. */
export interface Shipment {
  readonly capsule: Capsule;
  /** This side's courier for the inputs, results and errors of the call. */
  readonly courier: Courier;
  /** What the user should see, such as a captured array that the function pushes to. */
  readonly warnings: readonly string[];
}

/**
 * Captures a function with all it refers to. The values of the variables are those of this moment.
 *
 * @throws CaptureError naming the path to what can't be sent.
 */
export function capture(fn: (...args: never[]) => unknown, name = fn.name || "function"): Shipment {
  const source = fn.toString();
  const variables: Record<string, unknown> = {};
  for (const scope of [...readClosure(fn).scopes].reverse()) {
    for (const [key, value] of Object.entries(scope) as [string, unknown][]) {
      if (!new RegExp(`\\b${key.replace("$", "\\$")}\\b`).test(source)) continue;
      variables[key] = typeof value === "function" ? { source: String(value) } : { value };
    }
  }
  try {
    const data = serialize({ source, variables });
    const bytes = new SharedArrayBuffer(data.length);
    new Uint8Array(bytes).set(data);
    const capsule = { id: randomUUID(), bytes, shared: [] };
    return { capsule, courier: { pack: (v) => v, unpack: (p) => p }, warnings: [] };
  } catch (error) {
    throw new CaptureError([name], (error as Error).message);
  }
}
