/**
 * One worker thread of a team, as the main thread sees it: its thread, its line, its slot in the
 * control block, the kernels it has been sent and the memory it has been given.
 */
import { join } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { Heap } from "./heap.js";
import type { TeamCall } from "./team-call.js";
import * as P from "./team-protocol.js";

export class Member {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #known = new Set<number>();
  readonly #blocks = new Set<number>();
  /** What it died of, if an error was heard. */
  reason: Error | undefined;
  call: TeamCall | undefined;
  /** Whether it has been told to end; it may still look alive. */
  isEnding = false;

  constructor(
    readonly words: Int32Array,
    readonly slot: number,
    readonly heap: Heap,
    onGone: (member: Member) => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const start: P.Start = { words, slot, memory: heap.memory, port: port2 };
    for (const word of [P.JOINED, P.MAIL, P.CANCEL]) Atomics.store(words, P.at(slot, word), 0);
    Atomics.store(words, P.at(slot, P.LIVE), 1);
    if (slot > Atomics.load(words, P.TOP)) Atomics.store(words, P.TOP, slot);
    this.#worker = new Worker(join(__dirname, "team-worker.js"), {
      workerData: start,
      transferList: [port2],
      // preloads and loaders of this process are not for the workers, and slow to start
      execArgv: [],
    });
    this.#worker.on("error", (error) => {
      this.reason = error;
    });
    this.#worker.on("exit", () => {
      onGone(this);
    });
    this.#worker.unref();
    port1.on("message", (note: P.Note) => {
      this.#take(note);
    });
    port1.unref();
  }

  get isInside(): boolean {
    return Atomics.load(this.words, P.at(this.slot, P.JOINED)) !== 0;
  }

  /**
   * Whether the thread runs. Found out without the event loop: Node's postMessage returns true
   * only where the port has another end.
   */
  get isAlive(): boolean {
    const post = this.#port.postMessage.bind(this.#port) as (message: unknown) => unknown;
    return post(undefined) === true;
  }

  /** Sends a kernel, unless the thread has it. */
  load(order: Extract<P.Order, { kind: "load" }>): void {
    if (this.#known.has(order.kernel)) return;
    this.#known.add(order.kernel);
    this.#post(order);
  }

  unload(kernel: number): void {
    if (this.#known.delete(kernel)) this.#post({ kind: "unload", kernel });
  }

  /** Says that a kernel it may have has better code. */
  relieve(order: Extract<P.Order, { kind: "relieve" }>): void {
    if (this.#known.has(order.kernel)) this.#post(order);
  }

  begin(call: TeamCall, order: Extract<P.Order, { kind: "call" }>): void {
    this.call = call;
    for (const word of [P.DONE, P.TOTAL]) Atomics.store(this.words, P.at(this.slot, word), 0);
    // the process lives as long as the call
    this.#port.ref();
    this.#post(order);
  }

  /** Takes in what the thread has said so far. */
  hear(): void {
    for (let got = receiveMessageOnPort(this.#port); got; got = receiveMessageOnPort(this.#port)) {
      this.#take(got.message as P.Note);
    }
  }

  /** The thread's loop, or call, and what others do for it, ends after the chunks that run. */
  cancel(): void {
    Atomics.store(this.words, P.at(this.slot, P.CANCEL), 1);
  }

  terminate(): Promise<unknown> {
    this.isEnding = true;
    return this.#worker.terminate();
  }

  /** Takes back the memory of a thread that is gone. */
  bury(): void {
    Atomics.store(this.words, P.at(this.slot, P.LIVE), 0);
    Atomics.store(this.words, P.at(this.slot, P.JOINED), 0);
    for (const address of this.#blocks) this.heap.free(address);
    this.#blocks.clear();
    this.#port.close();
  }

  #post(order: P.Order): void {
    this.#port.postMessage(order);
    Atomics.add(this.words, P.at(this.slot, P.MAIL), 1);
  }

  #take(note: P.Note): void {
    switch (note.kind) {
      case "allocate":
        Atomics.store(this.words, P.at(this.slot, P.ADDRESS), this.#allocate(note));
        Atomics.add(this.words, P.at(this.slot, P.ANSWER), 1);
        Atomics.notify(this.words, P.at(this.slot, P.ANSWER));
        return;
      case "free":
        for (const address of note.addresses) {
          this.#blocks.delete(address);
          this.heap.free(address);
        }
        return;
      case "done": {
        const { call } = this;
        this.call = undefined;
        this.#port.unref();
        Atomics.store(this.words, P.at(this.slot, P.CANCEL), 0);
        call?.end(note.failure && P.revived(note.failure));
      }
    }
  }

  /** 0 if there is none. */
  #allocate({ bytes, call }: Extract<P.Note, { kind: "allocate" }>): number {
    try {
      if (call !== undefined) return this.call!.allocate(bytes);
      const address = this.heap.allocate(bytes);
      this.#blocks.add(address);
      return address;
    } catch {
      return 0;
    }
  }
}
