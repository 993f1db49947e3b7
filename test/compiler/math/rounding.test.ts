import assert from "node:assert/strict";
import fc from "fast-check";
import { applied, scalar, valueAt, vector } from "./execute.js";

const edges = [0, 0.5, 1, 1.5, 2.5, 0.49999999999999994, 2 ** 31, 2 ** 32 + 0.5, 2 ** 51 + 0.5]
  .concat([2 ** 52 - 0.5, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 63, 1e300, Infinity, Number.MIN_VALUE])
  // where float32 ends: half of its least, its least normal, its greatest and what rounds beyond it
  .concat([2 ** -150, 2 ** -150 + 2 ** -180, 2 ** -149 * 1.5, 2 ** -149 * 2.5, 2 ** -126])
  .concat([2 ** -126 - 2 ** -160, 2 ** 128 - 2 ** 103, 2 ** 128 - 2 ** 103 - 2 ** 75, 2 ** 128])
  .concat([2 ** 24 + 1, 2 ** 24 + 3, 1 + 2 ** -24, 1 + 3 * 2 ** -24])
  .flatMap((x) => [x, -x])
  .concat([NaN]);

const functions = [
  { op: "math.round", of: Math.round },
  { op: "math.sign", of: Math.sign },
  { op: "math.fround", of: Math.fround },
  { op: "math.to_int32", of: (x: number) => x | 0 },
] as const;

for (const { op, of } of functions) {
  for (const variant of [scalar, vector]) {
    describe(`${op} in ${variant.lanes === 1 ? "one lane" : "two lanes"}`, () => {
      const apply = applied(op, variant);
      const assertSame = (x: number): void => {
        const [found, expected] = [valueAt(apply, x), of(x)];
        assert.ok(Object.is(found, expected), `of ${x} gives ${found}, not ${expected}`);
      };
      it("gives JavaScript's bits where rounding is delicate", () => {
        edges.forEach(assertSame);
      });
      it("gives JavaScript's bits for any number", () => {
        fc.assert(fc.property(fc.double(), assertSame));
        fc.assert(fc.property(fc.double({ min: -1e10, max: 1e10 }), assertSame));
        fc.assert(fc.property(fc.float(), assertSame));
      });
    });
  }
}
