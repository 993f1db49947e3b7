/** What a kernel of the zoo is: an ordinary function, its arguments made afresh for each run, and how near the compiled run must come to the plain one. */
import { array, type DType, NDArray, zeros } from "hotcell";

export interface Specimen {
  /** As in "computes …". */
  readonly name: string;
  /** What of the language or the compiler it exercises. */
  readonly shows: string;
  readonly kernel: (...args: never[]) => unknown;
  readonly args: () => readonly unknown[];
  /** Largest difference from the plain run, relative to the largest number of the result; absent: the same bits. */
  readonly tolerance?: number;
}

/** Whether the option `parallel` can make a difference. */
export function isParallel({ kernel }: Specimen): boolean {
  return /\bprange\b/.test(String(kernel));
}

/** One kernel; without a tolerance its compiled run must give the bits of the plain run. */
export function specimen<Args extends readonly unknown[]>(
  name: string,
  shows: string,
  kernel: (...args: Args) => unknown,
  args: () => readonly [...Args],
  tolerance?: number,
): Specimen {
  return { name, shows, kernel, args, ...(tolerance !== undefined && { tolerance }) };
}

/** Sums of n terms in another order: n rounding errors of half an ulp each at most, and rarely a thousandth of that. */
export const REORDERED = 1e-12;
/** Functions of `Math` that are compiled to our own, each within 1 ulp, and V8's within 1: a few of them in a row. */
export const FUNCTIONS = 1e-14;

/** Numbers in (-1, 1) that look random and are the same in every run. */
export function noise(n: number, seed = 1): number[] {
  return Array.from({ length: n }, (_, i) => Math.sin((i + seed) * 12.9898) % 1);
}

export function vector(n: number, seed = 1): NDArray<"float64"> {
  return array(noise(n, seed));
}

export function matrix(rows: number, columns: number, seed = 1): NDArray<"float64"> {
  return vector(rows * columns, seed).reshape(rows, columns);
}

/** Whole numbers from 0 to below `most`. */
export function integers<D extends DType>(n: number, most: number, dtype: D, seed = 1): NDArray<D> {
  const made = zeros([n], dtype);
  for (let i = 0; i < n; i++) made.set(Math.floor(Math.abs(noise(1, seed + i)[0]!) * most), i);
  return made;
}
