/**
 * What a benchmark row is. Each row is one file `<name>.ts` that exports a {@link Row} as its default,
 * with a file `<name>.py` beside it that serves the Python peers (see peer.py), and where it has the peer
 * "c", a file `<name>.c`. Only types: nothing here runs.
 */

/** One thing to time. What it returns is what rows check; a promise is awaited. */
export type Side = () => unknown;

/**
 * A function of the row's C file, by its declaration there. A typed array serves as a pointer to its
 * first element, without a copy.
 */
export type Bind = (declaration: string) => (...args: unknown[]) => unknown;

/** A benchmark. */
export interface Row {
  /** What is measured, in one line. */
  readonly title: string;
  /** What is compared with what: a name of `ours` with a name of a peer. */
  readonly pairs: readonly (readonly [ours: string, peer: string])[];
  /** Our variants. */
  readonly ours: Readonly<Record<string, Side>>;
  /** Peers that run on our side as well, such as our own serial loop. All others are Python's. */
  readonly peers?: Readonly<Record<string, Side>>;
  /**
   * The peer "c": code for as many threads as ours, written by hand. It is left out, with its pairs,
   * where there is no C compiler.
   */
  readonly c?: (bind: Bind) => Side;
  /** How often each side is timed. Default 5. */
  readonly rounds?: number;
  /** Calls of ours before the first that counts, for the compiler to have seen it. Default 3. */
  readonly warmUp?: number;
  /** The sides time themselves and return milliseconds, for what happens in fresh processes. */
  readonly selfTimed?: boolean;
  /** Throws if sides disagree. Gets the first result of each, by name, ours and peers apart. */
  readonly check?: (
    ours: Readonly<Record<string, unknown>>,
    peers: Readonly<Record<string, unknown>>,
  ) => void;
  /** Ends what the row has started. */
  readonly close?: () => Promise<void>;
}
