/**
 * Repair: what a cell that failed prints. An error comes in; its text goes out with frames that
 * point at what the user wrote and without those of tslab, Node and hotcell. A compiler's complaint gets the
 * line it is about.
 */
import path from "node:path";
import { format } from "node:util";
import { isNativeError } from "node:util/types";
import { InterruptError } from "../errors.js";
import { cellOf, interruption, kernel } from "./cell.js";
import type { ExecutorConsole } from "./tslab.js";

const FRAME = /^\s+at /;
const FOREIGN = /[( ](node:|.*[\\/](tslab|piscina)[\\/]dist[\\/])/;
/** The folder of hotcell's compiled code: its errors are about what the user's code asked for. */
const HOTCELL = path.dirname(__dirname);
const PLACE = /\bcell (\d+):(\d+):(\d+)/g;
/** tslab's own error for a cell that was stopped while it waited. */
const STOPPED = "Interrupted asynchronously";
/** How tslab prints a complaint: file and space (or nothing), line, column, message. */
const COMPLAINT = "%s%d:%d - %s";

/** The text of anything thrown, as a cell shows it. */
export function report(thrown: unknown): string {
  tidy(thrown);
  const text = format(thrown);
  // Node puts brackets around an error whose stack has no frame left.
  return thrown instanceof InterruptError && text.startsWith("[") ? String(thrown) : text;
}

const tidied = new WeakSet();

/** Tidies the stacks of an error, its causes and its parts. */
export function tidy(thrown: unknown): void {
  if (!isNativeError(thrown) || tidied.has(thrown)) return;
  tidied.add(thrown);
  const stack = thrown.stack
    ?.split("\n")
    .filter((line) => !FRAME.test(line) || !(isForeign(line) || isWrapper(line)))
    .map((line) => (FRAME.test(line) ? asWritten(line) : line))
    .join("\n");
  // A frozen error keeps its stack.
  Reflect.defineProperty(thrown, "stack", { value: stack, configurable: true, writable: true });
  tidy(thrown.cause);
  if (thrown instanceof AggregateError) for (const part of thrown.errors) tidy(part);
}

function asWritten(frame: string): string {
  return frame
    .replace(PLACE, (place, cell: string, line: string, column: string) => {
      const written = writtenColumn(Number(cell), Number(line) - 1, Number(column) - 1);
      return written === undefined ? place : `cell ${cell}:${line}:${written + 1}`;
    })
    .replace(/\bat Proxy\./, "at ");
}

/** The console that tslab's executor prints with. */
export function executorConsole(console: ExecutorConsole): ExecutorConsole {
  return {
    log: console.log,
    error(...values) {
      const [first, file, line, column, message] = values;
      if (first instanceof Error && first.message === STOPPED) {
        console.error("%s", report(interruption(kernel.cell)));
      } else if (values.length === 1) console.error("%s", report(first));
      else if (first === COMPLAINT && typeof line === "number" && typeof column === "number") {
        console.error("%s", complaint(String(file), line, column, String(message)));
      } else console.error(...values);
    },
  };
}

function complaint(file: string, line: number, column: number, message: string): string {
  const { cell } = kernel;
  if (file !== "" || cell === undefined) return `${file}${line}:${column} - ${message}`;
  const head = `${cell.name}:${line}:${column} - ${message}`;
  const code = cell.source.split("\n")[line - 1];
  if (code === undefined) return head;
  // Tabs stay tabs, so that the mark stands below what it marks.
  const margin = code.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `${head}\n  ${code}\n  ${margin}^`;
}

function isForeign(frame: string): boolean {
  return FOREIGN.test(frame) || frame.includes(HOTCELL);
}

/** tslab calls each cell's code in a line after the code's last one. */
function isWrapper(frame: string): boolean {
  const [, number, line] = /\bcell (\d+):(\d+):\d+/.exec(frame) ?? [];
  const layout = cellOf(Number(number))?.layout;
  return layout !== undefined && Number(line) > layout.code.split("\n").length;
}

/** Where the user wrote what V8 finds at a column; undefined where that is the same. */
function writtenColumn(number: number, line: number, column: number): number | undefined {
  const shifts = cellOf(number)?.layout?.columns.get(line);
  const last = shifts?.findLast(([laidOut]) => laidOut <= column);
  return last && column - last[0] + last[1];
}
