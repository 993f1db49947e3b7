/**
 * One parallel call under way: hands the chunks of its work to the crew's threads, takes in their
 * reports, and ends with all items accepted or with the first failure, after every worker has
 * stopped. Where items come from and where results go is the `Work`'s affair.
 */
import type { Shipment } from "../capture/capture.js";
import { InterruptError, TimeoutError, WorkerError } from "../errors.js";
import type { Timeline, TimelineChunk } from "../figure/timeline.js";
import { isObject, needsCourier } from "./cargo.js";
import { ChunkSizer } from "./chunk-size.js";
import { clock } from "./clock.js";
import { fromTable, isTable, toTable } from "./table.js";
import type { Crew, Death, Shift } from "./crew.js";
import { Desks } from "./desks.js";
import { placeAt, tellItem, userFrames } from "./failure.js";
import { delist, enlist, type Interruptible } from "./interrupt.js";
import { isInHeap, memoryToJoin, moor } from "./memory.js";
import type { MapOptions } from "./options.js";
import { ProgressMeter } from "./progress.js";
import type { Chunk, ChunkReport } from "./protocol.js";

/** Some neighbouring items. A hole in `inputs` is skipped. */
export interface Batch {
  readonly from: number;
  readonly inputs: ArrayLike<unknown>;
}

/** Where a call's items come from and its results go to. */
export interface Work {
  /** Items not taken yet, if that is known. */
  readonly remaining: number | undefined;
  /** Whether nothing is left to take, now and later. */
  readonly ended: boolean;
  /** The next items, about `size`; `undefined` when there are none right now. */
  take(size: number): Batch | undefined;
  /** Results of the items from `from` on; holes as in the batch. */
  accept(from: number, results: readonly unknown[], count: number): void;
}

/** What a call is to do. */
export interface Plan {
  readonly fn: object;
  /** The function as it travels. */
  readonly shipment: Shipment;
  /** As the user would write it: `pool.map`. */
  readonly name: string;
  readonly work: Work;
  /** Each input is a list of arguments. */
  readonly spread: boolean;
  readonly options: MapOptions;
  /** When the user made the call, on `clock`. */
  readonly began: number;
}

/** A batch as it came from the work and as it travels. */
interface Load {
  readonly batch: Batch;
  readonly chunk: Chunk;
  /** While it was on offer, another worker began a later one. */
  isOvertaken: boolean;
}

/** What lies at a desk. */
interface Running {
  readonly controller: AbortController;
  /** The one at work, and perhaps one on offer for when that is done. */
  readonly loads: Load[];
  /** The thread, once it has reported. */
  thread: number | undefined;
}

/** The time a worker has to end its item by itself before its thread is ended. */
const graceMs = 100;

/** What `setTimeout` can wait for at most. */
const longestTimer = 2 ** 31 - 1;

let calls = 0;

export class Call implements Interruptible {
  readonly #id = calls++;
  readonly #crew: Crew;
  readonly #plan: Plan;
  readonly #sizer: ChunkSizer;
  readonly #desks: Desks;
  readonly #freeDesks: number[];
  /** Shifts whose end is not dealt with yet. */
  #pending = 0;
  /** Shifts that a worker has, by desk. */
  readonly #running = new Map<number, Running>();
  /** Loads that nobody took. */
  readonly #left: Load[] = [];
  readonly #meter: ProgressMeter;
  /** Holds where the user's code made the call; V8 writes a stack out only when it is read. */
  readonly #site = new Error();
  readonly #chunks: TimelineChunk[] = [];
  readonly #settled: Promise<void>;
  #resolve!: () => void;
  #reject!: (reason: unknown) => void;
  #open = true;
  #failure: { readonly reason: unknown; readonly index: number } | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #killing: Promise<void> | undefined;

