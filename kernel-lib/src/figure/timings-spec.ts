/**
 * The Vega-Lite specification of timings: a row a function, a bar from zero to its median, and a
 * tick a run, so that a ratio is seen at its true length and its spread beside it.
 */
import type { TopLevelSpec } from "vega-lite";
import { tickAxis } from "./axis-ticks.js";
import { countText, durationUnit } from "./number-text.js";
import { median, quantile, standardDeviation } from "./statistics.js";
import { inkOf, pictureTitle, themeConfig, type Theme } from "./theme.js";
import { linearTicks } from "./ticks.js";
import type { TimingsFigure } from "./timings.js";
import { ratioText, runsText, spreadText, timeText, timingText } from "./timings-summary.js";

const BAR = { light: "#b9d3ee", dark: "#2c4a6b" };
const RUN = { light: "#2f6db5", dark: "#8dbcf0" };
const ROW = 44;
/** The most ticks of a row and of a picture: more can't be told apart. */
const MOST_RUNS = 300;
const MOST_TICKS = 6000;

/** Below this width a ratio stands without its spread. */
const NARROW = 480;

/** The specification of timings. */
export function timingsSpec(
  figure: TimingsFigure,
  { width, theme, font }: { width: number; theme: Theme; font: string },
): TopLevelSpec {
  const { timings, title } = figure;
  const ink = inkOf(theme);
  const medians = timings.map(({ samples }) => median(samples));
  // a run that was interrupted for long would squeeze all others together
  const edge = Math.max(
    ...timings.map(({ samples }, i) => Math.max(quantile(samples, 0.95), medians[i]! * 1.1)),
  );
  const single = timings.length === 1;
  const span = edge * (single ? 1.01 : 1.05) || 1;
  // a ratio needs bars from zero, a single function's spread a closer look
  const origin = single ? 0.98 * quantile(timings[0]!.samples, 0) : 0;
  const unit = durationUnit(span);
  const beyond = timings.reduce((n, { samples }) => n + samples.filter((s) => s > span).length, 0);
  const rows = timings.map((timing, i) => ({
    row: String(i),
    name: timing.name,
    middle: medians[i]! / unit.size,
    text: rowText(figure, i, width < NARROW),
    origin: origin / unit.size,
    span: span / unit.size,
    ...tooltipOf(figure, i),
  }));
  const runs = timings.flatMap(({ samples }, i) =>
    thinned(
      samples.filter((sample) => sample <= span),
      MOST_TICKS / timings.length,
    ).map((sample) => ({
      row: String(i),
      time: sample / unit.size,
    })),
  );
  const remark = [
    single ? timingText(timings[0]!) : "a bar to the median, a tick a run",
    beyond > 0 ? `${countText(beyond, "slower run")} not shown` : "",
  ]
    .filter(Boolean)
    .join("; ");
  const y = {
    field: "row",
    type: "ordinal" as const,
    scale: { domain: rows.map(({ row }) => row), paddingInner: 0.3, paddingOuter: 0.15 },
    axis: null,
  };
  const x = {
    type: "quantitative" as const,
    scale: { domain: [origin / unit.size, span / unit.size], nice: false, zero: false },
    axis: {
      title: `time per call (${unit.name})`,
      grid: true,
      ...tickAxis(linearTicks(origin / unit.size, span / unit.size, width / 130)),
    },
  };
  // no group opacity: resvg draws such a mark by way of a layer, and ends the process where that lies
  // off the canvas
  const tick = { type: "tick" as const, aria: false, opacity: 1 };
  const text = { type: "text" as const, aria: false, baseline: "middle" as const };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: themeConfig(theme, font),
    width,
    height: ROW * rows.length,
    autosize: { type: "fit-x", contains: "padding" },
    ...pictureTitle(title, remark, width, theme),
    layer: [
      ...(single
        ? []
        : [
            {
              data: { values: rows },
              mark: { type: "bar" as const, aria: false, color: BAR[theme] },
              encoding: { y, x: { ...x, field: "middle" } },
            },
          ]),
      {
        data: { values: runs },
        mark: { ...tick, color: RUN[theme], fillOpacity: 0.4, thickness: 1.5, bandSize: 18 },
        encoding: { y, x: { ...x, field: "time" } },
      },
      {
        data: { values: rows },
        mark: { ...tick, color: ink.strong, thickness: 2.5, bandSize: 30 },
        encoding: { y, x: { ...x, field: "middle" } },
      },
      // all of a row answers to the pointer
      {
        data: { values: rows },
        mark: { type: "bar" as const, aria: false, fillOpacity: 0 },
        encoding: {
          y,
          x: { ...x, field: "origin" },
          x2: { field: "span" },
          tooltip: TOOLTIP.map((field) => ({ field, type: "nominal" as const, title: field })),
        },
      },
      ...(single
        ? []
        : [
            {
              data: { values: rows },
              mark: {
                ...text,
                align: "right" as const,
                color: ink.strong,
                fontSize: 13,
                limit: nameWidth(figure, width) - 12,
              },
              encoding: { y, x: { value: -10 }, text: { field: "name", type: "nominal" as const } },
            },
            {
              data: { values: rows },
              mark: {
                ...text,
                align: "left" as const,
                color: ink.text,
                fontSize: 12,
                lineBreak: "\n",
                dy: -7,
              },
              encoding: {
                y,
                x: { value: { expr: "width + 10" } },
                text: { field: "text", type: "nominal" as const },
              },
            },
          ]),
    ],
  };
}

/** What a row says under the pointer. */
const TOOLTIP = ["function", "median", "fastest", "measured", "speed"] as const;

function tooltipOf(
  { timings }: TimingsFigure,
  i: number,
): Record<(typeof TOOLTIP)[number], string> {
  const timing = timings[i]!;
  return {
    function: timing.name || "the function",
    median: spreadText(median(timing.samples), standardDeviation(timing.samples)),
    fastest: timeText(quantile(timing.samples, 0)),
    measured: runsText(timing),
    speed: ratioText(timing, timings[0]!),
  };
}

/** Beside a row: its median, and its speed relative to the first. */
function rowText({ timings }: TimingsFigure, i: number, narrow: boolean): string {
  const middle = median(timings[i]!.samples);
  const ratio = i === 0 ? "reference" : `speed × ${ratioText(timings[i]!, timings[0]!, !narrow)}`;
  return `${timeText(middle)}\n${ratio}`;
}

/** Room for the longest name. */
function nameWidth({ timings }: TimingsFigure, width: number): number {
  if (timings.length === 1) return 12;
  const longest = Math.max(...timings.map(({ name }) => name.length));
  return Math.min(Math.max(8 * longest + 20, 48), width / 4);
}

/** At most as many samples as can be told apart, evenly through the sorted ones. */
function thinned(samples: Float64Array, most: number): number[] {
  const count = Math.floor(Math.min(MOST_RUNS, most));
  const sorted = Array.from(samples.toSorted());
  if (sorted.length <= count) return sorted;
  const step = (sorted.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => sorted[Math.round(i * step)]!);
}
