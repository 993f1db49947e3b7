/** `philox(seed, stream)` and the methods of the generator it gives, by the code of intrinsics/philox. */
import type * as es from "acorn";
import type { Lowering } from "./lowering.js";
import type { Value } from "./value.js";

export function philox(l: Lowering, _args: readonly Value[], node: es.Node): Value {
  return l.refuse(node, "intrinsic", "philox");
}

export function generatorMethod(l: Lowering, name: string, node: es.Node): Value {
  return l.refuse(node, "generatorMethod", name);
}
