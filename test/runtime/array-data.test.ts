import assert from "node:assert/strict";
import { arange, jit, zeros, type NDArray } from "hotcell";

describe("the data of an array in a kernel", () => {
  const last = jit((a: NDArray) => a.data[a.data.length - 1]!);
  const whole = arange(12).reshape(3, 4);

  it("are the elements of a whole array, whatever its shape", () => {
    assert.equal(last(whole), 11);
    assert.equal(last(arange(5)), 4);
  });

  it("are refused of an argument that is a part of another array", () => {
    for (const part of [whole.slice([0, 2]), whole.slice(2), whole.slice([1, 3])]) {
      assert.throws(() => last(part), {
        name: "TypeError",
        message: /part of another, \d of its 12/,
      });
    }
    assert.equal(last(whole), 11);
  });

  it("matter only where the kernel uses them", () => {
    const corner = jit((a: NDArray) => a.at(0, 0));
    assert.equal(corner(whole.slice([1, 3])), 4);
  });

  it("are refused of a slice that the kernel takes itself", () => {
    const row = jit((a: NDArray) => a.slice(1).data[0]!);
    assert.throws(() => row(whole), { name: "CompileError", message: /part of another array/ });
    const made = jit((n: number) => zeros([n, n]).slice([0, 1]).data.length);
    assert.throws(() => made(3), { name: "CompileError", message: /part of another array/ });
  });
});
