/**
 * What makes two kernels equal: a compile request comes in, a SHA-256 of all that decides what the
 * compiler makes of it goes out. Two requests of one key may share an artifact; names of variables
 * count, formatting and places don't. Knows nothing of files.
 */
import { createHash } from "node:crypto";
import type { Captured, CompileRequest, SourceFunction } from "../compiler/types.js";
import { normalForm } from "./normal-form.js";

/**
 * The key of a request: hexadecimal, 64 digits.
 *
 * @param version of the compiler that would serve it.
 */
export function cacheKey(request: CompileRequest, version: string): string {
  return hash(describe(request, version, normalForm));
}

/** A key that comments and formatting do change. It needs no parser, and equal texts have equal normal forms. */
export function textKey(request: CompileRequest, version: string): string {
  return hash(describe(request, version, (text) => text));
}

/** SHA-256 as hexadecimal digits. */
export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function describe(
  { kernel, args, options }: CompileRequest,
  version: string,
  form: (text: string) => string,
): string {
  const numbers = new Map<SourceFunction, number>();
  // each function once, in the order of first mention, so that a recursion ends
  const functions: unknown[] = [];

  function numberOf(source: SourceFunction): number {
    const known = numbers.get(source);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(source, number);
    const captured = Object.entries(source.captured).map(([name, value]) => [
      name,
      describeValue(value),
    ]);
    functions[number] = [source.name, form(source.text), captured];
    return number;
  }

  function describeValue(value: Captured): unknown {
    switch (value.is) {
      case "number":
        // JSON writes NaN and infinities as null and -0 as 0
        return ["number", Object.is(value.value, -0) ? "-0" : String(value.value)];
      case "boolean":
        return [value.is, value.value];
      case "array":
        return [value.is, value.index, ordered(value.array)];
      case "tuple":
        return [value.is, value.members.map(describeValue)];
      case "object":
        return [
          value.is,
          Object.entries(value.members).map(([name, member]) => [name, describeValue(member)]),
        ];
      case "function":
        return [value.is, numberOf(value.source)];
      case "intrinsic":
        return [value.is, value.name];
      case "unsupported":
        return [value.is, value.what];
    }
  }

  numberOf(kernel);
  return JSON.stringify([version, functions, ordered(args), ordered(options)]);
}

/** Plain data with the keys of every object sorted, except those of a type's members, whose order a result keeps. */
function ordered(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === "members" && !Array.isArray(inner)
      ? Object.entries(inner as object).map(([name, member]) => [name, ordered(member)])
      : ordered(inner),
  ]);
  return entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
