/**
 * Repairs the kernel that imports hotcell, as far as that is still possible, where its kernelspec
 * isn't ours. Outside a kernel nothing is loaded for it.
 */
import { isMainThread } from "node:worker_threads";

if (isMainThread && "__tslab__" in globalThis) {
  (require("./repair.js") as typeof import("./repair.js")).repairRunning();
}
