/**
 * `quad(f, a, b, options)`: the text of intrinsics/quad with the integrand inside of it comes out. Its
 * work space is one array a call in the source, made where the turn of the prange or the kernel begins.
 */
import type * as es from "acorn";
import { f64, operate } from "../build.js";
import { GAUSS, NODES, WEIGHTS } from "../intrinsics/gauss-kronrod.js";
import { integrate, workLength } from "../intrinsics/quad.js";
import { parse } from "../parse.js";
import type { SourceFunction } from "../types.js";
import { arrayLocal } from "./array-local.js";
import { inline } from "./inline.js";
import type { Lowering } from "./lowering.js";
import { compare, not } from "./operators.js";
import { Scope } from "./scope.js";
import { Unit } from "./unit.js";
import {
  Aggregate,
  constant,
  describe,
  known,
  nothing,
  number,
  tuple,
  whole,
  type ArrayValue,
  type Value,
} from "./value.js";

const text: SourceFunction = {
  name: "quad",
  text: integrate.toString(),
  captured: {},
  place: { file: "", line: 0, column: 0 },
};

export function quad(l: Lowering, args: readonly Value[], node: es.Node): Value {
  const [f, a, b, given = nothing, ...others] = args;
  const isFunction = f?.is === "function" || f?.is === "intrinsic";
  if (!isFunction || a?.is !== "number" || b?.is !== "number" || others.length > 0) {
    return l.refuse(node, "quadArguments");
  }
  if (given.is !== "undefined" && given.is !== "object") return l.refuse(node, "quadArguments");
  const option = (name: string, otherwise: Value): Value => {
    const value = given instanceof Aggregate ? given.members.get(name) : undefined;
    return !value || value.is === "undefined" ? otherwise : value;
  };
  const limit = known(option("limit", constant(50)));
  if (limit === undefined || !Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    return l.refuse(node, "quadOption", "limit");
  }
  const points = option("points", tuple([]));
  if (points.is !== "tuple") return l.refuse(node, "quadOption", "points");
  const tolerances = ["epsAbs", "epsRel"].map((name) => option(name, constant(1.49e-8)));

  const unit = new Unit(parse(text)!, 0, { unit: l.unit, node });
  const scope = new Scope<Value>(undefined, l.scope.depth);
  const work = workSpace(l, workLength(limit), node);
  const check: Value = { is: "intrinsic", name: integrandValue.name };
  const closure = { is: "function", name: text.name, node: unit.node, scope, unit } as const;
  const all = [f, a, b, ...tolerances, constant(limit), points, work, check];
  const result = inline(l, closure, all, node);
  // its text is the plain run's alone
  if (result instanceof Aggregate) {
    const what = "a text";
    result.members.set("reason", { is: "unsupported", name: "reason", what, spared: true });
  }
  return result;
}

/** An array that begins with the rule's tables. */
function workSpace(l: Lowering, length: number, node: es.Node): ArrayValue {
  const type = { type: "array", dtype: "float64", rank: 1, contiguous: true, typed: true } as const;
  const array = arrayLocal("work", type, "allocated");
  const site = l.site("length", "quad", node);
  l.workSpace.push({ op: "allocate", array, lengths: [f64(length)], site });
  [...NODES, ...WEIGHTS, ...GAUSS].forEach((value, i) => {
    const access = {
      array,
      indices: [f64(i)],
      lanes: 1,
      pattern: "scalar",
      checked: false,
      site,
    } as const;
    l.workSpace.push({ op: "store", access, value: f64(value) });
  });
  return whole(array);
}

/** What the text of `quad` calls for each value of the integrand: the value, or a failure that names the abscissa. */
export const integrandValue = {
  name: "quad.value",
  call(l: Lowering, [value = nothing, x]: readonly Value[], node: es.Node): Value {
    if (value.is !== "number" || x?.is !== "number") {
      return l.refuse(node, "quadValue", describe(value));
    }
    const own = l.e.bind("value", value.expr);
    const site = l.site("quad", "quad", node);
    const { expr } = x;
    l.e.if(not(compare("<", operate("f64.abs", own), f64(Infinity))), (e) => {
      e.emit({ op: "fail", site, args: [expr, own] });
    });
    return number(own);
  },
};
