/**
 * Where a name of a function is looked up: its scopes from the innermost outwards, the global
 * object, and the top level of a tslab notebook. Gives the object that holds the name, not its value.
 */

/** Whoever holds a name that a function uses. */
export interface Holder {
  readonly holder: object;
  /** V8 shows the variables of a scope as they were when it was asked; other holders are live. */
  readonly live: boolean;
}

/** Finds a name in a function's scopes, or among the top-level names of a notebook; undefined if it is in neither. */
export function holderOf(scopes: readonly object[], name: string): Holder | undefined {
  for (const scope of scopes) {
    if (Object.hasOwn(scope, name)) return { holder: scope, live: false };
  }
  if (Object.hasOwn(globalThis, name)) return { holder: globalThis, live: true };
  // tslab leaves `{ k }` as it is where `k` belongs to an earlier cell
  const modules = scopes.map((scope) => (scope as { exports?: unknown }).exports);
  for (const exported of [...modules, cells()]) {
    if (exported !== null && typeof exported === "object" && Object.hasOwn(exported, name)) {
      return { holder: exported, live: true };
    }
  }
  return undefined;
}

/** The top-level names of a tslab notebook. */
function cells(): unknown {
  return (globalThis as { __tslab__?: { exports?: unknown } }).__tslab__?.exports;
}
