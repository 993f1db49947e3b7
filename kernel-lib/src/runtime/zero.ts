/**
 * Zeroes for stretches of shared memory. V8 fills an array over shared memory byte by byte, as other
 * threads might look on, but copies at the memory's own speed: ten times faster.
 */
import type { WasmMemory } from "./engine.js";

const zeros = new Float64Array(2 ** 13);

/** Makes `bytes` zero from `address` on, both multiples of 8, also where another thread grew the memory. */
export function zero(memory: WasmMemory, address: number, bytes: number): void {
  // what another thread has grown it by is seen from the next change on
  if (address + bytes > memory.buffer.byteLength) memory.grow(0);
  for (let done = 0; done < bytes; done += zeros.byteLength) {
    const length = Math.min(zeros.length, (bytes - done) / 8);
    const all = length === zeros.length;
    new Float64Array(memory.buffer, address + done, length).set(
      all ? zeros : zeros.subarray(0, length),
    );
  }
}
