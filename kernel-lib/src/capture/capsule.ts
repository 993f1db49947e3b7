/**
 * What crosses from the calling thread to a worker: types only. Everything here survives
 * `postMessage`; nothing here knows how it was read or will be rebuilt.
 */

/** A captured function with all it refers to. Post it as often as you like: the bytes are shared, not copied. */
export interface Capsule {
  /** Tells capsules apart, so that a worker revives each only once. */
  readonly id: string;
  /** The captured graph, serialised. */
  readonly bytes: SharedArrayBuffer;
  /** What travels by reference: shared memory. */
  readonly shared: readonly unknown[];
}

/** Carries values of the user's program between this side and the other, keeping what the clone loses. */
export interface Courier {
  /**
   * Makes structured-cloneable data of a value. `path` names it in a `CaptureError`, such as
   * `result of item 3`.
   */
  pack(value: unknown, path: string): unknown;
  /** The value again. */
  unpack(packed: unknown): unknown;
}
