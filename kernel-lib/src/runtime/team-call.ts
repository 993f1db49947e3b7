/**
 * One asynchronous call of a kernel: waits for a thread, runs on it, ends. Knows what the caller
 * wants to hear of it and why it was stopped, not how a thread is stopped.
 */
import { delist, enlist } from "./interrupt.js";
import type { TeamKernel } from "./team-kernel.js";

export interface CallOptions {
  /** Memory for results, which the caller keeps or frees. */
  allocate(bytes: number): number;
  /** Iterations of the parallel loop that runs: how many are done, and all; 0 of 0 before the first. */
  progress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** How often progress is told. */
const PROGRESS_MS = 50;

export class TeamCall {
  readonly ended: Promise<void>;
  /** Why it is being stopped. */
  reason: Error | undefined;
  #settle!: (error: Error | undefined) => void;
  #ticker: NodeJS.Timeout | undefined;
  #tell: (() => void) | undefined;
  readonly #onAbort = (): void => {
    const reason: unknown = this.options.signal?.reason;
    // whatever the user gave to abort() is what the user catches
    this.abort(reason as Error);
  };

  constructor(
    readonly kernel: TeamKernel,
    readonly frame: number,
    readonly options: CallOptions,
    readonly onStop: (call: TeamCall) => void,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        if (this.reason !== undefined) reject(this.reason);
        else if (error) reject(error);
        else resolve();
      };
    });
    options.signal?.addEventListener("abort", this.#onAbort);
    enlist(this);
  }

  allocate(bytes: number): number {
    return this.options.allocate(bytes);
  }

  /** Tells progress as `read` finds it. */
  watch(read: () => readonly [done: number, total: number]): void {
    const { progress } = this.options;
    if (!progress) return;
    this.#tell = () => {
      progress(...read());
    };
    this.#ticker = setInterval(this.#tell, PROGRESS_MS);
  }

  abort(reason: Error): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onStop(this);
  }

  /** Nothing of the call runs any more. */
  end(error: Error | undefined): void {
    clearInterval(this.#ticker);
    this.#tell?.();
    this.options.signal?.removeEventListener("abort", this.#onAbort);
    delist(this);
    this.#settle(error);
  }
}
