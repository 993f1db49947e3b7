/** What tests of inner loops ask a kernel: why its loops aren't vectorised, and whether it does what the plain function does. */
import assert from "node:assert/strict";
import { jit } from "hotcell";
import type { AnyKernel } from "./source.js";

type Kernel = ReturnType<typeof jit>;

/** Why each loop isn't vectorised; undefined where it is. */
export function reasons(kernel: Kernel): readonly (string | undefined)[] {
  return kernel
    .diagnostics()
    .map(({ vectorised }) => (vectorised.yes ? undefined : vectorised.why));
}

function numbers(args: readonly unknown[]): readonly (readonly number[])[] {
  return args.map((each) => (typeof each === "number" ? [each] : [...(each as Iterable<number>)]));
}

/** The compiled kernel leaves what the plain one does, bit by bit, for arguments of many lengths. */
export function expectSame(fn: AnyKernel, args: (n: number) => readonly unknown[]): Kernel {
  const kernel = jit(fn, { cache: false });
  for (const n of [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 100]) {
    const [ours, theirs] = [args(n), args(n)];
    const [found, expected] = [kernel(...(ours as never[])), fn(...theirs)];
    assert.deepEqual(found, expected);
    assert.deepEqual(numbers(ours), numbers(theirs), `for n = ${n}`);
  }
  return kernel;
}
