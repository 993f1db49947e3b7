/**
 * Reads a kernel for the compiler: a live function comes in; its text, what its free names stand
 * for and the functions it calls go out, with a test of whether all that is still so. What is an
 * array, a kernel or one of hotcell's own functions, the caller says: nothing here knows them.
 */
import { isProxy } from "node:util/types";
import type { ArrayType, Captured, SourceFunction } from "../compiler/types.js";
import { CaptureError } from "../errors.js";
import { constantNames } from "./bindings.js";
import type { AnyFunction } from "./function-reader.js";
import { isImport, isModule } from "./modules.js";
import { holderOf } from "./names.js";
import { outline, type Outline, type OutlineMemo, type Use } from "./outline.js";
import { refusalOf } from "./refusals.js";
import { readClosure, type Closure } from "./scopes.js";
import { scriptOf } from "./scripts.js";

/** What the reader is told about values that only the caller knows. */
export interface Recognised {
  /** hotcell's own functions and those of the language that a kernel may call, by identity. */
  readonly intrinsics: ReadonlyMap<unknown, string>;
  /** The user's function behind a compiled kernel; any other function as it is. */
  unwrap(fn: AnyFunction): AnyFunction;
  /** The type of an array; undefined for what is none. */
  arrayType(value: object): ArrayType | undefined;
  /** Keeps what was found in a text, so that the parser need not be loaded for it again. */
  readonly outlines?: OutlineMemo;
}

/** A kernel as the compiler takes it, at one moment. */
export interface KernelCapture {
  readonly source: SourceFunction;
  /** The captured arrays, in the order of `Captured.index`, as `stillCurrent` last saw them. */
  readonly arrays: readonly unknown[];
  /**
   * Whether `source` is still what the function and all it refers to say; renews `arrays`. To be
   * asked before every call: 0.1 to 1 µs for names of earlier cells and members of objects.
   *
   * A variable that a function closes over can only be read through the debugger: 0.1 ms for each
   * function that has some. After the first hundred times the script is parsed, and only variables
   * that some code assigns to again (`let`, `var`) are still read so.
   */
  stillCurrent(): boolean;
}

/**
 * Reads a function and all it refers to, as it is at this moment.
 *
 * @throws CaptureError if the function has no text of its own (native, bound, a class).
 */
export function readKernel(fn: AnyFunction, recognised: Recognised): KernelCapture {
  const reader = new KernelReader(recognised);
  const read = reader.function(fn);
  if (read.is === "unsupported") {
    throw new CaptureError(
      [fn.name || "function"],
      `${read.what} can't be compiled; pass an arrow function or a function declaration`,
    );
  }
  return reader.capture(read.source);
}

type CapturedFunction = Extract<Captured, { is: "function" }>;
type Unsupported = Extract<Captured, { is: "unsupported" }>;

/** A place that is read again before each call. */
interface Watch {
  readonly holder: object;
  readonly name: string;
  /** Undefined for a module that must stay the same one. */
  readonly captured: Captured | undefined;
  readonly value: unknown;
}

/** The variables of one closure that may have changed. */
interface ClosedOver {
  readonly fn: AnyFunction;
  readonly source: ReadSource;
  readonly variables: readonly Watch[];
}

/** From this many readings on, parsing the script costs less than reading on. */
const MOST_READINGS = 100;
/** What esbuild (tsx) puts around each function inside another, `__name(fn, "fn")`: gives it its name, and returns it. */
const NAMING =
  /^\((\w+), ?(\w+)\) ?=> ?\w+\(\1, ?"name", ?\{ ?value(?:: ?\2)?, ?configurable: ?(?:true|!0) ?\}\)$/;
/** A longer list or larger object is no set of constants. */
const MOST_MEMBERS = 1000;

