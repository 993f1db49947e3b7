/**
 * `quad(f, a, b, options)`: the text of intrinsics/quad with the integrand inside of it comes out. Its
 * work space is one array a call in the source, made where the turn of the prange or the kernel begins.
 */
import type * as es from "acorn";
import { f64 } from "../build.js";
import { GAUSS, NODES, WEIGHTS } from "../intrinsics/gauss-kronrod.js";
import { integrate, length, workLength } from "../intrinsics/quad.js";
import { parse } from "../parse.js";
import type { SourceFunction } from "../types.js";
import { arrayLocal } from "./array-local.js";
import { inline } from "./inline.js";
import { inForm, integrand } from "./integrand.js";
import type { Lowering } from "./lowering.js";
import { Scope } from "./scope.js";
import { Unit } from "./unit.js";
import {
  Aggregate,
  constant,
  known,
  nothing,
  object,
  tuple,
  whole,
  type ArrayValue,
  type Closure,
  type Value,
} from "./value.js";

function own(fn: (...args: never[]) => unknown): SourceFunction {
  return {
    name: fn.name,
    text: fn.toString(),
    captured: {},
    place: { file: "", line: 0, column: 0 },
  };
}

const texts = { integrate: own(integrate), length: own(length) };

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

  const scope = new Scope<Value>(undefined, l.scope.depth);
  const closure = (source: SourceFunction): Closure => {
    const unit = new Unit(parse(source)!, 0, { unit: l.unit, node });
    return { is: "function", name: "quad", node: unit.node, scope, unit };
  };
  const work = workSpace(l, workLength(limit), node);
  const integrated = integrand(f);
  const all = [integrated, a, b, ...tolerances, constant(limit), points, work];
  const result = inline(l, closure(texts.integrate), [...all, closure(texts.length)], node);
  const { members } = result as Aggregate;
  const { integral, imaginary, ...rest } = Object.fromEntries(members);
  return object([
    ["integral", inForm(integrated, integral!, imaginary!)],
    ...Object.entries(rest),
    // its text is the plain run's alone
    ["reason", { is: "unsupported", name: "reason", what: "a text", spared: true }],
  ]);
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
