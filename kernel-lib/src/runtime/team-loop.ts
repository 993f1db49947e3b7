/**
 * How the threads of a team run one parallel loop together. The thread that meets the loop owns it:
 * it writes the loop into the control block, opens the gate, works on chunks itself, closes the gate
 * and waits for those inside. Workers that come too late, or don't have the code yet, stay out; what
 * is computed doesn't depend on it. One loop at a time: who finds the team busy runs its loop alone.
 */
import { chunkCountBefore, chunkLength } from "../compiler/chunks.js";
import type { LoopPlan } from "../compiler/types.js";
import type { Arena } from "./arena.js";
import { logged } from "./chunk-log.js";
import type { RunLoop } from "./code.js";
import type { WasmMemory } from "./engine.js";
import * as P from "./team-protocol.js";
import { zero } from "./zero.js";

/** A loop of a kernel that is loaded on this thread. */
export class LoadedLoop {
  /** Nanoseconds an iteration took lately; decides whether to wake anyone, and nothing else. */
  pace = 0;

  constructor(
    readonly run: RunLoop,
    readonly loop: number,
    readonly plan: LoopPlan,
  ) {}
}

/** What the owner of a loop needs from where it runs. */
export interface Place {
  readonly memory: WasmMemory;
  readonly words: Int32Array;
  readonly slot: number;
  readonly arena: Arena;
  /** At most so many threads, this one included. */
  threads(): number;
  /** Nanoseconds of work left for one thread from which company pays. */
  readonly worth: () => number;
  /** The address of at least so many bytes, the same ones each time. */
  partials(bytes: number): number;
  /** Called between chunks, and while this thread waits for others. */
  readonly attend: () => void;
  /** What to throw when the loop was cancelled. */
  readonly cancelled: () => Error;
}

/** A loop that is to run, and what can help it on: hands, and better code. */
export interface Task {
  readonly loop: LoadedLoop;
  /** Called when others are wanted: the number by which the team knows the kernel, or 0 if there is nobody. */
  summon(): number;
  /** Asked between chunks: whether `loop` is now the same in better code, which has come meanwhile. */
  relieve(): boolean;
}

interface Job {
  readonly frame: number;
  readonly count: number;
  /** Iterations a chunk; 0 where any cut will do. */
  readonly length: number;
  readonly partials: number;
  readonly apart: number;
}

/**
 * Waking pays from here: nanoseconds of work that are left for one thread. Rousing a sleeper was seen
 * to cost the caller 9 µs, and 25 µs pass until it runs.
 */
export const WORTH_WAKING = 50_000;
/** Below that the clock says little. */
const LEGIBLE = 2_000;
/** Nanoseconds after which a step of a lone thread is long enough. */
const LONG_STEP = 2_000_000;

/** Runs all iterations. Returns the address of the partial results. */
export function runLoop(
  place: Place,
  task: Task,
  frame: number,
  count: number,
  partialBytes: number,
): number {
  const { reduces, reducesArrays } = task.loop.plan;
  const length = reduces ? chunkLength(count, reducesArrays) : 0;
  const apart = reduces ? Math.ceil(partialBytes / 16) * 16 : 0;
  const chunks = reduces ? Math.ceil(count / length) : 0;
  const header = place.partials(chunkCountBefore + chunks * apart);
  zero(place.memory, header, chunkCountBefore + chunks * apart);
  new DataView(place.memory.buffer, header).setInt32(0, chunks, true);
  const job: Job = { frame, count, length, partials: header + chunkCountBefore, apart };
  const { words, slot } = place;
  Atomics.store(words, P.at(slot, P.TOTAL), count);
  Atomics.store(words, P.at(slot, P.DONE), 0);
  const begun = runAlone(place, task, job, 0, place.threads() > 1);
  if (begun < count) {
    const isOurs = Atomics.compareExchange(words, P.LOCK, 0, slot + 1) === 0;
    const kernel = isOurs ? task.summon() : 0;
    const error = kernel === 0 ? undefined : runTogether(place, task, job, begun, kernel);
    if (isOurs) Atomics.store(words, P.LOCK, 0);
    if (error) throw error;
    if (kernel === 0) runAlone(place, task, job, begun, false);
  }
  place.arena.trim();
  return job.partials;
}

