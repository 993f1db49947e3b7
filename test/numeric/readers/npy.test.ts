import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { arange, array, FileFormatError, loadNpy, saveNpy, type DType } from "hotcell";
import { deleteFiles, expected, file, fixture } from "./files.js";

describe("loadNpy", () => {
  after(deleteFiles);
  const kinds: Record<string, DType> = {
    ...{ f8: "float64", f4: "float32", i4: "int32", u4: "uint32", i2: "int16", u2: "uint16" },
    ...{ i1: "int8", u1: "uint8", b1: "uint8", f2: "float32", i8: "float64", u8: "float64" },
    ...{ big: "float32", fortran: "float64" },
  };
  for (const [name, dtype] of Object.entries(kinds)) {
    it(`reads ${name}.npy as ${dtype}`, () => {
      const read = loadNpy(fixture(`${name}.npy`));
      assert.equal(read.dtype, dtype);
      assert.deepEqual(read.shape, [2, 3, 4]);
      assert.deepEqual(read.toArray(), expected[`${name}.npy`]!.positions);
    });
  }

  it("reads an array without axes", () => {
    assert.equal(loadNpy(fixture("scalar.npy")).at(), 2.5);
  });

  it("refuses what an NDArray can't hold, and what is damaged", () => {
    assert.throws(() => loadNpy(fixture("complex.npy")), /type c16: convert them with astype/);
    assert.throws(() => loadNpy(fixture("records.npy")), /records with several fields/);
    assert.throws(() => loadNpy(fixture("few.xtc")), /is no .npy file/);
    assert.throws(() => loadNpy("nowhere.npy"), /ENOENT/);
    const whole = readFileSync(fixture("f8.npy"));
    for (const length of [0, 5, 40, 127, whole.length - 1])
      assert.throws(() => loadNpy(file("cut.npy", whole.subarray(0, length))), FileFormatError);
    assert.throws(
      () => loadNpy(file("cut.npy", whole.subarray(0, -1))),
      /has only 191 of the 192 bytes .* \(byte 319\)/,
    );
    const large = Buffer.from(readFileSync(fixture("i8.npy")));
    large.writeBigInt64LE(2n ** 53n + 1n, 128);
    assert.throws(() => loadNpy(file("large.npy", large)), /integer 9007199254740993 doesn't fit/);
  });
});

describe("saveNpy", () => {
  afterEach(deleteFiles);

  it("writes what loadNpy reads, whatever the type and the layout", () => {
    const to = file("out.npy", "");
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
      const values = arange(0, 24, 1, dtype).reshape(2, 3, 4);
      for (const each of [values, values.slice([1], [0, 2], 3), values.slice(1, 2, 3)]) {
        saveNpy(to, each);
        const read = loadNpy(to);
        assert.equal(read.dtype, dtype);
        assert.deepEqual(read.shape, each.shape);
        assert.deepEqual(read.toArray(), each.toArray());
      }
    }
    saveNpy(to, new Int16Array([1, -2]));
    assert.deepEqual([loadNpy(to).dtype, loadNpy(to).toArray()], ["int16", [1, -2]]);
    saveNpy(to, [[1, 2.5]]);
    assert.deepEqual([loadNpy(to).dtype, loadNpy(to).toArray()], ["float64", [[1, 2.5]]]);
    saveNpy(to, array([]));
    assert.deepEqual(loadNpy(to).shape, [0]);
  });

  it("leaves no part of a file behind", () => {
    const to = file("kept.npy", "");
    assert.throws(() => {
      saveNpy(to, [["x"]] as never);
    }, TypeError);
    assert.throws(() => {
      saveNpy(path.join(path.dirname(to), "no", "folder.npy"), [1]);
    }, /ENOENT/);
    saveNpy(to, [1]);
    assert.deepEqual(readdirSync(path.dirname(to)), ["kept.npy"]);
  });

  it("writes the very bytes that NumPy writes", () => {
    const to = file("numpy.npy", "");
    // the fixtures are NumPy's own
    for (const name of ["f8", "f4", "i4", "u4", "i2", "u2", "i1", "u1", "frames"]) {
      const theirs = fixture(`${name}.npy`);
      saveNpy(to, loadNpy(theirs));
      assert.deepEqual(readFileSync(to), readFileSync(theirs), name);
    }
  });
});
