/**
 * Tells whether the structured clone of `postMessage` gives back exactly what it was given. Most
 * inputs and results are numbers, strings and plain data: they need no work of ours.
 */
import { types } from "node:util";
import { hasNamedProperties, longList } from "./scopes.js";

export function survivesClone(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return item(value, new Set());
  return survives(() => plain(value, new Set()));
}

/** The same of the own properties of a class instance, none of which may lead back to it: the clone would find a plain object there. */
export function fieldsSurviveClone(object: object): boolean {
  return survives(() => plainObject(object as Record<string, unknown>, new Set()));
}

/** What is nested too deeply to look at is left to whoever packs it, who says so. */
function survives(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function plain(object: object, seen: Set<object>): boolean {
  if (seen.has(object)) return true;
  if (types.isProxy(object)) return false;
  seen.add(object);
  const proto = Object.getPrototypeOf(object) as unknown;
  if (proto === Object.prototype) return plainObject(object as Record<string, unknown>, seen);
  if (proto === Array.prototype) return plainArray(object as unknown[], seen);
  if (ArrayBuffer.isView(object)) return plainView(object, proto);
  if (types.isSharedArrayBuffer(object)) return proto === SharedArrayBuffer.prototype;
  if (!bare(object)) return false;
  if (proto === Map.prototype)
    return types.isMap(object) && entries(object).every((part) => item(part, seen));
  if (proto === Set.prototype)
    return types.isSet(object) && [...object].every((part) => item(part, seen));
  if (proto === Date.prototype) return types.isDate(object);
  return proto === ArrayBuffer.prototype && types.isArrayBuffer(object);
}

function item(value: unknown, seen: Set<object>): boolean {
  if (typeof value === "object" && value !== null) return plain(value, seen);
  return typeof value !== "function" && typeof value !== "symbol";
}

function plainObject(object: Record<string, unknown>, seen: Set<object>): boolean {
  if (Symbol.toStringTag in object || types.isArgumentsObject(object)) return false;
  // errors and others may have lost their own prototype
  if (
    types.isNativeError(object) ||
    types.isBoxedPrimitive(object) ||
    !Object.isExtensible(object)
  ) {
    return false;
  }
  for (const key of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key)!;
    if (typeof key === "symbol" || property.enumerable !== true || !("value" in property))
      return false;
    if (property.writable !== true || property.configurable !== true) return false;
    if (!item(property.value, seen)) return false;
  }
  return true;
}

function plainArray(list: unknown[], seen: Set<object>): boolean {
  if (!Array.isArray(list) || !Object.isExtensible(list)) return false;
  if (list.length >= longList) {
    if (hasNamedProperties(list)) return false;
  } else if (Object.keys(list).some((key, i) => key !== String(i) && !/^\d+$/.test(key))) {
    return false;
  } else if (Object.getOwnPropertySymbols(list).length > 0) {
    return false;
  }
  for (let i = 0; i < list.length; i++) {
    if (!item(list[i], seen)) return false;
  }
  return true;
}

function plainView(view: ArrayBufferView, proto: unknown): boolean {
  if (Buffer.isBuffer(view)) return false;
  const tag = types.isDataView(view)
    ? "DataView"
    : Object.prototype.toString.call(view).slice(8, -1);
  const usual = Reflect.get(globalThis, tag) as { prototype: object } | undefined;
  return proto === usual?.prototype && !hasExtras(view);
}

function hasExtras(view: ArrayBufferView): boolean {
  const length = "length" in view ? (view.length as number) : 0;
  if (length >= longList) return hasNamedProperties(view);
  return Reflect.ownKeys(view).length > length;
}

function bare(object: object): boolean {
  return Reflect.ownKeys(object).length === 0 && Object.isExtensible(object);
}

function entries(map: Map<unknown, unknown>): unknown[] {
  return [...map.keys(), ...map.values()];
}
