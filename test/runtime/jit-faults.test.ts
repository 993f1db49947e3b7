import assert from "node:assert/strict";
import { jit, type NDArray, philox, prange, zeros } from "hotcell";

/** Line numbers of this very file in a stack. */
function linesOf(error: unknown): number[] {
  const stack = (error as Error).stack ?? "";
  return [...stack.matchAll(/jit-faults\.test\.ts:(\d+)/g)].map(([, line]) => Number(line));
}

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  assert.fail("nothing was thrown");
}

describe("a failing kernel", () => {
  const look = jit((table: NDArray, i: number) => table.at(i));

  it("names the array, the index and the length, and the lines of kernel and call", () => {
    const error = caught(() => look(zeros(3), 3));
    assert.ok(error instanceof RangeError);
    assert.equal(
      error.message,
      "the kernel: index 3 is outside of `table`, whose axis 0 has the length 3",
    );
    const [inKernel, call] = linesOf(error);
    const here = linesOf(new Error())[0]!;
    assert.ok(inKernel! < here && call! < here && inKernel! < call!, error.stack);
    assert.match(caught(() => look(zeros(3), 0.5)).message, /isn't a whole number/);
  });

  it("goes by its name", () => {
    const named = jit(function trace(a: NDArray) {
      return a.at(-1);
    });
    assert.match(caught(() => named(zeros(3))).message, /^kernel 'trace': index -1/);
  });

  it("works on in the next call", () => {
    caught(() => look(zeros(3), 3));
    assert.equal(look(zeros(3), 2), 0);
  });

  it("fails with the lowest turn of a parallel loop", () => {
    const late = jit((a: NDArray) => {
      for (const i of prange(100_000)) a.set(1, i);
      return 0;
    });
    assert.match(caught(() => late(zeros(60_000))).message, /index 60000 is outside/);
  });

  it("throws what the function throws, with class and message", () => {
    const root = jit((x: number) => {
      if (x < 0) throw new TypeError("x must not be negative");
      return Math.sqrt(x);
    });
    const error = caught(() => root(-1));
    assert.ok(error instanceof TypeError);
    assert.equal(error.message, "x must not be negative");
    assert.equal(root(4), 2);
  });

  it("refuses lengths and seeds that make no sense", () => {
    const make = jit((n: number) => zeros(n));
    assert.match(caught(() => make(-1)).message, /can't have the length -1/);
    const draw = jit((seed: number) => philox(seed, 0).uniform());
    assert.match(caught(() => draw(0.5)).message, /philox got 0.5/);
  });

  it("fails at memory that can't be had, and works on", () => {
    const make = jit((n: number) => zeros(n));
    assert.throws(() => make(1e12), RangeError);
    assert.deepEqual(make(2).shape, [2]);
  });
});

describe("arguments that a kernel can't take", () => {
  const same = jit((x: unknown) => (x as number) + 1);
  const refused: readonly (readonly [unknown, RegExp])[] = [
    ["a", /^argument 1 is a string: give a number/],
    [null, /^argument 1 is null/],
    [10n, /^argument 1 is a bigint: give Number/],
    [undefined, /^argument 1 is undefined/],
    [() => 1, /^argument 1 is a function: use the function/],
    [new Array<number>(65).fill(0), /^argument 1 is a list of 65 values: give array/],
    [new Map(), /^argument 1 is a Map/],
    [new BigInt64Array(1), /^argument 1 is a BigInt64Array/],
    [zeros([1, 1, 1, 1, 1]), /^argument 1 is an NDArray of 5 axes/],
    [{ at: [1, "a"] }, /^argument 1\.at\[1\] is a string/],
  ];
  for (const [value, message] of refused) {
    it(`are refused: ${String(message).slice(2, -1)}`, () => {
      const error = caught(() => same(value));
      assert.equal(error.name, "TypeError");
      assert.match(error.message, message);
      assert.ok(linesOf(error).length > 0, error.stack);
    });
  }

  it("are counted from 1", () => {
    const sum = jit((a: number, b: unknown) => a + (b as number));
    assert.match(caught(() => sum(1, "b")).message, /^argument 2 is a string/);
  });
});

describe("jit", () => {
  it("refuses what isn't a function", () => {
    assert.throws(() => jit(5 as never), /^TypeError: jit got 5 as its function/);
    assert.throws(() => jit("number", 5 as never), TypeError);
  });

  it("refuses options that it hasn't, and values that they can't have", () => {
    const fn = (x: number): number => x;
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ fastmath: true }, /no option 'fastmath'/],
      [{ parallel: 2 }, /parallel is 2: give true or false/],
      [{ target: "gpu" }, /target is 'gpu'/],
      [null, /got null as its options/],
    ];
    for (const [options, message] of refused) {
      assert.throws(() => jit(fn, options as never), message);
    }
  });

  it("refuses signatures that it can't read, and says which part", () => {
    for (const [text, part] of [
      ["number, string", "string"],
      ["float65[]", "float65[]"],
      ["float64[,,,,]", "float64[,,,,]"],
      ["number,", ""],
    ] as const) {
      assert.throws(
        () => jit(text, (x: number) => x),
        (error: Error) => error instanceof TypeError && error.message.includes(`"${part}"`),
      );
    }
  });

  it("says what to do instead of printing", () => {
    const loud = jit((x: number) => {
      console.log(x);
      return x;
    });
    assert.throws(() => loud(1), {
      name: "CompileError",
      message: /prints with console\.log[^]*return the value and print it outside/,
    });
  });

  it("fails for a signature at once when the function can't be compiled", () => {
    assert.throws(() => jit("number", (x: number) => [x].map((each) => `${each}`)), {
      name: "CompileError",
    });
  });
});
