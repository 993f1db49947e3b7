import assert from "node:assert/strict";
import fc from "fast-check";
import { lanes, timelineSums } from "../../kernel-lib/dist/figure/timeline-lanes.js";
import { summary, type Timeline, type TimelineFigure } from "../../kernel-lib/dist/figure/index.js";
import { timelines } from "./figures.js";

const timeline: Timeline = {
  threads: 2,
  elapsed: 100,
  chunks: [
    { worker: 0, from: 0, to: 10, start: 10, end: 60 },
    { worker: 1, from: 10, to: 20, start: 10, end: 90 },
    { worker: 0, from: 20, to: 25, start: 60, end: 100 },
  ],
};

describe("a timeline", () => {
  it("adds up who worked how long, and what the pool gained", () => {
    const { shares, items, utilisation, speedUp } = timelineSums(timeline);
    assert.deepEqual([...shares], [0.9, 0.8]);
    assert.equal(items, 25);
    assert.ok(Math.abs(utilisation - 0.85) < 1e-15);
    // a sum of two rounded quotients
    assert.ok(Math.abs(speedUp - 1.7) < 1e-15);
  });

  it("has a bar a chunk where there is room", () => {
    const bars = lanes(timeline, 1);
    assert.deepEqual(
      bars.map(({ worker, start, end, from, to, chunks }) => [
        worker,
        start,
        end,
        from,
        to,
        chunks,
      ]),
      [
        [0, 10, 60, 0, 10, 1],
        [0, 60, 100, 20, 25, 1],
        [1, 10, 90, 10, 20, 1],
      ],
    );
  });

  it("joins chunks too short to be seen, and loses none of their time, items or number", () => {
    const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(timelines, positive, ({ timeline }, shortest) => {
        const bars = lanes(timeline, shortest);
        const chunks = bars.reduce((sum, bar) => sum + bar.chunks, 0);
        assert.equal(chunks, timeline.chunks.length);
        for (const bar of bars) {
          assert.ok(bar.chunks === 1 || bar.end - bar.start < shortest);
          const inside = timeline.chunks.filter(
            ({ worker, start, end }) =>
              worker === bar.worker && start >= bar.start && end <= bar.end,
          );
          assert.ok(inside.length >= bar.chunks);
        }
      }),
    );
  });

  it("draws 100,000 chunks with a few thousand bars", () => {
    const chunks = Array.from({ length: 100_000 }, (_, i) => ({
      worker: i % 8,
      from: i,
      to: i + 1,
      start: Math.floor(i / 8) * 0.1,
      end: Math.floor(i / 8) * 0.1 + 0.09,
    }));
    const whole = { threads: 8, elapsed: 1250, chunks };
    const bars = lanes(whole, (3 / 640) * 1250);
    assert.ok(bars.length <= 8 * 250, `${bars.length} bars`);
  });

  it("says in words what it shows", () => {
    const figure: TimelineFigure = { kind: "timeline", title: "sums", timeline, serial: undefined };
    assert.equal(
      summary(figure).replaceAll("\u00a0", " "),
      [
        "Timeline: sums",
        "25 items in 3 chunks, 100 ms; 2 workers, 85 % busy; speed-up 1.7 (work ÷ time)",
        "worker 0: 90 % busy, 2 chunks",
        "worker 1: 80 % busy, 1 chunk",
      ].join("\n"),
    );
    // 2, 30, 4 and 8 ms for one, ten, one and two items
    const chunks = [
      { worker: 0, from: 0, to: 1, start: 0, end: 2 },
      { worker: 0, from: 1, to: 11, start: 2, end: 32 },
      { worker: 1, from: 11, to: 12, start: 0, end: 4 },
      { worker: 1, from: 12, to: 14, start: 4, end: 12 },
    ];
    const uneven = { threads: 2, elapsed: 32, chunks };
    assert.match(
      summary({ ...figure, timeline: uneven }),
      /\nslowest items: 11 \(4 ms each\), 12 to 13 \(4 ms each\), 1 to 10 \(3 ms each\)\n/,
    );
    assert.match(summary({ ...figure, serial: 165 }), /1\.65 times faster than the serial 165 ms/);
    assert.match(summary({ ...figure, serial: 50 }), /2 times slower than the serial 50 ms/);
  });
});
