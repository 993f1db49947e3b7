/**
 * Questions about one object that a walk over values asks: which keys it has of its own, whose
 * prototype it is, whether its state can be seen at all. Answers come from the object alone.
 */
import { types } from "node:util";
import { flag, type Integrity, type Payloads, type Primitive, type Slot } from "./capsule.js";
import { readFunction, type AnyFunction, type ReadFunction } from "./function-reader.js";
import { referenceTo, type Reference } from "./references.js";
import { refusals } from "./refusals.js";
import { hasNamedProperties, longList } from "./scopes.js";
import { readSource } from "./source.js";

/** Prototypes whose instances were found to hold nothing but properties. */
export const harmless = new WeakSet<object>();

/** A property descriptor whose functions are only passed on. */
export interface Property {
  readonly value?: unknown;
  readonly get?: unknown;
  readonly set?: unknown;
  readonly writable?: boolean;
  readonly enumerable?: boolean;
  readonly configurable?: boolean;
}

export function propertyOf(object: object, key: string | symbol): Property {
  return Object.getOwnPropertyDescriptor(object, key)!;
}

/** The function whose `prototype` an object is. */
export function ownerOf(object: object): AnyFunction | undefined {
  const owner: unknown = Object.getOwnPropertyDescriptor(object, "constructor")?.value;
  if (typeof owner !== "function" || types.isProxy(owner)) return undefined;
  const own = Object.getOwnPropertyDescriptor(owner, "prototype");
  return own?.value === object ? (owner as AnyFunction) : undefined;
}

/** Keys besides those the kind itself brings along. */
export function namedKeys(value: object, kind: keyof Payloads): (string | symbol)[] {
  switch (kind) {
    case "array":
      if (isBareList(value)) return [];
      return Reflect.ownKeys(value).filter(
        (key) => key !== "length" && (typeof key === "symbol" || !isIndex(key)),
      );
    case "view":
      if (isBareList(value)) return [];
      return Reflect.ownKeys(value).filter((key) => typeof key === "symbol" || !isIndex(key));
    case "boxed":
      return Reflect.ownKeys(value).filter((key) => key !== "length" && !/^\d+$/.test(String(key)));
    case "regexp":
      return Reflect.ownKeys(value).filter((key) => key !== "lastIndex");
    case "url":
    case "domException":
      // Node keeps their state under symbols of its own
      return Reflect.ownKeys(value).filter((key) => typeof key === "string");
    default:
      return Reflect.ownKeys(value);
  }
}

/** Spares a long list the listing of every index; `length` is absent on a DataView. */
function isBareList(list: Partial<ArrayLike<unknown>>): boolean {
  return list.length !== undefined && list.length >= longList && !hasNamedProperties(list);
}

function isIndex(key: string): boolean {
  const number = Number(key) >>> 0;
  return String(number) === key && number !== 0xffffffff;
}

export function elementsOf(
  list: readonly unknown[],
  encode: (element: unknown, i: number) => Slot,
): Slot[] {
  const slots: Slot[] = [];
  slots.length = list.length;
  for (let i = 0; i < list.length; i++) {
    const element = list[i];
    if (isPrimitive(element)) {
      if (element !== undefined || Object.hasOwn(list, i)) slots[i] = element;
    } else if (Object.hasOwn(list, i)) slots[i] = encode(element, i);
  }
  return slots;
}

function isPrimitive(value: unknown): value is Primitive {
  if (typeof value === "object") return value === null;
  return typeof value !== "function" && typeof value !== "symbol";
}

export function integrityOf(value: object): Integrity | undefined {
  if (Object.isExtensible(value) || ArrayBuffer.isView(value)) return undefined;
  if (Object.isFrozen(value)) return 3;
  return Object.isSealed(value) ? 2 : 1;
}

export function flagsOf({ writable, enumerable, configurable }: Property): number {
  return (
    (writable === true ? flag.writable : 0) |
    (enumerable === true ? flag.enumerable : 0) |
    (configurable === true ? flag.configurable : 0)
  );
}

/** The constructor's name, for messages. */
export function nameOfClass(proto: object): string {
  const { constructor } = proto as { constructor?: { name?: unknown } };
  return typeof constructor?.name === "string" && constructor.name !== ""
    ? constructor.name
    : "class";
}

