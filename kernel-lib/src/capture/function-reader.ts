/**
 * Turns one live function into text that can be evaluated elsewhere and the values of the variables
 * that text needs. The debugger gives the variables, the source gives the names; neither the values
 * themselves nor threads are looked into here.
 */
import { types } from "node:util";
import * as interop from "./interop.js";
import { isModule } from "./modules.js";
import { holderOf } from "./names.js";
import { isGlobalName, referenceInScript, referenceTo } from "./references.js";
import type { Reference } from "./references.js";
import { refusals, type Refusal } from "./refusals.js";
import { readClosure, type Closure } from "./scopes.js";
import { scriptOf, type Script } from "./scripts.js";
import { readSource } from "./source.js";
import type { Call, Change, Edit, FreeName, FunctionSource, Members } from "./source.js";

export type AnyFunction = (...args: never[]) => unknown;

/** A variable of the function: how the rewritten text calls it, how an error calls it, its value. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly value: unknown;
  readonly early: boolean;
}

export interface ReadFunction {
  readonly source: FunctionSource;
  readonly text: string;
  readonly strict: boolean;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  /** Those that the text needs while it is evaluated come first. */
  readonly variables: readonly Variable[];
  /** What the user should know, such as "changes `log` (log.push)". */
  readonly warnings: readonly string[];
}

/** Why a function can't travel, as a whole sentence about it. */
export class Unfit {
  constructor(readonly sentence: string) {}
}

/** Reads a function; a reference if both threads have it, `Unfit` or a refusal if it can't travel. */
export function readFunction(fn: AnyFunction): ReadFunction | Reference | Unfit | Refusal {
  const text = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    return fn.name.startsWith("bound ") ? refusals.boundFunction : refusals.nativeFunction;
  }
  const closure = readClosure(fn);
  const script = closure.location ? scriptOf(closure.location.scriptId) : undefined;
  const reference = script && referenceInScript(fn, script.url);
  if (reference) return reference;
  if (script?.url.startsWith("node:") === true) return refusals.internalFunction;
  const source = readSource(text);
  if (!source) {
    return text.includes("import.meta") ? refusals.importMeta : refusals.privateMember;
  }
  if (source.refusal !== undefined) return new Unfit(source.refusal);
  return new FunctionReader(fn, source, closure, script).read();
}

class FunctionReader {
  readonly #variables: Variable[] = [];
  readonly #edits: Edit[];
  readonly #warnings: string[] = [];

  constructor(
    readonly fn: object,
    readonly source: FunctionSource,
    readonly closure: Closure,
    readonly script: Script | undefined,
  ) {
    this.#edits = [...source.edits];
  }

