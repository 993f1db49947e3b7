/**
 * The threads of one pool, on Piscina. Chunks come in, reports go out; what workers print is
 * passed on in order, and a thread that died is replaced. Says what a thread died of, but not
 * which call it belonged to: that is the caller's to know.
 */
import { join } from "node:path";
import {
  type MessagePort,
  receiveMessageOnPort,
  SHARE_ENV,
  type Worker,
} from "node:worker_threads";
import type { Piscina as PiscinaPool } from "piscina";
import { PoolClosedError } from "../errors.js";
import { MemoryWatch } from "./memory-watch.js";
import { noticeOnce } from "./notice.js";
import type { Chunk, ChunkReport, Hello, Note, Order, ShiftTask, Unready } from "./protocol.js";

/** Why a chunk came to nothing, in terms of its thread. */
export type Death =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "memory" }
  | { readonly kind: "uncaught"; readonly error: unknown }
  | { readonly kind: "killed" }
  /** The thread lives, but could not load the function. */
  | { readonly kind: "unready"; readonly reason: Error };

/** V8's own limit lies this far above the pool's, in MiB: see `MemoryWatch`. */
const headroom = 2048;

/** How long a call waits for a thread to end. V8 13 (Node 24) leaves some loops uninterruptible. */
const patienceMs = 1000;

/** Chunks at work on one thread. */
export interface Shift {
  /** The report of the last chunk, or what the thread died of. */
  readonly outcome: Promise<ChunkReport | Death>;
  readonly controller: AbortController;
}

export class Crew {
  readonly threads: number;
  /** What each thread may take in MiB. */
  readonly memoryLimit: number;
  #piscina: PiscinaPool<ShiftTask, ChunkReport | Unready> | undefined;
  readonly #lines = new Map<number, MessagePort>();
  /** Threads whose line is waited for. */
  readonly #strangers = new Map<number, () => void>();
  readonly #exits = new Map<string, number>();
  /** Who hears of chunks that don't end their shift, by call and desk. */
  readonly #hearers = new Map<string, (report: ChunkReport) => void>();
  readonly #slots: (number | undefined)[];
  readonly #working = new Set<AbortController>();
  readonly #greedy = new Set<Worker>();
  /** Threads that were told to end for their memory and may not have yet. */
  readonly #starved = new Set<Worker>();
  readonly #watch: MemoryWatch;
  #ended = false;

