import assert from "node:assert/strict";
import { array, diffusion, FigureError, linspace, msd, philox, plotMsd, zeros } from "hotcell";
import {
  type CurvesFigure,
  parseFigure,
  plotScales,
  summary,
  toPayload,
  toTable,
  toVegaLite,
} from "../../kernel-lib/dist/figure/index.js";
import { pictureBundle } from "../../kernel-lib/dist/display/picture.js";
import { plotFigure, type PlotOptions } from "../../kernel-lib/dist/display/plot.js";
import { type MsdData, plotMsdFigure } from "../../kernel-lib/dist/display/plot-msd.js";
import { fitMsd } from "../../kernel-lib/dist/figure/msd-fit.js";
import { compileSpec } from "../../kernel-lib/dist/display/vega.js";
import { Png } from "./png.js";

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("plot", () => {
  it("takes lists, typed arrays and NDArrays, also columns of larger ones", () => {
    const y = array([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    const { curves } = plotFigure({
      curves: [
        { y: [1, 2, 3] },
        { x: linspace(0, 1, 3), y: Float32Array.of(1, 2, 3) },
        { x: new Float64Array(3), y: y.slice(undefined, 1) },
      ],
    });
    assert.deepEqual(curves[0]!.x, Float64Array.of(0, 1, 2));
    assert.deepEqual(curves[1]!.x, Float64Array.of(0, 0.5, 1));
    assert.ok(curves[1]!.y instanceof Float32Array);
    assert.deepEqual(curves[2]!.y, Float64Array.of(10, 20, 30));
  });

  it("sends abscissae once that several curves share", () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => i);
    const curve = () => ({ x, y: x.map(Math.sin) });
    const figure = plotFigure({ curves: [curve(), curve(), curve()] });
    const payload = toPayload(figure);
    assert.ok(payload.kind === "curves" && payload.arrays.length === 4);
    assert.deepEqual(parseFigure(throughJson(toPayload(figure))), figure);
  });

  it("carries the name of its link, if it has one", () => {
    const figure = plotFigure({ y: [1, 2], link: "time" });
    assert.deepEqual(parseFigure(throughJson(toPayload(figure))), figure);
    assert.equal(figure.link, "time");
    assert.ok(!("link" in toPayload(plotFigure({ y: [1, 2] }))));
  });

  it("copies what it is given, which may change after", () => {
    const y = [1, 2];
    const figure = plotFigure({ y });
    y[0] = 9;
    assert.equal(figure.curves[0]!.y[0], 1);
  });

  it("makes room for error bars along both axes, and names them in the table", () => {
    const figure = plotFigure({
      x: [1, 2],
      y: [5, 6],
      xError: [0.5, NaN],
      yError: 2,
      mark: "points",
    });
    const { x, y } = plotScales(figure, new Set());
    assert.ok(x.domain[0] < 0.5 && x.domain[1] > 2 && y.domain[0] < 3 && y.domain[1] > 8);
    const spec = compileSpec(toVegaLite(figure, { width: 640, theme: "light" }));
    const rows = spec.data!.flatMap((data) => ("values" in data ? (data.values as object[]) : []));
    const bars = rows.filter((row) => "x2" in row) as { x: number; x2: number; y: number }[];
    assert.deepEqual(
      bars.map(({ x: from, x2: to, y: at }) => [from, to, at]),
      [[0.5, 1.5, 5]],
    );
    const table = toTable(figure);
    assert.deepEqual(table.columns, ["x", "y", "y error", "y error of x"]);
    assert.deepEqual(table.row(0), [1, 5, 2, 0.5]);
  });

  const refused: [string, unknown, RegExp][] = [
    ["no y", { x: [1] }, /^plot: what is given has no y; a curve is/],
    ["an empty y", { y: [] }, /^plot: y is empty$/],
    ["another length of x", { x: [1, 2], y: [1] }, /^plot: x has 2 values, but y has 1/],
    ["a text among numbers", { y: [1, "2"] }, /^plot: y\[1\] is "2", not a number$/],
    ["a number for y", { y: 3 }, /^plot: y is 3, not an array of numbers$/],
    ["a table for y", { y: array([[1, 2]]) }, /^plot: y has the shape \[1, 2\]/],
    ["a misspelt mark", { y: [1], mark: "dots" }, /^plot: mark is "dots"; it is one of "line"/],
    ["a misspelt scale", { y: [1], yScale: "ln" }, /^plot: yScale is "ln"; it is one of/],
    ["no curves", { curves: [] }, /^plot: curves has 0 curves; it is a list of 1 to 100$/],
    ["a curve that is none", { curves: [{ y: [1] }, null] }, /^plot: curves\[1\] has no y/],
    [
      "a wrong curve among several",
      { curves: [{ y: [1] }, { y: [1, 2], band: { lower: [1], upper: [1, 2] } }] },
      /^plot: curves\[1\]\.band\.lower has 1 values, but y has 2/,
    ],
    ["a negative width", { y: [1, 2], xError: [0, -1] }, /^plot: xError\[1\] is -1/],
    ["a negative error", { y: [1, 2], yError: [0, -1] }, /^plot: yError\[1\] is -1/],
    ["a link that is no name", { y: [1], link: 3 }, /^plot: link is not a text$/],
    ["a title that is too long", { y: [1], title: "x".repeat(201) }, /^plot: title has 201/],
  ];
  for (const [what, options, message] of refused) {
    it(`refuses ${what}, and says what to do`, () => {
      assert.throws(
        () => plotFigure(options as PlotOptions),
        (error) => error instanceof FigureError && message.test(error.message),
      );
    });
  }

  it("says axes, ends and extremes, and what isn't shown", () => {
    const figure = plotFigure({
      curves: [
        { x: [1, 10, 100, 1000], y: [5, NaN, 0, 3], label: "a" },
        { x: [2], y: [7] },
      ],
      xLabel: "time (s)",
      xScale: "log",
      yScale: "log",
    });
    assert.equal(
      summary(figure),
      [
        "Plot",
        "x: time (s), log scale",
        "y, log scale",
        "a: 4 points from (1, 5) to (1000, 3); min (1000, 3), max (1, 5)",
        "curve 2: one point, (2, 7)",
        "1 point not finite, shown as gaps; 1 point without a place on a log axis",
      ].join("\n"),
    );
  });

  it("draws extreme curves too", () => {
    const cases: PlotOptions[] = [
      { y: [1] },
      { y: [NaN, NaN] },
      { y: [1e308, -1e308, Infinity] },
      { y: [5e-324, 0], yScale: "symlog" },
      { y: [1e300, -1e300, 1e-300], yScale: "symlog" },
      { x: [1e-150, 1e150], y: [1, 1], xScale: "log" },
      { y: [-1, -2], yScale: "log" },
      { y: [1, 1 + 2 ** -52] },
      { x: [0, 0, 0], y: [1, 2, 3], mark: "points", label: "l".repeat(200) },
      { curves: Array.from({ length: 100 }, (_, i) => ({ y: [i, i + 1], label: `curve ${i}` })) },
    ];
    for (const options of cases) {
      const png = new Png(pictureBundle(plotFigure(options)).bundle["image/png"] as string);
      assert.equal(png.width, 1280);
    }
  });
});

