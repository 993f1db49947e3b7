import assert from "node:assert/strict";
import { FigureError, type HeatmapOptions } from "hotcell";
import { heatmapFigure } from "../../kernel-lib/dist/display/heatmap.js";
import { pictureBundle } from "../../kernel-lib/dist/display/picture.js";
import { MIME_TYPE, parseFigure } from "../../kernel-lib/dist/figure/index.js";
import { Png } from "./png.js";

const rows = [
  [0, 1, 2],
  [3, 4, 5],
];

/** The shown PNG of a heatmap. */
function pngOf(options: HeatmapOptions): Png {
  const { bundle } = pictureBundle(heatmapFigure(options));
  return new Png(bundle["image/png"] as string);
}

describe("heatmap", () => {
  it("takes rows, a flat array, and an array of a shape with any strides", () => {
    const wanted = heatmapFigure({ z: rows }).z.values;
    const axes = { x: [0, 1, 2], y: [0, 1] };
    const forms: HeatmapOptions[] = [
      { z: rows.map((row) => Float32Array.from(row)) },
      { z: rows.flat(), ...axes },
      { z: Float64Array.from(rows.flat()), ...axes },
      { z: { data: Float64Array.from(rows.flat()), shape: [2, 3] } },
      { z: { data: [0, 3, 1, 4, 2, 5], shape: [2, 3], strides: [1, 2] } },
      { z: { data: [9, 5, 4, 3, 2, 1, 0], shape: [2, 3], strides: [-3, -1], offset: 6 } },
    ];
    for (const form of forms) assert.deepEqual(heatmapFigure(form).z.values, wanted);
    assert.deepEqual([...wanted], [0, 1, 2, 3, 4, 5]);
  });

  it("counts cells where no centres are given, and keeps single precision", () => {
    const figure = heatmapFigure({ z: { data: new Float32Array(6), shape: [2, 3] } });
    assert.deepEqual([...figure.x.values], [0, 1, 2]);
    assert.deepEqual([...figure.y.values], [0, 1]);
    assert.ok(figure.z.values instanceof Float32Array);
  });

  it("takes the range of the finite values, and makes room around a constant", () => {
    assert.deepEqual(heatmapFigure({ z: [[NaN, -2, Infinity, 7]] }).range, [-2, 7]);
    assert.deepEqual(heatmapFigure({ z: [[NaN, Infinity]] }).range, [0, 1]);
    for (const constant of [0, 5, -1e-12, 1e300, 5e-324]) {
      const [low, high] = heatmapFigure({ z: [[constant, constant]] }).range;
      assert.ok(low < high && low <= constant && constant <= high, `${low}, ${high}`);
    }
  });

  it("puts zero in the middle of a diverging map, and takes percentiles of the values", () => {
    const z = [[-1, 0, 4]];
    assert.deepEqual(heatmapFigure({ z, colorMap: "coolwarm" }).range, [-4, 4]);
    assert.deepEqual(heatmapFigure({ z, colorMap: "berlin", range: [0, 1] }).range, [0, 1]);
    const hundred = [Array.from({ length: 101 }, (_, i) => (i === 50 ? NaN : i))];
    // of 0 … 100 without 50, between the samples in proportion
    assert.deepEqual(heatmapFigure({ z: hundred, percentiles: [0, 100] }).range, [0, 100]);
    const [low, high] = heatmapFigure({ z: hundred, percentiles: [10, 90] }).range;
    assert.ok(Math.abs(low - 9.9) < 1e-9 && Math.abs(high - 90.1) < 1e-9);
  });

  it("spreads colours over a logarithm of what is positive", () => {
    const z = [[0, 0.01, 100, -5]];
    const figure = heatmapFigure({ z, colorScale: "log" });
    assert.deepEqual(figure.range, [0.01, 100]);
    assert.match(
      pictureBundle(figure).bundle["text/plain"] as string,
      /log colours\n2 cells are not positive, shown in grey/,
    );
    assert.equal(heatmapFigure({ z, colorScale: "symlog" }).threshold, 0.1);
    assert.equal(heatmapFigure({ z, colorScale: "symlog", threshold: 2 }).threshold, 2);
  });

  it("draws contour lines at the given values, or at round ones", () => {
    assert.deepEqual(heatmapFigure({ z: rows, contours: [1.5, 2] }).contours, [1.5, 2]);
    assert.deepEqual(heatmapFigure({ z: rows, contours: 5 }).contours, [0, 1, 2, 3, 4, 5]);
    const z = [[0.001, 1000]];
    assert.ok(heatmapFigure({ z, contours: 6, colorScale: "log" }).contours.includes(10));
    // a dark line half way between 0 and 1
    const png = pngOf({
      z: [
        [0, 1],
        [0, 1],
      ],
      contours: [0.5],
      colorMap: "magma",
    });
    const { left, top, width, height } = png.plotArea();
    const dark = Array.from({ length: width }, (_, i) => png.at(left + i, top + height / 2));
    const light = dark.findIndex(([red]) => red! > 200);
    assert.ok(Math.abs(light - width / 2) < 4, `${light} of ${width}`);
  });

  it("shows a copy: what the cell does to its arrays later changes nothing", () => {
    const z = Float64Array.of(1, 2);
    const figure = heatmapFigure({ z, x: [0, 1], y: [0] });
    z[0] = 9;
    assert.deepEqual([...figure.z.values], [1, 2]);
  });

  const wrong: [string, unknown, RegExp][] = [
    ["no values", { z: [] }, /z is empty/],
    ["empty rows", { z: [[], []] }, /z\[0\] is empty/],
    ["rows of different lengths", { z: [[1, 2], [3]] }, /z\[1\] has 1 values, but the first has 2/],
    [
      "too few rows for y",
      { z: rows, y: [1, 2, 3] },
      /2 rows of 3 values, but y has 3 values and x has 3/,
    ],
    [
      "a wrong flat length",
      { z: [1, 2, 3], x: [1, 2], y: [1, 2] },
      /3 values, but y has 2 values and x has 2/,
    ],
    ["a flat array alone", { z: [1, 2, 3] }, /flat array of 3 values: give x and y/],
    ["a text for a number", { z: [[1, "0.3"]] }, /z\[0\]\[1\] is "0\.3", not a number/],
    ["a hole", { z: [[1, undefined]] }, /z\[0\]\[1\] is undefined/],
    ["no z", {}, /z is undefined, not an array/],
    ["too short data", { z: { data: [1], shape: [1, 2] } }, /z has 1 numbers in its data, too few/],
    ["a shape of three axes", { z: [rows, rows] }, /shape \[2, 2, 3\], not \[ny, nx\]/],
    [
      "unsorted centres",
      { z: rows, x: [0, 2, 1] },
      /x\[2\] is 1 after 2: centres must ascend or descend/,
    ],
    [
      "zero on a log axis",
      { z: rows, x: [0, 1, 2], xScale: "log" },
      /x\[0\] is 0: a log axis needs positive/,
    ],
    ["a NaN among the centres", { z: rows, y: [0, NaN] }, /y\[1\] is NaN/],
    ["an unknown colour map", { z: rows, colorMap: "jet" }, /"jet"; it is one of viridis/],
    [
      "an unknown colour scale",
      { z: rows, colorScale: "sqrt" },
      /colorScale is "sqrt"; it is one of/,
    ],
    [
      "a log range from zero",
      { z: rows, colorScale: "log", range: [0, 1] },
      /range is \[0, 1\]: a log/,
    ],
    ["range and percentiles", { z: rows, range: [0, 1], percentiles: [2, 98] }, /not both/],
    [
      "fractions for percentages",
      { z: rows, percentiles: [50, 200] },
      /two percentages from 0 to 100/,
    ],
    ["a threshold of zero", { z: rows, colorScale: "symlog", threshold: 0 }, /threshold is 0/],
    [
      "too many lines",
      { z: rows, contours: 51 },
      /contours is 51; it is a whole number from 1 to 50/,
    ],
    ["a line at NaN", { z: rows, contours: [NaN] }, /contours\[0\] is NaN/],
    ["an unknown scale", { z: rows, yScale: "sqrt" }, /yScale is "sqrt"/],
    ["a descending range", { z: rows, range: [1, 0] }, /range is \[1, 0\]/],
    ["too long a title", { z: rows, title: "x".repeat(201) }, /title has 201 characters/],
  ];
  for (const [what, options, message] of wrong) {
    it(`says what is wrong with ${what}`, () => {
      assert.throws(
        () => heatmapFigure(options as HeatmapOptions),
        (error) => error instanceof FigureError && message.test(error.message),
      );
    });
  }
});

