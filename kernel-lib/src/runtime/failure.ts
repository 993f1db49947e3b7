/**
 * Turns the error of an item into what the caller catches: the error itself, with the index and
 * the input of its item and a last stack line that says both. Knows nothing of how it travelled.
 */
import { join } from "node:path";
import { inspect } from "node:util";

const workerFile = join(__dirname, "worker.js");

/** Adds what the caller wants to know of the item. An error that was thrown by name stays itself. */
export function tellItem(error: unknown, call: string, index: number, input: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  for (const [key, value] of [
    ["index", index],
    ["input", input],
  ] as const) {
    // a property that the user's own class defines is the user's
    if (!Object.prototype.propertyIsEnumerable.call(error, key))
      Object.defineProperty(error, key, { value, writable: true, configurable: true });
  }
  if (error instanceof Error) {
    const line = `    at item ${index} of ${call}, input ${shown(input)}`;
    const stack = `${userFrames(error)}\n${line}`;
    Object.defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
  }
  return error;
}

/** The stack without the worker's own frames. */
function userFrames(error: Error): string {
  const lines = (error.stack ?? String(error)).split("\n");
  const own = lines.findIndex((line) => line.includes(workerFile));
  return (own === -1 ? lines : lines.slice(0, own)).join("\n");
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
