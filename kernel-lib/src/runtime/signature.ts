/**
 * What a kernel is compiled for: the types of its arguments, read from live values or from a
 * signature such as `"number, float64[,]"`. Values and text come in, the compiler's types go out.
 */
import type { ArrayType, KernelType } from "../compiler/types.js";
import { isDType, type DType } from "../dtype.js";
import { NDArray } from "./ndarray.js";

const kinds = new Map<string, DType>([
  ["Float64Array", "float64"],
  ["Float32Array", "float32"],
  ["Int32Array", "int32"],
  ["Uint32Array", "uint32"],
  ["Int16Array", "int16"],
  ["Uint16Array", "uint16"],
  ["Int8Array", "int8"],
  ["Uint8Array", "uint8"],
]);

/** An object or list with more members than this is data, and belongs into an array. */
const MOST_MEMBERS = 64;

/** The type of an array; undefined for anything else. */
export function arrayType(value: object): ArrayType | undefined {
  if (value instanceof NDArray) {
    const { dtype, shape, contiguous } = value as NDArray;
    if (shape.length < 1 || shape.length > 4) return undefined;
    return { type: "array", dtype, rank: shape.length, contiguous, typed: false };
  }
  if (!ArrayBuffer.isView(value)) return undefined;
  const dtype = kinds.get(Object.prototype.toString.call(value).slice(8, -1));
  return dtype && { type: "array", dtype, rank: 1, contiguous: true, typed: true };
}

/**
 * The type of an argument.
 *
 * @param path how an error names it, such as "argument 2" or "argument 1.mass".
 * @throws TypeError for what a kernel can't take.
 */
export function typeOf(value: unknown, path: string): KernelType {
  if (typeof value === "number") return { type: "number" };
  if (typeof value === "boolean") return { type: "boolean" };
  if (typeof value !== "object" || value === null) throw unfit(value, path);
  const array = arrayType(value);
  if (array) return array;
  if (Array.isArray(value)) {
    if (value.length > MOST_MEMBERS) throw unfit(value, path);
    const members = (value as unknown[]).map((member, i) => typeOf(member, `${path}[${i}]`));
    return { type: "tuple", members };
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) throw unfit(value, path);
  const entries = Object.entries(value);
  if (entries.length > MOST_MEMBERS) throw unfit(value, path);
  return {
    type: "object",
    members: Object.fromEntries(
      entries.map(([name, member]) => [name, typeOf(member, `${path}.${name}`)]),
    ),
  };
}

/** Whether a value has a type; cheaper than asking for its type. */
export function fits(value: unknown, type: KernelType): boolean {
  switch (type.type) {
    case "number":
    case "boolean":
      return typeof value === type.type;
    case "array":
      return fitsArray(value, type);
    case "tuple": {
      if (!Array.isArray(value) || value.length !== type.members.length) return false;
      for (let i = 0; i < value.length; i++) {
        if (!fits(value[i], type.members[i]!)) return false;
      }
      return true;
    }
    case "object": {
      if (typeof value !== "object" || value === null) return false;
      if (Object.getPrototypeOf(value) !== Object.prototype) return false;
      const names = Object.keys(value);
      const known = Object.keys(type.members);
      if (names.length !== known.length) return false;
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        // the order of members is part of the type
        if (name !== known[i]) return false;
        if (!fits((value as Record<string, unknown>)[name], type.members[name]!)) return false;
      }
      return true;
    }
  }
}

function fitsArray(value: unknown, type: ArrayType): boolean {
  if (type.typed) {
    if (!ArrayBuffer.isView(value)) return false;
    const tag = (value as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag];
    return kinds.get(tag ?? "") === type.dtype;
  }
  return (
    value instanceof NDArray &&
    value.dtype === type.dtype &&
    value.shape.length === type.rank &&
    value.contiguous === type.contiguous
  );
}

/** Tells our own type errors from those of a kernel in plain JavaScript. */
export class ArgumentError extends TypeError {
  static {
    this.prototype.name = "TypeError";
  }
}

function unfit(value: unknown, path: string): ArgumentError {
  return new ArgumentError(`${path} is ${described(value)}: ${remedy(value)}`);
}

function described(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length} values`;
  if (value instanceof NDArray) return `an NDArray of ${value.shape.length} axes`;
  if (typeof value === "object") return `a ${value.constructor.name}`;
  return typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
}

function remedy(value: unknown): string {
  switch (typeof value) {
    case "bigint":
      return "give Number(…) of it";
    case "string":
      return "give a number; for a choice, a number or boolean that stands for it";
    case "undefined":
      return "give a number, a boolean or an array, or leave the argument out and give its parameter a default";
    case "function":
      return "use the function inside the kernel by its name, it is captured";
    default:
  }
  if (Array.isArray(value)) return "give array(values) or a Float64Array";
  if (value instanceof NDArray) return "kernels take 1 to 4 axes; reshape it";
  if (ArrayBuffer.isView(value))
    return "give a Float64Array, Int32Array or another with a dtype of hotcell";
  return "give numbers, booleans, arrays, or a plain object of them";
}

/** The text of a type, as in a signature. */
export function typeText(type: KernelType): string {
  switch (type.type) {
    case "number":
    case "boolean":
      return type.type;
    case "tuple":
      return `[${type.members.map(typeText).join(", ")}]`;
    case "object":
      return `{${Object.entries(type.members)
        .map(([name, member]) => `${name}: ${typeText(member)}`)
        .join(", ")}}`;
    case "array": {
      if (type.typed) return arrayName(type.dtype);
      const axes = `${type.dtype}[${",".repeat(type.rank - 1)}]`;
      return type.contiguous ? axes : `${axes} with gaps`;
    }
  }
}

function arrayName(dtype: DType): string {
  return [...kinds].find(([, each]) => each === dtype)![0];
}

/**
 * The types that a signature names, separated by commas: `number`, `boolean`, a typed array by its
 * name (`Float64Array`), an NDArray without gaps by dtype and axes (`float64[]`, `float64[,]`).
 *
 * @throws TypeError naming the part that isn't a type.
 */
export function parseSignature(text: string): readonly KernelType[] {
  const parts = text.trim() === "" ? [] : text.split(/,(?![^[]*\])/);
  return parts.map((part) => {
    const name = part.trim();
    if (name === "number" || name === "boolean") return { type: name };
    const dtype = kinds.get(name);
    if (dtype) return { type: "array", dtype, rank: 1, contiguous: true, typed: true };
    const [, element, axes] = /^(\w+)\s*\[([\s,]*)\]$/.exec(name) ?? [];
    if (element !== undefined && axes !== undefined && isDType(element)) {
      const rank = axes.replaceAll(/\s/g, "").length + 1;
      if (rank <= 4) return { type: "array", dtype: element, rank, contiguous: true, typed: false };
    }
    throw new TypeError(
      `the signature "${text}" has the part "${name}": give number, boolean, Float64Array …, or a dtype with axes such as float64[] or float64[,]`,
    );
  });
}
