/**
 * Tells which values the courier has to see. Primitives travel as they are, so that ten thousand
 * numbers cost next to nothing.
 */

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a value can't just be posted; symbols and functions may be refused, but with a path. */
export function needsCourier(value: unknown): boolean {
  return isObject(value) || typeof value === "function" || typeof value === "symbol";
}