/** Runs iterations from `begun` on in order; where it may, it stops when company would pay. Returns where. */
function runAlone(
  { words, slot, arena, cancelled, worth }: Place,
  task: Task,
  { frame, count, length, partials, apart }: Job,
  begun: number,
  mayStop: boolean,
): number {
  let { loop } = task;
  let from = begun;
  const enough = mayStop ? worth() : Infinity;
  if (loop.pace * count > enough) return from;
  let step = length > 0 ? length : Math.max(1, count >> 10);
  const isLogged = Atomics.load(words, P.LOG) !== 0;
  let start = performance.now();
  let since = begun;
  let elapsed = 0;
  while (from < count) {
    const to = Math.min(count, from + step);
    arena.reset();
    const at = length > 0 ? partials + (from / length) * apart : partials;
    if (isLogged)
      logged(words, slot, arena, from, to, () => {
        loop.run(frame, from, to, at);
      });
    else loop.run(frame, from, to, at);
    from = to;
    Atomics.store(words, P.at(slot, P.DONE), from);
    if (Atomics.load(words, P.at(slot, P.CANCEL)) !== 0) throw cancelled();
    const before = elapsed;
    elapsed = (performance.now() - start) * 1e6;
    const isNew = loop.pace === 0;
    loop.pace = elapsed / (from - since);
    if (isNew && elapsed < LONG_STEP) {
      // the engine may have compiled the code in that time
      [start, since, elapsed] = [performance.now(), from, 0];
      continue;
    }
    if (elapsed > LEGIBLE && loop.pace * (count - from) > enough) break;
    if (length === 0 && elapsed - before < LONG_STEP && step < count) step *= 2;
    if (task.relieve()) loop = task.loop;
  }
  return from;
}

/** Gives back what the loop failed with. */
function runTogether(
  place: Place,
  task: Task,
  job: Job,
  begun: number,
  kernel: number,
): Error | undefined {
  const { words, slot } = place;
  const { loop } = task;
  const threads = place.threads();
  words[P.OWNER] = slot;
  words[P.KERNEL] = kernel;
  words[P.LOOP] = loop.loop;
  words[P.FRAME] = job.frame;
  words[P.COUNT] = job.count;
  words[P.LENGTH] = job.length;
  words[P.PARTIALS] = job.partials;
  words[P.APART] = job.apart;
  words[P.THREADS] = threads;
  if (Atomics.load(words, P.FAILED) !== P.NONE) P.forgetFailures(words);
  Atomics.store(words, P.NEXT, job.length > 0 ? begun / job.length : begun);
  Atomics.store(words, P.FAILED, P.NONE);
  Atomics.store(words, P.SEATS, threads - 1);
  Atomics.store(words, P.GATE, 1);
  wake(words, threads - 1);
  takePart(words, slot, loop, place.arena, () => {
    place.attend();
    return !task.relieve();
  });
  Atomics.store(words, P.GATE, 0);
  // what nobody has taken by now is left for the better code
  const end = job.length > 0 ? Math.ceil(job.count / job.length) : job.count;
  const next = task.loop !== loop ? Atomics.exchange(words, P.NEXT, end) : end;
  awaitOthers(place);
  if (Atomics.load(words, P.at(slot, P.CANCEL)) !== 0) return place.cancelled();
  const failed = Atomics.load(words, P.FAILED);
  if (failed !== P.NONE) return P.failureOf(words, failed);
  const left = next * Math.max(1, job.length);
  return left < job.count ? runTogether(place, task, job, left, task.summon()) : undefined;
}

/** Calls the workers up, those that sleep as well. */
export function wake(words: Int32Array, count: number): void {
  Atomics.add(words, P.EPOCH, 1);
  if (Atomics.load(words, P.SLEEPERS) > 0) Atomics.notify(words, P.EPOCH, count);
}

