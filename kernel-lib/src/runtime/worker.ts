/**
 * The entry file of every worker thread. Chunks of items and a captured function come in, packed
 * results or the first error go out. Knows nothing of pools, chunk sizes or Jupyter, and loads
 * nothing but what reviving a function needs.
 */
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import { MessageChannel, parentPort, threadId } from "node:worker_threads";
import type { Courier } from "../capture/capsule.js";
import { type Revived, revive } from "../capture/revive.js";
import { clock } from "./clock.js";
import { isObject, needsCourier } from "./cargo.js";
import { fromTable, isTable, toTable } from "./table.js";
import { Desks } from "./desks.js";
import { guardHeap } from "./heap-guard.js";
import { joinHeap } from "./heap.js";
import { enterWorker } from "./nesting.js";
import type { Chunk, ChunkReport, Hello, Note, Order, ShiftTask, Unready } from "./protocol.js";

interface Job extends Revived {
  readonly desks: Desks;
}

/** One per call that is under way. */
const jobs = new Map<number, Job>();
let current: ShiftTask | undefined;
/** Chunks for the current shift, some of which may have been taken back. */
let offers: Chunk[] = [];

const { port1: line, port2 } = new MessageChannel();

function note(message: Note): void {
  line.postMessage(message);
}

if (parentPort !== null) {
  enterWorker();
  guardHeap();
  const hello: Hello = { hotcellWorker: threadId, line: port2 };
  parentPort.postMessage(hello, [port2]);
  line.on("message", obey);
  line.unref();
  sayWhatIsPrinted();
  sayFarewell();
}

/**
 * Text goes out the moment it is printed: a worker's own streams would hold it back until a
 * synchronous item ends, and lose it when the worker is killed.
 */
function sayWhatIsPrinted(): void {
  for (const stream of ["stdout", "stderr"] as const) {
    const write = (
      chunk: string | Uint8Array,
      encodingOrDone?: BufferEncoding | ((error?: Error) => void),
      done?: (error?: Error) => void,
    ): boolean => {
      const encoding = typeof encodingOrDone === "string" ? encodingOrDone : undefined;
      const text =
        typeof chunk === "string" && (encoding === undefined || encoding.startsWith("utf"))
          ? chunk
          : Buffer.from(chunk as string, encoding).toString();
      note({ kind: "output", stream, text });
      const callback = typeof encodingOrDone === "function" ? encodingOrDone : done;
      if (callback !== undefined) queueMicrotask(callback);
      return true;
    };
    process[stream].write = write;
  }
}

/** The exit code alone would not tell `process.exit()` from a thread that was killed. */
function sayFarewell(): void {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    const { call = -1, desk = -1 } = current ?? {};
    note({ kind: "exit", call, desk, code: Number(code ?? process.exitCode ?? 0) });
    return exit(code);
  };
}

function obey(order: Order): void {
  if (order.kind === "forget") jobs.delete(order.call);
  else if (order.call === current?.call) offers.push(order.chunk);
}

/** Piscina's handler. */
export default async function runShift(task: ShiftTask): Promise<ChunkReport | Unready> {
  let job = jobs.get(task.call);
  if (job === undefined) {
    try {
      job = { ...revive(task.capsule), desks: new Desks(task.desks) };
    } catch (error) {
      return { thread: threadId, reason: plainError(error) };
    }
    jobs.set(task.call, job);
  }
  joinHeap(task.memory);
  current = task;
  offers = task.second === undefined ? [] : [task.second];
  try {
    const { call, desk } = task;
    for (let chunk = task.first; ;) {
      const report = await runChunk(job, task, chunk);
      if (report.failure !== undefined || !job.desks.mayBegin(report.to)) return report;
      // timers and what else the functions left behind have their turn, and orders come in
      await eventLoopTurn();
      const next = nextOffer(job.desks, desk);
      if (next === undefined) return report;
      note({ kind: "report", call, desk, report });
      chunk = next;
    }
  } finally {
    current = undefined;
    offers = [];
  }
}

function nextOffer(desks: Desks, desk: number): Chunk | undefined {
  let chunk = offers.shift();
  while (chunk !== undefined && !desks.take(desk, chunk.from)) chunk = offers.shift();
  return chunk;
}

async function runChunk(job: Job, task: ShiftTask, chunk: Chunk): Promise<ChunkReport> {
  const { fn, courier, desks } = job;
  const { spread, desk } = task;
  const { from } = chunk;
  const inputs = isTable(chunk.inputs) ? fromTable(chunk.inputs) : chunk.inputs;
  const results: unknown[] = [];
  let packed = false;
  let index = from;
  let failure: ChunkReport["failure"];
  const start = clock();
  try {
    for (let k = 0; k < inputs.length; k++) {
      index = from + k;
      if (!(k in inputs)) continue;
      if (!desks.mayBegin(index)) break;
      desks.begin(desk, index);
      const input = chunk.packed && isObject(inputs[k]) ? courier.unpack(inputs[k]) : inputs[k];
      let value = spread ? fn(...(input as unknown[])) : fn(input, index);
      if (isThenable(value)) value = await value;
      if (needsCourier(value)) {
        value = courier.pack(value, `result of item ${index}`);
        packed = true;
      }
      results[k] = value;
    }
  } catch (error) {
    failure = { index, error: packError(courier, error, index) };
  }
  const end = clock();
  // trailing holes belong to the chunk as well
  const whole = failure === undefined && desks.mayBegin(from + inputs.length - 1);
  if (whole) results.length = inputs.length;
  const table = toTable(results);
  return {
    thread: threadId,
    results: table ?? results,
    packed: packed && table === undefined,
    to: from + results.length,
    start,
    end,
    failure,
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** What every thread understands of an error. */
function plainError(error: unknown): Error {
  const plain = new Error(error instanceof Error ? error.message : String(error));
  if (error instanceof Error && error.stack !== undefined) plain.stack = error.stack;
  return plain;
}

function packError(courier: Courier, error: unknown, index: number): unknown {
  try {
    return courier.pack(error, `error of item ${index}`);
  } catch (reason) {
    const plain = plainError(error);
    plain.message += ` (what else the error holds was left behind: ${(reason as Error).message})`;
    return courier.pack(plain, `error of item ${index}`);
  }
}