  constructor(threads: number, memoryLimit: number) {
    this.threads = threads;
    this.memoryLimit = memoryLimit;
    this.#slots = new Array<number | undefined>(threads).fill(undefined);
    this.#watch = new MemoryWatch(threads, memoryLimit * 2 ** 20, (thread) => {
      this.#starve(thread);
    });
  }

  /** Starts all threads, unless they run already. */
  start(): PiscinaPool<ShiftTask, ChunkReport | Unready> {
    if (this.#piscina !== undefined) return this.#piscina;
    const { Piscina } = require("piscina") as typeof import("piscina");
    const piscina = new Piscina<ShiftTask, ChunkReport | Unready>({
      filename: join(__dirname, "worker.js"),
      minThreads: this.threads,
      maxThreads: this.threads,
      // A worker that sleeps in Atomics.wait fires no timers: what a mapped function left behind
      // would go off in the middle of someone else's call.
      atomics: "disabled",
      // Preloads and loaders of this process are not for the workers, and slow to start.
      execArgv: [],
      // what the program writes to process.env after the threads have started is for them too
      env: SHARE_ENV,
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: this.memoryLimit + headroom },
    });
    piscina.on("message", (message: Partial<Hello> | undefined) => {
      if (message?.hotcellWorker !== undefined && message.line !== undefined)
        this.#meet(message.hotcellWorker, message.line);
    });
    piscina.on("error", (error: unknown) => {
      noticeOnce(`a worker thread failed between two calls and was replaced: ${String(error)}`);
    });
    this.#piscina = piscina;
    return piscina;
  }

  /** Whether some shift, of this call or another, waits for a thread. */
  get isBooked(): boolean {
    return this.#piscina !== undefined && this.#piscina.queueSize > 0;
  }

  /**
   * Lets an idle thread begin a shift. `onReport` hears of all its chunks but the last.
   *
   * @throws PoolClosedError after `end()`.
   */
  run(task: ShiftTask, onReport: (report: ChunkReport) => void): Shift {
    // Piscina would start new threads, which nobody ends
    if (this.#ended) throw new PoolClosedError("the pool was closed: make another with new Pool()");
    const controller = new AbortController();
    this.#hearers.set(`${task.call}:${task.desk}`, onReport);
    return { outcome: this.#outcome(task, controller), controller };
  }

  /** Sends a further chunk to a thread that is at a shift of this call. */
  offer(thread: number, call: number, chunk: Chunk): void {
    const order: Order = { kind: "offer", call, chunk };
    this.#lines.get(thread)?.postMessage(order);
  }

  async #outcome(task: ShiftTask, controller: AbortController): Promise<ChunkReport | Death> {
    const { signal } = controller;
    if (this.#working.size === 0) this.#watch.start();
    this.#working.add(controller);
    try {
      const report = await this.start().run(task, { signal });
      await this.#introduced(report.thread);
      this.hear();
      return "reason" in report ? { kind: "unready", reason: report.reason } : report;
    } catch (error) {
      this.hear();
      const death = this.#death(error, task, signal.aborted);
      // else the next call's chunk might be given to one of them
      await Promise.all(Array.from(this.#starved, gone));
      this.#starved.clear();
      return death;
    } finally {
      this.#hearers.delete(`${task.call}:${task.desk}`);
      this.#working.delete(controller);
      if (this.#working.size === 0) {
        this.#watch.stop();
        this.#greedy.clear();
      }
    }
  }

  #death(error: unknown, { call, desk }: ShiftTask, aborted: boolean): Death {
    if ((error as { code?: unknown }).code === "ERR_WORKER_OUT_OF_MEMORY")
      return { kind: "memory" };
    if (aborted) return { kind: "killed" };
    // Node itself calls process.exit after an error that nothing caught, so this comes first
    if (!String(error).includes("worker exited with code")) return { kind: "uncaught", error };
    const code = this.#exits.get(`${call}:${desk}`);
    if (code !== undefined) return { kind: "exit", code };
    // Piscina doesn't say which thread the chunk was on, but these are the only ones to go by themselves
    const [greedy] = this.#greedy;
    if (greedy === undefined) return { kind: "killed" };
    this.#greedy.delete(greedy);
    return { kind: "memory" };
  }

  /** Ends threads that take too much memory; their chunks learn it from `#death`. */
  #starve(which: number | "all"): void {
    for (const thread of this.#threads()) {
      if ((which !== "all" && which !== thread.threadId) || this.#greedy.has(thread)) continue;
      this.#greedy.add(thread);
      this.#starved.add(thread);
      void thread.terminate();
    }
  }

  /** Ends the threads that run the chunks of these controllers; resolves when they are gone. */
  async kill(controllers: readonly AbortController[]): Promise<void> {
    const before = this.#threads();
    for (const controller of controllers) controller.abort();
    const after = new Set(this.#threads());
    const ending = before.filter((thread) => !after.has(thread));
    const stopped = await Promise.all(ending.map(gone));
    if (stopped.includes(false))
      noticeOnce(
        "a worker thread could not be stopped and goes on until the process ends: this version of " +
          "Node doesn't interrupt some loops over built-in functions; another thread took its place",
      );
  }

  /** A stable number from 0 to threads − 1 for a thread; a replacement takes a free one. */
  slot(thread: number): number {
    const known = this.#slots.indexOf(thread);
    if (known !== -1) return known;
    const living = new Set(this.#threads().map(({ threadId }) => threadId));
    const free = this.#slots.findIndex((id) => id === undefined || !living.has(id));
    // a thread whose report came in after its replacement had taken the last place
    if (free === -1) return thread % this.threads;
    this.#slots[free] = thread;
    return free;
  }

  /** Takes in everything the workers have said so far. */
  hear(): void {
    for (const line of this.#lines.values()) {
      for (
        let got = receiveMessageOnPort(line);
        got !== undefined;
        got = receiveMessageOnPort(line)
      )
        this.#take(got.message as Note);
    }
  }

  /** Lets the workers drop what they hold for a call. */
  forget(call: number): void {
    const order: Order = { kind: "forget", call };
    for (const line of this.#lines.values()) line.postMessage(order);
    for (const key of this.#exits.keys()) if (key.startsWith(`${call}:`)) this.#exits.delete(key);
  }

  /** Ends all threads. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#piscina?.destroy();
    this.hear();
    for (const line of this.#lines.values()) line.close();
  }

  #threads(): Worker[] {
    return this.#piscina?.threads ?? [];
  }

  /**
   * Waits for a thread's line, on which its first output may lie: a first report can overtake it,
   * as the two take different ways.
   */
  async #introduced(id: number): Promise<void> {
    const thread = this.#threads().find(({ threadId }) => threadId === id);
    if (this.#lines.has(id) || thread === undefined) return;
    thread.ref();
    await new Promise<void>((resolve) => {
      this.#strangers.set(id, resolve);
      thread.once("exit", resolve);
    });
    this.#strangers.delete(id);
    thread.unref();
  }

  #meet(thread: number, line: MessagePort): void {
    this.#lines.set(thread, line);
    line.on("message", (message: Note) => {
      this.#take(message);
    });
    line.on("close", () => this.#lines.delete(thread));
    line.unref();
    this.#strangers.get(thread)?.();
    this.#strangers.delete(thread);
  }

  #take(note: Note): void {
    if (note.kind === "output") {
      process[note.stream].write(note.text);
      return;
    }
    const place = `${note.call}:${note.desk}`;
    if (note.kind === "report") this.#hearers.get(place)?.(note.report);
    else this.#exits.set(place, note.code);
  }
}

/** Whether a thread that is being ended has ended within a second. */
async function gone(thread: Worker): Promise<boolean> {
  if (thread.threadId === -1) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });
  const ended = new Promise<boolean>((resolve) => {
    thread.once("exit", () => {
      resolve(true);
    });
  });
  const isGone = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (!isGone) thread.unref();
  return isGone;
}
