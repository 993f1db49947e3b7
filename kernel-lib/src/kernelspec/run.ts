/**
 * Repair: each cell runs under its own name, and what it is doing is known at any time. tslab gives
 * every script the same name; here V8 gets "cell 4". An interrupt that ends a cell's synchronous part
 * reaches those who listen for it, which Node keeps from them while such a part runs.
 */
import vm from "node:vm";
import { begin, type Cell, cellOf, interruption, kernel, whileCompiling } from "./cell.js";
import { tidy } from "./stack.js";
import type { JupyterModule } from "./tslab.js";
import { wrap } from "./wrap.js";

/** What tslab puts around a cell's code. */
const WRAPPED =
  /^(\((?:async )?function\(exports, require\) \{ )[^]*\n\}\)\(__tslab__\.exports, __tslab__\.require\)$/;

export function repairRun({ JupyterHandlerImpl }: JupyterModule): void {
  wrap(JupyterHandlerImpl.prototype, "handleExecuteImpl", 3, (handleExecuteImpl) => {
    return async function (request, writeStream, writeDisplayData) {
      // A turn of the loop first: if a synchronous loop has to be killed, whatever waits in the same
      // queue of microtasks dies with it, and that must not be the kernel's own.
      await new Promise((resolve) => setImmediate(resolve));
      begin(this.execCount + 1, request.code);
      try {
        return await handleExecuteImpl.call(this, request, writeStream, writeDisplayData);
      } finally {
        kernel.phase = "idle";
      }
    };
  });
  wrap(JupyterHandlerImpl.prototype, "handleInspect", 1, (handleInspect) => {
    return function (request) {
      return whileCompiling(() => handleInspect.call(this, request));
    };
  });
  wrap(JupyterHandlerImpl.prototype, "handleComplete", 1, (handleComplete) => {
    return function (request) {
      return whileCompiling(() => handleComplete.call(this, request));
    };
  });

  const { runInThisContext } = vm;
  vm.runInThisContext = (code: string, options?: vm.RunningCodeOptions | string): unknown => {
    const cell = kernel.phase === "compiling" ? kernel.cell : undefined;
    const [, head] = (typeof options === "object" && WRAPPED.exec(code)) || [];
    if (cell === undefined || head === undefined) return runInThisContext(code, options);
    const { __tslab__ } = globalThis as unknown as { __tslab__: { hotcellResumed?: unknown } };
    __tslab__.hotcellResumed ??= resumed;
    return runCell(cell, () =>
      runInThisContext(code, {
        ...(options as vm.RunningCodeOptions),
        filename: cell.name,
        columnOffset: -head.length,
        // The stack says where; Node would print the compiled line above it.
        displayErrors: false,
      }),
    );
  };
}

function runCell(cell: Cell, run: () => unknown): unknown {
  kernel.phase = "running";
  const listen = deferSignals();
  try {
    return run();
  } catch (error) {
    const { code } = (error ?? {}) as { code?: unknown };
    if (code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") {
      tidy(error);
      throw error;
    }
    process.emit("SIGINT");
    throw interruption(cell);
  } finally {
    listen();
    kernel.phase = "waiting";
  }
}

/**
 * Keeps new listeners of signals from Node until the returned function is called. While a script
 * runs that SIGINT shall break, a listener that registers would take the signal away from it, and
 * after the script the signal would end the process (seen on Node 20 to 24).
 */
function deferSignals(): () => void {
  type Listener = (...args: unknown[]) => void;
  // Without the types of its events, since Node's own hook is none of them.
  const events: NodeJS.EventEmitter = process;
  const hooks = events
    .listeners("newListener")
    .filter(({ name }) => name === "startListeningIfSignal") as Listener[];
  for (const hook of hooks) events.off("newListener", hook);
  return () => {
    for (const hook of hooks) events.on("newListener", hook);
    for (const signal of events.eventNames()) {
      if (!String(signal).startsWith("SIG")) continue;
      const listeners = events.rawListeners(signal) as Listener[];
      events.removeAllListeners(signal);
      for (const listener of listeners) events.on(signal, listener);
    }
  };
}

/** Lets the value of an `await` through, unless its cell was stopped meanwhile. */
function resumed(number: number, value: unknown): unknown {
  const cell = cellOf(number);
  if (cell?.interrupted === true) throw interruption(cell);
  return value;
}
