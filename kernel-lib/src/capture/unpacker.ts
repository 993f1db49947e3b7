/**
 * A graph of nodes comes in, the live values go out: each object once, whatever the number of paths
 * to it. A function is evaluated as soon as it is needed; a variable whose value leads back to the
 * function itself is filled in afterwards.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { types } from "node:util";
import { flag } from "./capsule.js";
import type { Graph, GraphNode, KnownId, Properties, Slot } from "./capsule.js";
import { evaluate, type Late } from "./evaluate.js";
import { resolve } from "./references.js";

type NodeOf<Kind extends GraphNode[0]> = Extract<GraphNode, readonly [Kind, ...unknown[]]>;

export class Unpacker {
  readonly values: unknown[] = [];

  readonly #state: ("pending" | "done")[] = [];
  /** Who waits for a node: variables that could not be given their value yet. */
  readonly #waiting = new Map<number, ((value: unknown) => void)[]>();
  readonly #toClose: [object, 1 | 2 | 3][] = [];

  constructor(
    readonly graph: Graph,
    readonly attachments: readonly unknown[],
    readonly known: (id: KnownId) => unknown,
  ) {}

  unpack(): unknown {
    const root = this.#need(0);
    for (const [object, level] of this.#toClose) {
      const close = [Object.preventExtensions, Object.seal, Object.freeze][level - 1]!;
      close(object);
    }
    return root;
  }

  #get(slot: Slot): unknown {
    return typeof slot === "object" && slot !== null ? this.#need(slot[0]) : slot;
  }

  #need(index: number): unknown {
    if (this.#state[index] === "done") return this.values[index];
    const node = this.graph[index]!;
    if (node[0] !== "function") return this.#build(index, node);
    if (this.#state[index] !== "pending") {
      this.#state[index] = "pending";
      // most functions don't lead back to themselves: their variables come first and are constants
      for (const slot of node[1].values) this.#try(slot);
    }
    if (this.#isDone(index)) return this.values[index];
    return this.#function(index, node);
  }

  /** Builds a value unless that is under way further up. */
  #try(slot: Slot): void {
    if (typeof slot === "object" && slot !== null && this.#state[slot[0]] === undefined) {
      this.#need(slot[0]);
    }
  }

  #isDone(index: number): boolean {
    return this.#state[index] === "done";
  }

  #function(index: number, node: NodeOf<"function">): unknown {
    const [, record, properties, proto] = node;
    for (const slot of record.values.slice(0, record.early)) this.#get(slot);
    if (this.#isDone(index)) return this.values[index];
    const late = new Map<number, number>();
    const values = record.values.map((slot, i) => {
      if (typeof slot !== "object" || slot === null) return slot;
      if (this.#isDone(slot[0])) return this.values[slot[0]];
      late.set(i, slot[0]);
      return undefined;
    });
    const { fn, fill, home } = evaluate(record, values, new Set(late.keys()));
    this.#settle(index, fn);
    for (const [variable, awaited] of late) this.#wait(awaited, fill, variable);
    for (const slot of record.values) this.#try(slot);
    if (proto !== undefined) Object.setPrototypeOf(fn, this.#get(proto) as object | null);
    if (typeof record.prototype === "object" && record.prototype !== null) {
      const prototype = this.#get(record.prototype);
      if (fn.prototype !== prototype) fn.prototype = prototype;
    }
    if (home && record.home !== undefined) {
      Object.setPrototypeOf(home, Object.getPrototypeOf(this.#get(record.home)) as object | null);
    }
    this.#define(fn, properties);
    this.#close(fn, node);
    return fn;
  }

  #wait(index: number, fill: Late, variable: number): void {
    const set = (value: unknown): void => {
      fill(variable, value);
    };
    if (this.#isDone(index)) set(this.values[index]);
    else this.#waiting.set(index, [...(this.#waiting.get(index) ?? []), set]);
  }

  #settle(index: number, value: unknown): void {
    this.values[index] = value;
    this.#state[index] = "done";
    for (const set of this.#waiting.get(index) ?? []) set(value);
    this.#waiting.delete(index);
  }

  #build(index: number, node: Exclude<GraphNode, NodeOf<"function">>): unknown {
    const [, , properties, proto] = node;
    const prototype = proto === undefined ? undefined : (this.#get(proto) as object | null);
    // the prototype may have led here
    if (this.#isDone(index)) return this.values[index];
    const value = this.#create(node, prototype);
    // what a kernel is made of may refer to the kernel
    if (node[0] === "made" && this.#isDone(index)) return this.values[index];
    this.#settle(index, value);
    if (typeof value !== "object" || value === null) return value;
    if (prototype !== undefined && Object.getPrototypeOf(value) !== prototype) {
      Object.setPrototypeOf(value, prototype);
    }
    this.#fill(value, node);
    this.#define(value, properties);
    if (types.isNativeError(value) && properties?.[0].includes("stack") !== true) {
      Reflect.deleteProperty(value, "stack");
    }
    this.#close(value, node);
    return value;
  }

  #create(
    node: Exclude<GraphNode, NodeOf<"function">>,
    prototype: object | null | undefined,
  ): unknown {
    switch (node[0]) {
      case "object":
        return prototype === undefined ? {} : (Object.create(prototype) as object);
      case "array":
        return new Array(node[1].length);
      case "date":
        return new Date(node[1]);
      case "regexp": {
        const [source, flags, lastIndex] = node[1];
        return Object.assign(new RegExp(source, flags), { lastIndex });
      }
      case "map":
        return new Map();
      case "set":
        return new Set();
      case "boxed":
        return Object(this.#get(node[1])) as unknown;
      case "error":
        return stackless(() => new Error());
      case "domException":
        return stackless(() => new DOMException(...node[1]));
      case "url":
        return new URL(node[1]);
      case "bytes":
        return ownBytes(this.attachments[node[1]]);
      case "attached":
        return this.attachments[node[1]];
      case "view":
        return this.#view(node[1]);
      case "made": {
        const [maker, args] = node[1];
        const make = this.#get(maker) as (...args: unknown[]) => unknown;
        return make(...args.map((each) => this.#get(each)));
      }
      case "prototype":
        return (this.#get(node[1]) as { prototype: unknown }).prototype;
      case "known":
        return this.known(node[1]);
      case "knownPrototype":
        return (this.known(node[1]) as { prototype: unknown }).prototype;
      case "reference":
        return resolve(node[1]);
      case "require":
        return createRequire(join(node[1], "notebook.js"));
      case "symbol":
        return Symbol(node[1]);
      case "registeredSymbol":
        return Symbol.for(node[1]);
    }
  }

  #view([type, slot, offset, length]: NodeOf<"view">[1]): unknown {
    const buffer = this.#get(slot) as ArrayBuffer;
    if (type === "Buffer") return Buffer.from(buffer, offset, length);
    const View = Reflect.get(globalThis, type) as new (
      buffer: ArrayBuffer,
      offset: number,
      length: number,
    ) => object;
    return new View(buffer, offset, length);
  }

  #fill(value: object, node: GraphNode): void {
    if (node[0] === "array") {
      // skips holes
      node[1].forEach((slot, i) => {
        (value as unknown[])[i] = this.#get(slot);
      });
    } else if (node[0] === "map") {
      for (let i = 0; i < node[1].length; i += 2) {
        Map.prototype.set.call(value, this.#get(node[1][i]), this.#get(node[1][i + 1]));
      }
    } else if (node[0] === "set") {
      for (const slot of node[1]) Set.prototype.add.call(value, this.#get(slot));
    }
  }

  #define(object: object, properties: Properties | undefined): void {
    if (!properties) return;
    const [keys, values, flags] = properties;
    keys.forEach((slot, i) => {
      const key = typeof slot === "string" ? slot : (this.#need(slot[0]) as symbol);
      const bits = flags?.[i] ?? flag.plain;
      const value = values[i];
      if (bits === flag.plain && key !== "__proto__" && !(key in object)) {
        Reflect.set(object, key, this.#get(value as Slot));
        return;
      }
      if (key === "stack" && types.isNativeError(object)) {
        // own data in Node 20, an accessor of the engine's in later ones
        object.stack = this.#get(value as Slot) as string;
        return;
      }
      const accessor = (bits & flag.accessor) !== 0;
      const [get, set] = accessor ? (value as readonly [Slot, Slot]) : [];
      Object.defineProperty(object, key, {
        enumerable: (bits & flag.enumerable) !== 0,
        configurable: (bits & flag.configurable) !== 0,
        ...(accessor
          ? { get: this.#get(get) as () => unknown, set: this.#get(set) as () => void }
          : { value: this.#get(value as Slot), writable: (bits & flag.writable) !== 0 }),
      });
    });
  }

  #close(object: object, node: GraphNode): void {
    const level = node[4];
    if (level !== undefined) this.#toClose.push([object, level]);
  }
}

/** A capsule's bytes are shared; each side that unpacks them gets its own. */
function ownBytes(attachment: unknown): ArrayBuffer {
  if (!types.isSharedArrayBuffer(attachment)) return attachment as ArrayBuffer;
  const own = new ArrayBuffer(attachment.byteLength);
  new Uint8Array(own).set(new Uint8Array(attachment));
  return own;
}

/** The stack comes with the properties. */
function stackless<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