/** Runs chunks of the loop in the control block until none is left that matters, or `goesOn` says no after one. */
export function takePart(
  words: Int32Array,
  slot: number,
  loop: LoadedLoop,
  arena: Arena,
  goesOn: () => boolean,
): void {
  const owner = words[P.OWNER]!;
  const frame = words[P.FRAME]!;
  const count = words[P.COUNT]!;
  const length = words[P.LENGTH]!;
  const partials = words[P.PARTIALS]!;
  const apart = words[P.APART]!;
  const threads = words[P.THREADS]!;
  const isLogged = Atomics.load(words, P.LOG) !== 0;
  const start = performance.now();
  let done = 0;
  for (;;) {
    let from: number;
    let to: number;
    let chunk = 0;
    if (length > 0) {
      chunk = Atomics.add(words, P.NEXT, 1);
      from = chunk * length;
      to = Math.min(count, from + length);
    } else {
      from = Atomics.load(words, P.NEXT);
      for (;;) {
        to = Math.min(count, from + share(count, count - from, threads));
        const found = Atomics.compareExchange(words, P.NEXT, from, to);
        if (found === from) break;
        from = found;
      }
    }
    // chunks are handed out in order: after one that failed, only later ones come
    if (from >= count || from > Atomics.load(words, P.FAILED)) break;
    if (Atomics.load(words, P.at(owner, P.CANCEL)) !== 0) break;
    try {
      arena.reset();
      const at = partials + chunk * apart;
      if (isLogged)
        logged(words, slot, arena, from, to, () => {
          loop.run(frame, from, to, at);
        });
      else loop.run(frame, from, to, at);
    } catch (error) {
      P.noteFailure(words, slot, from, error);
      lower(words, from);
      break;
    }
    done += to - from;
    Atomics.add(words, P.at(owner, P.DONE), to - from);
    if (!goesOn()) break;
  }
  if (done > 0) loop.pace = ((performance.now() - start) * 1e6) / done;
}

/** Iterations to take of those that are left: fewer towards the end, whole cache lines of numbers. */
function share(count: number, left: number, threads: number): number {
  const least = Math.ceil(count / (threads * 64));
  const wanted = Math.max(1, least, Math.ceil(left / (threads * 2)));
  return wanted < 8 ? wanted : (wanted + 7) & ~7;
}

/** FAILED becomes `from` unless it is lower already. */
function lower(words: Int32Array, from: number): void {
  let known = Atomics.load(words, P.FAILED);
  while (from < known) {
    const found = Atomics.compareExchange(words, P.FAILED, known, from);
    if (found === known) return;
    known = found;
  }
}

/** For so long a thread looks again and again before it sleeps. */
const SPIN_MS = 0.03;
const LOOK_AGAIN_MS = 20;

function awaitOthers(place: Place): void {
  const { words, slot } = place;
  const bell = P.at(slot, P.BELL);
  const until = performance.now() + SPIN_MS;
  for (;;) {
    const rung = Atomics.load(words, bell);
    if (!isAnyoneInside(words)) return;
    if (performance.now() < until) continue;
    Atomics.wait(words, bell, rung, LOOK_AGAIN_MS);
    place.attend();
  }
}

export function isAnyoneInside(words: Int32Array): boolean {
  const top = Atomics.load(words, P.TOP);
  for (let slot = 1; slot <= top; slot++) {
    if (
      Atomics.load(words, P.at(slot, P.JOINED)) !== 0 &&
      Atomics.load(words, P.at(slot, P.LIVE)) !== 0
    )
      return true;
  }
  return false;
}

/** Waits until EPOCH isn't `seen` any more. */
export function awaitEpoch(words: Int32Array, seen: number): void {
  const until = performance.now() + SPIN_MS;
  while (Atomics.load(words, P.EPOCH) === seen) {
    if (performance.now() < until) continue;
    Atomics.add(words, P.SLEEPERS, 1);
    Atomics.wait(words, P.EPOCH, seen);
    Atomics.sub(words, P.SLEEPERS, 1);
  }
}
