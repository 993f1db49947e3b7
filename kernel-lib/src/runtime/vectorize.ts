/**
 * `vectorize`: a function of numbers becomes one of arrays, with NumPy's broadcasting. Writes the
 * loop around the function, one for each kind of arguments, and lets `jit` compile it.
 */
import { inspect } from "node:util";
import type { AnyFunction } from "../capture/function-reader.js";
import { addRecipe } from "../capture/recipes.js";
import { zeros } from "./arrays.js";
import { jit } from "./jit.js";
import { checkJitOptions, type JitOptions } from "./kernel-options.js";
import { NDArray } from "./ndarray.js";
import { prange } from "./prange.js";
import { arrayType, typeOf, typeText } from "./signature.js";
import type { TypedArray } from "./array-work.js";

/** What a vectorized function takes: a number, or many. */
export type NumberOrArray = number | NDArray | TypedArray;

/** The result: an array if one of the arguments is an array. */
export type Vectorized<A extends readonly unknown[]> =
  Extract<A[number], object> extends never ? number : NDArray<"float64">;

/** A function of numbers, as `vectorize` makes it. */
export type VectorizedFunction<P extends readonly number[]> = <
  A extends { readonly [K in keyof P]: NumberOrArray },
>(
  ...args: A
) => Vectorized<A>;

/** An array as the loops see it: element [i, j, …] is `data[offset + i * strides[0] + …]`. */
interface Operand {
  readonly data: NDArray["data"];
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

const originals = new WeakMap<AnyFunction, readonly [AnyFunction, JitOptions]>();

/**
 * Makes a function of numbers one of arrays too: it is computed for each element, compiled, with
 * SIMD and on all cores.
 *
 * Arguments may be numbers, NDArrays and typed arrays. Their shapes are broadcast as NumPy does: they
 * are aligned at the last axis, and an axis of length 1, or a missing one, is repeated. The result is
 * a new float64 NDArray of the common shape, or a number if all arguments are numbers.
 *
 * @param fn a function of numbers that returns a number (`true` counts as 1); it may use what
 * kernels may use.
 * @param options those of `jit`.
 * @throws RangeError if the shapes don't fit together; CompileError as `jit` does.
 * @example
 * const gauss = vectorize((x: number, sigma: number) => Math.exp(-((x / sigma) ** 2) / 2));
 * gauss(linspace(-3, 3, 1000), 1);                     // 1000 numbers
 * gauss(linspace(-3, 3, 1000), array([[1], [2]]));     // 2 rows of 1000
 */
export function vectorize<P extends number[]>(
  fn: (...args: P) => number | boolean,
  options: JitOptions = {},
): VectorizedFunction<P> {
  if (typeof fn !== "function")
    throw new TypeError(
      `vectorize got ${inspect(fn)} as its function: write vectorize((x: number) => …)`,
    );
  checkJitOptions(options);
  const scalar = jit(fn, options) as AnyFunction;
  const loops = new Map<string, AnyFunction>();
  const loopFor = (kinds: string, write: () => string): AnyFunction => {
    let loop = loops.get(kinds);
    if (!loop) loops.set(kinds, (loop = jit(written(fn, write()), options) as AnyFunction));
    return loop;
  };
  const vectorized = (...args: unknown[]): unknown => {
    const operands = args.map(operandOf);
    const arrays = operands.filter((each) => each !== undefined);
    if (arrays.length === 0) return Number(scalar(...(args as never[])));
    const shape = broadcast(arrays);
    const out = zeros(shape);
    if (out.size === 0) return out;
    const passed: unknown[] = [out.data, shape];
    const kinds = operands.map((operand, i) => {
      if (!operand) {
        passed.push(args[i]);
        return "number";
      }
      if (isDense(operand, shape)) {
        passed.push(operand.data.subarray(operand.offset, operand.offset + out.size));
        return "dense";
      }
      passed.push([operand.data, operand.offset, stridesIn(operand, shape)]);
      return "strided";
    });
    const loop = loopFor(`${kinds.join()} ${shape.length}`, () => loopText(kinds, shape.length));
    loop(...(passed as never[]));
    return out;
  };
  Object.defineProperty(vectorized, "name", { value: fn.name });
  originals.set(vectorized, [fn, options]);
  return vectorized as VectorizedFunction<P>;
}

addRecipe((fn) => {
  const args = originals.get(fn);
  return args && { maker: vectorize, args };
});

/** Undefined for a number. */
function operandOf(value: unknown, i: number): Operand | undefined {
  if (typeof value === "number") return undefined;
  if (value instanceof NDArray) {
    const { data, shape, strides, offset } = value as NDArray;
    return { data, shape, strides, offset };
  }
  const path = `argument ${i + 1}`;
  const array = typeof value === "object" && value !== null && arrayType(value);
  if (!array) {
    const type = typeText(typeOf(value, path));
    throw new TypeError(`${path} is of type ${type}: give a number, an NDArray or a typed array`);
  }
  const data = value as NDArray["data"];
  return { data, shape: [data.length], strides: [1], offset: 0 };
}

/** The shape that all arrays have when axes of length 1 and missing ones are repeated. */
function broadcast(arrays: readonly Operand[]): readonly number[] {
  const rank = Math.max(...arrays.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = arrays.map(({ shape }) => shape[axis - rank + shape.length] ?? 1);
    const common = lengths.find((length) => length !== 1) ?? 1;
    if (lengths.some((length) => length !== 1 && length !== common)) {
      const shapes = arrays.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
      throw new RangeError(
        `arrays of the shapes ${shapes} don't fit together: counted from the last, their axes ` +
          "must be equally long, or of length 1",
      );
    }
    return common;
  });
}