describe("plotMsd", () => {
  const lags = Array.from({ length: 50 }, (_, i) => i + 1);

  it("finds D and the exponent of what is a straight line", () => {
    // MSD = 2 d D t + a
    const msd = lags.map((t) => 2 * 3 * 0.25 * t + 0.5);
    const figure = plotMsdFigure({ lags, msd, dimensions: 3 }, { fit: { from: 5, to: 40 } });
    const { D, DError, intercept, count } = fitMsd(figure, figure.fit!);
    // rounding of sums of 36 terms
    assert.ok(Math.abs(D - 0.25) < 1e-13 && Math.abs(intercept - 0.5) < 1e-12);
    assert.ok(Number.isNaN(DError));
    assert.equal(count, 36);
    const power = plotMsdFigure({ lags, msd: lags.map((t) => 4 * t ** 1.5), dimensions: 2 });
    assert.ok(Math.abs(fitMsd(power, power.fit!).exponent - 1.5) < 1e-12);
  });

  it("takes errors as fully correlated: as large as that of all values scaled together", () => {
    // all values are wrong by the same 3 %, so D is, and the exponent isn't at all
    const msd = lags.map((t) => 6 * 0.1 * t);
    const standardError = msd.map((value) => 0.03 * value);
    const figure = plotMsdFigure({ lags, msd, standardError, dimensions: 3 });
    const { D, DError, exponentError } = fitMsd(figure, figure.fit!);
    assert.ok(Math.abs(DError / D - 0.03) < 1e-13);
    assert.ok(exponentError < 1e-13);
  });

  it("has the errors that diffusion finds for each particle", () => {
    const [frames, particles] = [60, 40];
    const random = philox(7, 0);
    const positions = zeros([particles, frames, 3]);
    for (let p = 0; p < particles; p++) {
      for (let k = 0; k < 3; k++) {
        let place = 0;
        for (let frame = 0; frame < frames; frame++) {
          positions.set(place, p, frame, k);
          place += random.normal(0, 0.1);
        }
      }
    }
    const walk = msd(positions);
    for (const window of [
      { from: 1, to: 12 },
      { from: 3, to: 40 },
    ]) {
      const figure = plotMsdFigure(walk, { fit: window });
      const found = fitMsd(
        parseFigure(throughJson(toPayload(figure))) as CurvesFigure,
        figure.fit!,
      );
      const expected = diffusion(walk, { ...window, tolerance: 10 });
      const isNear = (a: number, b: number, tolerance: number) => {
        assert.ok(Math.abs(a / b - 1) < tolerance, `${a} is not ${b}`);
      };
      isNear(found.D, expected.D, 1e-12);
      isNear(found.exponent, expected.exponent, 1e-12);
      // covariances travel in single precision, and partly cancel
      isNear(found.DError, expected.standardError, 1e-4);
      isNear(found.exponentError, expected.exponentError, 1e-4);
    }
  });

  it("leaves out lag zero, and takes times where there are some", () => {
    const times = [0, 0.5, 1, 1.5, 2];
    const data = { lags: [0, 1, 2, 3, 4], times, msd: [0, 2, 4, 6, 8], dimensions: 1 };
    const figure = plotMsdFigure(data, { theory: { label: "2 D t", values: (t) => 4 * t } });
    assert.deepEqual(Array.from(figure.curves[1]!.y), [2, 4, 6, 8]);
    const { D, count } = fitMsd(figure, figure.fit!);
    assert.equal(count, 3);
    assert.ok(Math.abs(D - 2) < 1e-14);
    assert.match(summary(figure), /D = 2; exponent 1, 3 lags from 0\.5 to 1\.5/);
  });

  const good = { lags, msd: lags, dimensions: 3 };
  const refused: [string, unknown, object, RegExp][] = [
    ["what is no MSD", [1, 2], {}, /give what msd\(…\) returns/],
    [
      "four dimensions",
      { ...good, dimensions: 4 },
      {},
      /^plotMsd: dimensions is 4; it is 1, 2 or 3/,
    ],
    ["two lags", { lags: [1, 2], msd: [1, 2], dimensions: 3 }, {}, /2 lags above 0; a fit needs 3/],
    ["another length", { ...good, msd: [1] }, {}, /^plotMsd: lags has 50 values, but msd has 1;/],
    [
      "displacements at other lags",
      { ...good, perParticle: { data: [1, 2, 3, 4], shape: [2, 2] } },
      {},
      /^plotMsd: perParticle has the shape \[2, 2\], not \[particles, 50\]$/,
    ],
    ["an empty window", good, { fit: { from: 90, to: 99 } }, /holds 0 lags, it needs 3/],
  ];
  for (const [what, data, options, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => {
          plotMsd(data as MsdData, options);
        },
        (error) => error instanceof FigureError && message.test(error.message),
      );
    });
  }
});
