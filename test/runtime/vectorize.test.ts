import assert from "node:assert/strict";
import { arange, array, linspace, type NDArray, Pool, vectorize, zeros } from "hotcell";

const combine = (x: number, y: number): number => 2 * x + y / (1 + x * x);
const combined = vectorize(combine);

describe("a vectorized function", () => {
  it("gives a number for numbers", () => {
    assert.equal(combined(2, 5), combine(2, 5));
  });

  it("computes each element, as a plain loop does", () => {
    const x = linspace(-3, 3, 10_001);
    const y = linspace(0, 1, 10_001);
    const z = combined(x, y);
    assert.deepEqual([z.dtype, z.shape], ["float64", [10_001]]);
    z.data.forEach((value, i) => {
      assert.equal(value, combine(x.at(i), y.at(i)));
    });
  });

  it("repeats numbers, axes of length 1 and missing axes", () => {
    const column = arange(4).reshape(4, 1);
    const row = arange(3);
    const cases: readonly (readonly [
      NDArray | number,
      NDArray | number,
      readonly number[],
      (i: number, j: number) => number,
    ])[] = [
      [row, 7, [3], (_, j) => combine(j, 7)],
      [7, row, [3], (_, j) => combine(7, j)],
      [column, row, [4, 3], combine],
      [row, column, [4, 3], (i, j) => combine(j, i)],
      [arange(12).reshape(4, 3), row, [4, 3], (i, j) => combine(3 * i + j, j)],
      [arange(12).reshape(4, 3), array([[5]]), [4, 3], (i, j) => combine(3 * i + j, 5)],
      [array(6), row, [3], (_, j) => combine(6, j)],
    ];
    for (const [x, y, shape, expected] of cases) {
      const z = combined(x, y) as NDArray;
      assert.deepEqual(z.shape, shape);
      const cells = z.shape.length === 1 ? z.reshape(1, z.length) : z;
      for (let i = 0; i < cells.shape[0]!; i++) {
        for (let j = 0; j < cells.shape[1]!; j++) {
          assert.equal(cells.at(i, j), expected(i, j));
        }
      }
    }
  });

  it("takes slices with gaps, and more axes than other kernels", () => {
    const block = arange(720).reshape(2, 3, 4, 5, 6);
    const z = combined(block, block.slice(0, 0, 0, 0));
    assert.deepEqual(z.shape, block.shape);
    assert.equal(z.at(1, 2, 3, 4, 5), combine(719, 5));
    const part = block.slice(1, [1, 3], 2, [0, 4], [1, 3]);
    const w = combined(part, 1);
    assert.deepEqual(w.shape, [2, 4, 2]);
    assert.equal(w.at(1, 2, 1), combine(part.at(1, 2, 1), 1));
  });

  it("takes typed arrays and every dtype", () => {
    const bytes = array([1, 200, 3], "uint8");
    const z = combined(bytes, new Float32Array([1, 2, 3]));
    assert.deepEqual(z.toArray(), [combine(1, 1), combine(200, 2), combine(3, 3)]);
  });

  it("gives an array without elements for one", () => {
    assert.deepEqual(combined(zeros([0, 3]), arange(3)).shape, [0, 3]);
    assert.deepEqual(combined(zeros(0), 1).shape, [0]);
  });

  it("counts true as 1", () => {
    const isInside = vectorize((x: number, y: number) => x * x + y * y < 1);
    assert.deepEqual(isInside(array([0.5, 1, 0]), 0.5).toArray(), [1, 0, 1]);
    assert.equal(isInside(0, 0), 1);
  });

  it("uses variables as they are at the call", () => {
    let scale = 2;
    const scaled = vectorize((x: number) => scale * x);
    assert.deepEqual(scaled(arange(3)).toArray(), [0, 2, 4]);
    scale = 5;
    assert.deepEqual(scaled(arange(3)).toArray(), [0, 5, 10]);
  });

  it("refuses shapes that don't fit together", () => {
    assert.throws(
      () => combined(zeros([2, 3]), zeros(2)),
      /^RangeError: arrays of the shapes \[2, 3\] and \[2\] don't fit together/,
    );
  });

  it("refuses what is neither a number nor an array", () => {
    assert.throws(() => combined("a" as never, 1), /^TypeError: argument 1 is a string/);
    assert.throws(
      () => combined(1, [1, 2] as never),
      /^TypeError: argument 2 is of type \[number, number\]: give a number, an NDArray/,
    );
    assert.throws(() => vectorize(5 as never), /^TypeError: vectorize got 5/);
    assert.throws(() => vectorize(combine, { fast: true } as never), /no option 'fast'/);
  });

  it("fails with the function's own error", () => {
    const root = vectorize((x: number) => {
      if (x < 0) throw new RangeError("x is negative");
      return Math.sqrt(x);
    });
    assert.throws(() => root(array([1, -1])), /^RangeError: x is negative/);
  });

  it("works in a worker of a pool", async () => {
    const pool = new Pool({ threads: 1 });
    try {
      const sums = await pool.map((n) => combined(arange(n), 1).at(n - 1), [3, 4]);
      assert.deepEqual([...sums], [combine(2, 1), combine(3, 1)]);
    } finally {
      await pool.close();
    }
  });
});
