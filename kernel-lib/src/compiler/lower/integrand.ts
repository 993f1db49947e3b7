/**
 * What the text of intrinsics/quad knows of the function that it integrates: its value at an abscissa,
 * checked and in parts, and whether that is complex, which is decided when the kernel is compiled.
 */
import type * as es from "acorn";
import { bool, f64, operate } from "../build.js";
import type { Expr } from "../ir.js";
import type { Lowering } from "./lowering.js";
import { compare, not } from "./operators.js";
import {
  Aggregate,
  boolean,
  describe,
  number,
  object,
  tuple,
  type IntegrandValue,
  type Value,
} from "./value.js";

export function integrandMember(of: IntegrandValue, name: string): Value {
  return name === "isComplex"
    ? boolean(bool(of.example instanceof Aggregate))
    : { is: "method", of, name };
}

/** `integrand.at(x)`: the parts of its value, or a failure that names the abscissa. */
export function integrandAt(
  l: Lowering,
  of: IntegrandValue,
  value: Value,
  [x]: readonly Value[],
  node: es.Node,
): Value {
  const parts = partsOf(value);
  if (!parts || x?.is !== "number") return l.refuse(node, "quadValue", describe(value));
  of.example = value as NonNullable<IntegrandValue["example"]>;
  const own = parts.map((part) => l.e.bind("value", part));
  const site = l.site("quad", "quad", node);
  for (const part of own) {
    l.e.if(not(compare("<", operate("f64.abs", part), f64(Infinity))), (e) => {
      e.emit({ op: "fail", site, args: [x.expr, part] });
    });
  }
  const [re, im = f64(0)] = own;
  return object([
    ["re", number(re!)],
    ["im", number(im)],
  ]);
}

/** A number, or real and imaginary part; undefined for what is neither. */
function partsOf(value: Value): readonly Expr[] | undefined {
  if (value.is === "number") return [value.expr];
  if (!(value instanceof Aggregate)) return undefined;
  const names = value.is === "tuple" ? ["0", "1"] : ["re", "im"];
  const parts = names.flatMap((name) => {
    const part = value.members.get(name);
    return part?.is === "number" ? [part.expr] : [];
  });
  const isPair = value.is === "object" || value.members.size === 2;
  return parts.length === 2 && isPair ? parts : undefined;
}

/** A complex number in the form of the integrand's values; of a real one only the real part. */
export function inForm({ example }: IntegrandValue, re: Value, im: Value): Value {
  if (!(example instanceof Aggregate)) return re;
  if (example.is === "tuple") return tuple([re, im]);
  return object([
    ["re", re],
    ["im", im],
  ]);
}

/** A function whose values nobody has seen yet. */
export function integrand(of: IntegrandValue["of"]): IntegrandValue {
  return { is: "integrand", of, example: undefined };
}
