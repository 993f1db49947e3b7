/**
 * Reads what only a debugger can see of a live value: the variables a function closes over, where
 * it was written, the private static fields of a class, the named properties of a long array.
 * Knows nothing of source code or of what is done with the values.
 */
import { propertiesOf, withHandle } from "./inspector.js";

/** Where V8 found a function: its script, and line and column counted from zero. */
export interface Location {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

export interface Closure {
  /** The variables of each scope by name, innermost scope first; the global object is left out. */
  readonly scopes: readonly object[];
  /** Undefined for functions that have no script. */
  readonly location: Location | undefined;
  /** Private static fields of a class, by name with `#`. */
  readonly privates: ReadonlyMap<string, unknown>;
}

/** Reads the scopes and the place of one function. */
export function readClosure(fn: object): Closure {
  return withHandle(fn, (handle, take) => {
    const { internalProperties, privateProperties } = propertiesOf(handle);
    const internal = (wanted: string): { value?: unknown } | undefined =>
      internalProperties?.find(({ name }) => name === wanted)?.value;
    const scopes: object[] = [];
    const list = internal("[[Scopes]]");
    for (const { name, value } of list ? propertiesOf(list).result : []) {
      if (!/^\d+$/.test(name) || !value || value.description === "Global") continue;
      // V8 wraps each scope into an entry for display
      scopes.push((take(value) as { object: object }).object);
    }
    const privates = new Map<string, unknown>();
    for (const { name, value } of privateProperties ?? []) {
      if (value) privates.set(name, take(value));
    }
    return { scopes, location: place(internal("[[FunctionLocation]]")?.value), privates };
  });
}

function place(value: unknown): Location | undefined {
  if (value === undefined) return undefined;
  const { scriptId, lineNumber, columnNumber } = value as {
    scriptId: string;
    lineNumber: number;
    columnNumber: number;
  };
  return { scriptId, line: lineNumber, column: columnNumber };
}

/** From this length on, asking the debugger is faster than listing every index as a key. */
export const longList = 2000;

/** True if a list has own properties besides its elements, in time that doesn't grow with its length. */
export function hasNamedProperties(list: object): boolean {
  return withHandle(list, (handle) =>
    propertiesOf(handle, { nonIndexedPropertiesOnly: true }).result.some(
      ({ name }) => name !== "length" && name !== "__proto__",
    ),
  );
}
