/**
 * What `node --require` loads before tslab starts: it repairs the kernel. Worker threads and child
 * processes inherit the option, so anything that is not a kernel's main thread is left alone.
 */
import { isMainThread } from "node:worker_threads";

if (isMainThread && process.argv[2] === "kernel") {
  (require("./repair.js") as typeof import("./repair.js")).repairOnLoad();
}
