import assert from "node:assert/strict";
import {
  cellAt,
  counting,
  type HeatmapFigure,
  painting,
  type Raster,
} from "../../kernel-lib/dist/figure/index.js";
import { paint } from "../../kernel-lib/dist/figure/raster.js";
import { heatmapOf } from "./figures.js";

const at = ({ width, rgba }: Raster, column: number, row: number) => [
  ...rgba.slice(4 * (row * width + column), 4 * (row * width + column) + 4),
];

/** The ends and the middle of the maps, as published with matplotlib. */
const PUBLISHED = {
  viridis: [
    [68, 1, 84],
    [32, 144, 140],
    [253, 231, 36],
  ],
  magma: [
    [0, 0, 3],
    [182, 54, 121],
    [251, 252, 191],
  ],
  inferno: [
    [0, 0, 3],
    [187, 55, 84],
    [252, 254, 164],
  ],
  plasma: [
    [12, 7, 134],
    [203, 71, 119],
    [239, 248, 33],
  ],
  cividis: [
    [0, 34, 77],
    [124, 123, 120],
    [253, 231, 55],
  ],
} as const;

const strip = (values: number[], more: Partial<HeatmapFigure> = {}) =>
  paint(heatmapOf(values.length, 1, (x) => values[x]!, more));

describe("a heatmap's raster", () => {
  for (const [colorMap, colors] of Object.entries(PUBLISHED)) {
    it(`has ${colorMap}'s published colours`, () => {
      const raster = strip([0, 0.5, 1], { colorMap: colorMap as keyof typeof PUBLISHED });
      colors.forEach((color, i) => {
        // matplotlib cuts 255 times the colour where others round it
        color.forEach((channel, c) => {
          assert.ok(
            Math.abs(at(raster, i, 0)[c]! - channel) <= 1,
            `${at(raster, i, 0).join()} at ${i}`,
          );
        });
        assert.equal(at(raster, i, 0)[3], 255);
      });
    });
  }

  it("has the largest y on top, whichever way the axes run", () => {
    const figure = heatmapOf(2, 2, (x, y) => (x === 1 && y === 1 ? 1 : 0));
    assert.deepEqual(at(paint(figure), 1, 0), at(strip([1]), 0, 0));
    const down = { ...figure, y: { ...figure.y, values: Float64Array.of(1, 0) } };
    assert.deepEqual(at(paint(down), 1, 1), at(strip([1]), 0, 0));
    const left = { ...figure, x: { ...figure.x, values: Float64Array.of(1, 0) } };
    assert.deepEqual(at(paint(left), 0, 0), at(strip([1]), 0, 0));
  });

  it("paints ±∞ and what is out of range in the end colours, and NaN in a grey that shines through", () => {
    const raster = strip([-Infinity, -3, NaN, 7, Infinity]);
    assert.deepEqual(at(raster, 0, 0), at(strip([0]), 0, 0));
    assert.deepEqual(at(raster, 1, 0), at(strip([0]), 0, 0));
    assert.deepEqual(at(raster, 3, 0), at(strip([1]), 0, 0));
    assert.deepEqual(at(raster, 4, 0), at(strip([1]), 0, 0));
    const [red, green, blue, opacity] = at(raster, 2, 0);
    assert.ok(red === green && green === blue && opacity! < 255);
  });

  it("gives cells of uneven steps their true widths, edges half way between centres", () => {
    // centres 0, 1, 3, 7: edges −0.5, 0.5, 2, 5, 9 of a width of 9.5
    const x = { values: Float64Array.of(0, 1, 3, 7), label: "", scale: "linear" as const };
    const raster = strip([0, 1, 0, 1], { x });
    const high = at(strip([1]), 0, 0).join();
    let count = 0;
    for (let i = 0; i < raster.width; i++) if (at(raster, i, 0).join() === high) count++;
    // of 1.5 and 4 wide cells; each of the 3 inner edges may round by one strip
    assert.ok(Math.abs(count / raster.width - 5.5 / 9.5) <= 3 / raster.width);
  });

  it("sees even steps of a log axis as even", () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => 10 ** (-1.5 + 0.04 * i));
    const raster = strip(Array.from(values), { x: { values, label: "", scale: "log" } });
    assert.equal(raster.width, 100);
  });

  it("averages a map finer than the screen, and loses no line", () => {
    const figure = heatmapOf(1000, 1000, (x) => (x === 617 ? 1 : 0));
    const raster = paint(figure, { width: 400, height: 300 });
    assert.deepEqual([raster.width, raster.height], [400, 300]);
    const low = at(strip([0]), 0, 0).join();
    const seen = Array.from({ length: 400 }, (_, i) => i).filter(
      (i) => at(raster, i, 150).join() !== low,
    );
    // the cell reaches from 246.8 to 247.2
    assert.ok(seen.length === 1 && [246, 247].includes(seen[0]!), seen.join());
  });

  it("takes a step a row of pixels, and one in 65,536 cells to count, between which a page goes on", () => {
    const figure = heatmapOf(1000, 600, (x) => x);
    assert.equal([...painting(figure, { width: 400, height: 300 })].length, 300);
    assert.equal([...counting(figure)].length, Math.ceil(600_000 / 65_536));
    // what is counted is known
    assert.equal([...counting(figure)].length, 0);
  });

  it("keeps a single cell, and averages NaN away from its neighbours' colour", () => {
    assert.equal(strip([0.5]).width, 1);
    const half = paint(
      heatmapOf(2, 1, (x) => (x === 0 ? NaN : 1)),
      { width: 1, height: 1 },
    );
    const [red, green, blue] = at(strip([1]), 0, 0);
    const mixed = at(half, 0, 0);
    assert.ok(mixed[3]! < 255 && mixed[3]! > 110);
    assert.ok(mixed[0]! < red! && mixed[1]! < green! && mixed[2]! > blue!);
  });
});

describe("the cell under a point", () => {
  const figure = heatmapOf(3, 2, (x, y) => 10 * y + x, {
    x: { values: Float64Array.of(1, 10, 100), label: "", scale: "log" },
    y: { values: Float64Array.of(5, 2), label: "", scale: "linear" },
  });

  it("is the one whose edges enclose it on the axis's scale", () => {
    // the edge between 1 and 10 on a log axis is √10
    assert.deepEqual(cellAt(figure, 3.16, 4), { column: 0, row: 0, x: 1, y: 5, z: 0 });
    assert.deepEqual(cellAt(figure, 3.17, 3), { column: 1, row: 1, x: 10, y: 2, z: 11 });
  });

  it("is none outside of the map", () => {
    assert.equal(cellAt(figure, 0.3, 4), undefined);
    assert.equal(cellAt(figure, 10, 6.6), undefined);
    assert.equal(cellAt(figure, -1, 4), undefined);
    assert.equal(cellAt(figure, NaN, 4), undefined);
  });
});
