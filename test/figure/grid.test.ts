import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AxisScale,
  cellAt,
  edgesOf,
  type HeatmapAxis,
  type HeatmapFigure,
} from "../../kernel-lib/dist/figure/index.js";
import { heatmapOf } from "./figures.js";

function axis(values: readonly number[], scale: AxisScale = "linear"): HeatmapAxis {
  return { values: Float64Array.from(values), label: "", scale };
}

function figure(x: HeatmapAxis): HeatmapFigure {
  return heatmapOf(x.values.length, 1, () => 0, { x, y: axis([0]) });
}

const centres = fc
  .uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 40 })
  .map((values) => values.sort((a, b) => a - b));

describe("the cell under a point", () => {
  it("is the one with the nearest centre on the axis's scale, in either order", () => {
    fc.assert(
      fc.property(
        centres,
        fc.constantFrom<AxisScale>("linear", "log"),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, scale, descends, t) => {
          const ordered = descends ? values.toReversed() : values;
          const place = scale === "log" ? Math.log : (value: number) => value;
          const value = values[0]! + t * (values[values.length - 1]! - values[0]!);
          const distances = ordered.map((centre) => Math.abs(place(centre) - place(value)));
          const cell = cellAt(figure(axis(ordered, scale)), value, 0);
          // as near as the nearest, but for rounding where two are equally near
          return distances[cell!.column]! <= Math.min(...distances) + 1e-9 * place(20_000);
        },
      ),
    );
  });

  it("lies between its edges, midway to its neighbours", () => {
    assert.deepEqual(edgesOf(axis([1, 2, 4]), 0), [0.5, 1.5]);
    assert.deepEqual(edgesOf(axis([1, 2, 4]), 1), [1.5, 3]);
    assert.deepEqual(edgesOf(axis([4, 2, 1]), 0), [5, 3]);
    assert.deepEqual(edgesOf(axis([3]), 0), [2.5, 3.5]);
  });

  it("is none outside of the map", () => {
    const map = figure(axis([1, 2, 3]));
    assert.equal(cellAt(map, 0.49, 0), undefined);
    assert.equal(cellAt(map, 3.51, 0), undefined);
    assert.equal(cellAt(map, 2, 0.6), undefined);
    assert.equal(cellAt(map, NaN, 0), undefined);
    assert.equal(cellAt(figure(axis([1, 10], "log")), -1, 0), undefined);
  });
});
