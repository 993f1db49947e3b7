/**
 * Repair: the stop button also ends a synchronous loop that follows an `await`. Signals reach Node
 * only when its loop turns, which such a code prevents; a watchdog thread learns of the interrupt in
 * another way and asks the main thread, in the midst of whatever it does, to judge its own case.
 */
import { executionAsyncId } from "node:async_hooks";
import { Session } from "node:inspector";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { kernel, type Cell } from "./cell.js";
import type { JupyterModule } from "./tslab.js";
import { JUDGE, type Judgement } from "./watchdog-protocol.js";
import { wrap } from "./wrap.js";

/**
 * How much earlier than the watchdog the main thread may have heard of an interrupt, in
 * milliseconds: on a busy machine a signal's way to the watchdog takes long.
 */
const LATENESS = 5000;

/**
 * Interrupts so close, in milliseconds, are one, as a system may deliver several as one: shorter than
 * a user needs to start another cell and to stop that as well.
 */
const CLOSE = 250;

/**
 * How long a part of a cell that runs may take to die of an interrupt, in milliseconds, on a machine
 * that is busy. A signal sent again just when it does would end the kernel: for a moment nobody listens.
 */
const LAST_GASP = 3000;

/** For so long, in milliseconds, it is known which cell an interrupt was for: no judgement takes longer. */
const FORGOTTEN = 60_000;

export function repairInterrupt({ JupyterHandlerImpl }: JupyterModule): void {
  let handledAt = 0;
  /** When this thread heard of interrupts that the watchdog has yet to hear of. */
  let unheard: number[] = [];
  /** Whether the watchdog has nothing to say of the signals to come: it has said it, or they are for this process alone. */
  let isKnown = false;
  let turnedAt = 0;
  // those that come while this thread is busy are delivered in one turn
  const forget = (): void => {
    setImmediate(() => {
      isKnown = false;
    });
  };
  process.on("SIGINT", () => {
    const before = handledAt;
    handledAt = Date.now();
    if (isKnown) {
      unheard = [];
      forget();
    } else {
      unheard = unheard.filter((at) => at > handledAt - LATENESS);
      if (handledAt > before + CLOSE) unheard.push(handledAt);
    }
    if (kernel.phase !== "idle" && kernel.cell) kernel.cell.interrupted = true;
  });

  let session: Session | undefined;
  const judgeCell = (heardAt: number): Judgement => {
    const same = unheard.findIndex((at) => at > heardAt - LATENESS);
    unheard.splice(0, same + 1);
    if (same >= 0 || handledAt > heardAt - CLOSE) return "settled";
    // TypeScript's state would be left in pieces.
    if (kernel.phase === "compiling") return "later";
    if (kernel.phase === "running") {
      // If it doesn't die, the signal came before this part of the cell began, when nobody listened.
      if (Date.now() < heardAt + LAST_GASP) return "later";
      isKnown = true;
      return "again";
    }
    if (!isInterposed()) {
      // The loop turns, and yet the signal got lost between two of its listeners.
      if (kernel.phase === "waiting") {
        isKnown = true;
        process.emit("SIGINT");
      }
      return "settled";
    }
    // The loop has turned since: what keeps it busy now is not what the user wanted to stop.
    if (turnedAt >= heardAt) return "settled";
    isKnown = true;
    // Inside a timer's or another callback Node keeps books that must be closed in order.
    if (executionAsyncId() !== 0) return "stuck";
    session ??= connected();
    session.post("Runtime.terminateExecution");
    return "settled";
  };
  /** The cells that the user may have wanted to stop, by when the watchdog heard of it: later ones aren't meant. */
  const accused = new Map<number, Cell | undefined>();
  const judge = (heardAt: number): Judgement => {
    for (const before of accused.keys()) if (before < heardAt - FORGOTTEN) accused.delete(before);
    if (!accused.has(heardAt)) accused.set(heardAt, kernel.cell);
    // nothing may follow: a termination takes effect in whatever runs next
    return accused.get(heardAt) === kernel.cell ? judgeCell(heardAt) : "settled";
  };
  Object.defineProperty(globalThis, Symbol.for(JUDGE), { value: judge, configurable: true });

  let watchdog: Worker | undefined;
  wrap(JupyterHandlerImpl.prototype, "handleExecuteImpl", 3, (handleExecuteImpl) => {
    return function (request, writeStream, writeDisplayData) {
      watchdog ??= startWatchdog(() => {
        turnedAt = Date.now();
        forget();
      });
      return handleExecuteImpl.call(this, request, writeStream, writeDisplayData);
    };
  });
}

/** Starts the thread; `onTurn` is called when the loop turns after it has heard of an interrupt. */
function startWatchdog(onTurn: () => void): Worker {
  const worker = new Worker(path.join(__dirname, "watchdog.js"), {
    // Not the kernel's preload, and no more memory than it needs.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  worker.on("error", (error) => {
    process.stderr.write(`hotcell: loops after an await can't be stopped: ${error.message}\n`);
  });
  worker.on("message", onTurn);
  worker.unref();
  return worker;
}

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/** Whether this was called in the midst of other code, not by the event loop. */
function isInterposed(): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 10;
  const frames = new Error().stack?.split("\n").length ?? 0;
  Error.stackTraceLimit = stackTraceLimit;
  // The message, this function, the two that judge and the watchdog's expression.
  return frames > 5;
}
