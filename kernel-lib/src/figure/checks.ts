/**
 * Readers for JSON that may come from a hostile notebook: each takes a value and its place, and
 * returns it typed or throws a FigureError that names the place. They know no figure.
 */
import { FigureError } from "../errors.js";

/** The longest title, label or name that a figure carries, in UTF-16 code units. */
const MAX_TEXT = 200;

/**
 * A JSON object with exactly the given keys. Those in `newer` may be missing: payloads that were saved
 * before there were such keys have none.
 */
export function checkRecord<K extends string, N extends string = never>(
  value: unknown,
  place: string,
  keys: readonly K[],
  newer: readonly N[] = [],
): Record<K, unknown> & Partial<Record<N, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FigureError(`${place} is not an object`);
  }
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw new FigureError(`${place}.${missing} is missing`);
  const known = newer.filter((key) => Object.hasOwn(value, key)).length + keys.length;
  if (Object.keys(value).length !== known) {
    const all = [...keys, ...newer].join(", ");
    throw new FigureError(`${place} has unknown properties; it may only have ${all}`);
  }
  return value as Record<K, unknown> & Partial<Record<N, unknown>>;
}

/** A short text; control characters other than the plain ones of a line are refused. */
export function checkText(value: unknown, place: string): string {
  if (typeof value !== "string") throw new FigureError(`${place} is not a text`);
  if (value.length > MAX_TEXT) {
    throw new FigureError(`${place} has ${value.length} characters, at most ${MAX_TEXT} fit`);
  }
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) {
    throw new FigureError(`${place} has a control character`);
  }
  return value;
}

/** A finite number within the bounds, both included. */
export function checkNumber(
  value: unknown,
  place: string,
  min = -Number.MAX_VALUE,
  max = Number.MAX_VALUE,
): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new FigureError(`${place} is not a finite number`);
  }
  if (value < min || value > max) {
    throw new FigureError(`${place} is ${value}, outside of [${min}, ${max}]`);
  }
  return value;
}

/** An integer within the bounds, both included. */
export function checkInteger(value: unknown, place: string, min: number, max: number): number {
  const checked = checkNumber(value, place, min, max);
  if (!Number.isInteger(checked)) throw new FigureError(`${place} is not an integer`);
  return checked;
}

/** One of the given words. */
export function checkWord<W extends string>(value: unknown, place: string, words: readonly W[]): W {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new FigureError(`${place} is none of ${words.join(", ")}`);
  return word;
}

/** A list of at most `max` elements. */
export function checkList(value: unknown, place: string, min: number, max: number): unknown[] {
  if (!Array.isArray(value)) throw new FigureError(`${place} is not a list`);
  if (value.length < min || value.length > max) {
    throw new FigureError(`${place} has ${value.length} elements, it must have ${min} to ${max}`);
  }
  return value as unknown[];
}
