import assert from "node:assert/strict";
import fc from "fast-check";
import { durationText, numberText } from "../../kernel-lib/dist/figure/number-text.js";
import { linearTicks, logTicks, type Tick } from "../../kernel-lib/dist/figure/ticks.js";

const labels = (ticks: readonly Tick[]) => ticks.map(({ label }) => label);

describe("ticks", () => {
  it("stand at round numbers, written with the decimals that they need", () => {
    assert.deepEqual(labels(linearTicks(-7.05, 2.95, 6)), ["−6", "−4", "−2", "0", "2"]);
    assert.deepEqual(labels(linearTicks(0, 0.52, 5)), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
    assert.deepEqual(labels(linearTicks(0, 4e13, 4)), [
      "0",
      "1×10¹³",
      "2×10¹³",
      "3×10¹³",
      "4×10¹³",
    ]);
    // steps of 5 would leave one number
    assert.deepEqual(labels(linearTicks(-4.7, 4.9, 2)), ["−4", "−2", "0", "2", "4"]);
    assert.deepEqual(labels(linearTicks(-3e-9, 3e-9, 3)), ["−2×10⁻⁹", "0", "2×10⁻⁹"]);
  });

  it("share one power of ten where they need one", () => {
    assert.deepEqual(labels(linearTicks(0, 1.6e-4, 3)), ["0", "5×10⁻⁵", "10×10⁻⁵", "15×10⁻⁵"]);
    assert.deepEqual(labels(linearTicks(0, 45_000, 4)), [
      "0",
      "10,000",
      "20,000",
      "30,000",
      "40,000",
    ]);
  });

  it("have the power of the largest where the step's own would leave long factors", () => {
    assert.deepEqual(labels(linearTicks(0.9e6, 1.1e6, 4)), [
      "0.90×10⁶",
      "0.95×10⁶",
      "1.00×10⁶",
      "1.05×10⁶",
      "1.10×10⁶",
    ]);
    assert.deepEqual(labels(linearTicks(1e12, 1e12 + 4, 2)), [
      "1,000,000,000,000",
      "1,000,000,000,002",
      "1,000,000,000,004",
    ]);
  });

  it("are named between powers of ten where there is but one", () => {
    const named = (low: number, high: number) => labels(logTicks(low, high, 5)).filter(Boolean);
    assert.deepEqual(named(1.5, 90), ["2×10⁰", "5×10⁰", "10¹", "2×10¹", "5×10¹"]);
    assert.deepEqual(named(0.9, 11), ["10⁰", "10¹"]);
  });

  it("stand at powers of ten on a log axis, with minor ones between", () => {
    const ticks = logTicks(0.03, 300, 7);
    assert.deepEqual(labels(ticks).filter(Boolean), ["10⁻¹", "10⁰", "10¹", "10²"]);
    assert.deepEqual(ticks.map(({ value }) => value).slice(6, 9), [0.09, 0.1, 0.2]);
    assert.deepEqual(labels(logTicks(2, 5, 4)).filter(Boolean), ["2", "3", "4", "5"]);
  });

  it("lie within their domain, differ, and are few, whatever the domain", () => {
    const end = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(end, end, fc.integer({ min: 2, max: 12 }), (a, b, count) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        // a thousandth of a millionth of the axis is no pixel; then rounding
        const slack = 1e-9 * (high - low) + Number.EPSILON * Math.max(-low, high);
        const values = linearTicks(low, high, count).map(({ value }) => value);
        assert.ok(values.length <= 3 * count + 2);
        assert.ok(values.length > 1 || low === high);
        for (const value of values) assert.ok(value >= low - slack && value <= high + slack);
      }),
    );
  });
});

describe("numbers in words", () => {
  it("are short and exact", () => {
    const cases: [number, string][] = [
      [0, "0"],
      [-0.05, "−0.05"],
      [2.0658082251757, "2.06581"],
      [1234, "1234"],
      [123456, "123,456"],
      [1e21, "10²¹"],
      [-3.2e-7, "−3.2×10⁻⁷"],
      [NaN, "NaN"],
      [-Infinity, "−∞"],
    ];
    for (const [value, text] of cases) assert.equal(numberText(value), text);
  });

  it("say durations in the unit in which they read best", () => {
    const cases: [number, string][] = [
      [0.0000268, "26.8 ns"],
      [0.00123, "1.23 µs"],
      [1.2, "1.2 ms"],
      [999, "999 ms"],
      [59_000, "59 s"],
      [90_000, "90 s"],
      [180_000, "3 min"],
    ];
    for (const [value, text] of cases) assert.equal(durationText(value), text);
  });
});
