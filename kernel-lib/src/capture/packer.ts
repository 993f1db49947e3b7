/**
 * Walks a value with all that it leads to and writes it down as a graph of nodes. What both threads
 * hold is named, functions are read with their variables, everything else is copied; the first thing
 * that can't travel ends the walk with an error that names the path to it.
 */
import { types } from "node:util";
import { CaptureError } from "../errors.js";
import { flag } from "./capsule.js";
import type { FunctionRecord, GraphNode, KnownId, Payloads, Properties, Slot } from "./capsule.js";
import { readFunction, Unfit, type AnyFunction, type ReadFunction } from "./function-reader.js";
import {
  ownerOf,
  namedKeys,
  elementsOf,
  errorPrototype,
  integrityOf,
  flagsOf,
  nameOfClass,
  labelOf,
  isHost,
  isInternal,
  hasPrivates,
  isShareable,
  isDomException,
  viewType,
  isRequire,
  nameOf,
  isFunctionPrototype,
  isGiven,
  isWritten,
  propertyOf,
  prototypeOf,
  harmless,
} from "./objects.js";
import { recipeOf } from "./recipes.js";
import { isNative, referenceTo, refreshReferences, type Reference } from "./references.js";
import { hiddenState, refusalOf, refusals, type Refusal } from "./refusals.js";

export interface PackOptions {
  /** The names that lead to where the walk starts, for errors. */
  readonly path: readonly string[];
  /** The end of "a WeakMap can't be sent …". */
  readonly destination: string;
  /** What the other side already holds. */
  readonly known: (value: object | symbol) => KnownId | undefined;
  /** Captures a function apart from the value that holds it; without it functions join the graph. */
  readonly captureApart?: (fn: AnyFunction, path: readonly string[]) => KnownId;
  /** Keeps what is attached valid for as long as the graph: a copy in shared memory, or the buffer itself. */
  readonly attach: (buffer: ArrayBuffer) => unknown;
}

export class Packer {
  readonly nodes: GraphNode[] = [];
  readonly attachments: unknown[] = [];
  readonly warnings: string[] = [];
  /** What stands at each node, for those who want to know it again. */
  readonly originals: (object | symbol)[] = [];

  readonly #seen = new Map<object | symbol, number>();
  readonly #trail: string[];
  /** Methods that use `super`, until their object turns up. */
  readonly #homeless = new Map<number, string[]>();
  #looked = false;

  constructor(readonly options: PackOptions) {
    this.#trail = [...options.path];
  }

  /** Writes down an object, a function or a symbol; it becomes the first node. */
  pack(value: unknown): void {
    try {
      this.#slot(value);
      for (const [, trail] of this.#homeless) this.#refuse(refusals.homelessSuper, trail);
    } catch (error) {
      if (error instanceof RangeError) {
        throw new CaptureError(
          this.#trail.slice(0, 3),
          "is nested too deeply to be sent; send a flat array instead of a long chain of objects",
        );
      }
      throw error;
    }
  }

  #slot(value: unknown): Slot {
    switch (typeof value) {
      case "function":
      case "object":
      case "symbol":
        return value === null ? null : [this.#node(value)];
      default:
        return value as Slot;
    }
  }

  #at(step: string, value: unknown): Slot {
    this.#trail.push(step);
    const slot = this.#slot(value);
    this.#trail.pop();
    return slot;
  }