/** A key of a Map, for messages. */
export function labelOf(key: unknown): string {
  switch (typeof key) {
    case "string":
      return JSON.stringify(key);
    case "number":
    case "bigint":
    case "boolean":
    case "symbol":
      return String(key);
    default:
      return "…";
  }
}

const plainClasses: Partial<Record<keyof Payloads, readonly string[]>> = {
  object: ["Object"],
  view: ["Object", "Uint8Array", "Buffer"],
};

/** True for an ancestor whose instances hide their state, such as a stream's or `Intl.NumberFormat`'s. */
export function isHost(reference: Reference | undefined, kind: keyof Payloads): boolean {
  if (!reference) return false;
  if (reference.module?.startsWith("node:") === true) return true;
  if (reference.module !== undefined) return false;
  return kind === "object" && !plainClasses.object!.includes(reference.path[0]!);
}

const internals = new WeakMap<object, boolean>();

/** The nearest prototype of an error that the other side has or can be given: Node makes some of its errors from classes that no module exports. */
export function errorPrototype(error: object): object {
  for (let p = prototypeOf(error); p; p = prototypeOf(p)) {
    if (referenceTo(p)) return p;
    const { constructor } = p as { constructor: unknown };
    const borrowed = Object.hasOwn(p, "constructor") && referenceTo(constructor as object);
    if (!borrowed && !isInternal(p)) return p;
  }
  return Error.prototype;
}

export function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** True for the prototype of a class that only Node's own files can name. */
export function isInternal(proto: object): boolean {
  const owner = ownerOf(proto);
  if (!owner || referenceTo(owner)) return false;
  let internal = internals.get(owner);
  if (internal === undefined) {
    const read = readFunction(owner);
    internal = read === refusals.internalFunction || read === refusals.nativeFunction;
    internals.set(owner, internal);
  }
  return internal;
}

const privates = new WeakMap<object, boolean>();

export function hasPrivates(proto: object): boolean {
  const owner = ownerOf(proto);
  if (!owner) return false;
  let found = privates.get(owner);
  if (found === undefined) {
    const text = Function.prototype.toString.call(owner);
    found = text.includes("#") && readSource(text)?.hasPrivates === true;
    privates.set(owner, found);
  }
  return found;
}

export function isShareable(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object WebAssembly.Module]") return true;
  return (
    tag === "[object WebAssembly.Memory]" &&
    types.isSharedArrayBuffer((value as { buffer?: unknown }).buffer)
  );
}

export function isDomException(value: object): value is DOMException {
  return (
    Object.prototype.toString.call(value) === "[object DOMException]" &&
    value instanceof DOMException
  );
}

export function viewType(view: ArrayBufferView): string {
  return types.isDataView(view) ? "DataView" : Object.prototype.toString.call(view).slice(8, -1);
}

/** `require` of a module or of tslab, which hides it behind a Proxy. */
export function isRequire(fn: AnyFunction): fn is NodeJS.Require & AnyFunction {
  return (
    fn.name === "require" &&
    typeof (fn as unknown as NodeJS.Require).resolve === "function" &&
    typeof (fn as unknown as NodeJS.Require).resolve.paths === "function"
  );
}

export function nameOf(fn: AnyFunction): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, "name")?.value;
  return typeof name === "string" ? name : "";
}

const functionPrototypes = new Set<unknown>(
  [function () {}, async function () {}, function* () {}, async function* () {}].map(
    (fn) => Object.getPrototypeOf(fn) as unknown,
  ),
);

export function isFunctionPrototype(proto: object | null): boolean {
  return functionPrototypes.has(proto);
}

const givenKeys = new Set<string | symbol>(["length", "name", "prototype", "arguments", "caller"]);

/** What evaluating the text gives without being told. */
export function isGiven(fn: AnyFunction, key: string | symbol, { source }: ReadFunction): boolean {
  const property = propertyOf(fn, key);
  // a class may have a static member called `name` or `length` of its own
  if (givenKeys.has(key)) return !(source.kind === "class" && property.enumerable === true);
  return source.kind === "class" && isWritten(property, source.text);
}

/** True for a method or accessor that stands in the class's own text. */
export function isWritten(property: Property, text: string): boolean {
  if (property.enumerable === true) return false;
  return [property.value, property.get, property.set].every(
    (fn: unknown) =>
      fn === undefined ||
      (typeof fn === "function" &&
        text.includes(Function.prototype.toString.call(fn)) &&
        Reflect.ownKeys(fn).every((key) => givenKeys.has(key))),
  );
}
