/** Random writes to the elements of arrays, where the place allows them. */
import fc from "fast-check";
import { index, number } from "./expressions.js";
import { form, pick, which, type ArrayName, type Piece, type Scope } from "./scope.js";

export function write(
  scope: Scope,
  { name, isTyped }: ArrayName,
  indices: readonly string[],
  value: string,
): string {
  if (!isTyped) return `${name}.set(${[value, ...indices].join(", ")});`;
  return scope.printing.isOracle
    ? `writeTo(${name}, ${indices[0]!}, ${value});`
    : `${name}[${indices[0]!}] = ${value};`;
}

/** Sets an element of an array that the place allows. */
export const store = fc
  .tuple(which, which, number, number, form(3))
  .map(([array, by, at, value, op]): Piece => (scope) => {
    const { arrays, own } = scope.names;
    const found = pick(
      arrays.filter(({ access }) => access === "free" || access === "own"),
      array,
    );
    if (!found) return "";
    const indices = found.lengths.map((length, axis) =>
      axis === 0 && found.access === "own"
        ? (found.by ?? own!)
        : index(scope, length, by + axis, at),
    );
    if (op === 3 && found.isTyped) {
      return scope.printing.isOracle
        ? `addTo(${found.name}, ${indices[0]!}, () => ${value(scope)});`
        : `${found.name}[${indices[0]!}] += ${value(scope)};`;
    }
    const old = op >= 2 ? `${readAt(scope, found, indices)} + ` : "";
    return write(scope, found, indices, old + value(scope));
  });

function readAt(scope: Scope, { name, isTyped }: ArrayName, indices: readonly string[]): string {
  if (!isTyped) return `${name}.at(${indices.join(", ")})`;
  return scope.printing.isOracle ? `readOf(${name}, ${indices[0]!})` : `${name}[${indices[0]!}]`;
}

/** Reduces into an element of an array. */
export const histogram = fc
  .tuple(which, which, number, number, form(3))
  .map(([array, by, at, value, op]): Piece => (scope) => {
    const found = pick(
      scope.names.arrays.filter(({ access }) => access === "reduced"),
      array,
    );
    if (!found) return "";
    const added = op === 0 ? "1" : `((${value(scope)}) & 15)`;
    const place = index(scope, found.lengths[0]!, by, at);
    if (op < 2 || sideEffects(place)) {
      const bin = scope.fresh("bin");
      const old = readAt(scope, found, [bin]);
      return `const ${bin} = ${place};\n${write(scope, found, [bin], `${old} + ${added}`)}`;
    }
    return write(scope, found, [place], `${readAt(scope, found, [place])} + ${added}`);
  });

/** Whether a text gives another value the second time. */
function sideEffects(text: string): boolean {
  return /\w(?: \+?= |\+\+)|--\w|=>|\w\d+\(|rec\(|pair\(|lengthOf\(|\?|&&|\|\|/.test(text);
}
