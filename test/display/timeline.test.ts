import assert from "node:assert/strict";
import { FigureError, jit, pool, prange, recordTimeline, timeline } from "hotcell";
import { pictureBundle } from "../../kernel-lib/dist/display/picture.js";
import { timelineFigure } from "../../kernel-lib/dist/display/timeline.js";
import { MIME_TYPE, parseFigure, summary } from "../../kernel-lib/dist/figure/index.js";
import { Png } from "./png.js";
import { quietly } from "./stdout.js";

const record = {
  threads: 2,
  elapsed: 100,
  chunks: [
    { worker: 0, from: 0, to: 10, start: 0, end: 50 },
    { worker: 1, from: 10, to: 20, start: 50, end: 100 },
  ],
};

describe("timeline", () => {
  it("draws the result of pool.map, or its record", async () => {
    const squares = await pool.map((x) => x * x, [1, 2, 3]);
    const { printed } = quietly(() => {
      timeline(squares, { title: "squares" });
    });
    assert.match(printed, /^Timeline: squares\n3 items in \d chunks?, .*\nworker 0: /);
    const figure = timelineFigure(squares);
    assert.deepEqual(figure.timeline, squares.timeline);
    assert.deepEqual(
      parseFigure(JSON.parse(JSON.stringify(pictureBundle(figure).bundle[MIME_TYPE]))),
      figure,
    );
  });

  it("draws a kernel's call with the serial run beside it", () => {
    const total = jit((n: number) => {
      let sum = 0;
      for (const i of prange(n)) sum += Math.sqrt(i);
      return sum;
    });
    total(10);
    const figure = timelineFigure(
      recordTimeline(() => total(1_000_000)),
      { serial: 50 },
    );
    const items = figure.timeline.chunks.reduce((sum, { from, to }) => sum + to - from, 0);
    assert.equal(items, 1_000_000);
    assert.match(summary(figure), /\n1,000,000 items in \d+ chunks?, .* than the serial 50 ms\n/);
  });

  it("says what it needs where there is no timeline", () => {
    for (const wrong of [undefined, null, 3, [1, 2], {}]) {
      assert.throws(() => {
        timeline(wrong as never);
      }, /timeline: this has no timeline; the results of/);
    }
    assert.throws(() => timelineFigure(record, { serial: -1 }), FigureError);
    assert.throws(() => timelineFigure(record, { serial: NaN }), FigureError);
  });

  it("shows which items took longest", () => {
    // four chunks of ten items: all but the first are the three slowest
    const chunks = Array.from({ length: 4 }, (_, i) => {
      return { worker: 0, from: 10 * i, to: 10 * i + 10, start: i ** 2, end: (i + 1) ** 2 };
    });
    const { bundle } = pictureBundle(timelineFigure({ threads: 1, elapsed: 16, chunks }));
    const png = new Png(bundle["image/png"] as string);
    let [orange, blue] = [0, 0];
    for (let y = 0; y < png.height; y++) {
      for (let x = 0; x < png.width; x++) {
        const [r, , b] = png.at(x, y);
        if (r! > b! + 150) orange++;
        if (b! > r! + 80) blue++;
      }
    }
    // 15 of 16 ms, of which smooth edges take less than a hundredth
    const part = orange / (orange + blue);
    assert.ok(Math.abs(part - 15 / 16) < 0.01, `${part}`);
    assert.match(
      bundle["text/plain"] as string,
      /slowest items: 30 to 39 \(700 µs each\), 20 to 29 \(500 µs each\), 10 to 19 \(300 µs each\)/,
    );
  });

  it("draws each worker's chunks in its own lane, at their times", () => {
    const png = new Png(pictureBundle(timelineFigure(record)).bundle["image/png"] as string);
    // the blue of single chunks, left to right in two lanes
    const blue = (x: number, y: number) => {
      const [red, , blue] = png.at(x, y);
      return blue! - red! > 80;
    };
    const boxes: [number, number, number][] = [];
    for (let y = 0; y < png.height; y++) {
      const xs = Array.from({ length: png.width }, (_, x) => x).filter((x) => blue(x, y));
      if (xs.length > 100) boxes.push([y, xs[0]!, xs.at(-1)!]);
    }
    const upper = boxes[0]!;
    const lower = boxes.at(-1)!;
    assert.ok(lower[0] > upper[0]);
    // the first half of the time above, the second below: they meet within two pixels
    assert.ok(Math.abs(upper[2] + 1 - lower[1]) <= 2, `${upper.join()} ${lower.join()}`);
    assert.ok(Math.abs(upper[2] - upper[1] - (lower[2] - lower[1])) <= 2);
  });
});
