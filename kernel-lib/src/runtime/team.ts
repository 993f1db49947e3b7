/**
 * The threads that run the parallel loops of kernels. The calling thread works as well; workers are
 * started when a loop first seems worth it, and the loop doesn't wait for them. Knows when threads
 * start, die, are replaced or lent to a call; how they share a loop is `team-loop.ts`'s.
 */
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { WorkerError } from "../errors.js";
import type { Timeline } from "../figure/timeline.js";
import { Arena } from "./arena.js";
import { LOG_BYTES, openLog, readLog } from "./chunk-log.js";
import { heap, type Heap } from "./heap.js";
import { TeamCall, type CallOptions } from "./team-call.js";
import type { TeamKernel } from "./team-kernel.js";
import { isAnyoneInside, runLoop, wake, WORTH_WAKING, type Place, type Task } from "./team-loop.js";
import { Member } from "./team-member.js";
import * as P from "./team-protocol.js";

/** Kernels that the workers keep. */
const KEPT_KERNELS = 32;
/**
 * Starting threads pays from here: nanoseconds of work that are left, or were done alone. It takes the
 * caller 3 to 15 ms, and 20 ms pass until they run.
 */
const WORTH_STARTING = 20e6;
/** How long a thread may take to end its chunk after the loop was cancelled. */
const PATIENCE_MS = 100;
/** How often a thread that waits for others looks whether they live. */
const CHECK_MS = 200;
/** How long a thread that was killed may take to be gone. */
const LAST_PATIENCE_MS = 1000;

export class Team {
  readonly #words = P.makeWords();
  readonly #members = new Set<Member>();
  readonly #freeSlots: number[] = [];
  #slots = 1;
  #kernels = new Map<number, TeamKernel>();
  #numbered = 0;
  readonly #queue: TeamCall[] = [];
  #calls = 0;
  #partials = { address: 0, size: 0 };
  #heard = 0;
  #checked = 0;
  /** What a thread that died in the midst of this thread's loop died of. */
  #loss: WorkerError | undefined;
  /** Nanoseconds that loops have run while there were no threads. */
  #alone = 0;
  /** True outside of `runLoop` only if it was torn down: an interrupt runs no `finally`. */
  #inLoop = false;
  #isWatching = false;
  readonly #place: Place;

  constructor(readonly heap: Heap) {
    const words = this.#words;
    this.threads = availableParallelism();
    this.#place = {
      memory: heap.memory,
      words,
      slot: 0,
      arena: new Arena(
        heap.memory,
        (bytes) => heap.allocate(bytes),
        (addresses) => {
          for (const address of addresses) heap.free(address);
        },
      ),
      threads: () => (isMainThread ? this.threads : 1),
      worth: () =>
        this.#members.size > 0
          ? WORTH_WAKING
          : Math.max(WORTH_WAKING, WORTH_STARTING - this.#alone),
      partials: (bytes) => this.#partialsOf(bytes),
      attend: () => {
        this.attend();
      },
      cancelled: () => this.#loss ?? new WorkerError("the loop was cancelled"),
    };
  }

