import assert from "node:assert/strict";
import { contoursOf } from "../../kernel-lib/dist/figure/contour.js";
import { crop, fitting } from "../../kernel-lib/dist/figure/index.js";
import { colorScale } from "../../kernel-lib/dist/figure/color-scale.js";
import { heatmapOf } from "./figures.js";
import fc from "fast-check";

/** A map of the square of the distance from its middle, 2 wide. */
function bowl(n: number) {
  const along = Float64Array.from({ length: n }, (_, i) => (2 * i) / (n - 1) - 1);
  const axis = { values: along, label: "", scale: "linear" as const };
  return heatmapOf(n, n, (i, j) => along[i]! ** 2 + along[j]! ** 2, { x: axis, y: axis });
}

describe("contour lines", () => {
  it("are circles around a paraboloid, closed, to the square of a cell", () => {
    const n = 101;
    const lines = contoursOf(bowl(n), [0.25]);
    assert.equal(lines.length, 1);
    const [line] = lines;
    assert.deepEqual(line!.at(-1), line![0]);
    for (const [x, y] of line!) {
      // linear interpolation over a cell of a function whose second derivative is 2
      assert.ok(Math.abs(x ** 2 + y ** 2 - 0.25) <= (2 / (n - 1)) ** 2 / 4 + 1e-12);
    }
  });

  it("end at the map's edge and at what is NaN", () => {
    const plane = heatmapOf(5, 4, (i) => i);
    assert.deepEqual(
      contoursOf(plane, [1.5]).map((line) => [...line].sort((a, b) => a[1] - b[1])),
      [[0, 1, 2, 3].map((y) => [1.5, y])],
    );
    const torn = heatmapOf(5, 4, (i, j) => (i === 1 && j === 1 ? NaN : i));
    // of three squares along the line only the last has all its corners
    assert.deepEqual(
      contoursOf(torn, [1.5]).map((line) => line.length),
      [2],
    );
    assert.deepEqual(contoursOf(plane, [9]), []);
  });

  it("lie between centres in the logarithm, on a log axis", () => {
    const x = { values: Float64Array.of(1, 100), label: "", scale: "log" as const };
    const [line] = contoursOf(
      heatmapOf(2, 2, (i) => i, { x }),
      [0.5],
    );
    assert.ok(line!.every(([at]) => Math.abs(at - 10) < 1e-12));
  });

  it("go through the means of blocks where a map is finer than can be seen", () => {
    for (const [x, y] of contoursOf(bowl(1000), [0.25]).flat()) {
      // blocks of five cells, 1/200 wide: a mean is off by its variance, a line by its square
      assert.ok(Math.abs(x ** 2 + y ** 2 - 0.25) < 1e-4);
    }
  });

  it("separate what is above from what is below, for any values", () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 20,
      maxLength: 20,
    });
    fc.assert(
      fc.property(values, fc.double({ min: -1, max: 1, noNaN: true }), (z, level) => {
        const lines = contoursOf(
          heatmapOf(5, 4, (i, j) => z[5 * j + i]!),
          [level],
        );
        // every edge between a corner above and one below is crossed once
        const crossed = new Set(lines.flat().map(([x, y]) => `${x},${y}`));
        let edges = 0;
        z.forEach((value, i) => {
          if (i % 5 < 4 && value > level !== z[i + 1]! > level) edges++;
          if (i < 15 && value > level !== z[i + 5]! > level) edges++;
        });
        // two edges may be crossed at their common corner
        assert.ok(crossed.size <= edges);
        assert.equal(crossed.size > 0, edges > 0);
      }),
    );
  });
});

describe("a part of a heatmap", () => {
  it("has the same values at the same places", () => {
    const whole = heatmapOf(7, 5, (i, j) => 10 * j + i);
    const part = crop(whole, { columns: [2, 4], rows: [1, 2] });
    assert.deepEqual([...part.z.values], [12, 13, 14, 22, 23, 24]);
    assert.deepEqual([...part.x.values, ...part.y.values], [2, 3, 4, 1, 2]);
    assert.deepEqual(part.range, whole.range);
    assert.equal(crop(whole, { columns: [0, 6], rows: [0, 4] }), whole);
  });

  it("is at least two cells wide, where there are so many, and inside", () => {
    const whole = heatmapOf(7, 1, (i) => i);
    for (let i = 0; i < 7; i++) {
      const { columns, rows } = fitting(whole, { columns: [i, i], rows: [0, 0] });
      assert.ok(columns[1] - columns[0] === 1 && columns[0] >= 0 && columns[1] < 7);
      assert.ok(columns[0] <= i && i <= columns[1]);
      assert.deepEqual(rows, [0, 0]);
    }
    const wide = { columns: [1, 5], rows: [0, 0] } as const;
    assert.deepEqual(fitting(whole, wide), wide);
  });
});

describe("a colour scale", () => {
  const scales = fc
    .record({
      name: fc.constantFrom("linear" as const, "log" as const, "symlog" as const),
      ends: fc.uniqueArray(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), {
        minLength: 2,
        maxLength: 2,
      }),
      threshold: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    })
    .filter(({ ends: [a, b] }) => Math.abs(a! / b! - 1) > 1e-6);

  it("comes back from the fraction to the value, and keeps the order", () => {
    fc.assert(
      fc.property(
        scales,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ name, ends, threshold }, f) => {
          const [low, high] = ends.sort((a, b) => a - b) as [number, number];
          const range = [name === "log" ? low : -low, high] as const;
          const scale = colorScale(name, range, threshold);
          // a few roundings, magnified by the logarithm's nine decades
          assert.ok(Math.abs(scale.fraction(scale.value(f)) - f) < 1e-8);
          assert.ok(Math.abs(scale.fraction(range[0])) < 1e-12);
          assert.ok(Math.abs(scale.fraction(range[1]) - 1) < 1e-12);
          for (const { value } of scale.ticks(5)) {
            const at = scale.fraction(value);
            assert.ok(at > -1e-6 && at < 1 + 1e-6, `${at}`);
          }
        },
      ),
    );
  });

  it("has no place for what has no logarithm", () => {
    const scale = colorScale("log", [1, 10]);
    const fractions = [0, -1, NaN].map((value) => scale.fraction(value));
    assert.deepEqual(fractions, [NaN, NaN, NaN]);
  });

  it("bends about zero, as far to one side as to the other", () => {
    const scale = colorScale("symlog", [-1000, 1000], 1);
    assert.equal(scale.fraction(0), 0.5);
    assert.ok(Math.abs(scale.fraction(10) + scale.fraction(-10) - 1) < 1e-12);
    // ln 11 of ln 1001, from the middle
    assert.ok(Math.abs(scale.fraction(10) - 0.5 - Math.log(11) / Math.log(1001) / 2) < 1e-12);
    assert.deepEqual(
      scale.ticks(8).map(({ label }) => label),
      ["−10³", "−10²", "−10¹", "−10⁰", "0", "10⁰", "10¹", "10²", "10³"],
    );
  });
});
