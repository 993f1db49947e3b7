import assert from "node:assert/strict";
import fc from "fast-check";
import { arange, array, empty, full, linspace, logspace, NDArray, shared, zeros } from "hotcell";

describe("arrays", () => {
  it("lie in shared memory, zeroed, row-major", () => {
    const a = zeros([2, 3, 4], "int16");
    assert.ok(a.data.buffer instanceof SharedArrayBuffer);
    assert.ok(a.data instanceof Int16Array);
    assert.deepEqual([a.shape, a.strides, a.size, a.dtype], [[2, 3, 4], [12, 4, 1], 24, "int16"]);
    assert.ok(a.data.every((x) => x === 0));
    assert.equal(zeros(5).dtype, "float64");
    assert.deepEqual(empty([0, 3]).toArray(), []);
    assert.equal(zeros([]).at(), 0);
    assert.deepEqual(full([2], 7, "uint8").toArray(), [7, 7]);
  });

  it("find each element where toArray has it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        (shape) => {
          const a = zeros(shape);
          a.data.forEach((_, i) => (a.data[i] = i));
          let place = 0;
          const walk = (part: unknown, index: number[]): void => {
            if (Array.isArray(part))
              part.forEach((p, i) => {
                walk(p, [...index, i]);
              });
            else assert.deepEqual([part, a.at(...index)], [place, place++]);
          };
          walk(a.toArray(), []);
          assert.deepEqual([...a], [...a.data]);
        },
      ),
    );
  });

  it("refuse indices outside, naming index and shape", () => {
    const a = zeros([2, 3]);
    for (const index of [[2, 0], [0, 3], [-1, 0], [0.5, 0], [0], [0, 0, 0], [NaN, 0]]) {
      const message = `index [${index.join(", ")}] is outside of an array of shape [2, 3]`;
      assert.throws(
        () => a.at(...index),
        (e: Error) => e instanceof RangeError && e.message.startsWith(message),
      );
      assert.throws(() => {
        a.set(1, ...index);
      }, RangeError);
    }
  });

  it("share memory with their slices, as in NumPy", () => {
    const a = arange(12).reshape(3, 4);
    const b = a.slice([1, 3], [-2]);
    assert.deepEqual(b.toArray(), [
      [6, 7],
      [10, 11],
    ]);
    assert.deepEqual([...b], [6, 7, 10, 11]);
    b.set(-1, 0, 0);
    assert.equal(a.at(1, 2), -1);
    assert.deepEqual(a.slice(-1).toArray(), [8, 9, 10, 11]);
    assert.deepEqual(a.slice(undefined, 0).toArray(), [0, 4, 8]);
    assert.deepEqual(a.slice([2, 1]).toArray(), []);
    assert.deepEqual(a.slice([-99, 99]).shape, [3, 4]);
    assert.throws(() => a.slice(3), /index \[3\] is outside/);
    assert.throws(() => a.slice([0.5, 1]), /the range \[0\.5, 1\] for axis 0: give whole numbers/);
    assert.throws(() => a.slice(0, [0, NaN]), /for axis 1: give whole numbers/);
    assert.throws(() => a.slice(0, 0, 0), /3 ranges for an array of shape \[3, 4\]/);
  });

  it("reshape without a copy, or say why they can't", () => {
    const a = arange(6);
    a.reshape(2, 3).set(9, 1, 0);
    assert.equal(a.at(3), 9);
    assert.throws(() => zeros(4).reshape(-2, -2), /axis of length -2: give whole numbers/);
    assert.throws(() => zeros(4).reshape(1.6, 2.5), /axis of length 1\.6/);
    assert.throws(() => a.reshape(4), /6 elements, not the 4/);
    assert.throws(() => a.reshape(2, 3).slice(undefined, [0, 2]).reshape(4), /view with gaps/);
  });

  it("are made of nested lists, typed arrays and one another, never ragged or wrapped round", () => {
    assert.deepEqual(
      array([
        [1, 2],
        [3, 4],
      ]).toArray(),
      [
        [1, 2],
        [3, 4],
      ],
    );
    assert.deepEqual(array(new Int8Array([1, -1]), "int32").toArray(), [1, -1]);
    assert.deepEqual(array(arange(4).reshape(2, 2).slice(undefined, 1)).toArray(), [1, 3]);
    assert.deepEqual(array([]).shape, [0]);
    assert.throws(() => array([[1, 2], [3]]), /element \[1\] has length 1 where .* length 2/);
    assert.throws(() => array([[1], 2]), /element \[1\] has no length/);
    assert.throws(() => array(["1" as never]), /element \[0\] is 1: give numbers/);
    assert.throws(() => array([256], "uint8"), /256 doesn't fit into uint8/);
    assert.throws(() => array([0.5], "int32"), /0\.5 doesn't fit into int32/);
    assert.throws(() => full(2, NaN, "int32"), /NaN doesn't fit/);
    assert.throws(() => zeros([2, -1]), /axis of length -1/);
    assert.throws(() => zeros(2, "float16" as never), /dtype is float16: give one of float64/);
    assert.throws(() => zeros(2 ** 51), /MiB of shared memory can't be had/);
  });

  it("count with arange as NumPy does, and without its surprise at the end", () => {
    assert.deepEqual(arange(3).toArray(), [0, 1, 2]);
    assert.deepEqual(arange(2, 5).toArray(), [2, 3, 4]);
    assert.deepEqual(arange(5, 2, -1).toArray(), [5, 4, 3]);
    assert.deepEqual(arange(2, 2).toArray(), []);
    assert.deepEqual(arange(5, 2).toArray(), []);
    // in NumPy these reach their stop, because (stop − start)/step rounds up
    assert.deepEqual(arange(1, 1.3, 0.1).size, 3);
    assert.equal(arange(-7, 3, 0.1).size, 100);
    assert.equal(arange(-1.5, 2.5, 0.04).size, 100);
    assert.throws(() => arange(0, 1, 0), /has no end/);
    assert.throws(() => arange(Infinity), /has no end/);
  });

  it("end arange below its stop, with start + i·step exactly", () => {
    const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.integer({ min: 0, max: 300 }),
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        (start, n, step) => {
          const a = arange(start, start + n * step, step);
          assert.equal(a.size, n, "a stop that lies n steps off gives n elements");
          a.data.forEach((x, i) => {
            assert.equal(x, start + i * step);
          });
        },
      ),
    );
  });

  it("include both ends in linspace and logspace", () => {
    assert.deepEqual(linspace(0, 1, 5).toArray(), [0, 0.25, 0.5, 0.75, 1]);
    assert.equal(linspace(0, 1).size, 50);
    assert.deepEqual(linspace(2, 9, 1).toArray(), [2]);
    assert.deepEqual(linspace(-0, 0, 2).toArray(), [-0, 0]);
    assert.deepEqual(linspace(2, 9, 0).toArray(), []);
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        fc.integer({ min: 2, max: 50 }),
        (a, b, n) => {
          const x = linspace(a, b, n);
          assert.deepEqual([x.at(0), x.at(n - 1)], [a, b]);
        },
      ),
    );
    assert.deepEqual(logspace(0, 3, 4).toArray(), [1, 10, 100, 1000]);
    assert.deepEqual(logspace(0, 3, 4, 2).toArray(), [1, 2, 4, 8]);
  });

  it("copy once into shared memory with shared, keeping the kind", () => {
    for (const values of [
      new Float32Array([1.5]),
      new BigUint64Array([3n]),
      new Uint8ClampedArray([9]),
    ]) {
      const copy = shared(values);
      assert.deepEqual(copy, values);
      assert.equal(copy.constructor, values.constructor);
      assert.ok(copy.buffer instanceof SharedArrayBuffer);
      assert.equal(shared(copy), copy);
    }
    assert.ok(shared([1, 2]) instanceof Float64Array);
    const window = new Int16Array(new Int16Array([1, 2, 3, 4]).buffer, 2, 2);
    assert.deepEqual([...shared(window)], [2, 3]);
  });

  it("wrap memory of the user's own", () => {
    const data = new Float64Array([0, 1, 2, 3, 4, 5]);
    const columns = new NDArray("float64", data, [2, 3], [1, 2]);
    assert.deepEqual(columns.toArray(), [
      [0, 2, 4],
      [1, 3, 5],
    ]);
  });
});
