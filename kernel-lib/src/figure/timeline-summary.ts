/** A timeline in words: workers, work, and what the pool gained. */
import { countText, durationText, fixedText, numberText } from "./number-text.js";
import type { TimelineChunk } from "./timeline.js";
import type { TimelineFigure } from "./timeline-figure.js";
import { slowestChunks, timeEach, timelineSums } from "./timeline-lanes.js";

/** A fraction as a percentage, which no line break may split. */
export function percentText(fraction: number): string {
  return `${Math.round(100 * fraction)}\u00a0%`;
}

/** What the pool gained, in one clause. */
function gainText({ timeline, serial }: TimelineFigure): string {
  if (serial !== undefined && timeline.elapsed > 0) {
    const gain = serial / timeline.elapsed;
    const times =
      gain < 1 ? `${numberText(1 / gain, 3)} times slower` : `${numberText(gain, 3)} times faster`;
    return `${times} than the serial ${durationText(serial)}`;
  }
  return `speed-up ${numberText(timelineSums(timeline).speedUp, 3)} (work ÷ time)`;
}

/** The one line under a timeline's title. */
export function timelineRemark(figure: TimelineFigure): string {
  const { threads, elapsed, chunks } = figure.timeline;
  if (chunks.length === 0) return `no work for ${countText(threads, "worker")}`;
  const { items, utilisation } = timelineSums(figure.timeline);
  const work = `${countText(items, "item")} in ${countText(chunks.length, "chunk")}`;
  const who = `${countText(threads, "worker")}, ${percentText(utilisation)} busy`;
  return `${work}, ${durationText(elapsed)}; ${who}; ${gainText(figure)}`;
}

/** Which items a chunk holds. */
export function itemsText({ from, to }: Pick<TimelineChunk, "from" | "to">): string {
  const [first, last] = [from, to - 1].map((item) => fixedText(item, 0));
  return first === last ? first! : `${first!} to ${last!}`;
}

/** The items that took longest each, and how long; nothing where there are hardly more. */
export function slowestText({ timeline }: TimelineFigure): string {
  return slowestChunks(timeline)
    .map((chunk) => `${itemsText(chunk)} (${durationText(timeEach(chunk))} each)`)
    .join(", ");
}

/** A timeline's whole text: the remark, the slowest items, and a line a worker. */
export function timelineSummary(figure: TimelineFigure): string {
  const { threads, chunks } = figure.timeline;
  const { shares } = timelineSums(figure.timeline);
  const slowest = slowestText(figure);
  const counts = new Uint32Array(threads);
  for (const { worker } of chunks) counts[worker]!++;
  const workers = Array.from(shares.subarray(0, 16), (share, worker) => {
    return `worker ${worker}: ${percentText(share)} busy, ${countText(counts[worker]!, "chunk")}`;
  });
  return [
    figure.title ? `Timeline: ${figure.title}` : "Timeline",
    timelineRemark(figure),
    ...(slowest ? [`slowest items: ${slowest}`] : []),
    ...workers,
    ...(threads > 16 ? [`and ${countText(threads - 16, "more worker")}`] : []),
  ].join("\n");
}
