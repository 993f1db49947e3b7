/**
 * Applies the repairs of this folder to tslab: all of them while it loads, or those that can still be
 * made to one that runs. What a repair doesn't recognise it leaves alone and says so in one line; a
 * kernel is never worse off than without it.
 */
import Module from "node:module";
import { mapped, repairAwait } from "./compile.js";
import { endWithParent } from "./orphan.js";
import { repairExit } from "./exit.js";
import { repairInterrupt } from "./interrupt.js";
import { repairMessages } from "./messages.js";
import { repairRun } from "./run.js";
import { executorConsole } from "./stack.js";
import {
  type ConverterModule,
  type ExecutorModule,
  isTslabFile,
  jupyterModule,
  type JupyterModule,
  tslabVersion,
  type TypeScriptModule,
} from "./tslab.js";
import { wrap } from "./wrap.js";

/** Set on the protocol module that has been repaired, by whichever copy of hotcell. */
const REPAIRED = Symbol.for("hotcell.kernelspec.repaired");

/** Repairs tslab as its files are loaded. */
export function repairOnLoad(): void {
  const loader = Module as unknown as {
    _load(request: string, parent: NodeJS.Module | null | undefined, isMain: boolean): unknown;
  };
  const load = loader._load.bind(Module);
  let typescript: TypeScriptModule | undefined;
  loader._load = (request, parent, isMain) => {
    const exports = load(request, parent, isMain);
    if (!parent?.filename || !isTslabFile(parent.filename)) return exports;
    switch (request) {
      case "@tslab/typescript-for-tslab":
        attempt("stacks keep compiled lines", () => {
          typescript ??= mapped(exports as TypeScriptModule);
        });
        return typescript ?? exports;
      case "./converter":
        once(exports, () => {
          attempt("await (...) is not recognised", () => {
            repairAwait(exports as ConverterModule);
          });
        });
        return exports;
      case "./executor":
        once(exports, () => {
          attempt("errors show tslab's own frames", () => {
            wrap(exports as ExecutorModule, "createExecutor", 3, (createExecutor) => {
              return (rootDir, converters, console) =>
                createExecutor(rootDir, converters, executorConsole(console));
            });
          });
        });
        return exports;
      case "./jupyter":
        repairProtocol(exports as JupyterModule);
        return exports;
      default:
        return exports;
    }
  };
  repairExit();
  endWithParent();
}

/** Repairs the tslab that runs this process, if one does; stacks keep compiled lines. */
export function repairRunning(): void {
  const jupyter = jupyterModule();
  if (jupyter) repairProtocol(jupyter);
}

function repairProtocol(jupyter: JupyterModule): void {
  once(jupyter, () => {
    attempt("messages may get lost", () => {
      repairMessages(jupyter);
    });
    attempt("stacks don't name cells", () => {
      repairRun(jupyter);
    });
    attempt("a loop after an await can't be stopped", () => {
      repairInterrupt(jupyter);
    });
  });
}

function once(exports: unknown, repair: () => void): void {
  const marked = exports as Record<symbol, boolean>;
  if (marked[REPAIRED] === true) return;
  marked[REPAIRED] = true;
  repair();
}

function attempt(consequence: string, repair: () => void): void {
  try {
    repair();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `hotcell: in tslab ${tslabVersion()} ${consequence} (${reason}); tslab 1.0.22 is known to work\n`,
    );
  }
}
