/**
 * Turns the error of an item into what the caller catches: the error itself, with the index and
 * the input of its item and a last stack line that says both. Knows nothing of how it travelled.
 */
import path from "node:path";
import { inspect } from "node:util";

/** The folder of hotcell's compiled code. */
const hotcell = path.dirname(__dirname);

/** Adds what the caller wants to know of the item. An error that was thrown by name stays itself. */
export function tellItem(error: unknown, call: string, index: number, input: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  for (const [key, value] of [
    ["index", index],
    ["input", input],
  ] as const) {
    // what the user's own class defines is the user's, and a frozen error takes nothing
    if (!(key in error) || isOurs(error, key))
      Reflect.defineProperty(error, key, { value, writable: true, configurable: true });
  }
  if (error instanceof Error) {
    const head = (error.stack ?? String(error)).split(/\n {4}at /, 1);
    const line = `    at item ${index} of ${call}, input ${shown(input)}`;
    const stack = [...head, ...userFrames(error), line].join("\n");
    Reflect.defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
  }
  return error;
}

/** Whether an inner call has told its item: hidden and writable, as nobody's own field is. */
function isOurs(error: object, key: string): boolean {
  const found = Reflect.getOwnPropertyDescriptor(error, key);
  return found?.writable === true && !found.enumerable;
}

/** The frames of an error's stack that are the user's: neither hotcell's nor Node's. */
export function userFrames(error: Error): string[] {
  const lines = (error.stack ?? "").split("\n");
  return lines.filter(
    (line) =>
      /^ {4}at /.test(line) &&
      !line.includes(hotcell) &&
      !line.includes("node:") &&
      !line.includes(`${path.sep}piscina${path.sep}`),
  );
}

/** Gives an error of hotcell's own the place in the user's code that it is about. */
export function placeAt(error: Error, frames: readonly string[]): void {
  error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
}

function shown(input: unknown): string {
  const text = inspect(input, {
    depth: 2,
    breakLength: Infinity,
    compact: true,
    maxArrayLength: 8,
    maxStringLength: 80,
  }).replace(/\s+/g, " ");
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
