/**
 * The functions that a kernel may call because the compiler knows them, by identity: whatever name
 * they go by in a cell, and never a function of the user's that happens to have such a name.
 */

const table = new Map<unknown, string>();

/** Makes a function of hotcell's known to kernels. Called where the function is defined. */
export function intrinsic<F>(name: string, fn: F): F {
  table.set(fn, name);
  return fn;
}

/** What kernels may call, with the compiler's names: `Math.sin`, `Float64Array`, `prange` … */
export function intrinsics(): ReadonlyMap<unknown, string> {
  return table;
}

const language: Readonly<Record<string, object>> = { Math, Number, Array };

for (const [name, holder] of Object.entries(language)) {
  for (const key of Object.getOwnPropertyNames(holder)) {
    const member: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
    if (typeof member === "function" && key !== "prototype") intrinsic(`${name}.${key}`, member);
  }
}

for (const fn of [Number, Boolean, Array, Error, TypeError, RangeError, isNaN, isFinite]) {
  intrinsic(fn.name, fn);
}
for (const kind of [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
]) {
  intrinsic(kind.name, kind);
}
