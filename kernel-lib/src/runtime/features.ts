/** What this engine's WebAssembly can do, found out by asking it. */
import { engine } from "./engine.js";

const zero = [253, 12, ...new Array<number>(16).fill(0)];
/** No variables, three vectors, `f64x2.relaxed_madd`, end. */
const code = [0, ...zero, ...zero, ...zero, 253, 135, 2, 11];

/** A module of one function that has this code. */
const relaxed = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 5, 1, 96, 0, 1, 123],
  ...[3, 2, 1, 0],
  ...[10, code.length + 2, 1, code.length],
  ...code,
);

let known: boolean | undefined;

/** Whether products and sums can be fused. */
export function hasRelaxedSimd(): boolean {
  known ??= engine.validate(relaxed);
  return known;
}
