/**
 * Many small records of numbers, such as `{ phi, xi }` or `[phi, xi]`, on their way to a worker: one
 * array of numbers a field goes out in place of an object each, which costs a fifth to send. Refuses
 * everything else: items must be plain data already, as the courier leaves it.
 */

/** Records by field. */
export interface Columns {
  /** Names of the fields; undefined if the records are arrays. */
  readonly keys: readonly string[] | undefined;
  readonly columns: readonly Float64Array[];
}

/** Fewer records are sent as they are. */
const LEAST = 16;
/** Records with more fields are no small ones. */
const MOST_FIELDS = 32;

/** The records as columns; undefined if they aren't all alike and all of numbers. */
export function toColumns(items: readonly unknown[]): Columns | undefined {
  const first = items[0];
  if (items.length < LEAST || typeof first !== "object" || first === null) return undefined;
  const keys = Object.keys(first);
  if (keys.length === 0 || keys.length > MOST_FIELDS || keys.includes("__proto__"))
    return undefined;
  const columns = keys.map(() => new Float64Array(items.length));
  const list = Array.isArray(first);
  const filled = list ? fillFromLists(items, columns) : fillFromObjects(items, keys, columns);
  return filled ? { keys: list ? undefined : keys, columns } : undefined;
}

function fillFromLists(items: readonly unknown[], columns: readonly Float64Array[]): boolean {
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (!Array.isArray(item) || item.length !== columns.length) return false;
    for (let k = 0; k < columns.length; k++) {
      const value: unknown = item[k];
      if (typeof value !== "number") return false;
      columns[k]![i] = value;
    }
  }
  return true;
}

function fillFromObjects(
  items: readonly unknown[],
  keys: readonly string[],
  columns: readonly Float64Array[],
): boolean {
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item !== "object" || item === null || Array.isArray(item)) return false;
    if (Object.getPrototypeOf(item) !== Object.prototype) return false;
    let k = 0;
    for (const key in item) {
      const value = (item as Record<string, unknown>)[key];
      if (key !== keys[k] || typeof value !== "number") return false;
      columns[k++]![i] = value;
    }
    if (k < keys.length) return false;
  }
  return true;
}

/** The records again. */
export function fromColumns({ keys, columns }: Columns): unknown[] {
  const { length } = columns[0]!;
  const items = new Array<unknown>(length);
  for (let i = 0; i < length; i++) {
    if (keys === undefined) {
      items[i] = columns.map((column) => column[i]);
    } else {
      const item: Record<string, number> = {};
      for (let k = 0; k < keys.length; k++) item[keys[k]!] = columns[k]![i]!;
      items[i] = item;
    }
  }
  return items;
}

/** Whether a chunk's inputs came as columns. */
export function areColumns(inputs: ArrayLike<unknown> | Columns): inputs is Columns {
  return !Array.isArray(inputs) && !ArrayBuffer.isView(inputs);
}
