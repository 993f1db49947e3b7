/**
 * A function of the calling thread comes in; a capsule that a worker can revive goes out, with the
 * courier for what the two sides tell each other. Knows nothing of threads, pools or cells.
 */
import { CaptureError } from "../errors.js";
import type { Capsule, Courier } from "./capsule.js";
import { createCourier } from "./courier.js";
import type { AnyFunction } from "./function-reader.js";
import { refreshReferences } from "./references.js";
import { Registry } from "./registry.js";

/** A captured function, ready to be posted. */
export interface Shipment {
  readonly capsule: Capsule;
  /** This side's courier for the inputs, results and errors of the call. */
  readonly courier: Courier;
  /** What the user should see, such as a captured array that the function pushes to. */
  readonly warnings: readonly string[];
}

/**
 * Captures a function with all it refers to: variables, functions, classes, imports. The values of
 * the variables are those of this moment.
 *
 * @param name what an error's path begins with.
 * @throws CaptureError naming the path to what can't be sent, or the variable that is assigned to.
 */
export function capture(fn: AnyFunction, name = fn.name || "function"): Shipment {
  refreshReferences();
  const registry = new Registry("to a worker");
  try {
    const capsule = registry.capture(fn, [name]);
    return { capsule, courier: createCourier(registry), warnings: registry.warnings };
  } catch (error) {
    // the walk through the value says nothing to the user: the stack starts at the call
    if (error instanceof CaptureError) Error.captureStackTrace(error, capture);
    throw error;
  }
}
