/** Runs the parallel loops of a kernel on this thread alone, chunk after chunk. */
import { chunkLength } from "../compiler/chunks.js";
import type { LoopPlan } from "../compiler/types.js";
import type { WasmInstance } from "./engine.js";
import type { Heap } from "./heap.js";

/**
 * Runs all iterations, and gives the address of chunk 0's partial results; the number of chunks
 * stands 16 bytes before. `allocate` gives memory that lives as long as the call.
 */
export function runHere(
  heap: Heap,
  allocate: (bytes: number) => number,
  exports: WasmInstance["exports"],
  plan: LoopPlan,
  loop: number,
  frame: number,
  count: number,
  partialBytes: number,
): number {
  const length = plan.reduces ? chunkLength(count, plan.reducesArrays) : Math.max(1, count);
  const chunks = Math.ceil(count / length);
  const apart = Math.ceil(partialBytes / 16) * 16;
  const header = allocate(16 + chunks * apart);
  const address = header + 16;
  heap.view.setInt32(header, chunks, true);
  const run = exports[`loop${loop}`]!;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const from = chunk * length;
    run(frame, from, Math.min(count, from + length), address + chunk * apart);
  }
  return address;
}
