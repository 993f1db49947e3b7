/**
 * The functions and symbols that both sides of one call hold, so that a class captured once gives
 * instances of one class on each side. Capsules are captured and revived here; a function met later,
 * among inputs or results, gets a capsule of its own that travels with the message.
 */
import { deserialize, serialize } from "node:v8";
import { threadId } from "node:worker_threads";
import type { Capsule, Graph, KnownId } from "./capsule.js";
import type { AnyFunction } from "./function-reader.js";
import { Packer } from "./packer.js";
import { Unpacker } from "./unpacker.js";

let made = 0;

type Held = object | symbol;

export class Registry {
  /** This side's name in ids: no other of this process has it. */
  readonly owner = `${threadId}.${made++}`;
  /** What this side captured for messages, in order. */
  readonly extras: Capsule[] = [];
  readonly warnings: string[] = [];

  #captured = 0;
  readonly #ids = new Map<Held, KnownId>();
  /** Values by capsule and node. */
  readonly #values = new Map<string, readonly unknown[]>();

  /** `destination` ends the sentence "a WeakMap can't be sent …". */
  constructor(readonly destination: string) {}

  idOf(value: Held): KnownId | undefined {
    return this.#ids.get(value);
  }

  valueOf([owner, graph, node]: KnownId): unknown {
    return this.#values.get(idOfCapsule(owner, graph))?.[node];
  }

  /** Captures a function with all it refers to. */
  capture(fn: AnyFunction, path: readonly string[]): Capsule {
    const graph = this.#captured++;
    const packer = new Packer({
      path,
      destination: this.destination,
      known: (value) => this.idOf(value),
      attach: sharedCopy,
    });
    packer.pack(fn);
    const content: Graph = packer.nodes;
    const id = idOfCapsule(this.owner, graph);
    const capsule = { id, bytes: sharedCopy(serialize(content)), attachments: packer.attachments };
    this.warnings.push(...packer.warnings);
    this.#hold(this.owner, graph, content, packer.originals);
    return capsule;
  }

  /** Captures a function that a message leads to; it travels with the message. */
  captureApart(fn: AnyFunction, path: readonly string[]): KnownId {
    this.extras.push(this.capture(fn, path));
    return this.idOf(fn)!;
  }

  /** Revives a capsule, once. */
  revive(capsule: Capsule): unknown {
    const held = this.#values.get(capsule.id);
    if (held) return held[0];
    const graph = deserialize(Buffer.from(new Uint8Array(capsule.bytes))) as Graph;
    const unpacker = new Unpacker(graph, capsule.attachments, (id) => this.valueOf(id));
    const value = unpacker.unpack();
    const [owner, number] = capsule.id.split("/") as [string, string];
    this.#hold(owner, Number(number), graph, unpacker.values);
    return value;
  }

  #hold(owner: string, graph: number, nodes: Graph, values: readonly unknown[]): void {
    this.#values.set(idOfCapsule(owner, graph), values);
    nodes.forEach(([kind], node) => {
      if (kind !== "function" && kind !== "symbol") return;
      this.#ids.set(values[node] as Held, [owner, graph, node]);
    });
  }
}

function idOfCapsule(owner: string, graph: number): string {
  return `${owner}/${graph}`;
}

function sharedCopy(bytes: ArrayBuffer | Uint8Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(shared).set(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  return shared;
}
