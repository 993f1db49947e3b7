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
