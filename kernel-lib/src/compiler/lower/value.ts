/**
 * What an expression of the kernel stands for while it is lowered: IR for what exists at run time,
 * plain data for what is known at compile time. Emits nothing.
 */
import type * as es from "acorn";
import { f64 } from "../build.js";
import type { ArrayLocal, Expr, Local } from "../ir.js";
import type { FunctionNode } from "../parse.js";
import type { Scope } from "./scope.js";
import type { Unit } from "./unit.js";

/** A number or boolean; with a local if it is a variable, an element of a tuple or a member. */
export interface Scalar {
  readonly is: "number" | "boolean";
  readonly expr: Expr;
  readonly local?: Local;
  /** The variable was declared without a value, so it may be undefined. */
  readonly unset?: boolean;
}

/** An array, or a part of one with some axes fixed. */
export interface ArrayValue {
  readonly is: "array";
  readonly array: ArrayLocal;
  /** As the user calls it. */
  readonly name: string;
  /** For each axis of `array` its index where `slice` took one, else undefined. */
  readonly fixed: readonly (Expr | undefined)[];
}

/** A tuple or object: a tree of values, changed in place as JavaScript does. */
export class Aggregate {
  /** A variable, parameter or member refers to it. */
  bound = false;
  /** A variable may have been given its members in place of itself. */
  copied = false;
  /** A member of it was assigned to. */
  written = false;
  /** The call in which it was given variables. */
  home: object | undefined;

  constructor(
    readonly is: "tuple" | "object",
    readonly members: Map<string, Value>,
  ) {}
}

/** A function that is inlined where it is called. */
export interface Closure {
  readonly is: "function";
  readonly name: string;
  readonly node: FunctionNode | es.FunctionDeclaration;
  readonly scope: Scope<Value>;
  /** The text it stands in. */
  readonly unit: Unit;
}

/** Random numbers of one stream; what its variables are is known to intrinsics/philox alone. */
export interface GeneratorValue {
  readonly is: "generator";
  readonly generator: { readonly members: readonly Local[] };
}

/** The function that a `quad` integrates; see intrinsics/quad. */
export interface IntegrandValue {
  readonly is: "integrand";
  readonly of: Closure | Extract<Value, { is: "intrinsic" }>;
  /** A value of it, once there has been one. */
  example: Scalar | Aggregate | undefined;
}

/** A member of something captured that is no error as long as nobody uses it. */
export interface Unsupported {
  readonly is: "unsupported";
  readonly name: string;
  readonly what: string;
  /** A result may lack it: it is for people, such as quad's `reason`. */
  readonly spared?: true;
}

export type Value =
  | Scalar
  | ArrayValue
  | Aggregate
  | Closure
  | GeneratorValue
  | IntegrandValue
  | { readonly is: "intrinsic"; readonly name: string }
  | { readonly is: "method"; readonly of: Value; readonly name: string }
  | { readonly is: "string"; readonly value: string }
  | Unsupported
  | { readonly is: "undefined" }
  | { readonly is: "null" };

export const nothing: Value = { is: "undefined" };

export function number(expr: Expr): Scalar {
  return { is: "number", expr };
}

export function boolean(expr: Expr): Scalar {
  return { is: "boolean", expr };
}

export function constant(value: number): Scalar {
  return number(f64(value));
}

export function tuple(members: readonly Value[]): Aggregate {
  return new Aggregate("tuple", new Map(members.map((member, i) => [String(i), member])));
}

export function object(members: Iterable<readonly [string, Value]>): Aggregate {
  return new Aggregate("object", new Map(members));
}

export function whole(array: ArrayLocal, name = array.name): ArrayValue {
  return { is: "array", array, name, fixed: array.shape.map(() => undefined) };
}

export function isScalar(value: Value): value is Scalar {
  return value.is === "number" || value.is === "boolean";
}

/** The number or boolean if it is known at compile time. */
export function known(value: Value): number | undefined {
  return isScalar(value) ? knownNumber(value.expr) : undefined;
}

export function knownNumber(expr: Expr): number | undefined {
  return expr.op === "const" && typeof expr.value === "number" ? expr.value : undefined;
}

/** Number of axes that are left. */
export function rankOf({ fixed }: ArrayValue): number {
  return fixed.filter((index) => index === undefined).length;
}

/** Its type as a user would say it, for messages. */
export function describe(value: Value): string {
  switch (value.is) {
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    case "array":
      return value.array.array.typed
        ? `a typed array (${value.array.array.dtype})`
        : `an array of ${rankOf(value)} axes (${value.array.array.dtype})`;
    case "tuple":
      return `a list of ${value.members.size}`;
    case "object":
      return `an object { ${[...value.members.keys()].join(", ")} }`;
    case "function":
    case "intrinsic":
    case "method":
      return `the function ${value.name}`;
    case "generator":
      return "a random generator";
    case "integrand":
      return "an integrand";
    case "string":
      return `the string ${JSON.stringify(value.value)}`;
    case "unsupported":
      return value.what;
    case "undefined":
    case "null":
      return value.is;
  }
}
