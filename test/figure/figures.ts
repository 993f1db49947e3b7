/** Figures for tests: fixed ones, and fast-check's arbitrary valid ones of every kind. */
import fc from "fast-check";
import type {
  AnimationFigure,
  Curve,
  CurvesFigure,
  Figure,
  HeatmapFigure,
  ProgressFigure,
  TableFigure,
  TimelineFigure,
  TimingsFigure,
} from "../../kernel-lib/dist/figure/index.js";
import { isWide } from "../../kernel-lib/dist/figure/animation.js";
import { COLOR_MAPS } from "../../kernel-lib/dist/figure/index.js";

/** Plain objects, as the parser makes them. */
const PLAIN = { noNullPrototype: true } as const;

const text = fc
  .string({ maxLength: 100, unit: "grapheme" })
  .filter((label) => label.length <= 200 && !/[\p{Cc}\u2028\u2029]/u.test(label));

const ascending = (min: number, max: number, lengths: { minLength: number; maxLength: number }) =>
  fc
    .uniqueArray(fc.double({ min, max, noNaN: true, noDefaultInfinity: true }), {
      ...lengths,
      // 0 and −0 are one place
      comparator: "SameValueZero",
    })
    .map((values) => Float64Array.from(values).sort());

const axis = (length: { minLength: number; maxLength: number }) =>
  fc
    .record({ log: fc.boolean(), down: fc.boolean(), label: text }, PLAIN)
    .chain(({ log, down, label }) =>
      ascending(log ? 1e-150 : -1e300, log ? 1e150 : 1e300, length).map((values) => ({
        values: down ? values.reverse() : values,
        label,
        scale: log ? ("log" as const) : ("linear" as const),
      })),
    );

/** Any double: NaN, ±∞, −0, denormals. */
const value = fc.double();

export const heatmaps: fc.Arbitrary<HeatmapFigure> = fc
  .record(
    {
      x: axis({ minLength: 1, maxLength: 6 }),
      y: axis({ minLength: 1, maxLength: 6 }),
      single: fc.boolean(),
      range: ascending(-1e300, 1e300, { minLength: 2, maxLength: 2 }),
      title: text,
      label: text,
      colorMap: fc.constantFrom(...COLOR_MAPS, undefined),
      colorScale: fc.constantFrom("linear" as const, "log" as const, "symlog" as const),
      positive: ascending(1e-150, 1e150, { minLength: 2, maxLength: 2 }),
      threshold: fc.double({ min: 1e-150, max: 1e150, noNaN: true }),
      contours: fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), { maxLength: 3 }),
    },
    PLAIN,
  )
  .chain(({ x, y, single, range, positive, title, label, contours, ...colors }) => {
    const ends = colors.colorScale === "log" ? positive : range;
    const length = x.values.length * y.values.length;
    return fc.array(value, { minLength: length, maxLength: length }).map((z) => ({
      kind: "heatmap" as const,
      title,
      x,
      y,
      z: { values: single ? Float32Array.from(z) : Float64Array.from(z), label },
      ...colors,
      // JSON knows no −0
      range: [ends[0]! + 0, ends[1]! + 0] as const,
      contours: contours.map((level) => level + 0),
    }));
  });

const curve = fc.nat(8).chain((length): fc.Arbitrary<Curve> => {
  const array = fc
    .record({
      single: fc.boolean(),
      list: fc.array(value, { minLength: length, maxLength: length }),
    })
    .map(({ single, list }) => (single ? Float32Array.from(list) : Float64Array.from(list)));
  return fc.record(
    {
      label: text,
      x: array,
      y: array,
      error: fc.option(array, { nil: undefined }),
      xError: fc.option(array, { nil: undefined }),
      band: fc.option(fc.record({ lower: array, upper: array }, PLAIN), { nil: undefined }),
      mark: fc.constantFrom("line", "points", "linePoints"),
      dash: fc.option(fc.constantFrom("solid", "dashed", "dotted", "dashDotted"), {
        nil: undefined,
      }),
    },
    PLAIN,
  );
});

const plotAxis = fc.record(
  { label: text, scale: fc.constantFrom("linear", "log", "symlog") },
  PLAIN,
);

export const plots: fc.Arbitrary<CurvesFigure> = fc.record(
  {
    kind: fc.constant("curves" as const),
    title: text,
    x: plotAxis,
    y: plotAxis,
    curves: fc.array(curve, { minLength: 1, maxLength: 4 }),
    fit: fc.option(
      fc
        .record(
          {
            ends: fc.tuple(
              fc.double({ min: -1e9, max: 1e9, noNaN: true }),
              fc.double({ min: -1e9, max: 1e9, noNaN: true }),
            ),
            dimensions: fc.integer({ min: 1, max: 3 }),
          },
          PLAIN,
        )
        // JSON knows no −0
        .map(({ ends: [a, b], dimensions }) => ({
          from: Math.min(a, b) + 0,
          to: Math.max(a, b) + 0,
          dimensions,
        })),
      { nil: undefined },
    ),
  },
  PLAIN,
);

const time = fc.double({ min: 0, max: 1e9, noNaN: true }).map((t) => t + 0);