  /** How many threads a loop may have, the calling one included. */
  get threads(): number {
    return Atomics.load(this.#words, P.TEAM_THREADS);
  }

  set threads(count: number) {
    Atomics.store(this.#words, P.TEAM_THREADS, count);
  }

  /**
   * Memory for the body of a loop that this thread runs, until the chunk ends; undefined outside of
   * loops.
   */
  scratch(bytes: number): number | undefined {
    return this.#inLoop ? this.#place.arena.allocate(bytes) : undefined;
  }

  /**
   * Stops what is left of a loop whose call was torn down by an interrupt. To be called before each
   * call of a kernel; cheap when there is nothing to do.
   */
  settle(): void {
    if (this.#inLoop) this.#recover();
  }

  /**
   * Runs all iterations of a loop and returns the address of its partial results: chunk c's lie c
   * times `partialBytes`, rounded up to 16, further; the number of chunks stands 16 bytes before.
   *
   * @throws what the lowest chunk that failed failed with; WorkerError if a thread died.
   */
  run(
    kernel: TeamKernel,
    loop: number,
    frame: number,
    count: number,
    partialBytes: number,
  ): number {
    this.settle();
    this.#watch();
    this.#loss = undefined;
    Atomics.store(this.#words, P.at(0, P.CANCEL), 0);
    this.#inLoop = true;
    const began = this.#members.size > 0 ? undefined : performance.now();
    try {
      return runLoop(this.#place, this.#task(kernel, loop), frame, count, partialBytes);
    } finally {
      if (began !== undefined) this.#alone += (performance.now() - began) * 1e6;
      this.#inLoop = false;
      if (Atomics.load(this.#words, P.NEWS) !== this.#heard) this.#hear();
    }
  }

  /**
   * Calls `kernel(frame)` on a worker, which shares the kernel's loops with the others. Resolves, or
   * rejects, when no thread touches the frame any more.
   */
  async call(kernel: TeamKernel, frame: number, options: CallOptions): Promise<void> {
    this.settle();
    options.signal?.throwIfAborted();
    if (!isMainThread) {
      kernel.loaded.kernel(frame);
      return;
    }
    const call = new TeamCall(kernel, frame, options, (stopped) => {
      this.#stop(stopped);
    });
    this.#queue.push(call);
    this.#dispatch();
    try {
      await call.ended;
    } finally {
      this.#dispatch();
    }
  }

  #task(kernel: TeamKernel, number: number): Task {
    let current = kernel;
    return {
      get loop() {
        return current.loops[number]!;
      },
      summon: () => this.#summon(current),
      relieve: () => {
        const better = current.relief();
        current = better ?? current;
        return better !== undefined;
      },
    };
  }

  /** Has calls that run on other threads go on with better code. */
  relieve(kernel: TeamKernel, by: TeamKernel): void {
    if (kernel.number === 0) return;
    const number = this.#number(by);
    this.#send(number, by);
    for (const member of this.#members) {
      member.relieve({ kind: "relieve", kernel: kernel.number, by: number });
    }
  }

  /**
   * Has every chunk of a loop written down from now on. Returns what ends that and gives what was
   * written, with times in milliseconds from a moment since 1970.
   */
  record(): (start: number) => Omit<Timeline, "elapsed"> {
    const words = this.#words;
    const { arena } = this.#place;
    this.settle();
    // of a run that was torn down by an interrupt, or still goes on and then learns of it
    const before = Atomics.load(words, P.LOG);
    if (before !== 0) this.heap.free(before);
    const address = this.heap.allocate(LOG_BYTES);
    openLog(words, address);
    return (start) => {
      if (Atomics.load(words, P.LOG) !== address) {
        throw new Error("another recordTimeline was called before this one had ended");
      }
      const entries = readLog(words, arena);
      openLog(words, 0);
      this.heap.free(address);
      // threads that were replaced leave gaps between the slots
      const slots = [...new Set([0, ...entries.map(({ slot }) => slot)])].sort((a, b) => a - b);
      const chunks = entries.map(({ slot, from, to, ...times }) => ({
        worker: slots.indexOf(slot),
        from,
        to,
        start: times.start - start,
        end: times.end - start,
      }));
      return { threads: Math.max(this.threads, slots.length), chunks };
    };
  }

  /** Ends all workers; the next loop starts new ones. */
  async end(): Promise<void> {
    await Promise.all([...this.#members].map((member) => member.terminate()));
  }

  /** Gives calls that wait to threads that have none. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      this.#fill(this.threads);
      const member = this.#staying().find((each) => each.call === undefined);
      if (!member) return;
      const call = this.#queue.shift()!;
      const number = this.#number(call.kernel);
      member.load(this.#order(number, call.kernel));
      member.begin(call, { kind: "call", call: ++this.#calls, kernel: number, frame: call.frame });
      this.#send(number, call.kernel);
      call.watch(() => [
        Atomics.load(this.#words, P.at(member.slot, P.DONE)),
        Atomics.load(this.#words, P.at(member.slot, P.TOTAL)),
      ]);
      wake(this.#words, Infinity);
    }
  }

  /** Lets the threads of a call end it; kills them if they don't. */
  #stop(call: TeamCall): void {
    const waiting = this.#queue.indexOf(call);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      call.end(undefined);
      return;
    }
    const member = [...this.#members].find((each) => each.call === call);
    if (!member) return;
    member.cancel();
    void sleep(PATIENCE_MS).then(() => {
      if (member.call === call) void member.terminate();
    });
  }

  /** Starts threads until there are that many. */
  #fill(count: number): void {
    for (let missing = count - this.#staying().length; missing > 0; missing--) {
      const slot = this.#freeSlots.pop() ?? this.#slots;
      if (slot >= P.SLOTS) return;
      this.#slots = Math.max(this.#slots, slot + 1);
      this.#members.add(
        new Member(this.#words, slot, this.heap, (member) => {
          void this.#replace(member);
        }),
      );
    }
  }

  /** Takes a dead thread off the team; a later loop starts another. */
  #bury(member: Member): void {
    if (this.#members.delete(member)) member.bury();
  }

  /** After a thread's end: clears up what it left, then tells its call. */
  async #replace(member: Member): Promise<void> {
    const { slot, call } = member;
    const words = this.#words;
    const error = death(member);
    if (this.#members.has(member) && member.isInside) this.#tellOwner(error);
    this.#bury(member);
    if (Atomics.load(words, P.LOCK) === slot + 1) {
      Atomics.store(words, P.at(slot, P.CANCEL), 1);
      Atomics.store(words, P.GATE, 0);
      for (let waited = 0; isAnyoneInside(words); waited += 5) {
        if (waited === PATIENCE_MS)
          void Promise.all(this.#inside().map((each) => each.terminate()));
        await sleep(5);
      }
      Atomics.store(words, P.LOCK, 0);
    }
    this.#freeSlots.push(slot);
    call?.end(error);
  }

  /** The loop that a dead thread took part in can't be finished. */
  #tellOwner(error: WorkerError): void {
    const owner = Atomics.load(this.#words, P.OWNER);
    const member = [...this.#members].find(({ slot }) => slot === owner);
    member?.call?.abort(error);
  }

  #staying(): Member[] {
    return [...this.#members].filter(({ isEnding }) => !isEnding);
  }

  #inside(): Member[] {
    return [...this.#members].filter((member) => member.isInside);
  }

  /** Has the threads there and gives them the kernel; returns its number, or 0 if there is nobody. */
  #summon(kernel: TeamKernel): number {
    this.#fill(this.threads - 1);
    if (this.#members.size === 0) return 0;
    const number = this.#number(kernel);
    this.#send(number, kernel);
    return number;
  }

  #send(number: number, kernel: TeamKernel): void {
    const order = this.#order(number, kernel);
    for (const member of this.#members) member.load(order);
  }

  #order(number: number, { code, plans }: TeamKernel): Extract<P.Order, { kind: "load" }> {
    return { kind: "load", kernel: number, code, loops: plans };
  }

  /** The kernel's number, the latest to be forgotten. */
  #number(kernel: TeamKernel): number {
    if (kernel.number === 0) kernel.number = ++this.#numbered;
    const { number } = kernel;
    this.#kernels.delete(number);
    this.#kernels.set(number, kernel);
    const [oldest] = this.#kernels.keys();
    if (oldest !== undefined && this.#kernels.size > KEPT_KERNELS) {
      this.#kernels.delete(oldest);
      for (const member of this.#members) member.unload(oldest);
    }
    return number;
  }

  #partialsOf(bytes: number): number {
    if (bytes <= this.#partials.size) return this.#partials.address;
    const size = Math.max(bytes, 2 * this.#partials.size, 4096);
    if (this.#partials.size > 0) this.heap.free(this.#partials.address);
    this.#partials = { address: 0, size: 0 };
    this.#partials = { address: this.heap.allocate(size), size };
    return this.#partials.address;
  }

  /** To be called now and then while this thread runs code. */
  attend(): void {
    if (Atomics.load(this.#words, P.NEWS) !== this.#heard) this.#hear();
    const now = performance.now();
    if (now - this.#checked < CHECK_MS) return;
    this.#checked = now;
    for (const member of this.#inside()) {
      if (member.isAlive) continue;
      this.#loss = death(member);
      Atomics.store(this.#words, P.at(0, P.CANCEL), 1);
      this.#bury(member);
    }
  }

  #hear(): void {
    this.#heard = Atomics.load(this.#words, P.NEWS);
    for (const member of this.#members) member.hear();
  }

  /** Notices a torn loop once the event loop turns, so that nobody works on for nothing. */
  #watch(): void {
    if (this.#isWatching || !isMainThread) return;
    this.#isWatching = true;
    setImmediate(() => {
      this.#isWatching = false;
      this.settle();
    }).unref();
  }

  #recover(): void {
    const words = this.#words;
    if (Atomics.load(words, P.LOCK) === 1) {
      Atomics.store(words, P.at(0, P.CANCEL), 1);
      Atomics.store(words, P.GATE, 0);
      if (!this.#awaitQuiet(PATIENCE_MS, () => !isAnyoneInside(words))) {
        const stubborn = this.#inside();
        for (const member of stubborn) void member.terminate();
        this.#awaitQuiet(LAST_PATIENCE_MS, () => !stubborn.some((member) => member.isAlive));
        for (const member of stubborn) this.#bury(member);
      }
      Atomics.store(words, P.LOCK, 0);
    }
    this.#place.arena.trim();
    this.#inLoop = false;
  }

  /** Waits until it is so, and answers workers in the meantime; false if it takes too long. */
  #awaitQuiet(patience: number, isSo: () => boolean): boolean {
    const until = performance.now() + patience;
    for (;;) {
      const rung = Atomics.load(this.#words, P.at(0, P.BELL));
      if (isSo()) return true;
      if (performance.now() > until) return false;
      Atomics.wait(this.#words, P.at(0, P.BELL), rung, 2);
      this.#hear();
    }
  }
}

function death({ reason }: Member): WorkerError {
  const why = reason === undefined ? "" : `: ${reason.message}`;
  return new WorkerError(
    `a thread that ran part of a kernel died${why}; what the kernel writes is half done`,
  );
}

let made: Team | undefined;

/** This thread's team; made when first asked for. */
export function team(): Team {
  made ??= new Team(heap());
  return made;
}

/**
 * Sets how many threads run the `prange` loops of kernels, the calling one included. Results don't
 * depend on it, not even in their last bit.
 *
 * @param count from 1 (only the calling thread) to 512; as many as the machine has processors unless set.
 * @throws RangeError if it isn't a whole number in that range.
 * @example
 * setNumThreads(2);
 */
export function setNumThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > P.MOST_THREADS) {
    throw new RangeError(
      `setNumThreads takes a whole number from 1 to ${P.MOST_THREADS}, not ${String(count)}`,
    );
  }
  team().threads = count;
}

/**
 * How many threads run the `prange` loops of kernels.
 *
 * @example
 * getNumThreads(); // 8
 */
export function getNumThreads(): number {
  return team().threads;
}
