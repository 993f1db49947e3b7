/**
 * Many alike records of numbers, such as `{ phi, xi }` or lines of a map, on their way between
 * threads: one array of all the numbers goes out in place of an object each, which costs a fifth to
 * send. Refuses everything else: items must be plain data already, as the courier leaves it.
 */

/** Records, one after the other. */
export interface Table {
  /** Names of the fields; undefined if the records are arrays. */
  readonly keys: readonly string[] | undefined;
  /** Numbers of a record. */
  readonly width: number;
  readonly values: Float64Array;
}

/** Fewer numbers are sent as they are. */
const LEAST = 32;
/** An object with more fields is no record. */
const MOST_FIELDS = 32;

/** The records as a table; undefined if they aren't all alike and all of numbers. */
export function toTable(items: readonly unknown[]): Table | undefined {
  const first = items[0];
  if (typeof first !== "object" || first === null) return undefined;
  if (Array.isArray(first)) {
    const width = first.length;
    if (width * items.length < LEAST || typeof first[0] !== "number") return undefined;
    const values = new Float64Array(width * items.length);
    return fillFromLists(items, width, values) ? { keys: undefined, width, values } : undefined;
  }
  const keys = Object.keys(first);
  const width = keys.length;
  if (width * items.length < LEAST || width > MOST_FIELDS || keys.includes("__proto__"))
    return undefined;
  const values = new Float64Array(width * items.length);
  return fillFromObjects(items, keys, values) ? { keys, width, values } : undefined;
}

function fillFromLists(items: readonly unknown[], width: number, values: Float64Array): boolean {
  let at = 0;
  for (const item of items) {
    if (!Array.isArray(item) || item.length !== width) return false;
    for (let k = 0; k < width; k++) {
      const value: unknown = item[k];
      if (typeof value !== "number") return false;
      values[at++] = value;
    }
  }
  return true;
}

function fillFromObjects(
  items: readonly unknown[],
  keys: readonly string[],
  values: Float64Array,
): boolean {
  let at = 0;
  for (const item of items) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return false;
    if (Object.getPrototypeOf(item) !== Object.prototype) return false;
    let k = 0;
    for (const key in item) {
      const value = (item as Record<string, unknown>)[key];
      if (key !== keys[k++] || typeof value !== "number") return false;
      values[at++] = value;
    }
    if (k < keys.length) return false;
  }
  return true;
}

/** The records again. */
export function fromTable({ keys, width, values }: Table): unknown[] {
  const items: unknown[] = [];
  for (let at = 0; at < values.length; at += width) {
    if (keys === undefined) {
      const list: number[] = [];
      for (let k = 0; k < width; k++) list.push(values[at + k]!);
      items.push(list);
    } else {
      const item: Record<string, number> = {};
      for (let k = 0; k < width; k++) item[keys[k]!] = values[at + k]!;
      items.push(item);
    }
  }
  return items;
}

/** Whether items came as a table. */
export function isTable(items: ArrayLike<unknown> | Table): items is Table {
  return !Array.isArray(items) && !ArrayBuffer.isView(items);
}