  constructor(crew: Crew, plan: Plan) {
    const { fn, name, work, options } = plan;
    this.#crew = crew;
    this.#plan = plan;
    this.#sizer = new ChunkSizer(crew.threads, options.chunkSize, fn);
    this.#desks = new Desks(crew.threads);
    this.#freeDesks = Array.from({ length: crew.threads }, (_, desk) => crew.threads - 1 - desk);
    this.#meter = new ProgressMeter(options.progress, name, work.remaining);
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // a consumer that has gone away needs no unhandled rejection
    this.#settled.catch(() => undefined);
    const { signal, timeout } = options;
    signal?.addEventListener("abort", this.#onAbort);
    if (timeout !== undefined && timeout !== Infinity)
      this.#deadline = setTimeout(this.#onTimeout, Math.min(timeout, longestTimer));
    // between the user's call and this the input was read, or an imap waited for its reader
    if (signal?.aborted === true) this.#onAbort();
  }

  /** Resolves when all items are accepted; rejects with the first failure, all workers at rest. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Who did what when, so far. */
  get timeline(): Timeline {
    return {
      threads: this.#crew.threads,
      elapsed: clock() - this.#plan.began,
      chunks: this.#chunks,
    };
  }

  /** Hands out work to every idle worker. Call it again when the work has more. */
  pump(): void {
    if (!this.#open) return;
    try {
      if (this.#failure === undefined) this.#fillDesks();
    } catch (error) {
      this.abort(error);
    }
    if (this.#pending === 0 && (this.#plan.work.ended || this.#failure !== undefined))
      void this.#settle();
  }

  /** Stops the call: no item begins any more, and what still runs after a short grace is ended. */
  abort(reason: unknown): void {
    if (!this.#open) return;
    if (reason instanceof TimeoutError || reason instanceof InterruptError)
      placeAt(reason, userFrames(this.#site));
    this.#fail(reason, -1);
    if (this.#pending === 0) void this.#settle();
  }

  #fillDesks(): void {
    const firsts: Load[] = [];
    while (firsts.length < this.#freeDesks.length) {
      // items begin in their order, as the first failure is to be that of the lowest index
      const load = this.#left.shift() ?? this.#takeBack() ?? this.#take();
      if (load === undefined) break;
      firsts.push(load);
    }
    for (const first of firsts) this.#send(first, this.#looksAhead ? this.#take() : undefined);
    for (const [desk, running] of this.#running) this.#offer(desk, running);
  }

  /** Lays the next chunk at a busy worker's desk, unless one lies there. */
  #offer(desk: number, { loads, thread }: Running): void {
    if (loads.length > 1 || thread === undefined || !this.#looksAhead) return;
    const next = this.#overtaken(loads[0]!) ?? this.#take();
    if (next === undefined) return;
    loads.push(next);
    this.#desks.offer(desk, next.chunk.from);
    this.#crew.offer(thread, this.#id, next.chunk);
  }

  /** What lies at another desk and was passed over a second time: its worker is at a slow item. */
  #overtaken(begun: Load): Load | undefined {
    let overtaken: Load | undefined;
    for (const [desk, { loads }] of this.#running) {
      const load = loads[1];
      if (load === undefined || load.chunk.from > begun.chunk.from) continue;
      if (overtaken === undefined && load.isOvertaken && this.#desks.take(desk, load.chunk.from)) {
        overtaken = load;
        loads.pop();
      }
      load.isOvertaken = true;
    }
    return overtaken;
  }

  /** Whether workers get their next chunk before they have done the last. */
  get #looksAhead(): boolean {
    const { remaining } = this.#plan.work;
    return this.#sizer.isShort(remaining) && !this.#crew.isBooked;
  }

  #take(): Load | undefined {
    const batch = this.#plan.work.take(this.#sizer.next(this.#plan.work.remaining));
    return batch && { batch, chunk: this.#pack(batch), isOvertaken: false };
  }

  /** The first that lies at a busy worker's desk for later, when another has nothing to do. */
  #takeBack(): Load | undefined {
    const offered = [...this.#running]
      .filter(([, { loads }]) => loads.length > 1)
      .sort(([, a], [, b]) => a.loads[1]!.chunk.from - b.loads[1]!.chunk.from);
    const found = offered.find(([desk, { loads }]) => this.#desks.take(desk, loads[1]!.chunk.from));
    return found?.[1].loads.pop();
  }

  #pack({ from, inputs }: Batch): Chunk {
    if (!Array.isArray(inputs) || !inputs.some(needsCourier))
      return { from, inputs, packed: false };
    const { courier } = this.#plan.shipment;
    const packed = inputs.map((input: unknown, k) =>
      needsCourier(input) ? courier.pack(input, `input ${from + k}`) : input,
    );
    const table = toTable(packed);
    return table === undefined
      ? { from, inputs: packed, packed: true }
      : { from, inputs: table, packed: false };
  }

  #send(first: Load, second: Load | undefined): void {
    const desk = this.#freeDesks.at(-1)!;
    if (second !== undefined) this.#desks.offer(desk, second.chunk.from);
    const task = {
      call: this.#id,
      capsule: this.#plan.shipment.capsule,
      first: first.chunk,
      second: second?.chunk,
      spread: this.#plan.spread,
      desks: this.#desks.buffer,
      desk,
      memory: memoryToJoin(),
    };
    const loads = second === undefined ? [first] : [first, second];
    const shift = this.#crew.run(task, (report) => {
      this.#continue(desk, report);
    });
    this.#freeDesks.pop();
    if (this.#pending++ === 0) enlist(this);
    this.#running.set(desk, { controller: shift.controller, loads, thread: undefined });
    void this.#receive(shift, desk, loads);
  }

  /** A worker is done with the first of its loads and has taken the second. */
  #continue(desk: number, report: ChunkReport): void {
    const running = this.#running.get(desk)!;
    const { batch } = running.loads.shift()!;
    running.thread = report.thread;
    try {
      this.#sizer.learn(report.to - batch.from, report.end - report.start);
      // The worker gets its next chunk before this thread looks at what the last one brought.
      if (this.#failure === undefined) this.#offer(desk, running);
      this.#accept(report, batch);
    } catch (error) {
      this.#fail(error, -1);
    }
  }

  async #receive(
    { controller, outcome: coming }: Shift,
    desk: number,
    loads: Load[],
  ): Promise<void> {
    const outcome = await coming;
    const { batch } = loads[0]!;
    if (!("kind" in outcome) && outcome.failure === undefined) {
      this.#sizer.learn(outcome.to - batch.from, outcome.end - outcome.start);
      this.#leave(desk);
      this.pump();
    }
    try {
      if ("kind" in outcome) this.#mourn(outcome, desk, loads);
      else this.#accept(outcome, batch);
    } catch (error) {
      this.#fail(error, -1);
    }
    if (this.#running.get(desk)?.controller === controller) this.#leave(desk);
    if (--this.#pending === 0) delist(this);
    this.pump();
  }

  #leave(desk: number): void {
    const offered = this.#running.get(desk)?.loads[1];
    if (offered !== undefined && this.#desks.take(desk, offered.chunk.from))
      this.#left.push(offered);
    this.#desks.clear(desk);
    this.#running.delete(desk);
    this.#freeDesks.push(desk);
  }

  #accept(report: ChunkReport, batch: Batch): void {
    const { start, end, failure, to } = report;
    const results = isTable(report.results) ? fromTable(report.results) : report.results;
    const { from } = batch;
    const worker = this.#crew.slot(report.thread);
    const began = this.#plan.began;
    const done = failure === undefined ? to : failure.index + 1;
    this.#chunks.push({ worker, from, to: done, start: start - began, end: end - began });
    const { courier } = this.#plan.shipment;
    const values = report.packed
      ? results.map((value) => (isObject(value) ? courier.unpack(value) : value))
      : results;
    if (report.packed && this.#mayBringMemory(batch)) moor(values);
    this.#plan.work.accept(from, values, to - from);
    this.#meter.add(to - from);
    if (failure !== undefined) {
      const { index } = failure;
      const input = batch.inputs[index - from];
      this.#fail(tellItem(courier.unpack(failure.error), this.#plan.name, index, input), index);
    }
  }

  /** Whether what comes back may hold arrays that went out, and must keep their memory then. */
  #mayBringMemory({ inputs }: Batch): boolean {
    const attached = this.#plan.shipment.capsule.attachments.some(
      (each) => each instanceof SharedArrayBuffer && isInHeap(each),
    );
    return attached || Array.prototype.some.call(inputs, isObject);
  }

  /** A thread died at its item. */
  #mourn(death: Death, desk: number, loads: readonly Load[]): void {
    const index = this.#desks.at(desk);
    const { batch } = loads[0]!;
    if (death.kind === "unready") {
      this.#fail(this.#unready(death.reason), -1);
      return;
    }
    if (this.#killing !== undefined && death.kind === "killed") return;
    const error = deathError(death, this.#place(index, batch), this.#crew);
    placeAt(error, userFrames(this.#site));
    const at = index ?? batch.from;
    this.#fail(tellItem(error, this.#plan.name, at, batch.inputs[at - batch.from]), at);
  }

  #unready(reason: Error): WorkerError {
    const error = new WorkerError(
      `a worker could not load the function of ${this.#plan.name} with all it refers to: ` +
        reason.message,
      { cause: reason },
    );
    placeAt(error, userFrames(this.#site));
    return error;
  }

  #place(index: number | undefined, { from, inputs }: Batch): string {
    const name = this.#plan.name;
    if (index !== undefined) return `item ${index} of ${name}`;
    return `items ${from} to ${from + inputs.length - 1} of ${name}, before the first of them`;
  }

  /** The first failure counts: an abort, or the lowest index. */
  #fail(reason: unknown, index: number): void {
    if (this.#failure === undefined || index < this.#failure.index) {
      // an item's failure that is known already outlives a later abort
      if (this.#failure === undefined || index >= 0) this.#failure = { reason, index };
    }
    this.#desks.stopAt(Math.max(index, 0));
    if (this.#grace !== undefined || this.#running.size === 0) return;
    this.#grace = setTimeout(() => {
      const controllers = [...this.#running.values()].map(({ controller }) => controller);
      this.#killing = this.#crew.kill(controllers);
    }, graceMs);
  }

  async #settle(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#deadline);
    clearTimeout(this.#grace);
    this.#plan.options.signal?.removeEventListener("abort", this.#onAbort);
    await this.#killing;
    this.#crew.hear();
    this.#crew.forget(this.#id);
    try {
      this.#meter.end(this.#outcome());
    } catch (error) {
      this.#failure ??= { reason: error, index: -1 };
    }
    if (this.#failure === undefined) this.#resolve();
    else this.#reject(this.#failure.reason);
  }

  #outcome(): "done" | "stopped" | "failed" {
    if (this.#failure === undefined) return "done";
    return this.#failure.index < 0 ? "stopped" : "failed";
  }

  readonly #onAbort = (): void => {
    this.abort(this.#plan.options.signal?.reason);
  };

  readonly #onTimeout = (): void => {
    const { done } = this.#meter;
    const at = [...this.#running.keys()]
      .map((desk) => this.#desks.at(desk))
      .filter((index) => index !== undefined)
      .sort((a, b) => a - b);
    const doing = at.length === 0 ? "no item was running" : `still running: item ${at.join(", ")}`;
    this.abort(
      new TimeoutError(
        `${this.#plan.name} was stopped at its timeout of ${this.#plan.options.timeout ?? 0} ms ` +
          `with ${done} items done; ${doing}`,
      ),
    );
  };
}

function deathError(
  death: Exclude<Death, { kind: "unready" }>,
  place: string,
  { threads, memoryLimit }: Crew,
): WorkerError {
  switch (death.kind) {
    case "exit":
      return new WorkerError(
        `${place} ended its worker with process.exit(${death.code}); throw an error instead`,
      );
    case "memory":
      return new WorkerError(
        `${place} ran out of memory: a worker may take ${memoryLimit} MiB, and all together ` +
          `${threads} × ${memoryLimit} MiB. Make less at a time, keep numbers in typed arrays, ` +
          `or allow more: new Pool({ memoryLimit: ${2 * memoryLimit} })`,
      );
    case "uncaught":
      return new WorkerError(
        `an error that nothing caught ended the worker at ${place}: ${String(death.error)}. It ` +
          `came from a timer or from a promise that is not awaited`,
        { cause: death.error },
      );
    case "killed":
      return new WorkerError(`the worker of ${place} was ended from outside`);
  }
}
