/**
 * What can't travel between threads, as data: how to recognise it, what to call it, what to do
 * instead. Order matters: the first entry that recognises a value names it.
 */
import { types } from "node:util";

export interface Refusal {
  readonly what: string;
  readonly remedy: string;
}

interface Entry extends Refusal {
  readonly matches: (value: object) => boolean;
}

const inside = "build it inside the function";

const entries: readonly Entry[] = [
  { matches: types.isProxy, what: "a Proxy", remedy: "send the object behind it" },
  { matches: types.isWeakMap, what: "a WeakMap", remedy: inside },
  { matches: types.isWeakSet, what: "a WeakSet", remedy: inside },
  { matches: hasTag("WeakRef"), what: "a WeakRef", remedy: "send the object it refers to" },
  { matches: hasTag("FinalizationRegistry"), what: "a FinalizationRegistry", remedy: inside },
  { matches: types.isPromise, what: "a Promise", remedy: "await it first" },
  {
    matches: types.isGeneratorObject,
    what: "a running generator",
    remedy: "send the generator function, or the values as an array",
  },
  { matches: isIterator, what: "an iterator", remedy: "send the values as an array" },
  { matches: types.isArgumentsObject, what: "an arguments object", remedy: "send [...arguments]" },
  { matches: types.isExternal, what: "a handle of native code", remedy: inside },
  { matches: hasTag("MessagePort"), what: "a MessagePort", remedy: "send data instead" },
];

/** Why an object can't travel whatever it holds; undefined if nothing speaks against it. */
export function refusalOf(value: object): Refusal | undefined {
  return entries.find(({ matches }) => matches(value));
}

/** Instances of classes whose state is out of reach of JavaScript. */
export function hiddenState(className: string): Refusal {
  const article = /^([aeio]|u(?!rl))/i.test(className) ? "an" : "a";
  return { what: `${article} ${className}`, remedy: inside };
}

export const refusals = {
  privateInstance: (name: string): Refusal => ({
    what: `an instance of ${name}, which has #private members,`,
    remedy: "make it inside the function, or send the data it is made from",
  }),
  boundFunction: { what: "a bound function", remedy: "send an arrow function that makes the call" },
  nativeFunction: {
    what: "a native function that no global name leads to",
    remedy: "call it inside an arrow function",
  },
  internalFunction: {
    what: "a function inside Node that no module exports",
    remedy: "get it inside the function",
  },
  privateMember: {
    what: "a method that uses #private members or super()",
    remedy: "send its class and call the method inside the function",
  },
  importMeta: {
    what: "a function that uses import.meta",
    remedy: "put what it needs of import.meta into a variable",
  },
  homelessSuper: {
    what: "a method that uses super, without its object,",
    remedy: "send the object or class it belongs to",
  },
} satisfies Record<string, Refusal | ((name: string) => Refusal)>;

function hasTag(tag: string): (value: object) => boolean {
  return (value) => Object.prototype.toString.call(value) === `[object ${tag}]`;
}

const iteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
) as object;

function isIterator(value: object): boolean {
  return (
    iteratorPrototype !== value &&
    Object.prototype.isPrototypeOf.call(iteratorPrototype, value) &&
    /Iterator/.test(Object.prototype.toString.call(value))
  );
}
