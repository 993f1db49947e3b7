import assert from "node:assert/strict";
import fc from "fast-check";
import { f64, get, local, operate } from "../../kernel-lib/src/compiler/build.js";
import { Facts } from "../../kernel-lib/src/compiler/facts.js";
import { anything, between, union, whole } from "../../kernel-lib/src/compiler/interval.js";
import type { Interval } from "../../kernel-lib/src/compiler/interval.js";

const plain: Record<string, (a: number, b: number) => number> = {
  "f64.add": (a, b) => a + b,
  "f64.sub": (a, b) => a - b,
  "f64.mul": (a, b) => a * b,
  "f64.div": (a, b) => a / b,
  "f64.min": (a, b) => Math.min(a, b),
  "f64.max": (a, b) => Math.max(a, b),
  "math.rem": (a, b) => a % b,
  "f64.floor": (a) => Math.floor(a),
  "f64.ceil": (a) => Math.ceil(a),
  "f64.trunc": (a) => Math.trunc(a),
  "f64.neg": (a) => -a,
  "f64.abs": (a) => Math.abs(a),
};

function holds(interval: Interval, value: number): boolean {
  if (Number.isNaN(value)) return interval.nan;
  if (Object.is(value, -0) && !interval.negativeZero) return false;
  if (interval.whole && !Number.isInteger(value)) return false;
  return value >= interval.low && value <= interval.high;
}

const numbers = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(-0, 0.5, -0.5, 2 ** 31, -(2 ** 31), 2 ** 53, 1e300, -1e300, Infinity, NaN),
  fc.double(),
);

/** Two values and an interval that both are in. */
const sampled = fc.tuple(numbers, numbers).map(([a, b]) => {
  const single = (x: number): Interval =>
    Number.isInteger(x) && Math.abs(x) <= 2 ** 53
      ? whole(x, x, Object.is(x, -0))
      : Number.isNaN(x)
        ? anything
        : between(x, x);
  return { values: [a, b], interval: union(single(a), single(b)) };
});

describe("intervals", () => {
  const a = local("a", "f64");
  const b = local("b", "f64");

  it("hold every result of an operation on numbers in its operands'", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(plain)), sampled, sampled, (op, x, y) => {
        const facts = new Facts(new Set());
        facts.set(a, x.interval);
        facts.set(b, y.interval);
        const two = plain[op]!.length === 2;
        const expr = operate(op as "f64.add", get(a), ...(two ? [get(b)] : []));
        const found = facts.interval(expr);
        for (const p of x.values) {
          for (const q of y.values) {
            const value = plain[op]!(p, q);
            assert.ok(
              holds(found, value),
              `${op}(${p}, ${q}) = ${value}: ${JSON.stringify(found)}`,
            );
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("hold every number that a condition lets through", () => {
    const relations: Record<string, (p: number, q: number) => boolean> = {
      "f64.lt": (p, q) => p < q,
      "f64.le": (p, q) => p <= q,
      "f64.gt": (p, q) => p > q,
      "f64.ge": (p, q) => p >= q,
      "f64.eq": (p, q) => p === q,
      "f64.ne": (p, q) => p !== q,
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(relations)), sampled, sampled, (op, x, y) => {
        for (const p of x.values) {
          for (const q of y.values) {
            const facts = new Facts(new Set());
            facts.set(a, x.interval);
            facts.set(b, y.interval);
            facts.assume(operate(op as "f64.lt", get(a), get(b)), relations[op]!(p, q));
            assert.ok(holds(facts.of(a), p), `${p} ${op} ${q}: ${JSON.stringify(facts.of(a))}`);
            assert.ok(holds(facts.of(b), q), `${p} ${op} ${q}: ${JSON.stringify(facts.of(b))}`);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("know a division by a length", () => {
    const facts = new Facts(new Set());
    facts.set(a, whole(0, 100));
    const half = operate("f64.floor", operate("f64.div", get(a), f64(2)));
    assert.deepEqual(facts.interval(half), whole(0, 50));
  });

  it("know what is cut to a range and to an integer, NaN as 0", () => {
    const cut = operate("f64.max", f64(3), operate("f64.min", f64(9.5), get(a)));
    const found = new Facts(new Set()).interval(operate("math.to_int32", cut));
    assert.deepEqual(found, whole(0, 9));
  });
});
