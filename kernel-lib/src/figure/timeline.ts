/** The record of who did what when in a parallel call: what `pool.map` returns and `timeline` draws. */

/** A run of neighbouring items that one worker did without a pause. */
export interface TimelineChunk {
  /** Which worker, from 0. */
  readonly worker: number;
  /** First item. */
  readonly from: number;
  /** One past the last item. */
  readonly to: number;
  /** When it began, in milliseconds from the start of the call. */
  readonly start: number;
  /** When it ended, in milliseconds from the start of the call. */
  readonly end: number;
}

/** Who did what when in one parallel call. */
export interface Timeline {
  /** Number of worker threads of the pool. */
  readonly threads: number;
  /** Duration of the whole call as the caller saw it, in milliseconds. */
  readonly elapsed: number;
  readonly chunks: readonly TimelineChunk[];
}