/** Whether its elements stand in the order of the result's. */
function isDense({ shape, strides }: Operand, common: readonly number[]): boolean {
  let step = 1;
  for (let axis = common.length - 1; axis >= 0; axis--) {
    const length = common[axis]!;
    const own = axis - common.length + shape.length;
    if (length !== 1 && (shape[own] !== length || strides[own] !== step)) return false;
    step *= length;
  }
  return true;
}

/** Strides in the common shape; 0 where an axis is repeated. */
function stridesIn({ shape, strides }: Operand, common: readonly number[]): readonly number[] {
  return common.map((_, axis) => {
    const own = axis - common.length + shape.length;
    return (shape[own] ?? 1) === 1 ? 0 : strides[own]!;
  });
}

/**
 * The text of a loop over all elements of the result, whose indices come from the element's number.
 * Arguments: the result, its shape, then as `kinds` says.
 */
function loopText(kinds: readonly string[], rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const needsIndices = kinds.includes("strided");
  // i0, i1 … from the last to the first; q0 … are the numbers of what is left
  const indices = [...axes].reverse().map((axis) => {
    const left = axis === rank - 1 ? "p" : `q${axis + 1}`;
    if (axis === 0) return `const i0 = ${left};`;
    return `const q${axis} = Math.floor(${left} / shape[${axis}]);
    const i${axis} = ${left} - q${axis} * shape[${axis}];`;
  });
  const values = kinds.map((kind, k) => {
    if (kind === "number") return `a${k}`;
    if (kind === "dense") return `a${k}[p]`;
    const place = axes.map((axis) => `i${axis} * a${k}[2][${axis}]`);
    return `a${k}[0][${[`a${k}[1]`, ...place].join(" + ")}]`;
  });
  return `(out, shape, ${kinds.map((_, k) => `a${k}`).join(", ")}) => {
  for (const p of prange(out.length)) {
    ${needsIndices ? indices.join("\n    ") : ""}
    out[p] = Number(fn(${values.join(", ")}));
  }
}`;
}

/** A function of this text that sees `fn`, and goes by its name. */
function written(fn: AnyFunction, text: string): (...args: unknown[]) => void {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function("fn", "prange", `return ${text}`) as (
    fn: AnyFunction,
    range: typeof prange,
  ) => (...args: unknown[]) => void;
  return Object.defineProperty(make(fn, prange), "name", { value: fn.name });
}