class KernelReader {
  readonly #arrays: unknown[] = [];
  /** Arrays by identity; those that several names lead to must stay one. */
  readonly #indices = new Map<unknown, number>();
  readonly #pinned = new Set<number>();
  readonly #functions = new Map<AnyFunction, CapturedFunction | Unsupported>();
  readonly #originals = new Map<SourceFunction, AnyFunction>();
  /** Values that are told apart by identity alone. */
  readonly #odd = new Map<Captured, unknown>();
  /** How many keys a captured object has, where all of them were captured. */
  readonly #sizes = new Map<Captured, number>();
  readonly #watches: Watch[] = [];
  #closures: ClosedOver[] = [];
  #readings = 0;
  #analysed = false;
  #members = 0;

  constructor(readonly recognised: Recognised) {}

  capture(source: SourceFunction): KernelCapture {
    return {
      source,
      arrays: this.#arrays,
      stillCurrent: () => this.#isCurrent(),
    };
  }

  function(given: AnyFunction): CapturedFunction | Unsupported {
    const fn = this.recognised.unwrap(given);
    const known = this.#functions.get(fn);
    if (known) return known;
    const written = Function.prototype.toString.call(fn);
    const text = NAMING.test(written) ? "(fn) => fn" : written;
    const what = oddity(fn, text);
    const found = what === undefined ? this.#outline(text) : undefined;
    if (!found) {
      const odd = unsupported(what ?? "a method that uses #private members or super()");
      this.#functions.set(fn, odd);
      return odd;
    }
    const closure = readClosure(fn);
    const source = new ReadSource(fn.name, text, found.anchor, closure);
    const captured = { is: "function", source } as const;
    this.#functions.set(fn, captured);
    this.#originals.set(source, fn);
    const variables: Watch[] = [];
    for (const [name, use] of Object.entries(found.names)) {
      const place = holderOf(closure.scopes, name);
      if (place)
        this.#take(place.holder, name, name, use, source, place.live ? this.#watches : variables);
    }
    if (variables.length > 0) this.#closures.push({ fn, source, variables });
    return captured;
  }

