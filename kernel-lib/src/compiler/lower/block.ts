/**
 * The statements of a block in their order, with the names that are visible in all of it: functions
 * at once, variables from their declaration on.
 */
import type * as es from "acorn";
import { ends } from "./effects.js";
import type { Lowering } from "./lowering.js";
import type { Value } from "./value.js";

/** The statements of a block, whose names are visible in all of it. */
export function statements(
  l: Lowering,
  body: readonly (es.Statement | es.ModuleDeclaration)[],
): void {
  for (const each of body) {
    if (each.type === "FunctionDeclaration") {
      if (each.async) l.refuse(each, "async");
      if (each.generator) l.refuse(each, "generatorFunction");
      const name = each.id.name;
      const value: Value = { is: "function", name, node: each, scope: l.scope, unit: l.unit };
      l.scope.declare({ name, kind: "const", assigned: false, value });
    } else if (each.type === "VariableDeclaration" && each.kind !== "var") {
      for (const { id } of each.declarations) {
        for (const name of namesOf(id)) {
          l.scope.declare({ name, kind: "variable", assigned: false, value: undefined });
        }
      }
    }
  }
  for (const each of body) {
    if (ends(l.e.statements)) return;
    l.statement(each as es.Statement);
  }
}

/** The names that a pattern declares. */
export function namesOf(pattern: es.Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.flatMap((each) => (each ? namesOf(each) : []));
    case "ObjectPattern":
      return pattern.properties.flatMap((each) =>
        namesOf(each.type === "RestElement" ? each.argument : each.value),
      );
    default:
      return [];
  }
}
