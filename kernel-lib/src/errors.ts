/**
 * Every error class a user of hotcell can meet. A message says what was found, where, and what to
 * do; the classes below only give it a name to catch. Nothing here knows threads, Jupyter or files.
 */

/** Thrown when a function refers to something that cannot be sent to a worker thread. */
export class CaptureError extends Error {
  static {
    this.prototype.name = "CaptureError";
  }
  /** The names that lead from the function to the offending value, such as `["spdc", "lens", "cache"]`. */
  readonly path: readonly string[];

  constructor(path: readonly string[], problem: string) {
    super(`${path.join(" → ")}: ${problem}`);
    this.path = path;
  }
}

/**
 * Thrown when a worker thread ended in the middle of its work (out of memory, `process.exit()`, an
 * uncaught error), or could not load the function or a module it refers to.
 */
export class WorkerError extends Error {
  static {
    this.prototype.name = "WorkerError";
  }
}

/** Thrown when a parallel call ran longer than its `timeout`. */
export class TimeoutError extends Error {
  static {
    this.prototype.name = "TimeoutError";
  }
}

/** Thrown by the calls that were running when the user interrupted the cell or the process. */
export class InterruptError extends Error {
  static {
    this.prototype.name = "InterruptError";
  }
}

/** Thrown when a pool is used after `close()`. */
export class PoolClosedError extends Error {
  static {
    this.prototype.name = "PoolClosedError";
  }
}

/** Thrown when a figure's data are missing, of the wrong shape, too large or malformed. */
export class FigureError extends Error {
  static {
    this.prototype.name = "FigureError";
  }
}

/** Thrown by `quad` when the integrand returns NaN or an infinity. */
export class IntegrandError extends Error {
  static {
    this.prototype.name = "IntegrandError";
  }
  /** Where the integrand was evaluated. */
  readonly abscissa: number;
  /** What it returned there. */
  readonly value: unknown;

  constructor(abscissa: number, value: unknown, found: string) {
    super(
      `quad: the integrand returned ${found} at x = ${abscissa}; ` +
        `check that its parameters are numbers, or give the abscissa of a singularity in points`,
    );
    this.abscissa = abscissa;
    this.value = value;
  }
}

/** Where in the user's code a {@link CompileError} was found. */
export interface CodePlace {
  /** The file, as in stacks; empty if unknown. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The line of code, and where in it, counted from 0. */
  readonly text: string;
  readonly caret: number;
}

/**
 * Thrown when a kernel uses what the compiler can't translate faithfully. The message shows the line
 * and says what to write in its place.
 */
export class CompileError extends Error {
  static {
    this.prototype.name = "CompileError";
  }
  /** The file or cell, as in stacks; empty if unknown. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;

  constructor(kernel: string, problem: string, remedy: string, place: CodePlace) {
    const { file, line, column, text, caret } = place;
    const code = text.trimStart();
    const indent = " ".repeat(Math.max(0, caret - (text.length - code.length)));
    const where = file === "" ? `line ${line}` : `${file}:${line}`;
    super(
      `${kernelCalled(kernel)} ${problem} (${where})\n  > ${code.trimEnd()}\n    ${indent}^\n  ${remedy}`,
    );
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/** Thrown when a kernel is to be native code and this machine can't make any; the message says why. */
export class NativeCodeError extends Error {
  static {
    this.prototype.name = "NativeCodeError";
  }
}

/** A kernel in an error's sentence; an arrow function that is handed to `jit` has no name. */
export function kernelCalled(name: string): string {
  return name === "" ? "the kernel" : `kernel '${name}'`;
}

const distributions = {
  sd: { of: "normal", called: "standard deviation", fit: "of at least 0" },
  rate: { of: "exponential", called: "rate", fit: "above 0" },
  shape: { of: "gamma", called: "shape", fit: "above 0 and below Infinity" },
  scale: { of: "gamma", called: "scale", fit: "of at least 0" },
} as const;

/** A parameter of a random distribution that not every number is fit for. */
export type DistributionParameter = keyof typeof distributions;

/** What a random generator says to a parameter out of its range. */
export function distributionRefused(parameter: DistributionParameter, found: number): string {
  const { of, called, fit } = distributions[parameter];
  return `${of} got the ${called} ${String(found)}: give a number ${fit}`;
}

/** Where in a file something was found; what is counted from 0 (frames, bytes) or 1 (lines) is so in messages. */
export interface FilePlace {
  /** Counted from 0. */
  readonly frame?: number;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 0. */
  readonly byte?: number;
}

/** Thrown when a file is truncated, malformed or of another format than its name says. */
export class FileFormatError extends Error {
  static {
    this.prototype.name = "FileFormatError";
  }
  readonly path: string;
  /** The frame of a trajectory, counted from 0. */
  readonly frame: number | undefined;
  /** Of a text file, counted from 1. */
  readonly line: number | undefined;
  /** Of a binary file, counted from 0; of a compressed one, after unpacking. */
  readonly byte: number | undefined;

  constructor(path: string, problem: string, { frame, line, byte }: FilePlace = {}) {
    const places = Object.entries({ frame, line, byte }).filter(([, at]) => at !== undefined);
    const where = places.map(([name, at]) => `${name} ${at!}`).join(", ");
    super(`${path} ${problem}${where === "" ? "" : ` (${where})`}`);
    this.path = path;
    this.frame = frame;
    this.line = line;
    this.byte = byte;
  }
}
