/**
 * Asks the engine to collect its garbage now, since memory that arrays held can only be used again
 * once they are known to be gone, and V8 doesn't see how much of it hangs on a small object.
 */
import { setFlagsFromString } from "node:v8";
import { createContext, runInNewContext, Script } from "node:vm";

let collect: (() => void) | undefined;

/** After this, `deref` of a WeakRef is undefined for everything that nobody holds. */
export function collectGarbage(): void {
  collect ??= makeCollector();
  collect();
}

function makeCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  // What a WeakRef was made for or asked for lives until the job ends (ECMAScript, 9.9.3), which a
  // context with microtasks of its own does each time.
  const jobs = createContext({}, { microtaskMode: "afterEvaluate" });
  const job = new Script("0");
  return () => {
    job.runInContext(jobs);
    gc();
  };
}
