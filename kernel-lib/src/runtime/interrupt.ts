/**
 * Stops every running call when the user interrupts the cell or the process. Calls enlist while
 * they have work in their workers; only then does this listen to SIGINT. Knows neither workers nor
 * Jupyter: whoever learns of an interrupt in another way calls `interrupt()`.
 */
import { InterruptError } from "../errors.js";

/** Something that runs and can be stopped. */
export interface Interruptible {
  abort(reason: Error): void;
}

const running = new Set<Interruptible>();
let isListening = false;

/** From now until `delist` an interrupt aborts this. */
export function enlist(call: Interruptible): void {
  running.add(call);
  // Not at once: a cell runs under `breakOnSigint`, which takes all listeners off for as long as its
  // synchronous part lasts. One added in that time leaves SIGINT with its default, to end the process.
  if (!isListening) setImmediate(listen);
}

export function delist(call: Interruptible): void {
  running.delete(call);
  if (running.size > 0 || !isListening) return;
  process.off("SIGINT", onSigint);
  isListening = false;
}

function listen(): void {
  if (running.size === 0 || isListening) return;
  process.on("SIGINT", onSigint);
  isListening = true;
}

/** Aborts every running call with an `InterruptError`; returns how many there were. */
export function interrupt(): number {
  const calls = [...running];
  for (const call of calls) {
    call.abort(new InterruptError("interrupted by the user; the pool stays usable"));
  }
  return calls.length;
}

function onSigint(): void {
  interrupt();
  // A listener switches off what Ctrl-C does by itself. Unless someone else listens (a kernel, say),
  // the process has to end as it would without us.
  if (process.listenerCount("SIGINT") > 1) return;
  process.off("SIGINT", onSigint);
  process.kill(process.pid, "SIGINT");
}