  read(): ReadFunction | Unfit {
    const { source, script } = this;
    for (const free of source.names) {
      const unfit = this.#resolve(free);
      if (unfit) return unfit;
    }
    this.#superclass();
    this.#privates();
    if (!this.#computedKeys()) return new Unfit(lostKey);
    this.#variables.sort((a, b) => Number(b.early) - Number(a.early));
    return {
      source,
      text: edit(source.text, this.#edits),
      strict: script?.strict === true || isStrict(this.fn, source.text),
      place: this.#place(),
      variables: this.#variables,
      warnings: this.#warnings,
    };
  }

  #resolve(free: FreeName): Unfit | undefined {
    const { name, changes, calls } = free;
    if (changes.some(({ members, method }) => members.length === 0 && method === undefined)) {
      return unfitAssignment(name);
    }
    const found = this.#lookUp(name);
    if (!found) return isGlobalObject(name) ? this.#checkGlobals(free) : undefined;
    if (free.members && isNamespace(name, found.value, free.members)) {
      return this.#resolveMembers(name, free.members, found.value, free);
    }
    if (found.value === undefined && !isGlobalName(name)) {
      // V8 shows a variable before its declaration as undefined, where reading it here would throw
      this.#warnings.push(`uses \`${name}\`, which has no value at this moment`);
    }
    this.#warn(name, found.value, changes, calls);
    const value = isInterop(name) ? interop[name] : found.value;
    this.#add(name, name, value, this.source.early.has(name));
    return undefined;
  }

  /** Of a module's names only those that are used travel, as variables of the function. */
  #resolveMembers(
    namespace: string,
    members: Members,
    exported: object,
    { changes, calls }: Pick<FreeName, "changes" | "calls">,
  ): Unfit | undefined {
    for (const [member, { places, members: inner }] of members) {
      const within = changes
        .filter(({ members: [first] }) => first === member)
        .map(({ members: [, ...rest], method }) => ({ members: rest, method }));
      const calledWithin = calls
        .filter(({ members: [first] }) => first === member)
        .map(({ members: [, ...rest], method }) => ({ members: rest, method }));
      if (within.some(({ members: rest, method }) => rest.length === 0 && method === undefined)) {
        return unfitAssignment(member);
      }
      const value = (exported as Record<string, unknown>)[member];
      if (inner && isNamespace(member, value, inner)) {
        const unfit = this.#resolveMembers(member, inner, value, {
          changes: within,
          calls: calledWithin,
        });
        if (unfit) return unfit;
        continue;
      }
      const label = member === "default" ? namespace.replace(/_\d+$/, "") : member;
      this.#warn(label, value, within, calledWithin);
      const name = this.#memberName(namespace, member);
      for (const { start, end, text } of places) {
        this.#edits.push({ start, end, text: inPlaceOf(text, member, name) });
      }
      this.#add(name, label, value, this.source.early.has(namespace));
    }
    return undefined;
  }

  /** The member's own name if the text leaves it free, so that messages and stacks read as written. */
  #memberName(namespace: string, member: string): string {
    const { identifiers, text } = this.source;
    const taken = identifiers.has(member) || this.#variables.some(({ name }) => name === member);
    return taken || reserved.has(member) ? unused(`${namespace}_${member}`, text) : member;
  }

  #lookUp(name: string): { value: unknown } | undefined {
    const found = holderOf(this.closure.scopes, name);
    if (!found || (found.holder === globalThis && isGlobalName(name))) return undefined;
    return { value: (found.holder as Record<string, unknown>)[name] };
  }

  /** `globalThis.name` is fine for what every thread has. */
  #checkGlobals({ name, members, changes }: FreeName): Unfit | undefined {
    if (changes.length > 0) return new Unfit(`changes ${name}; return the value instead`);
    for (const member of members?.keys() ?? []) {
      if (Object.hasOwn(globalThis, member) && !isGlobalName(member)) {
        return new Unfit(
          `uses ${name}.${member}, which a worker's globalThis lacks; use \`${member}\` by itself`,
        );
      }
    }
    return undefined;
  }

  #warn(name: string, value: unknown, changes: readonly Change[], calls: readonly Call[]): void {
    const changing = calls.filter((call) => changesItself(value, call, new Set()));
    for (const { members, method } of [...changes, ...changing]) {
      const isMethod = changing.some((call) => call.method === method);
      const what = changedObject(value, members, method) ?? (isMethod ? "an object" : undefined);
      if (what === undefined) continue;
      const how = method === undefined ? "assigns to" : `calls ${method} on`;
      this.#warnings.push(
        `${how} \`${name}\`, ${what} from outside it: each worker changes its own copy; return the values instead`,
      );
      return;
    }
  }

  #add(name: string, label: string, value: unknown, early: boolean): void {
    this.#variables.push({ name, label, value, early });
  }

  /** What a class extends is not evaluated again, as its variables may be gone: the outcome travels. */
  #superclass(): void {
    const place = this.source.superclass;
    if (!place) return;
    const name = unused("parent", this.source.text);
    this.#edits.push({ ...place, text: name });
    this.#add(name, "extends", Object.getPrototypeOf(this.fn), true);
  }

  /** Neither are the names of its methods; false if one was deleted or replaced since. */
  #computedKeys(): boolean {
    const { prototype } = this.fn as { prototype?: object };
    return this.source.computed.every(({ edit: place, isStatic, text }, i) => {
      const holder = isStatic ? this.fn : prototype!;
      const key = Reflect.ownKeys(holder).find((key) => hasMember(holder, key, text));
      if (key === undefined) return false;
      const name = unused(`key${i}`, this.source.text);
      this.#edits.push({ ...place, text: name });
      this.#add(name, "key", key, true);
      return true;
    });
  }

  #privates(): void {
    for (const { name, edit: place } of this.source.staticPrivates) {
      if (!this.closure.privates.has(name)) continue;
      const variable = unused(name.replace("#", "static_"), this.source.text);
      this.#edits.push({ ...place, text: place.text + variable });
      this.#add(variable, name, this.closure.privates.get(name), true);
    }
  }

  #place(): ReadFunction["place"] {
    const { location } = this.closure;
    const before = this.source.text.slice(0, this.source.anchor).split("\n");
    const line = (location?.line ?? 0) - (before.length - 1);
    const column = before.length > 1 ? 0 : (location?.column ?? 0) - this.source.anchor;
    return { file: this.script?.name ?? "", line, column: Math.max(0, column) };
  }
}

/** Only sloppy functions have `caller`; other kinds of functions don't tell. */
function isStrict(fn: object, text: string): boolean {
  return (
    text.startsWith("function") && !types.isGeneratorFunction(fn) && !Object.hasOwn(fn, "caller")
  );
}