  #node(value: object | symbol): number {
    const seen = this.#seen.get(value);
    if (seen !== undefined) return seen;
    const index = this.nodes.length;
    this.#seen.set(value, index);
    this.originals[index] = value;
    this.nodes.push(["object", null]);
    this.nodes[index] =
      typeof value === "symbol" ? this.#symbol(value) : this.#encode(value, index);
    return index;
  }

  #encode(value: object, index: number): GraphNode {
    const known = this.options.known(value);
    if (known) return ["known", known];
    const reference = referenceTo(value);
    if (reference) return ["reference", reference];
    if (typeof value === "function") {
      const recipe = recipeOf(value as AnyFunction);
      if (recipe) {
        const args = recipe.args.map((each) => this.#slot(each));
        return ["made", [this.#slot(recipe.maker), args]];
      }
      return this.#function(value as AnyFunction, index);
    }
    const refusal = refusalOf(value);
    if (refusal) this.#refuse(refusal);
    const owner = ownerOf(value);
    const knownOwner = owner && this.options.known(owner);
    if (knownOwner) return ["knownPrototype", knownOwner];
    if (owner) return ["prototype", this.#at("constructor", owner)];
    return this.#exotic(value) ?? this.#object("object", null, value, Object.prototype, index);
  }

  /** Objects that are more than their properties. */
  #exotic(value: object): GraphNode | undefined {
    if (Array.isArray(value)) {
      const elements = elementsOf(value, (element, i) => this.#at(`[${i}]`, element));
      return this.#object("array", elements, value, Array.prototype);
    }
    if (types.isDate(value)) {
      return this.#object("date", Date.prototype.getTime.call(value), value, Date.prototype);
    }
    if (types.isRegExp(value)) {
      const { source, flags, lastIndex } = value;
      return this.#object("regexp", [source, flags, lastIndex], value, RegExp.prototype);
    }
    if (types.isMap(value)) {
      const entries = [...(Map.prototype.entries.call(value) as Iterable<[unknown, unknown]>)];
      const slots = entries.flatMap(([key, item]) => {
        return [this.#at("(key)", key), this.#at(`get(${labelOf(key)})`, item)];
      });
      return this.#object("map", slots, value, Map.prototype);
    }
    if (types.isSet(value)) {
      const items = [...(Set.prototype.values.call(value) as Iterable<unknown>)];
      const slots = items.map((item) => this.#at("(item)", item));
      return this.#object("set", slots, value, Set.prototype);
    }
    if (types.isBoxedPrimitive(value)) {
      const primitive = Object.prototype.valueOf.call(value) as { valueOf(): unknown };
      const proto = Object.getPrototypeOf(Object(primitive.valueOf())) as object;
      return this.#object("boxed", this.#slot(primitive.valueOf()), value, proto);
    }
    if (isDomException(value)) {
      return this.#object(
        "domException",
        [value.message, value.name],
        value,
        DOMException.prototype,
      );
    }
    if (types.isNativeError(value)) return this.#object("error", null, value, Error.prototype);
    if (value instanceof URL) return this.#object("url", value.href, value, URL.prototype);
    return this.#memory(value);
  }

  #memory(value: object): GraphNode | undefined {
    if (types.isSharedArrayBuffer(value) || isShareable(value)) {
      return ["attached", this.attachments.push(value) - 1];
    }
    if (types.isArrayBuffer(value)) {
      const attached = this.attachments.push(this.options.attach(value)) - 1;
      return this.#object("bytes", attached, value, ArrayBuffer.prototype);
    }
    if (!ArrayBuffer.isView(value)) return undefined;
    const { byteOffset, byteLength } = value;
    if (Buffer.isBuffer(value) && !types.isSharedArrayBuffer(value.buffer)) {
      // Node cuts small buffers from one pool, which is nobody's to send
      const own = value.buffer.slice(byteOffset, byteOffset + byteLength);
      return ["view", ["Buffer", this.#slot(own), 0, byteLength]];
    }
    const type = Buffer.isBuffer(value) ? "Buffer" : viewType(value);
    const length = "length" in value ? (value.length as number) : byteLength;
    const view: Payloads["view"] = [type, this.#at("buffer", value.buffer), byteOffset, length];
    const usual = (globalThis as unknown as Record<string, { prototype: object }>)[type]!.prototype;
    return this.#object("view", view, value, usual);
  }

  /** Own properties and prototype, which any object can have. */
  #object<Kind extends keyof Payloads>(
    kind: Kind,
    payload: Payloads[Kind],
    value: object,
    usual: object,
    index?: number,
  ): GraphNode {
    const proto = kind === "error" ? errorPrototype(value) : prototypeOf(value);
    const protoSlot = proto === usual ? undefined : this.#prototype(proto, kind);
    const properties = this.#properties(value, kind, index);
    return [kind, payload, properties, protoSlot, integrityOf(value)] as unknown as GraphNode;
  }

  #prototype(proto: object | null, kind: keyof Payloads): Slot {
    if (proto === null || (kind === "object" && harmless.has(proto))) return this.#slot(proto);
    if (!ownerOf(proto)) this.#lookAgain(proto);
    const className = nameOfClass(proto);
    for (let p: object | null = proto; p; p = prototypeOf(p)) {
      const reference = referenceTo(p);
      if (isHost(reference, kind) || (!reference && isInternal(p))) {
        this.#refuse(hiddenState(className));
      }
      if (hasPrivates(p)) this.#refuse(refusals.privateInstance(className));
    }
    if (kind === "object") harmless.add(proto);
    return this.#slot(proto);
  }

  #properties(
    value: object,
    kind: keyof Payloads,
    home: number | undefined,
    without: (key: string | symbol) => boolean = () => false,
  ): Properties | undefined {
    const keys: (string | readonly [number])[] = [];
    const values: (Slot | readonly [Slot, Slot])[] = [];
    const flags: number[] = [];
    for (const key of namedKeys(value, kind)) {
      if (without(key)) continue;
      const property = propertyOf(value, key);
      const label = typeof key === "symbol" ? `[${key.description ?? "symbol"}]` : key;
      keys.push(typeof key === "symbol" ? [this.#node(key)] : key);
      if (key === "stack" && (types.isNativeError(value) || isNative(property.get))) {
        // the engine's own accessor from Node 22 on
        values.push(this.#at(label, (value as { stack?: unknown }).stack));
        flags.push(flag.writable | flag.configurable);
      } else if (!("value" in property)) {
        const [get, set] = [property.get, property.set].map((accessor) =>
          this.#member(label, accessor, home),
        );
        values.push([get, set]);
        flags.push(flagsOf(property) | flag.accessor);
      } else {
        values.push(this.#member(label, property.value, home));
        flags.push(flagsOf(property));
      }
    }
    if (keys.length === 0) return undefined;
    return flags.every((flags) => flags === flag.plain) ? [keys, values] : [keys, values, flags];
  }

  /** A property's value; a method learns whose it is, because `super` depends on it. */
  #member(label: string, value: unknown, home: number | undefined): Slot {
    const slot = this.#at(label, value);
    if (typeof value !== "function" || home === undefined || typeof slot !== "object") return slot;
    const node = this.nodes[slot![0]]!;
    if (node[0] !== "function" || node[1].home !== undefined) return slot;
    this.#homeless.delete(slot![0]);
    this.nodes[slot![0]] = [node[0], { ...node[1], home: [home] }, node[2], node[3], node[4]];
    return slot;
  }

  #function(fn: AnyFunction, index: number): GraphNode {
    if (isRequire(fn)) {
      return ["require", fn.resolve.paths("_")![0]!.replace(/[\\/]node_modules$/, "")];
    }
    if (types.isProxy(fn)) this.#refuse(refusalOf(fn)!);
    const reference = this.#lookAgain(fn);
    if (reference) return ["reference", reference];
    if (this.options.captureApart) {
      return ["known", this.options.captureApart(fn, this.#trail)];
    }
    const read = readFunction(fn);
    if (read instanceof Unfit) throw new CaptureError([...this.#trail], read.sentence);
    if ("remedy" in read) this.#refuse(read);
    if ("path" in read) return ["reference", read];
    if (read.source.kind === "member" && read.source.usesSuper) {
      this.#homeless.set(index, [...this.#trail]);
    }
    this.#warnings(read.warnings);
    const values = read.variables.map(({ label, value }) => this.#at(label, value));
    const record: FunctionRecord = {
      text: read.text,
      kind: read.source.kind,
      strict: read.strict,
      importsDynamically: read.source.importsDynamically,
      place: read.place,
      name: nameOf(fn),
      variables: read.variables.map(({ name }) => name),
      values,
      early: read.variables.filter(({ early }) => early).length,
      home: undefined,
      prototype: this.#ownPrototype(fn, read),
    };
    const properties = this.#properties(fn, "function", index, (key) => isGiven(fn, key, read));
    const proto = Object.getPrototypeOf(fn) as object | null;
    const usual = read.source.derived || isFunctionPrototype(proto);
    return ["function", record, properties, usual ? undefined : this.#slot(proto), integrityOf(fn)];
  }

  /** The `prototype` object, if evaluating the text doesn't give the same one. */
  #ownPrototype(fn: AnyFunction, { source }: ReadFunction): Slot {
    const prototype: unknown = Object.getOwnPropertyDescriptor(fn, "prototype")?.value;
    if (typeof prototype !== "object" || prototype === null) return undefined;
    if (types.isGeneratorFunction(fn)) return undefined;
    if (ownerOf(prototype) !== fn) return this.#at("prototype", prototype);
    const given = (key: string | symbol): boolean =>
      key === "constructor" || isWritten(propertyOf(prototype, key), source.text);
    const parent: unknown = Object.getPrototypeOf(prototype);
    const usual = source.derived || parent === Object.prototype;
    if (usual && Reflect.ownKeys(prototype).every(given)) return undefined;
    const index = this.nodes.length;
    this.#seen.set(prototype, index);
    this.originals[index] = prototype;
    const slot: Slot = [this.#seen.get(fn)!];
    this.nodes.push(["prototype", slot]);
    this.#trail.push("prototype");
    const properties = this.#properties(prototype, "prototype", index, given);
    const proto = usual ? undefined : this.#slot(parent);
    this.#trail.pop();
    this.nodes[index] = ["prototype", slot, properties, proto];
    return [index];
  }

  #symbol(symbol: symbol): GraphNode {
    const known = this.options.known(symbol);
    if (known) return ["known", known];
    const key = Symbol.keyFor(symbol);
    if (key !== undefined) return ["registeredSymbol", key];
    for (const name of Object.getOwnPropertyNames(Symbol)) {
      if (Reflect.get(Symbol, name) === symbol) {
        return ["reference", { module: undefined, path: ["Symbol", name] }];
      }
    }
    if (this.options.captureApart) {
      this.#refuse({
        what: `${String(symbol)}, a symbol that the other side lacks,`,
        remedy: "use Symbol.for(…), or let the function refer to it",
      });
    }
    return ["symbol", symbol.description];
  }

  #warnings(warnings: readonly string[]): void {
    for (const warning of warnings) {
      const sentence = `${this.#trail.join(" → ")} ${warning}`;
      if (!this.warnings.includes(sentence)) this.warnings.push(sentence);
    }
  }

  /** The module that exports a value may have been loaded since the walk before this one. */
  #lookAgain(value: object): Reference | undefined {
    if (!this.#looked) refreshReferences();
    this.#looked = true;
    return referenceTo(value);
  }

  #refuse({ what, remedy }: Refusal, trail: readonly string[] = this.#trail): never {
    throw new CaptureError(
      [...trail],
      `${what} can't be sent ${this.options.destination}; ${remedy}`,
    );
  }
}
