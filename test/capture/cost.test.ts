import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { capture } from "../../kernel-lib/dist/capture/capture.js";
import { revive } from "../../kernel-lib/dist/capture/revive.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

describe("a capture", () => {
  it("keeps nothing alive: neither the function, nor what it holds, nor its copy", async () => {
    const gone: WeakRef<object>[] = [];
    for (let i = 0; i < 1000; i++) {
      const held = { i, list: [i] };
      const fn = (x: number): number => x + held.list[0]!;
      const { capsule } = capture(fn);
      const copy = revive(capsule).fn;
      assert.equal(copy(1), i + 1);
      gone.push(new WeakRef(held), new WeakRef(fn), new WeakRef(copy));
    }
    // a WeakRef holds its target until the current job is over
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const alive = gone.filter((reference) => reference.deref() !== undefined).length;
    // the last few may still be on the stack or in V8's caches
    assert.ok(alive <= 30, `${alive} of ${gone.length} are still alive`);
  });

  it("copies captured data once, whatever the number of posts", () => {
    const big = new Float64Array(100_000);
    const { capsule } = capture((i: number) => big[i]);
    assert.ok(capsule.bytes.byteLength < 5000);
    const [copy] = capsule.attachments as SharedArrayBuffer[];
    assert.ok(copy instanceof SharedArrayBuffer);
    assert.equal(structuredClone(capsule).attachments.length, 1);
    assert.deepEqual(
      new Uint8Array((structuredClone(capsule).attachments as [ArrayBufferLike])[0]).length,
      big.byteLength,
    );
  });

  it("passes shared memory by reference", () => {
    const shared = new Float64Array(new SharedArrayBuffer(80));
    const { capsule } = capture(() => shared);
    const copy = revive(capsule).fn() as Float64Array;
    shared[3] = 4;
    assert.equal(copy[3], 4);
  });

  it("takes the values of the moment", () => {
    let k = 1;
    const fn = (): number => k;
    const early = capture(fn);
    k = 2;
    assert.deepEqual([revive(early.capsule).fn(), revive(capture(fn).capsule).fn()], [1, 2]);
  });

  it("gives every function that closes over one object that object", () => {
    const shared = { n: 1 };
    const left = (): unknown => shared;
    const right = (): unknown => shared;
    const { fn } = revive(capture(() => [left(), right(), shared]).capsule);
    const [a, b, c] = fn() as unknown[];
    assert.ok(a === b && b === c && a !== shared);
  });
});
