/**
 * Tells a reporter how far a call is: at once, then at most ten times a second, and at the end.
 * How progress is drawn is not known here; display/ registers that with `setProgressDisplay`.
 */
import type { ProgressState } from "../figure/progress.js";

/** How far a parallel call is. */
export interface Progress {
  /** Items done. */
  readonly done: number;
  /** Items in all; `undefined` when the input is read as it comes. */
  readonly total: number | undefined;
  /** Milliseconds since the call began. */
  readonly elapsed: number;
}

export type ProgressReporter = (progress: Progress) => void;

/** What `progress: true` draws with: it is told how the call ended too. */
export type ProgressDisplay = (progress: Progress, state: ProgressState) => void;

let openDisplay: ((label: string) => ProgressDisplay) | undefined;

/** Registers what `progress: true` draws with. `open` is called once a call, with the call's name. */
export function setProgressDisplay(open: (label: string) => ProgressDisplay): void {
  openDisplay = open;
}

const intervalMs = 100;

export class ProgressMeter {
  readonly #report: ProgressDisplay | undefined;
  #total: number | undefined;
  readonly #began = performance.now();
  #reported = -Infinity;
  #done = 0;

  constructor(
    wanted: boolean | ProgressReporter | undefined,
    label: string,
    total: number | undefined,
  ) {
    this.#total = total;
    if (wanted !== undefined && wanted !== false)
      this.#report = wanted === true ? openDisplay?.(label) : wanted;
    this.#tell("running", true);
  }

  get done(): number {
    return this.#done;
  }

  add(items: number): void {
    this.#done += items;
    this.#tell("running", false);
  }

  /** So many are done of so many, whatever was said before. */
  reach(done: number, total: number | undefined): void {
    this.#done = done;
    this.#total = total;
    this.#tell("running", false);
  }

  /** The last report, which always comes. */
  end(state: Exclude<ProgressState, "running">): void {
    this.#tell(state, true);
  }

  #tell(state: ProgressState, always: boolean): void {
    if (this.#report === undefined) return;
    const elapsed = performance.now() - this.#began;
    if (!always && elapsed - this.#reported < intervalMs) return;
    this.#reported = elapsed;
    this.#report({ done: this.#done, total: this.#total, elapsed }, state);
  }
}
