/**
 * A stricter `deepStrictEqual`: also prototypes, property flags, holes, extensibility, and that two
 * paths lead to one object on one side exactly where they do on the other.
 */
import assert from "node:assert/strict";
import { types } from "node:util";

export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected);
  walk(actual, expected, new Map(), new Map(), "value");
}

function walk(
  actual: unknown,
  expected: unknown,
  there: Map<unknown, unknown>,
  here: Map<unknown, unknown>,
  path: string,
): void {
  if (typeof expected !== "object" || expected === null) {
    assert.ok(Object.is(actual, expected), `${path}: ${String(actual)} is not ${String(expected)}`);
    return;
  }
  assert.ok(typeof actual === "object" && actual !== null, `${path} is an object`);
  if (there.has(actual) || here.has(expected)) {
    assert.ok(there.get(actual) === expected, `${path}: another object by another path`);
    assert.ok(here.get(expected) === actual, `${path}: another object by another path`);
    return;
  }
  there.set(actual, expected);
  here.set(expected, actual);
  assert.equal(
    Object.getPrototypeOf(actual),
    Object.getPrototypeOf(expected),
    `${path}: prototype`,
  );
  assert.equal(Object.isFrozen(actual), Object.isFrozen(expected), `${path}: frozen`);
  assert.equal(Object.isExtensible(actual), Object.isExtensible(expected), `${path}: extensible`);
  assert.deepStrictEqual(Reflect.ownKeys(actual), Reflect.ownKeys(expected), `${path}: keys`);
  if (types.isMap(expected)) {
    const entries = [...expected];
    [...(actual as Map<unknown, unknown>)].forEach(([key, value], i) => {
      walk(key, entries[i]![0], there, here, `${path} (key ${i})`);
      walk(value, entries[i]![1], there, here, `${path} (value ${i})`);
    });
  }
  if (types.isSet(expected)) {
    const items = [...expected];
    [...(actual as Set<unknown>)].forEach((item, i) => {
      walk(item, items[i], there, here, `${path} (item ${i})`);
    });
  }
  if (types.isNativeError(expected)) assert.equal((actual as Error).stack, expected.stack);
  for (const key of Reflect.ownKeys(expected)) {
    const step = `${path}.${String(key)}`;
    const { value: a, ...flagsA } = propertyOf(actual, key);
    const { value: b, ...flagsB } = propertyOf(expected, key);
    assert.deepEqual(flagsA, flagsB, step);
    walk(a, b, there, here, step);
  }
}

function propertyOf(object: object, key: string | symbol): { value?: unknown } {
  return Object.getOwnPropertyDescriptor(object, key) as { value?: unknown };
}
