/**
 * The debugger of this thread's own JavaScript engine, which answers while we wait. A command or an
 * object comes in, V8's answer goes out. Knows nothing of what is looked for.
 */
import { Session } from "node:inspector";

const group = "hotcell";
const bench = Symbol.for("hotcell.capture.bench");
const onBench = `globalThis[Symbol.for("hotcell.capture.bench")]`;

/** The one session of this thread, opened at the first capture. */
let session: Session | undefined;

function open(): Session {
  if (session === undefined) {
    session = new Session();
    session.connect();
  }
  return session;
}

/** Sends one command of the inspector protocol; the answer is there when this returns. */
export function inspect(method: string, params: object): unknown {
  let answer: unknown;
  open().post(method, params, (error, value) => {
    if (error !== null) throw new Error(`inspector: ${method} failed: ${error.message}`);
    answer = value;
  });
  return answer;
}

/** Hears an event until the returned function is called. */
export function listen(event: string, hear: (params: unknown) => void): () => void {
  const listener = ({ params }: { params: unknown }): void => {
    hear(params);
  };
  open().on(event, listener);
  return () => {
    open().off(event, listener);
  };
}

/** The debugger's handle of an object. */
export interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
  /** How the protocol writes NaN, infinities, -0 and bigints, which JSON lacks. */
  readonly unserializableValue?: string;
}

export interface RemoteProperty {
  readonly name: string;
  readonly value?: RemoteObject;
}

export interface RemoteProperties {
  readonly result: readonly RemoteProperty[];
  readonly internalProperties?: readonly RemoteProperty[];
  readonly privateProperties?: readonly RemoteProperty[];
}

/** Looks at one object; handles are released afterwards, so nothing is kept alive. */
export function withHandle<T>(
  object: object,
  look: (handle: RemoteObject, take: (remote: RemoteObject) => unknown) => T,
): T {
  const hand: { in: object; out: unknown } = { in: object, out: undefined };
  Object.defineProperty(globalThis, bench, { value: hand, configurable: true });
  try {
    const { result } = inspect("Runtime.evaluate", {
      expression: `${onBench}.in`,
      objectGroup: group,
    }) as { result: RemoteObject };
    return look(result, (remote) => {
      if (remote.unserializableValue !== undefined) return numeric(remote.unserializableValue);
      if (remote.objectId === undefined) return remote.value;
      inspect("Runtime.callFunctionOn", {
        objectId: remote.objectId,
        functionDeclaration: `function () { ${onBench}.out = this; }`,
        silent: true,
      });
      return hand.out;
    });
  } finally {
    inspect("Runtime.releaseObjectGroup", { objectGroup: group });
    Reflect.deleteProperty(globalThis, bench);
  }
}

function numeric(text: string): number | bigint {
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}

export function propertiesOf(remote: RemoteObject, more: object = {}): RemoteProperties {
  return inspect("Runtime.getProperties", {
    objectId: remote.objectId,
    ownProperties: true,
    ...more,
  }) as RemoteProperties;
}
