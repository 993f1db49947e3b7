/**
 * A timeline's Vega-Lite specification: one lane a worker with a bar a chunk, and above them the
 * serial run, if it was measured. Bars come from timeline-lanes.ts; only numbers and our own texts
 * get in.
 */
import type { TopLevelSpec } from "vega-lite";
import { tickAxis } from "./axis-ticks.js";
import { countText, durationText, durationUnit } from "./number-text.js";
import { pictureTitle, inkOf, themeConfig, type Theme } from "./theme.js";
import { linearTicks } from "./ticks.js";
import type { TimelineFigure } from "./timeline-figure.js";
import { type Bar, lanes, slowestChunks, timelineSums } from "./timeline-lanes.js";
import { itemsText, percentText, slowestText, timelineRemark } from "./timeline-summary.js";

/** Shades of neighbouring chunks, which touch each other. */
const SHADES = ["#2f6db5", "#6ba3de"];
/** Shades of joined chunks, from half idle or worse to all busy. */
const JOINED = ["#c4dbf2", "#a3c6ea", "#82b1e2", "#629bd5", "#4a86c8"];
/** The shade of the slowest items, and the least width of what shows them, in pixels. */
const SLOW = { color: "#d55e00", width: 2 };
/** The shade of the serial run. */
const SERIAL = "#8c959f";

/** Heights in pixels: of a lane where there is room, and of all of them together. */
const LANE = 30;
const MOST = 640;
/** The most bars of one picture, and the least width of joined chunks. */
const MOST_BARS = 4000;
const LEAST_WIDTH = 3;

function barColor(bar: Bar, i: number): string {
  if (bar.chunks === 1) return SHADES[i % 2]!;
  const load = bar.busy / (bar.end - bar.start || 1);
  return JOINED[Math.min(Math.max(Math.floor(10 * (load - 0.5)), 0), JOINED.length - 1)]!;
}

/** Where a bar's drawing ends: joined chunks run under the next bar, or seams would look like pauses. */
function seamless(bar: Bar, next: Bar | undefined, pixel: number): number {
  if (bar.chunks === 1 || next?.worker !== bar.worker) return bar.end;
  return next.start - bar.end < pixel ? next.start + pixel : bar.end;
}

function tooltip(bar: Bar) {
  return {
    items: itemsText(bar),
    took:
      bar.chunks === 1
        ? durationText(bar.busy)
        : `${durationText(bar.busy)}, ${countText(bar.chunks, "chunk")}`,
  };
}

/** The specification of a timeline. */
export function timelineSpec(
  figure: TimelineFigure,
  { width, theme, font }: { width: number; theme: Theme; font: string },
): TopLevelSpec {
  const { timeline, serial } = figure;
  const ink = inkOf(theme);
  const span = spanOf(figure);
  const unit = durationUnit(span);
  const names = [...(serial === undefined ? [] : ["serial"]), ...workerNames(timeline.threads)];
  const pitch = Math.min(LANE, MOST / names.length);
  const shortest = Math.max(LEAST_WIDTH / width, timeline.threads / MOST_BARS) * span;
  const { shares } = timelineSums(timeline);
  const bars = lanes(timeline, shortest);
  const rows = bars.map((bar, i) => ({
    lane: String(bar.worker),
    start: bar.start / unit.size,
    end: seamless(bar, bars[i + 1], span / width) / unit.size,
    color: barColor(bar, i),
    ...tooltip(bar),
  }));
  const slowest = slowestChunks(timeline).map(({ worker, start, end }) => ({
    lane: String(worker),
    start: start / unit.size,
    end: Math.max(end, start + (SLOW.width * span) / width) / unit.size,
  }));
  const serialRows =
    serial === undefined
      ? []
      : [
          {
            lane: "serial",
            start: 0,
            end: serial / unit.size,
            color: SERIAL,
            items: "all",
            took: durationText(serial),
          },
        ];
  const loads = Array.from(shares, (share, worker) => ({
    lane: String(worker),
    share: percentText(share),
  }));
  const y = {
    field: "lane",
    type: "ordinal" as const,
    scale: { domain: names, paddingInner: 0.22, paddingOuter: 0.11 },
    axis: { title: "worker", ticks: false, labelOverlap: true, labelPadding: 8 },
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: themeConfig(theme, font),
    width,
    height: Math.round(pitch * names.length),
    autosize: { type: "fit-x", contains: "padding" },
    ...pictureTitle(figure.title, remarkOf(figure), width, theme),
    layer: [
      {
        data: { values: [...serialRows, ...rows] },
        mark: { type: "bar", aria: false },
        encoding: {
          y,
          x: {
            field: "start",
            type: "quantitative",
            scale: { domain: [0, span / unit.size], nice: false },
            axis: {
              title: `time (${unit.name})`,
              grid: true,
              ...tickAxis(linearTicks(0, span / unit.size, width / 90)),
            },
          },
          x2: { field: "end" },
          color: { field: "color", type: "nominal", scale: null },
          tooltip: [
            { field: "lane", type: "nominal", title: "worker" },
            { field: "items", type: "nominal", title: "items" },
            { field: "took", type: "nominal", title: "took" },
          ],
        },
      },
      {
        data: { values: slowest },
        mark: { type: "bar", aria: false, color: SLOW.color },
        encoding: {
          y,
          x: { field: "start", type: "quantitative" },
          x2: { field: "end" },
        },
      },
      ...(pitch < 11
        ? []
        : [
            {
              data: { values: loads },
              mark: {
                type: "text" as const,
                aria: false,
                align: "left" as const,
                baseline: "middle" as const,
                color: ink.text,
                fontSize: 12,
              },
              encoding: {
                y,
                x: { value: { expr: "width + 10" } },
                text: { field: "share", type: "nominal" as const },
              },
            },
          ]),
    ],
  };
}

/** What stands under the title. */
function remarkOf(figure: TimelineFigure): string {
  const slowest = slowestText(figure);
  return timelineRemark(figure) + (slowest && `; slowest items, in orange: ${slowest}`);
}

function workerNames(threads: number): string[] {
  return Array.from({ length: threads }, (_, worker) => String(worker));
}

/** The time that the axis covers, in milliseconds. */
function spanOf({ timeline, serial = 0 }: TimelineFigure): number {
  let span = Math.max(timeline.elapsed, serial);
  for (const { end } of timeline.chunks) span = Math.max(span, end);
  return span || 1;
}
