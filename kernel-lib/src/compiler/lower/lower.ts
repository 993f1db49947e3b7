/**
 * From JavaScript to IR: a kernel's text with the types of its arguments and captured variables comes
 * in, its `Kernel` goes out. Every number is float64, every access scalar and checked; what follows
 * from that being slow is the passes' matter.
 */
import type { Context } from "../context.js";
import type { Kernel, Storage } from "../ir.js";
import { local } from "../build.js";
import * as generators from "../intrinsics/philox.js";
import { parse } from "../parse.js";
import { CompileError } from "../../errors.js";
import { refusals } from "../refusals.js";
import { placeOf } from "../parse.js";
import type { ArrayType, Captured, CompileRequest, KernelType, SourceFunction } from "../types.js";
import { condition, expression } from "./expression.js";
import { activate, body } from "./body.js";
import { inline } from "./inline.js";
import { arrayLocal } from "./array-local.js";
import { Lowering, type Activation } from "./lowering.js";
import { Scope } from "./scope.js";
import { statement } from "./statement.js";
import { declarePattern } from "./assignment.js";
import { storageOf, valueOf } from "./storage.js";
import { Unit } from "./unit.js";
import { describe, nothing, whole, type Closure, type Value } from "./value.js";

/**
 * Lowers a kernel.
 *
 * @throws CompileError where it uses what the language refuses.
 */
export function lower(request: CompileRequest, context: Context): Kernel {
  const { kernel } = request;
  const parsed = parse(kernel);
  if (!parsed) {
    const { problem, remedy } = refusals.native(kernel.name);
    throw new CompileError(kernel.name, problem, remedy, placeOf(kernel, 0));
  }
  const unit = new Unit(parsed, 0);
  const activation: Activation = {
    name: kernel.name,
    label: { name: kernel.name },
    pranges: 0,
    single: false,
    result: undefined,
    empty: false,
  };
  const parts = { expression, condition, statement, call: inline, generators };
  const l = new Lowering(request, context, parts, unit, new Scope<Value>(undefined), activation);
  l.units.set(kernel, unit);

  const { node } = parsed;
  if (node.async) l.refuse(node, "async");
  if (node.generator) l.refuse(node, "generatorFunction");
  const args = request.args.map((type, i) => parameter(nameOf(node.params[i], i), type));
  const hidden = capturedArrays(kernel).map(({ name, array }) => {
    const made = arrayLocal(name, array, "parameter");
    return { is: "array", array: made } as const;
  });
  hidden.forEach(({ array }, i) => l.captured.set(i, whole(array)));

  const callee: Closure = { is: "function", name: kernel.name, node, scope: l.scope, unit };
  const result = activate(l, callee, activation, () => {
    node.params.forEach((pattern, i) => {
      if (pattern.type === "RestElement") return l.refuse(pattern, "spread", "all arguments");
      const value = args[i] ? valueOf(args[i]) : nothing;
      if (pattern.type === "Identifier" && !unit.assigned.has(pattern.name)) {
        l.scope.declare({ name: pattern.name, kind: "variable", assigned: false, value });
      } else {
        declarePattern(l, pattern, value, "variable");
      }
    });
    return body(l, node, activation);
  });
  return {
    name: kernel.name,
    parameters: [...args, ...hidden],
    result: result.is === "undefined" ? undefined : resultOf(l, node, result),
    body: [...l.entry.statements, ...l.workSpace, ...l.e.statements],
    functions: l.functions,
    loops: l.loops,
    lists: new Set(l.lists.keys()),
  };
}

function resultOf(l: Lowering, node: Closure["node"], result: Value): Storage {
  return storageOf(result) ?? l.refuse(node, "result", describe(result));
}

function nameOf(pattern: Closure["node"]["params"][number] | undefined, i: number): string {
  if (pattern?.type === "Identifier") return pattern.name;
  if (pattern?.type === "AssignmentPattern" && pattern.left.type === "Identifier")
    return pattern.left.name;
  return `argument${i}`;
}

/** The variables of an argument. */
function parameter(name: string, type: KernelType): Storage {
  switch (type.type) {
    case "number":
      return { is: "number", local: local(name, "f64") };
    case "boolean":
      return { is: "boolean", local: local(name, "bool") };
    case "array":
      return { is: "array", array: arrayLocal(name, type, "parameter") };
    case "tuple":
      return {
        is: "tuple",
        members: type.members.map((member, i) => parameter(`${name}[${i}]`, member)),
      };
    case "object":
      return {
        is: "object",
        members: Object.fromEntries(
          Object.entries(type.members).map(([key, member]) => [
            key,
            parameter(`${name}.${key}`, member),
          ]),
        ),
      };
  }
}

/** The hidden parameters, in order of their index. */
function capturedArrays(kernel: SourceFunction): { name: string; array: ArrayType }[] {
  const found: { name: string; array: ArrayType }[] = [];
  const done = new Set<SourceFunction>();
  const visit = (source: SourceFunction): void => {
    if (done.has(source)) return;
    done.add(source);
    for (const [name, captured] of Object.entries(source.captured)) enter(name, captured);
  };
  const enter = (name: string, captured: Captured): void => {
    if (captured.is === "array") {
      found[captured.index] ??= { name: name.replace(/^exports\./, ""), array: captured.array };
    } else if (captured.is === "function") {
      visit(captured.source);
    } else if (captured.is === "tuple") {
      captured.members.forEach((member, i) => {
        enter(`${name}[${i}]`, member);
      });
    } else if (captured.is === "object") {
      for (const [key, member] of Object.entries(captured.members)) enter(`${name}.${key}`, member);
    }
  };
  visit(kernel);
  return found;
}
