/**
 * Native code that another process makes while its kernel already runs as WebAssembly. The process
 * outlives this one until its work is done, and leaves what it makes in the cache: that is where it
 * is looked for, as a notebook's thread may be in a loop for long and hear no message.
 */
import type * as ChildProcess from "node:child_process";
import { join } from "node:path";
import type { KernelOptions } from "../kernel-options.js";
import type { KernelRequest } from "../kernel-request.js";

/** To the process: what to compile, and the environment to do it in. */
export interface Order {
  readonly id: number;
  readonly request: KernelRequest;
  readonly options: KernelOptions;
  readonly env: NodeJS.ProcessEnv;
}

/** From it, once the code is in the cache or can't be had. */
export interface Answer {
  readonly id: number;
  readonly problem?: string;
}

/** How often the cache is looked into. */
const LOOK_MS = 20;

/** Whoever asks after so long has the process begin, which takes 15 ms, though this thread isn't free. */
const LATEST_MS = 100;

/** A failed build is heard of by message only, for which this thread would have to be free. */
const PATIENCE_MS = 10_000;

const expected = new Set<Later<unknown>>();

/** Keeps this thread until all code that is being made is there: who measures should know what. */
export function awaitExpected(): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + PATIENCE_MS;
  const isMissing = (each: Later<unknown>): boolean => each.get() === undefined;
  for (const each of expected) each.begin();
  while ([...expected].some(isMissing) && performance.now() < end)
    Atomics.wait(clock, 0, 0, LOOK_MS);
}

/** Code that may come. It is ordered when the thread is free or works for long, so that a short first call isn't kept. */
export class Later<T> {
  #found: T | undefined;
  #isOver = false;
  readonly #asked = performance.now();
  #looked = this.#asked;
  #order: (() => void) | undefined;

  /** When the process has done its work; why it couldn't. */
  readonly ended: Promise<string | undefined>;

  /** @param look finds it once it is there; it may take its time when the process has `ended`. */
  constructor(
    request: KernelRequest,
    options: KernelOptions,
    readonly look: (ended: boolean) => T | undefined,
  ) {
    expected.add(this);
    const made = new Promise<string | undefined>((end) => {
      this.#order = () => void builder().build(request, options).then(end);
    });
    setImmediate(() => {
      this.begin();
    });
    this.ended = made.then((problem) => {
      if (!this.#isOver) this.#take(true);
      this.#isOver = true;
      expected.delete(this);
      return problem;
    });
  }

  /** Has the process begin, if it hasn't. */
  begin(): void {
    this.#order?.();
    this.#order = undefined;
  }

  /** It, if it is there by now. Cheap enough to be asked at every call. */
  get(): T | undefined {
    if (this.#isOver) return this.#found;
    const now = performance.now();
    if (this.#order && now - this.#asked > LATEST_MS) this.begin();
    if (!this.#order && now - this.#looked > LOOK_MS) this.#take(false);
    return this.#found;
  }

  #take(ended: boolean): void {
    this.#found = this.look(ended);
    this.#isOver = this.#found !== undefined;
    this.#looked = performance.now();
  }
}

interface Job {
  readonly order: Order;
  readonly end: (problem: string | undefined) => void;
  tries: number;
}

class Builder {
  #process: ChildProcess.ChildProcess | undefined;
  #orders = 0;
  readonly #open = new Map<number, Job>();

  /** Resolves when it is done, to why it couldn't be. */
  build(request: KernelRequest, options: KernelOptions): Promise<string | undefined> {
    const id = ++this.#orders;
    return new Promise((end) => {
      const job = { order: { id, request, options, env: { ...process.env } }, end, tries: 0 };
      this.#open.set(id, job);
      this.#send(job);
    });
  }

  #send(job: Job): void {
    job.tries++;
    this.#process ??= this.#start();
    // an order that doesn't arrive is known by the process' end
    this.#process.send(job.order, () => undefined);
  }

  #start(): ChildProcess.ChildProcess {
    const { fork } = require("node:child_process") as typeof ChildProcess;
    // preloads of this process are not for that one
    const env = { ...process.env, NODE_OPTIONS: "" };
    const made = fork(join(__dirname, "builder.js"), {
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      ...{ execArgv: [], env },
    });
    made.unref();
    made.channel?.unref();
    made.on("message", ({ id, problem }: Answer) => {
      this.#end(id, problem);
    });
    made.on("error", () => undefined);
    made.on("exit", (code, signal) => {
      this.#process = undefined;
      for (const job of [...this.#open.values()]) {
        // it ends when it has nothing to do, perhaps just before an order comes
        if (job.tries === 1) this.#send(job);
        else
          this.#end(job.order.id, `the process that compiles ended with ${String(signal ?? code)}`);
      }
    });
    return made;
  }

  #end(id: number, problem: string | undefined): void {
    const job = this.#open.get(id);
    this.#open.delete(id);
    job?.end(problem);
  }
}

let made: Builder | undefined;

function builder(): Builder {
  return (made ??= new Builder());
}