  #outline(text: string): Outline | undefined {
    const kept = this.recognised.outlines?.get(text);
    if (kept) return kept;
    const made = outline(text);
    if (made) this.recognised.outlines?.put(text, made);
    return made;
  }

  /** Takes one name, or one member of a module, which stands in the text as `label`. */
  #take(
    holder: object,
    name: string,
    label: string,
    use: Use,
    into: ReadSource,
    watches: Watch[],
  ): void {
    const value = (holder as Record<string, unknown>)[name];
    const isSpace = this.#isNamespace(holder, name, value, use);
    if (isSpace) {
      for (const [member, inner] of Object.entries(use.members)) {
        this.#take(value, member, `${label}.${member}`, inner, into, this.#watches);
      }
    }
    if (isSpace && !use.whole) {
      const isCompilers = watches !== this.#watches && (name === "exports" || isImport(name));
      if (!isCompilers) watches.push({ holder, name, captured: undefined, value });
      return;
    }
    const captured = this.#value(value, use);
    into.captured[label] = captured;
    watches.push({ holder, name, captured, value });
    // the variable of a closure is a snapshot, but what it holds is not
    if (watches !== this.#watches && (captured.is === "tuple" || captured.is === "object")) {
      this.#watches.push({ holder, name, captured, value });
    }
  }

  /** Modules, and objects with functions that a kernel may call, such as `Math`: read member by member. */
  #isNamespace(holder: object, name: string, value: unknown, use: Use): value is object {
    const members = Object.keys(use.members);
    if (members.length === 0 || !isObject(value) || this.recognised.arrayType(value)) return false;
    if (holder === globalThis || isModule(name, value)) return true;
    if (isProxy(value)) return false;
    return members.some((member) => this.recognised.intrinsics.has(ownMember(value, member)));
  }

  #value(value: unknown, use: Use | undefined, above: readonly unknown[] = []): Captured {
    const intrinsic = this.recognised.intrinsics.get(value);
    if (intrinsic !== undefined) return { is: "intrinsic", name: intrinsic };
    switch (typeof value) {
      case "number":
        return { is: "number", value };
      case "boolean":
        return { is: "boolean", value };
      case "function": {
        const read = this.function(value as AnyFunction);
        return read.is === "function" ? read : this.#unsupported(read.what, value);
      }
      case "object":
        return value === null
          ? this.#unsupported("null", value)
          : this.#object(value, use?.whole === false ? use.members : undefined, above);
      case "undefined":
        return this.#unsupported("undefined", value);
      default:
        return this.#unsupported(`a ${typeof value}`, value);
    }
  }

  #object(
    value: object,
    members: Readonly<Record<string, Use>> | undefined,
    above: readonly unknown[],
  ): Captured {
    const array = this.recognised.arrayType(value);
    if (array) return { is: "array", index: this.#index(value), array };
    if (above.includes(value)) return this.#unsupported("an object that contains itself", value);
    const inside = [...above, value];
    if (isProxy(value)) return this.#unsupported("a Proxy", value);
    if (Array.isArray(value)) {
      if (this.#isTooMany(value.length)) {
        return this.#unsupported(`a plain array of ${value.length} values`, value);
      }
      const list = Array.from(value as unknown[], (item) => this.#value(item, undefined, inside));
      return { is: "tuple", members: list };
    }
    const refusal = refusalOf(value);
    if (refusal) return this.#unsupported(refusal.what, value);
    const isPlain = isPlainObject(value);
    if (!isPlain && !members) {
      return this.#unsupported(`an instance of ${nameOfClass(value)}`, value);
    }
    const names = members ? Object.keys(members) : Object.keys(value);
    if (this.#isTooMany(names.length)) {
      return this.#unsupported(`an object of ${names.length} members`, value);
    }
    const found = Object.create(null) as Record<string, Captured>;
    for (const name of names) {
      const property = Object.getOwnPropertyDescriptor(value, name);
      if (property && "value" in property) {
        found[name] = this.#value(property.value, members?.[name], inside);
      } else if (property || (name in value && !isPlain)) {
        // what a getter or a method gives is no data, so it can't be compared
        return this.#unsupported(describe(value, name), value);
      } else {
        found[name] = this.#unsupported("undefined", undefined);
      }
    }
    const captured: Captured = { is: "object", members: found };
    if (!members) this.#sizes.set(captured, names.length);
    return captured;
  }

  #isTooMany(more: number): boolean {
    this.#members += more;
    return this.#members > MOST_MEMBERS;
  }

  #index(array: object): number {
    const known = this.#indices.get(array);
    if (known !== undefined) {
      this.#pinned.add(known);
      return known;
    }
    const index = this.#arrays.push(array) - 1;
    this.#indices.set(array, index);
    return index;
  }

  #unsupported(what: string, value: unknown): Captured {
    const captured = unsupported(what);
    this.#odd.set(captured, value);
    return captured;
  }

  #isCurrent(): boolean {
    for (const watch of this.#watches) {
      if (!this.#holds(watch, watch.holder)) return false;
    }
    return this.#closures.length === 0 || this.#closuresAreCurrent();
  }

  #holds({ name, captured, value }: Watch, holder: object): boolean {
    const now = (holder as Record<string, unknown>)[name];
    return captured ? this.#matches(now, captured) : now === value;
  }

  #closuresAreCurrent(): boolean {
    if (this.#readings >= MOST_READINGS && !this.#analysed) {
      this.#analysed = true;
      this.#closures = this.#closures
        .map(changeable)
        .filter(({ variables }) => variables.length > 0);
    }
    for (const { fn, variables } of this.#closures) {
      this.#readings++;
      const { scopes } = readClosure(fn);
      for (const variable of variables) {
        const place = holderOf(scopes, variable.name);
        if (!place || !this.#holds(variable, place.holder)) return false;
      }
    }
    return true;
  }

  /** Whether a value would be captured as it was. */
  #matches(value: unknown, captured: Captured): boolean {
    switch (captured.is) {
      case "number":
      case "boolean":
        return Object.is(value, captured.value);
      case "intrinsic":
        return this.recognised.intrinsics.get(value) === captured.name;
      case "function":
        return (
          typeof value === "function" &&
          this.recognised.unwrap(value as AnyFunction) === this.#originals.get(captured.source)
        );
      case "array":
        return this.#matchesArray(value, captured);
      case "tuple": {
        if (!Array.isArray(value) || value.length !== captured.members.length) return false;
        for (let i = 0; i < captured.members.length; i++) {
          if (!this.#matches(value[i], captured.members[i]!)) return false;
        }
        return true;
      }
      case "object":
        return this.#matchesObject(value, captured);
      case "unsupported":
        return Object.is(value, this.#odd.get(captured));
    }
  }

  #matchesObject(value: unknown, captured: Extract<Captured, { is: "object" }>): boolean {
    if (!isObject(value) || isProxy(value) || Array.isArray(value)) return false;
    const size = this.#sizes.get(captured);
    if (size !== undefined && !(isPlainObject(value) && Object.keys(value).length === size)) {
      return false;
    }
    for (const name in captured.members) {
      if (!this.#matches(ownMember(value, name), captured.members[name]!)) return false;
    }
    return true;
  }

  #matchesArray(value: unknown, { index, array }: Extract<Captured, { is: "array" }>): boolean {
    if (value === this.#arrays[index]) return true;
    if (!isObject(value) || this.#pinned.has(index)) return false;
    const now = this.recognised.arrayType(value);
    if (
      now?.dtype !== array.dtype ||
      now.rank !== array.rank ||
      now.contiguous !== array.contiguous ||
      now.typed !== array.typed
    ) {
      return false;
    }
    this.#arrays[index] = value;
    return true;
  }
}

/**
 * A function's text and what its names stand for; its place is looked up when an error asks for it.
 * Another process can be sent it, without what isn't data.
 */
class ReadSource implements SourceFunction {
  readonly captured = Object.create(null) as Record<string, Captured>;
  readonly #anchor: number;
  readonly #closure: Closure;
  #place: SourceFunction["place"] | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
    anchor: number,
    closure: Closure,
  ) {
    this.#anchor = anchor;
    this.#closure = closure;
  }

  get anchor(): number {
    return this.#anchor;
  }

  get closure(): Closure {
    return this.#closure;
  }

  get place(): SourceFunction["place"] {
    this.#place ??= this.#findPlace();
    return this.#place;
  }

  #findPlace(): SourceFunction["place"] {
    const { location } = this.closure;
    if (!location) return { file: "", line: 0, column: 0 };
    const before = this.text.slice(0, this.anchor).split("\n");
    const column = before.length > 1 ? 0 : Math.max(0, location.column - this.anchor);
    return {
      file: scriptOf(location.scriptId).name,
      line: location.line - (before.length - 1),
      column,
    };
  }
}

/** Leaves those variables of a closure that some code may assign to again. */
function changeable(closed: ClosedOver): ClosedOver {
  const { text, anchor, closure } = closed.source;
  const constant = constantNames({ text, anchor, location: closure.location });
  const variables = closed.variables.filter(
    ({ name, value }) => value === undefined || !constant.has(name),
  );
  return { ...closed, variables };
}

function unsupported(what: string): Unsupported {
  return { is: "unsupported", what };
}

/** Why a function has no text that could be compiled; undefined if it has one. */
function oddity(fn: AnyFunction, text: string): string | undefined {
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    return fn.name.startsWith("bound ") ? "a bound function" : `the native function ${fn.name}`;
  }
  return /^class\b/.test(text) ? "a class" : undefined;
}

function isPlainObject(value: object): boolean {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

function nameOfClass(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  return (typeof constructor === "function" && constructor.name) || "an unnamed class";
}

function describe(value: object, name: string): string {
  return isPlainObject(value)
    ? `an object whose ${name} is a getter`
    : `an instance of ${nameOfClass(value)} whose ${name} is a method or getter`;
}

/** An own data property; nothing is run to read it. */
function ownMember(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value as unknown;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
