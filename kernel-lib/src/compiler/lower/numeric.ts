/**
 * Values as numbers: what JavaScript makes of a boolean or of nothing in a calculation. Anything that
 * has no number of its own is refused.
 */
import type * as es from "acorn";
import { f64 } from "../build.js";
import type { Expr } from "../ir.js";
import type { Lowering } from "./lowering.js";
import { fromBool } from "./operators.js";
import { describe, knownNumber, type Value } from "./value.js";

export function numeric(l: Lowering, value: Value, node: es.Node): Expr {
  switch (value.is) {
    case "number":
      return value.expr;
    case "boolean":
      return fromBool(value.expr);
    case "undefined":
      return f64(NaN);
    case "null":
      return f64(0);
    case "unsupported":
      return l.refuse(node, "unsupportedValue", value.name, value.what);
    default:
      return l.refuse(node, "notNumber", describe(value));
  }
}

/** A number that is known at compile time. */
export function knownOf(l: Lowering, value: Value, node: es.Node): number | undefined {
  return knownNumber(numeric(l, value, node));
}
