import assert from "node:assert/strict";
import { access, arrayLocal, element, kernelOf } from "./arrays.js";
import { run, SiteError } from "./run.js";
import { collect, f64, get, local, operate } from "../../kernel-lib/src/compiler/build.js";

describe("executing IR", () => {
  it("sums an array in a loop", () => {
    const a = arrayLocal("a", "float64");
    const n = local("n", "f64");
    const total = local("total", "f64");
    const i = local("i", "f64");
    const body = collect((e) => {
      e.set(total, f64(0));
      e.emit({
        op: "for",
        counter: i,
        from: f64(0),
        to: get(n),
        step: 1,
        label: { name: "loop" },
        loop: 0,
        body: collect((inner) => {
          inner.set(total, operate("f64.add", get(total), element(access(a, [get(i)]))));
          inner.emit({ op: "store", access: access(a, [get(i)]), value: f64(7) });
        }),
      });
    });
    const kernel = kernelOf(
      [
        { is: "array", array: a },
        { is: "number", local: n },
      ],
      body,
      { result: { is: "number", local: total } },
    );
    const data = Float64Array.of(1, 2, 3.5);
    assert.equal(run(kernel, [data, 3]).result, 6.5);
    assert.deepEqual(data, Float64Array.of(7, 7, 7));
    assert.throws(
      () => run(kernel, [Float64Array.of(1, 2), 3]),
      (error) => {
        assert.ok(error instanceof SiteError);
        assert.deepEqual([error.site, error.a, error.b], [100, 2, 2]);
        return true;
      },
    );
  });
});