describe("a heatmap's output", () => {
  it("is one bundle of payload, PNG and text, and says the PNG's size", () => {
    const figure = heatmapFigure({ z: rows, title: "six", zLabel: "n" });
    const { bundle, metadata } = pictureBundle(figure);
    assert.deepEqual(Object.keys(bundle), [MIME_TYPE, "image/png", "text/plain"]);
    assert.deepEqual(parseFigure(JSON.parse(JSON.stringify(bundle[MIME_TYPE]))), figure);
    const { width, height } = metadata["image/png"] as { width: number; height: number };
    const png = new Png(bundle["image/png"] as string);
    assert.deepEqual([png.width, png.height], [2 * width, 2 * height]);
    assert.equal(width, 640);
  });

  it("says shape, axes, extremes with their places, and what isn't finite", () => {
    const z = [
      [0, NaN, 2],
      [3, 4, -Infinity],
    ];
    const { bundle } = pictureBundle(
      heatmapFigure({
        z,
        x: [1, 10, 100],
        y: [-1, 1],
        xScale: "log",
        title: "test",
        zLabel: "power (W)",
      }),
    );
    assert.equal(
      bundle["text/plain"],
      [
        "Heatmap: test (2 × 3 cells)",
        "x, 1 to 100 (3 values), log scale",
        "y, −1 to 1 (2 values)",
        "z: power (W), min 0 at x = 1, y = −1; max 4 at x = 10, y = 1",
        "1 cell is NaN, shown in grey; 1 cell is −∞, shown as the bottom colour",
      ].join("\n"),
    );
  });

  it("has every cell's colour at that cell's place in the PNG", () => {
    // the ends and the middle of viridis, as published
    const colors = { 0: [68, 1, 84], 0.5: [32, 144, 140], 1: [253, 231, 36] };
    const z = [
      [0, 0.5, 1],
      [1, 0, 0.5],
    ];
    const png = pngOf({ z, range: [0, 1] });
    const plot = png.plotArea();
    z.forEach((row, iy) => {
      row.forEach((value, ix) => {
        // z[0] is the lowest row; a cell is probed in its middle and near its corners
        for (const [u, v] of [
          [0.5, 0.5],
          [0.05, 0.05],
          [0.95, 0.95],
        ] as const) {
          const x = plot.left + ((ix + u) / 3) * plot.width;
          const y = plot.top + ((1 - iy + v) / 2) * plot.height;
          const found = png.at(x, y);
          colors[value as 0 | 0.5 | 1].forEach((channel, c) => {
            assert.ok(Math.abs(found[c]! - channel) <= 1, `${found.join()} at ${ix}, ${iy}`);
          });
        }
      });
    });
  });

  it("has uneven cells' edges half way between the centres", () => {
    const png = pngOf({ z: [[0, 1, 0]], x: [0, 1, 4], range: [0, 1] });
    const { left, top, width } = png.plotArea();
    // edges at −0.5, 0.5, 2.5, 5.5: the middle cell reaches from 1/6 to 1/2 of the width
    const y = top + 100;
    const high = png.at(left + width / 3, y).join();
    const inside = Array.from({ length: width }, (_, i) => png.at(left + i, y).join() === high);
    // a pixel of rounding at either side, and one of the raster's strips
    const slack = 2 + width / 12;
    assert.ok(Math.abs(inside.indexOf(true) - width / 6) <= slack);
    assert.ok(Math.abs(inside.lastIndexOf(true) - width / 2) <= slack);
  });

  it("shows NaN in grey on white", () => {
    const png = pngOf({ z: [[NaN, 1, 0]] });
    const { left, top, width } = png.plotArea();
    const [red, green, blue] = png.at(left + width / 6, top + 50);
    assert.ok(
      red === green && green === blue && red! > 150 && red! < 230,
      `${red} ${green} ${blue}`,
    );
  });

  it("draws extreme figures too", () => {
    const cases: HeatmapOptions[] = [
      { z: [[1]] },
      { z: [[NaN]] },
      { z: [[1e300, -1e300]] },
      { z: [[5e-324, 0]] },
      { z: [[1, 2]], x: [1, 1 + 2 ** -52] },
      { z: [[1, 2]], x: [-1e300, 1e300], title: "long ".repeat(39) },
      {
        z: [[1], [2]],
        y: [1e-150, 1e150],
        yScale: "log",
        xLabel: "⟨x⟩ ∇ℏ",
        yLabel: "y".repeat(200),
      },
    ];
    for (const options of cases) assert.ok(pngOf(options).width === 1280);
  });
});
