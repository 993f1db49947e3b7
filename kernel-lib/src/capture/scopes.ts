/**
 * Reads what only a debugger can see of a live function: the variables it closes over and where
 * it was written. Uses the in-process inspector, which answers synchronously in any Node thread.
 * Knows nothing of source code or of what is done with the values.
 */
import { Session } from "node:inspector";

/** Where V8 found a function: its script, and line and column counted from zero. */
export interface Location {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

export interface Closure {
  /** Live scope objects, innermost first; the global object is left out. */
  readonly scopes: readonly object[];
  readonly location: Location | undefined;
}

interface RemoteObject {
  readonly objectId: string;
  readonly description?: string;
  readonly value?: unknown;
}

interface RemoteProperty {
  readonly name: string;
  readonly value?: RemoteObject;
}

interface RemoteProperties {
  readonly result: readonly RemoteProperty[];
  readonly internalProperties?: readonly RemoteProperty[];
}

const group = "hotcell";
const bench = Symbol.for("hotcell.capture.bench");

/** The one session of this thread, opened at the first capture. */
let session: Session | undefined;

/** Reads the scopes and the place of one function. */
export function readClosure(fn: object): Closure {
  const hand: { in: object; out: unknown } = { in: fn, out: undefined };
  Object.defineProperty(globalThis, bench, { value: hand, configurable: true });
  try {
    const { result: root } = post("Runtime.evaluate", {
      expression: `globalThis[Symbol.for("hotcell.capture.bench")].in`,
      objectGroup: group,
    }) as { result: RemoteObject };
    const { internalProperties } = properties(root);
    const location = internalProperties?.find(({ name }) => name === "[[FunctionLocation]]");
    const list = internalProperties?.find(({ name }) => name === "[[Scopes]]");
    const scopes: object[] = [];
    for (const { name, value } of list?.value ? properties(list.value).result : []) {
      if (!/^\d+$/.test(name) || value?.description === "Global") continue;
      post("Runtime.callFunctionOn", {
        objectId: value?.objectId,
        functionDeclaration: `function () { globalThis[Symbol.for("hotcell.capture.bench")].out = this.object; }`,
        silent: true,
      });
      scopes.push(hand.out as object);
    }
    return { scopes, location: place(location?.value?.value) };
  } finally {
    post("Runtime.releaseObjectGroup", { objectGroup: group });
    Reflect.deleteProperty(globalThis, bench);
  }
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

function properties(object: RemoteObject): RemoteProperties {
  return post("Runtime.getProperties", {
    objectId: object.objectId,
    ownProperties: true,
  }) as RemoteProperties;
}

function post(method: string, params: object): unknown {
  if (session === undefined) {
    session = new Session();
    session.connect();
  }
  let answer: unknown;
  session.post(method, params, (error, value) => {
    if (error !== null) throw error;
    answer = value;
  });
  return answer;
}
