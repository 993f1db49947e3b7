/**
 * The entry file of a team's worker thread. It sleeps until there is a loop to take part in or a
 * call of a whole kernel to run, whose loops it then owns like the main thread owns its own. It
 * obtains memory from the main thread, which has the heap.
 */
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import type { LoopPlan } from "../compiler/types.js";
import { Arena } from "./arena.js";
import type { Code, LoadedCode } from "./code.js";
import { loadCode } from "./load-code.js";
import {
  awaitEpoch,
  LoadedLoop,
  runLoop,
  takePart,
  WORTH_WAKING,
  type Place,
  type Task,
} from "./team-loop.js";
import * as P from "./team-protocol.js";

const { words, slot, memory, port } = workerData as P.Start;

/** A call's end that isn't a failure of its code. */
class Cancelled extends Error {}

interface Kernel {
  readonly loaded: LoadedCode;
  readonly loops: readonly LoadedLoop[];
}

interface Delivered {
  readonly code: Code;
  readonly loops: readonly LoopPlan[];
  loaded?: Kernel;
}

const delivered = new Map<number, Delivered>();
/** Kernels of which there is better code by now, and the number of that. */
const relieved = new Map<number, number>();
const calls: Extract<P.Order, { kind: "call" }>[] = [];
let read = 0;
/** The call that runs, outside of its loops' bodies. */
let call: number | undefined;
let inLoop = false;

function tell(note: P.Note): void {
  port.postMessage(note);
  Atomics.add(words, P.NEWS, 1);
  Atomics.add(words, P.at(0, P.BELL), 1);
  Atomics.notify(words, P.at(0, P.BELL));
}

function readMail(): void {
  const mail = Atomics.load(words, P.at(slot, P.MAIL));
  if (mail === read) return;
  read = mail;
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
    const order = got.message as P.Order | undefined;
    if (order?.kind === "load")
      delivered.set(order.kernel, { code: order.code, loops: order.loops });
    else if (order?.kind === "relieve") relieved.set(order.kernel, order.by);
    else if (order?.kind === "unload") {
      delivered.delete(order.kernel);
      relieved.delete(order.kernel);
    } else if (order?.kind === "call") calls.push(order);
  }
}

/** Asks the main thread, which answers also while it waits for this thread. */
function request(bytes: number, forCall: number | undefined): number {
  const answer = P.at(slot, P.ANSWER);
  const seen = Atomics.load(words, answer);
  tell({ kind: "allocate", bytes, call: forCall });
  while (Atomics.load(words, answer) === seen) Atomics.wait(words, answer, seen);
  const address = Atomics.load(words, P.at(slot, P.ADDRESS)) >>> 0;
  if (address === 0) throw new RangeError(`a kernel can't have ${bytes} bytes more of memory`);
  return address;
}

function release(addresses: readonly number[]): void {
  tell({ kind: "free", addresses });
}

const arena = new Arena(memory, (bytes) => request(bytes, undefined), release);
let partials = { address: 0, size: 0 };

const place: Place = {
  memory,
  words,
  slot,
  arena,
  worth: () => WORTH_WAKING,
  threads: () => Atomics.load(words, P.TEAM_THREADS),
  partials(bytes) {
    if (bytes <= partials.size) return partials.address;
    if (partials.size > 0) release([partials.address]);
    const size = Math.max(bytes, 2 * partials.size, 4096);
    partials = { address: 0, size: 0 };
    partials = { address: request(size, undefined), size };
    return partials.address;
  },
  attend: () => undefined,
  cancelled: () => new Cancelled("cancelled"),
};

function load(number: number, { code, loops }: Delivered): Kernel {
  const loaded = loadCode(code, loops, {
    memory,
    allocate: (bytes) => (inLoop ? arena.allocate(bytes) : request(bytes, call)),
    parallel: (loop, frame, count, partialBytes) => {
      inLoop = true;
      try {
        return runLoop(place, taskOf(number, kernel.loops[loop]!), frame, count, partialBytes);
      } finally {
        inLoop = false;
      }
    },
    attend: endIfCancelled,
  });
  const kernel: Kernel = {
    loaded,
    loops: loops.map((plan, i) => new LoadedLoop(loaded.loops[i]!, i, plan)),
  };
  return kernel;
}

/** Who runs the loop of a call goes over to better code as soon as mail brings it. */
function taskOf(kernel: number, first: LoadedLoop): Task {
  let current = kernel;
  let loop = first;
  return {
    get loop() {
      return loop;
    },
    summon: () => current,
    relieve: () => {
      readMail();
      const by = relieved.get(current);
      const better = by === undefined ? undefined : tryToFind(by);
      if (!better) return false;
      current = by!;
      loop = better.loops[first.loop]!;
      return true;
    },
  };
}

/** The loop's owner, or whoever called the kernel, may have no use for it any more. */
function endIfCancelled(): void {
  const owner = Atomics.load(words, P.at(slot, P.JOINED)) === 0 ? slot : words[P.OWNER]!;
  if (Atomics.load(words, P.at(owner, P.CANCEL)) !== 0) throw place.cancelled();
}

function find(number: number): Kernel | undefined {
  const found = delivered.get(number);
  return found && (found.loaded ??= load(number, found));
}

/** The same for code that this thread can do without. */
function tryToFind(number: number): Kernel | undefined {
  try {
    return find(number);
  } catch {
    return undefined;
  }
}

/** The code of the open loop; a thread that can't have it stays out. */
function open(): LoadedLoop | undefined {
  readMail();
  return tryToFind(words[P.KERNEL]!)?.loops[words[P.LOOP]!];
}

/** Works on the loop that is open, if any. */
function join(): void {
  Atomics.store(words, P.at(slot, P.JOINED), 1);
  if (Atomics.load(words, P.GATE) !== 0) {
    const loop = open();
    if (loop && Atomics.sub(words, P.SEATS, 1) > 0) {
      inLoop = true;
      takePart(words, slot, loop, arena, () => true);
      arena.trim();
      inLoop = false;
    }
  }
  const bell = P.at(words[P.OWNER]!, P.BELL);
  Atomics.store(words, P.at(slot, P.JOINED), 0);
  Atomics.add(words, bell, 1);
  Atomics.notify(words, bell);
}

function answer({ call: number, kernel, frame }: Extract<P.Order, { kind: "call" }>): void {
  let failure: P.Failed | undefined;
  call = number;
  try {
    find(kernel)!.loaded.kernel(frame);
  } catch (error) {
    failure = P.failed(error);
  }
  call = undefined;
  arena.trim();
  tell({ kind: "done", call: number, failure });
}

for (;;) {
  const epoch = Atomics.load(words, P.EPOCH);
  readMail();
  for (let next = calls.shift(); next; next = calls.shift()) answer(next);
  join();
  awaitEpoch(words, epoch);
}
