/**
 * The cell that runs, and what is remembered of earlier ones: which number they had, what the user
 * wrote, how the compiled code was laid out. Other files of this folder fill it in and read it.
 */
import { InterruptError } from "../errors.js";
import type { Layout } from "./layout.js";

/**
 * What the main thread does with a cell: `compiling` also covers any other work of TypeScript,
 * which must not be cut short; `running` is its first, synchronous part; `waiting` begins when that
 * has returned.
 */
export type Phase = "idle" | "compiling" | "running" | "waiting";

export class Cell {
  /** The execution count, as in `[4]` beside the cell. */
  readonly number: number;
  readonly source: string;
  layout: Layout | undefined;
  interrupted = false;

  constructor(number: number, source: string) {
    this.number = number;
    this.source = source;
  }

  /** The script name that V8 reports in stacks. */
  get name(): string {
    return `cell ${this.number}`;
  }
}

const cells = new Map<number, Cell>();

/** What the kernel does now. */
export const kernel: { phase: Phase; cell: Cell | undefined } = { phase: "idle", cell: undefined };

export function begin(number: number, source: string): Cell {
  const cell = new Cell(number, source);
  cells.set(number, cell);
  kernel.cell = cell;
  kernel.phase = "compiling";
  return cell;
}

export function cellOf(number: number): Cell | undefined {
  return cells.get(number);
}

/** Runs TypeScript's work on the side: completions and the like come while a cell waits. */
export function whileCompiling<Result>(work: () => Result): Result {
  const { phase } = kernel;
  kernel.phase = "compiling";
  try {
    return work();
  } finally {
    kernel.phase = phase;
  }
}

/** What a cell that was stopped ends with. */
export function interruption(cell: Cell | undefined): InterruptError {
  return new InterruptError(`${cell?.name ?? "the cell"} was stopped`);
}
