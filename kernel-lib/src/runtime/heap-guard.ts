/**
 * Refuses, in a worker, the two calls by which one line of a mapped function could end the whole
 * process: V8 fills arrays longer than it can hold in one piece from native code that nothing
 * interrupts, until it aborts.
 */

/** V8's longest array backed by one block (`FixedArray::kMaxLength` on 64 bits). */
const longest = 2 ** 27 - 3;

/** Installs the guards in this thread. */
export function guardHeap(): void {
  const { fill } = Array.prototype as { fill: (...args: unknown[]) => unknown };
  const { from } = Array as { from: (...args: unknown[]) => unknown };
  replace(Array.prototype, "fill", function (this: ArrayLike<unknown>, ...args) {
    if (this.length > longest) throw tooLong(this.length);
    return Reflect.apply(fill, this, args);
  });
  replace(Array, "from", function (...args) {
    const { length } = Object(args[0]) as { length?: unknown };
    if (typeof length === "number" && length > longest) throw tooLong(length);
    return Reflect.apply(from, this, args);
  });
}

function replace(
  holder: object,
  name: string,
  value: (this: ArrayLike<unknown>, ...args: unknown[]) => unknown,
): void {
  Object.defineProperty(value, "name", { value: name });
  Object.defineProperty(holder, name, { value, writable: true, configurable: true });
}

function tooLong(length: number): RangeError {
  return new RangeError(
    `an array of ${length} elements is more than a JavaScript array can hold in memory ` +
      `(${longest}): use a typed array or zeros(n)`,
  );
}
