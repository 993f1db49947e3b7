import assert from "node:assert/strict";
import { array, arange, jit, type NDArray, prange, shared, zeros } from "hotcell";

/** Two functions that differ only in a number are two texts, but in one cache. */
describe("a kernel's values", () => {
  it("are numbers and booleans", () => {
    const hypot = jit((x: number, y: number) => Math.sqrt(x * x + y * y));
    assert.equal(hypot(3, 4), 5);
    const isInside = jit((x: number, wanted: boolean) => x < 1 === wanted);
    assert.equal(isInside(0.5, true), true);
    assert.equal(isInside(0.5, false), false);
  });

  it("are every number there is", () => {
    const same = jit((x: number) => x);
    for (const x of [0, -0, NaN, Infinity, -Infinity, 2 ** 53, 5e-324, -1.5]) {
      assert.ok(Object.is(same(x), x), String(x));
    }
  });

  it("are tuples, objects and objects in them", () => {
    const swap = jit(([x, y]: readonly [number, number]) => [y, x] as const);
    assert.deepEqual(swap([1, 2]), [2, 1]);
    const move = jit((p: { at: { x: number; y: number }; isFree: boolean }, dt: number) => ({
      at: { x: p.at.x + dt, y: p.at.y },
      isFree: !p.isFree,
      trace: [p.at.x, p.at.y],
    }));
    const body = { at: { x: 1, y: 2 }, isFree: true };
    assert.deepEqual(move(body, 0.5), move.js(body, 0.5));
  });

  it("are nothing, where nothing is returned", () => {
    const out = zeros(3);
    const fill = jit((a: NDArray, x: number): unknown => {
      for (let i = 0; i < a.length; i++) a.set(x, i);
      return;
    });
    assert.equal(fill(out, 7), undefined);
    assert.deepEqual(out.toArray(), [7, 7, 7]);
  });

  it("are arrays of every dtype, as typed arrays and as NDArrays", () => {
    for (const dtype of [
      "float64",
      "float32",
      "int32",
      "uint32",
      "int16",
      "uint16",
      "int8",
      "uint8",
    ] as const) {
      const values = array([3, 5, 100], dtype);
      const total = jit((a: NDArray) => a.at(0) + a.at(1) * a.at(2));
      assert.equal(total(values), 503, dtype);
      const typed = jit((a: { readonly [i: number]: number }) => a[0]! + a[1]! * a[2]!);
      assert.equal(typed(values.data), 503, dtype);
    }
  });

  it("are arrays of one to four axes, also with gaps between elements", () => {
    const block = arange(120).reshape(2, 3, 4, 5);
    const fourth = jit((a: NDArray) => a.at(1, 2, 3, 4) + a.shape[2]!);
    assert.equal(fourth(block), 119 + 4);
    const corner = jit((a: NDArray) => a.at(1, 1));
    const part = block.slice(1, 2, [1, 3], [2, 4]);
    assert.equal(corner(part), part.at(1, 1));
    assert.equal(corner(block.slice(0, 0)), 6);
    assert.deepEqual([...corner.signatures].sort(), ["float64[,]", "float64[,] with gaps"]);
  });

  it("are new arrays, which are the caller's own", () => {
    const squares = jit((n: number) => {
      const out = zeros([n, 2]);
      for (const i of prange(n)) {
        out.set(i, i, 0);
        out.set(i * i, i, 1);
      }
      return out;
    });
    const first = squares(3);
    const second = squares(3);
    second.set(-1, 0, 0);
    assert.deepEqual(first.toArray(), squares.js(3).toArray());
    assert.deepEqual(first.shape, [3, 2]);
  });

  it("are typed arrays that the kernel made", () => {
    const powers = jit((n: number) => {
      const out = new Float32Array(n);
      for (let i = 0; i < n; i++) out[i] = 2 ** i;
      return out;
    });
    const made = powers(5);
    assert.ok(made instanceof Float32Array);
    assert.deepEqual([...made], [1, 2, 4, 8, 16]);
  });

  it("are the very arrays that were passed", () => {
    const pick = jit((a: NDArray, b: NDArray, first: boolean) => (first ? a : b));
    const [a, b] = [zeros(4), zeros(4)];
    assert.equal(pick(a, b, true), a);
    assert.equal(pick(a, b, false), b);
    const both = jit((x: NDArray) => ({ x, n: x.length }));
    assert.equal(both(a).x, a);
    const foreign = new Float64Array([1, 2]);
    const scaled = jit((x: Float64Array) => {
      for (let i = 0; i < x.length; i++) x[i] = 2 * x[i]!;
      return x;
    });
    assert.equal(scaled(foreign), foreign);
    assert.deepEqual([...foreign], [2, 4]);
  });

  it("are parts of the arrays that were passed, in the same memory", () => {
    const row = jit((a: NDArray, i: number) => a.slice(i));
    const grid = arange(6).reshape(2, 3);
    const second = row(grid, 1);
    assert.deepEqual(second.toArray(), [3, 4, 5]);
    second.set(-1, 0);
    assert.equal(grid.at(1, 0), -1);
  });

  it("may be missing where the parameter has a default", () => {
    const scale = jit((x: number, by = 3) => x * by);
    assert.equal(scale(2), 6);
    assert.equal(scale(2, 5), 10);
  });
});

