/** `jit`: the public way to make a kernel. Checks what it is given; `kernel.ts` does the rest. */
import type { AnyFunction } from "../capture/function-reader.js";
import { addRecipe } from "../capture/recipes.js";
import { checkJitOptions, type JitOptions } from "./kernel-options.js";
import { compileFor, makeKernel, originalOf, type Kernel } from "./kernel.js";
import { inspect } from "node:util";
import { parseSignature } from "./signature.js";

/**
 * Compiles a function for speed: its loops run with SIMD and, where they say `prange`, on all cores.
 *
 * The function is ordinary TypeScript on numbers, booleans, NDArrays, typed arrays, and small tuples and
 * objects of them; it may use variables and functions of this cell and of earlier ones, `Math`,
 * `philox` and `quad`. It is compiled at the first call, for the types of the arguments, and kept on
 * disk. The plain JavaScript run, `kernel.js(…)`, says what it has to compute: differences are
 * confined to the order of sums over a `prange` and to the last bit of functions such as `Math.exp`.
 *
 * Results don't depend on the number of threads. When a variable it refers to changes, the next call
 * uses the new value.
 *
 * @param fn what to compile.
 * @param options `parallel`, `fastMath`, `cache`, `boundsCheck`, `target`.
 * @throws CompileError, at the first call, where the function uses what can't be translated
 * faithfully; it says where, why and what to write instead.
 * @example
 * const norm = jit((v: NDArray) => {
 *   let sum = 0;
 *   for (const i of prange(v.length)) sum += v.at(i) ** 2;
 *   return Math.sqrt(sum);
 * });
 * norm(array([3, 4])); // 5
 */
export function jit<F extends AnyFunction>(fn: F, options?: JitOptions): Kernel<F>;
/**
 * Compiles at once, for a signature such as `"number, float64[,]"`: types separated by commas,
 * `number`, `boolean`, typed arrays by name, NDArrays by dtype and axes.
 */
export function jit<F extends AnyFunction>(
  signature: string,
  fn: F,
  options?: JitOptions,
): Kernel<F>;
export function jit<F extends AnyFunction>(
  first: string | F,
  second?: F | JitOptions,
  third?: JitOptions,
): Kernel<F> {
  const [signature, fn, options] =
    typeof first === "string" ? [first, second, third] : [undefined, first, second];
  if (typeof fn !== "function")
    throw new TypeError(`jit got ${inspect(fn)} as its function: write jit((x: number) => …)`);
  const checked = checkJitOptions(options === undefined ? {} : options);
  const types = signature === undefined ? undefined : parseSignature(signature);
  const kernel = makeKernel(fn, checked);
  if (types && checked.target !== "js") compileFor(kernel, types);
  return kernel;
}

addRecipe((kernel) => {
  const original = originalOf(kernel);
  return original && { maker: jit, args: [original.fn, original.options] };
});
