/**
 * A timeline's lanes: chunks go in, bars and sums come out. Chunks too short to be seen apart are
 * joined into one bar, so that a call of a million chunks is drawn with a few thousand bars.
 */
import type { Timeline, TimelineChunk } from "./timeline.js";

/** One bar of a lane: a chunk, or several that would be a few pixels together. */
export interface Bar {
  readonly worker: number;
  /** Milliseconds from the start of the call. */
  readonly start: number;
  readonly end: number;
  /** First item, and one past the last; of joined chunks the smallest and the largest. */
  readonly from: number;
  readonly to: number;
  readonly chunks: number;
  /** Milliseconds of work; less than `end - start` where joined chunks have pauses between. */
  readonly busy: number;
}

/** A timeline in numbers. */
export interface TimelineSums {
  readonly items: number;
  /** The part of the call in which each worker worked. */
  readonly shares: Float64Array;
  /** Their mean: 1 if no worker ever waited. */
  readonly utilisation: number;
  /** Work done over time taken: how many times faster than one such worker the call was. */
  readonly speedUp: number;
}

/** Adds up a timeline. */
export function timelineSums({ threads, elapsed, chunks }: Timeline): TimelineSums {
  const busy = new Float64Array(threads);
  let items = 0;
  // the workers' clocks may run on for a moment after the call has returned
  let span = elapsed;
  for (const { worker, from, to, start, end } of chunks) {
    busy[worker]! += end - start;
    items += to - from;
    span = Math.max(span, end);
  }
  const shares = busy.map((time) => (span > 0 ? time / span : 0));
  const speedUp = shares.reduce((sum, share) => sum + share, 0);
  return { items, shares, utilisation: speedUp / threads, speedUp };
}

/** How many chunks are named as the slowest. */
const SLOWEST = 3;

/** The chunks whose items took longest each; none where there are hardly more. */
export function slowestChunks({ chunks }: Timeline): TimelineChunk[] {
  if (chunks.length <= SLOWEST) return [];
  return [...chunks].sort((a, b) => timeEach(b) - timeEach(a)).slice(0, SLOWEST);
}

/** Milliseconds an item. */
export function timeEach({ from, to, start, end }: TimelineChunk): number {
  return (end - start) / Math.max(to - from, 1);
}

/** The bars of all lanes, lane by lane in the order of time; none but single chunks is shorter than `shortest`. */
export function lanes({ chunks }: Timeline, shortest: number): Bar[] {
  const sorted = [...chunks].sort((a, b) => a.worker - b.worker || a.start - b.start);
  const bars: Bar[] = [];
  let open: Bar | undefined;
  for (const chunk of sorted) {
    if (open?.worker === chunk.worker && Math.max(open.end, chunk.end) - open.start < shortest) {
      open = joined(open, chunk);
    } else {
      if (open) bars.push(open);
      open = { ...chunk, chunks: 1, busy: chunk.end - chunk.start };
    }
  }
  if (open) bars.push(open);
  return bars;
}

function joined(bar: Bar, chunk: TimelineChunk): Bar {
  return {
    worker: bar.worker,
    start: bar.start,
    end: Math.max(bar.end, chunk.end),
    from: Math.min(bar.from, chunk.from),
    to: Math.max(bar.to, chunk.to),
    chunks: bar.chunks + 1,
    busy: bar.busy + chunk.end - chunk.start,
  };
}
