/**
 * Values that both threads have without sending them: what the language and Node provide, and what
 * modules of npm packages export. A value comes in, the way to look it up in any thread goes out,
 * and back. Modules the user wrote are not looked up: they may have changed since they were loaded.
 */
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";

/** A path of property names, from the global object or from the exports of a module. */
export interface Reference {
  /** The module's file or built-in name; undefined for the global object. */
  readonly module: string | undefined;
  readonly path: readonly string[];
}

const load = createRequire(__filename);

/** hotcell's own files: its functions and classes are on both sides. */
const ownFolder = join(dirname(__dirname), sep);

const entry = join(ownFolder, "index.js");

const table = new Map<unknown, Reference>();
const readModules = new Set<string>();
let readBuiltins = 0;
let globals: ReadonlySet<string> | undefined;

/** How to find a value in another thread; undefined if it must be sent. */
export function referenceTo(value: object): Reference | undefined {
  if (globals === undefined) globals = indexGlobals();
  return table.get(value);
}

/** Looks for modules that were loaded since; to be called once before a walk. */
export function refreshReferences(): void {
  globals ??= indexGlobals();
  // Node only ever adds to its list
  const added = moduleLoadList().slice(readBuiltins);
  readBuiltins += added.length;
  for (const name of builtinsIn(added)) {
    if (!readModules.has(name)) index(load(name), name);
    readModules.add(name);
  }
  const files = Object.keys(load.cache).filter((file) => !readModules.has(file) && isForeign(file));
  // hotcell's entry comes last: a worker need not load it for a function of one file
  for (const file of files.sort((a, b) => Number(a === entry) - Number(b === entry))) {
    const module = load.cache[file];
    if (!module?.loaded) continue;
    readModules.add(file);
    index(module.exports, file);
  }
}

/** Finds an export of an ES module by the script it was written in. */
export function referenceInScript(value: object, url: string): Reference | undefined {
  const file = url.startsWith("file:") ? fileURLToPath(url) : url;
  if (!isForeign(file) || readModules.has(file)) return undefined;
  readModules.add(file);
  try {
    index(load(file), file);
  } catch {
    // a module with top-level await can't be required: its functions travel by their source
    return undefined;
  }
  return table.get(value);
}

/** True for what `globalThis` has in every thread. */
export function isGlobalName(name: string): boolean {
  globals ??= indexGlobals();
  return globals.has(name);
}

function loadNamed(module: string): unknown {
  try {
    return load(module);
  } catch (cause) {
    throw new Error(`${module} can't be loaded: ${String(cause)}`, { cause });
  }
}

/** The value again. */
export function resolve({ module, path }: Reference): unknown {
  let value: unknown = module === undefined ? globalThis : loadNamed(module);
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return value;
}

function isForeign(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`) || file.startsWith(ownFolder);
}

function moduleLoadList(): readonly string[] {
  return (process as unknown as { moduleLoadList: string[] }).moduleLoadList;
}

function builtinsIn(list: readonly string[]): string[] {
  const prefix = "NativeModule ";
  return list
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length))
    .filter((name) => isBuiltin(name) && !/^(_|internal\/|punycode|sys$|v8\/)/.test(name))
    .map((name) => (name.startsWith("node:") ? name : `node:${name}`));
}

function index(exported: unknown, module: string): void {
  add(exported, { module, path: [] });
  if (!isObject(exported)) return;
  for (const [key, value] of dataProperties(exported)) {
    if (!isReferable(value)) continue;
    add(value, { module, path: [key] });
    if (key === "default" || isBuiltin(module)) {
      for (const [inner, member] of dataProperties(value)) {
        if (typeof member === "function") add(member, { module, path: [key, inner] });
      }
    }
  }
}

/** Plain data is copied, since the user may have changed it; functions and what is built around them are not. */
function isReferable(value: unknown): value is object {
  if (typeof value === "function") return true;
  if (!isObject(value) || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null) return true;
  return dataProperties(value).some(([, member]) => typeof member === "function");
}

function add(value: unknown, reference: Reference): void {
  if (!isObject(value) || table.has(value)) return;
  table.set(value, reference);
  if (typeof value !== "function") return;
  const { prototype } = value as { prototype?: unknown };
  if (isObject(prototype) && !table.has(prototype)) {
    table.set(prototype, { module: reference.module, path: [...reference.path, "prototype"] });
  }
}

/** Own properties with their values; getters are read only where a compiler made them, as in `export … from`. */
function dataProperties(object: object): [string, unknown][] {
  const compiled = (object as { __esModule?: unknown }).__esModule === true;
  const found: [string, unknown][] = [];
  for (const key of Object.getOwnPropertyNames(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property && "value" in property) found.push([key, property.value]);
    else if (compiled) found.push([key, (object as Record<string, unknown>)[key]]);
  }
  return found;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Names that Node adds to those of the language, in any supported version. */
const nodeGlobals =
  "process global Buffer clearImmediate setImmediate URL URLSearchParams URLPattern DOMException AbortController AbortSignal Event EventTarget TextEncoder TextDecoder TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultController WritableStreamDefaultWriter ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream TextDecoderStream CompressionStream DecompressionStream clearInterval clearTimeout setInterval setTimeout queueMicrotask structuredClone atob btoa BroadcastChannel MessageChannel MessagePort MessageEvent Blob File Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming performance fetch FormData Headers Request Response crypto Crypto CryptoKey SubtleCrypto CustomEvent WebSocket CloseEvent EventSource Navigator navigator Storage localStorage sessionStorage".split(
    " ",
  );

function indexGlobals(): ReadonlySet<string> {
  const language = runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
  const names = new Set([...language, ...nodeGlobals]);
  for (const name of names) {
    const property = Object.getOwnPropertyDescriptor(globalThis, name);
    // reading what Node makes on first use (fetch, navigator) costs time or prints a warning
    const isReady = property && ("value" in property || readyGetters.has(name));
    const value: unknown = isReady ? Reflect.get(globalThis, name) : undefined;
    if (isObject(value)) indexGlobal([name], value, language.includes(name));
  }
  indexGlobal(["Uint8Array", "__proto__"], Object.getPrototypeOf(Uint8Array) as object, true);
  return names;
}

const readyGetters = new Set(["process", "Buffer", "performance"]);

/** A function of the user's in the place of the language's own must travel by its source. */
function indexGlobal(path: readonly string[], value: object, isLanguage: boolean): void {
  const module = undefined;
  const belongs = (member: unknown): boolean =>
    typeof member === "function" ? !isLanguage || isNative(member) : isReferable(member);
  if (belongs(value)) add(value, { module, path });
  if (value === globalThis) return;
  for (const [key, member] of dataProperties(value)) {
    if (!belongs(member) || key === "mainModule") continue;
    add(member, { module, path: [...path, key] });
    if (key !== "prototype" || !isObject(member)) continue;
    for (const [inner, method] of dataProperties(member)) {
      if (typeof method !== "function" || !belongs(method)) continue;
      add(method, { module, path: [...path, key, inner] });
    }
  }
}

export function isNative(fn: unknown): boolean {
  return typeof fn === "function" && Function.prototype.toString.call(fn).includes("[native code]");
}