const lostKey =
  "has a member with a computed name that was deleted or replaced since; write the class anew";

function hasMember(holder: object, key: string | symbol, text: string): boolean {
  const property = Object.getOwnPropertyDescriptor(holder, key) as Record<string, unknown>;
  return [property.value, property.get, property.set].some(
    (member) => typeof member === "function" && Function.prototype.toString.call(member) === text,
  );
}

function unfitAssignment(name: string): Unfit {
  return new Unfit(
    `assigns to \`${name}\`, a variable from outside it, which would stay unchanged there; return the value instead`,
  );
}

function isGlobalObject(name: string): boolean {
  return name === "globalThis" || name === "global";
}

/** Modules as compilers hand them to code: read member by member, never as a whole. */
function isNamespace(name: string, value: unknown, members: Members): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (referenceTo(value)) {
    // a function may come from a smaller file than the package's entry; what isn't a function
    // could change while the module runs, so it is read from the module each time
    return Object.hasOwn(value, "__esModule") && [...members.keys()].every(isShared, value);
  }
  if (name === "exports" || types.isModuleNamespaceObject(value)) return true;
  if (!isModule(name, value)) return false;
  return ![...members].some(([member, { called }]) => called && usesThis(value, member));
}

/** True for a member that needs to be called as `module.member(…)`; compilers make getters of those that don't. */
function usesThis(module: object, member: string): boolean {
  const fn: unknown = Object.getOwnPropertyDescriptor(module, member)?.value;
  if (typeof fn !== "function" || referenceTo(fn)) return false;
  return /\bthis\b/.test(Function.prototype.toString.call(fn));
}

/** True for the name of a function that both threads have. */
function isShared(this: object, member: string): boolean {
  const value = (this as Record<string, unknown>)[member];
  return typeof value === "function" && referenceTo(value) !== undefined;
}

function isInterop(name: string): name is keyof typeof interop {
  return Object.hasOwn(interop, name);
}

/** What kind of unshared object a change would touch; undefined if every thread sees the change, or none is made. */
function changedObject(
  value: unknown,
  members: Change["members"],
  method: string | undefined,
): string | undefined {
  let object = value;
  const path = method === undefined ? members.slice(0, -1) : members;
  for (const member of path) {
    if (member === undefined || typeof object !== "object" || object === null) break;
    const property = Object.getOwnPropertyDescriptor(object, member);
    if (!property || !("value" in property)) break;
    object = property.value;
  }
  if (typeof object !== "object" || object === null) {
    return typeof object === "function" && method === undefined ? "a function" : undefined;
  }
  if (ArrayBuffer.isView(object)) {
    return types.isSharedArrayBuffer(object.buffer) ? undefined : "a typed array";
  }
  if (Array.isArray(object)) return "an array";
  if (types.isMap(object)) return method === undefined ? undefined : "a Map";
  if (types.isSet(object)) return method === undefined ? undefined : "a Set";
  return method === undefined || method === "Object.assign" ? "an object" : undefined;
}

/** True for a call of a method of the user's that changes the object it belongs to. */
function changesItself(value: unknown, { members, method }: Call, seen: Set<object>): boolean {
  let object = value;
  for (const member of members) object = dataMember(object, member);
  const fn = dataMember(object, method);
  if (typeof fn !== "function" || seen.has(fn) || referenceTo(fn)) return false;
  const text = Function.prototype.toString.call(fn);
  if (!text.includes("this")) return false;
  seen.add(fn);
  const self = readSource(text)?.self;
  if (!self) return false;
  return (
    self.changes.some((change) => changedObject(object, change.members, change.method)) ||
    self.calls.some((call) => changesItself(object, call, seen))
  );
}

/** A property of an object or of its prototypes; undefined for a getter. */
function dataMember(object: unknown, member: string | undefined): unknown {
  if (member === undefined || types.isProxy(object)) return undefined;
  for (let o = object; typeof o === "object" && o !== null; o = Object.getPrototypeOf(o)) {
    const property = Object.getOwnPropertyDescriptor(o, member);
    if (property) return property.value as unknown;
  }
  return undefined;
}

function unused(name: string, text: string): string {
  let free = name.replace(/[^\w$]/g, "_");
  while (text.includes(free)) free += "$";
  return free;
}

const reserved = new Set(
  "await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield arguments".split(
    " ",
  ),
);

/** As long as what it replaces, so that stack traces keep their columns. */
function inPlaceOf(text: string, member: string, name: string): string {
  const blanks = text.slice(0, -member.length).replace(/[^\n]/g, " ");
  return name === member ? blanks + name : name + blanks.slice(name.length - member.length);
}

/** Applies replacements that don't overlap. */
function edit(text: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return result + text.slice(position);
}
