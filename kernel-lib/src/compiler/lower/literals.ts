/**
 * Parts that literals, patterns and calls have in common: the members of what is spread, and the
 * names of an object's members.
 */
import type * as es from "acorn";
import type { Lowering } from "./lowering.js";
import { settle } from "./storage.js";
import { describe, type Value } from "./value.js";

/** The members of a list that is spread, as they are now. */
export function spread(l: Lowering, value: Value, node: es.Node): readonly Value[] {
  if (value.is !== "tuple") return l.refuse(node, "spread", describe(value));
  return [...value.members.values()].map((member) => settle(l, member));
}

/** The name of a member that an object literal or pattern writes out. */
export function nameOf(l: Lowering, property: es.Property | es.AssignmentProperty): string {
  const { key, computed } = property;
  if (!computed && key.type === "Identifier") return key.name;
  if (key.type === "Literal") return String(key.value);
  return l.refuse(property, "computedName");
}