export const timelines: fc.Arbitrary<TimelineFigure> = fc
  .integer({ min: 1, max: 9 })
  .chain((threads) =>
    fc.record(
      {
        kind: fc.constant("timeline" as const),
        title: text,
        serial: fc.option(time, { nil: undefined }),
        timeline: fc.record(
          {
            threads: fc.constant(threads),
            elapsed: time,
            chunks: fc.array(
              fc
                .record(
                  {
                    worker: fc.integer({ min: 0, max: threads - 1 }),
                    from: fc.nat(),
                    items: fc.nat(1000),
                    start: time,
                    took: time,
                  },
                  PLAIN,
                )
                .map(({ worker, from, items, start, took }) => ({
                  worker,
                  from,
                  to: from + items,
                  start,
                  end: start + took,
                })),
              { maxLength: 20 },
            ),
          },
          PLAIN,
        ),
      },
      PLAIN,
    ),
  );

export const timings: fc.Arbitrary<TimingsFigure> = fc.record(
  {
    kind: fc.constant("timings" as const),
    title: text,
    timings: fc.array(
      fc.record(
        {
          name: text,
          samples: fc.array(time, { minLength: 1, maxLength: 8 }).map((s) => Float64Array.from(s)),
          calls: fc.integer({ min: 1, max: 1e6 }),
        },
        PLAIN,
      ),
      { minLength: 1, maxLength: 4 },
    ),
  },
  PLAIN,
);

export const tables: fc.Arbitrary<TableFigure> = fc.nat(6).chain((length) => {
  const rows = { minLength: length, maxLength: length };
  const column = fc.record(
    {
      name: text,
      values: fc.oneof(
        fc.array(value, rows).map((list) => Float64Array.from(list)),
        fc.array(
          fc.oneof(text, fc.integer(), fc.double({ min: 1e-300, max: 1e300, noNaN: true })),
          rows,
        ),
      ),
    },
    PLAIN,
  );
  return fc.record(
    {
      kind: fc.constant("table" as const),
      title: text,
      columns: fc.array(column, { minLength: 1, maxLength: 4 }),
    },
    PLAIN,
  );
});

const fractions = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 65_535 }), { minLength: length, maxLength: length })
    .map((numbers) => Uint16Array.from(numbers));

// JSON knows no −0
const range = (min = -1e150) =>
  ascending(min, 1e150, { minLength: 2, maxLength: 2 })
    .map((ends) => [ends[0]! + 0, ends[1]! + 0] as const)
    .filter(isWide);

export const animations: fc.Arbitrary<AnimationFigure> = fc
  .record({
    frames: fc.integer({ min: 1, max: 4 }),
    bodies: fc.integer({ min: 1, max: 5 }),
    dimensions: fc.constantFrom(2, 3),
    perFrame: fc.boolean(),
    scale: fc.constantFrom("linear" as const, "log" as const),
  })
  .chain(({ frames, bodies, dimensions, perFrame, scale }) => {
    const lengths = { minLength: frames, maxLength: frames };
    return fc.record(
      {
        kind: fc.constant("animation" as const),
        title: text,
        axes: fc.array(fc.record({ label: text, extent: range(), range: range() }, PLAIN), {
          minLength: dimensions,
          maxLength: dimensions,
        }),
        bodies: fc.constant(bodies),
        positions: fractions(frames * bodies * dimensions),
        times: ascending(-1e150, 1e150, lengths),
        timeLabel: text,
        colors: fc.option(
          fc.record(
            {
              values: fractions(perFrame ? frames * bodies : bodies),
              label: text,
              map: fc.constantFrom(...COLOR_MAPS),
              scale: fc.constant(scale),
              range: range(scale === "log" ? 1e-140 : undefined),
            },
            PLAIN,
          ),
          { nil: undefined },
        ),
        curve: fc.option(
          fc.record(
            { values: fc.array(value, lengths).map((v) => Float64Array.from(v)), label: text },
            PLAIN,
          ),
          { nil: undefined },
        ),
        framesPerSecond: fc.double({ min: 0.01, max: 240, noNaN: true }),
      },
      PLAIN,
    );
  });

export const progresses: fc.Arbitrary<ProgressFigure> = fc.record(
  {
    kind: fc.constant("progress" as const),
    label: text,
    done: fc.nat(),
    total: fc.option(fc.nat(), { nil: undefined }),
    elapsed: time,
    state: fc.constantFrom("running", "done", "stopped", "failed"),
  },
  PLAIN,
);

export const figures: fc.Arbitrary<Figure> = fc.oneof(
  heatmaps,
  plots,
  timelines,
  timings,
  animations,
  tables,
  progresses,
);
export const pictures = fc.oneof(heatmaps, plots, timelines, timings);

/** A heatmap of a formula at column and row. */
export function heatmapOf(
  nx: number,
  ny: number,
  z: (column: number, row: number) => number,
  more: Partial<HeatmapFigure> = {},
): HeatmapFigure {
  const values = Float64Array.from({ length: nx * ny }, (_, i) => z(i % nx, Math.floor(i / nx)));
  const indices = (n: number) => Float64Array.from({ length: n }, (_, i) => i);
  return {
    kind: "heatmap",
    title: "",
    x: { values: indices(nx), label: "", scale: "linear" },
    y: { values: indices(ny), label: "", scale: "linear" },
    z: { values, label: "" },
    colorMap: "viridis",
    colorScale: "linear",
    threshold: 1,
    range: [0, 1],
    contours: [],
    ...more,
  };
}