describe("arrays of a kernel", () => {
  const shift = jit((from: Float64Array, to: Float64Array) => {
    for (const i of prange(from.length - 1)) to[i + 1] = from[i]! + 1;
  });

  it("that share memory are worked on in order", () => {
    const one = shared(new Float64Array(1000));
    const same = new Float64Array(1000);
    shift(one, one);
    shift.js(same, same);
    assert.deepEqual([...one], [...same]);
  });

  it("that overlap are worked on in order", () => {
    const whole = shared(new Float64Array(1001));
    const plain = new Float64Array(1001);
    shift(whole.subarray(0, 1000), whole.subarray(1));
    shift.js(plain.subarray(0, 1000), plain.subarray(1));
    assert.deepEqual([...whole], [...plain]);
  });

  it("that aren't in shared memory may overlap as well", () => {
    const whole = new Float64Array(100);
    const plain = new Float64Array(100);
    shift(whole.subarray(0, 99), whole.subarray(1));
    shift.js(plain.subarray(0, 99), plain.subarray(1));
    assert.deepEqual([...whole], [...plain]);
    const one = new Float64Array(10);
    const same = new Float64Array(10);
    shift(one, one);
    shift.js(same, same);
    assert.deepEqual([...one], [...same]);
  });

  it("that share memory but aren't written run as ever", () => {
    const dot = jit((a: Float64Array, b: Float64Array) => {
      let sum = 0;
      for (const i of prange(a.length)) sum += a[i]! * b[i]!;
      return sum;
    });
    const v = shared(new Float64Array([1, 2, 3]));
    assert.equal(dot(v, v), 14);
  });

  it("that aren't in shared memory are copied in, and back where they were written", () => {
    const addTo = jit((a: Float64Array, b: Float64Array) => {
      for (let i = 0; i < a.length; i++) a[i] = a[i]! + b[i]!;
    });
    const a = new Float64Array([1, 2]);
    const b = new Float64Array([10, 20]);
    addTo(a, b);
    assert.deepEqual([...a], [11, 22]);
    assert.deepEqual([...b], [10, 20]);
    assert.equal(addTo.stats.copies, 2);
    addTo(shared(a), shared(b));
    assert.equal(addTo.stats.copies, 2);
  });

  it("that were copied are written back when the kernel fails, too", () => {
    const failing = jit((a: Float64Array) => {
      a[0] = 5;
      a[9] = 1;
    });
    const a = new Float64Array(3);
    assert.throws(() => {
      failing(a);
    }, RangeError);
    assert.equal(a[0], 5);
  });

  it("may have no elements", () => {
    const sum = jit((a: Float64Array) => {
      let total = 0;
      for (const i of prange(a.length)) total += a[i]!;
      return total;
    });
    assert.equal(sum(new Float64Array(0)), 0);
    assert.equal(sum(shared(new Float64Array(0))), 0);
    const make = jit((n: number) => zeros(n));
    assert.deepEqual(make(0).shape, [0]);
  });
});

describe("variables that a kernel refers to", () => {
  it("are read anew by the next call", () => {
    let factor = 2;
    const scale = jit((x: number) => x * factor);
    assert.equal(scale(10), 20);
    factor = 3;
    assert.equal(scale(10), 30);
    factor = 2;
    assert.equal(scale(10), 20);
  });

  it("may be functions, which are exchanged as well", () => {
    let weight = (x: number): number => x + 1;
    const weighted = jit((x: number) => weight(x) * 2);
    assert.equal(weighted(1), 4);
    weight = (x) => x - 1;
    assert.equal(weighted(1), 0);
  });

  it("may be members of an object that changes", () => {
    const lens = { focus: 2, radii: [1, 2] };
    const power = jit((x: number) => x / lens.focus + lens.radii[1]!);
    assert.equal(power(4), 4);
    lens.focus = 4;
    lens.radii[1] = 10;
    assert.equal(power(4), 11);
  });

  it("may be arrays: their elements and the array itself can change without compiling", () => {
    let table = array([1, 2, 3]);
    const look = jit((i: number) => table.at(i));
    assert.equal(look(1), 2);
    table.set(20, 1);
    assert.equal(look(1), 20);
    table = array([5, 6, 7, 8]);
    assert.equal(look(3), 8);
    assert.equal(look.stats.cacheHits + look.stats.cacheMisses, 1);
  });

  it("may be other kernels", () => {
    const square = jit((x: number) => x * x);
    const sum = jit((n: number) => {
      let total = 0;
      for (const i of prange(n)) total += square(i);
      return total;
    });
    assert.equal(sum(4), 14);
  });
});
