/** A capsule comes in, the function it carries goes out, with the courier for its inputs and results. */
import type { Capsule, Courier } from "./capsule.js";
import { createCourier } from "./courier.js";
import { refreshReferences } from "./references.js";
import { Registry } from "./registry.js";

export interface Revived {
  readonly fn: (...args: unknown[]) => unknown;
  readonly courier: Courier;
}

/** Revives a captured function with all it refers to, in the thread that calls it. */
export function revive(capsule: Capsule): Revived {
  const registry = new Registry("back from a worker");
  const fn = registry.revive(capsule) as Revived["fn"];
  // what it refers to may have loaded modules, whose exports can be among the results
  refreshReferences();
  return { fn, courier: createCourier(registry) };
}
