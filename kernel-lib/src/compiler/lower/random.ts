/** `philox(seed, stream)` and the methods of the generator it gives, by the code of `Parts.generators`. */
import type * as es from "acorn";
import { f64 } from "../build.js";
import type { Lowering } from "./lowering.js";
import { numeric } from "./numeric.js";
import { constant, number, type GeneratorValue, type Value } from "./value.js";

export function philox(l: Lowering, args: readonly Value[], node: es.Node): Value {
  const [seed, stream = constant(0)] = args;
  if (!seed || args.length > 2) return l.refuse(node, "philoxArguments");
  const { generators } = l.parts;
  if (!generators) return l.refuse(node, "intrinsic", "philox");
  const site = l.site("seed", "philox", node);
  const [key, counter] = [numeric(l, seed, node), numeric(l, stream, node)];
  const generator = generators.createGenerator(l.e, l.context, key, counter, site);
  return { is: "generator", generator };
}

export function generatorMethod(
  l: Lowering,
  { generator }: GeneratorValue,
  name: string,
  args: readonly Value[],
  node: es.Node,
): Value {
  const generators = l.parts.generators!;
  const arg = (i: number, otherwise: number): ReturnType<typeof numeric> => {
    const value = args[i];
    return !value || value.is === "undefined" ? f64(otherwise) : numeric(l, value, node);
  };
  const siteOf = (parameter: string): number => l.site("distribution", parameter, node);
  switch (name) {
    case "uniform":
      return number(generators.uniform(l.e, generator));
    case "normal":
      return number(generators.normal(l.e, generator, arg(0, 0), arg(1, 1), siteOf));
    case "exponential":
      return number(generators.exponential(l.e, generator, arg(0, 1), siteOf));
    case "gamma":
      return number(generators.gamma(l.e, generator, arg(0, NaN), arg(1, 1), siteOf));
    default:
      return l.refuse(node, "member", name, "a random generator");
  }
}
