/**
 * The one place that makes shared memory. A number of bytes comes in, zeroed memory that every
 * thread sees goes out.
 */

/** A stretch of shared memory. */
export interface Allocation {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
}

/**
 * Makes zeroed shared memory, aligned for every dtype.
 *
 * @throws RangeError if the machine hasn't that much.
 */
export function allocate(bytes: number): Allocation {
  try {
    return { buffer: new SharedArrayBuffer(bytes), byteOffset: 0 };
  } catch (cause) {
    const mib = Math.ceil(bytes / 2 ** 20);
    throw new RangeError(
      `${mib} MiB of shared memory can't be had: make a smaller array, or use a narrower dtype`,
      { cause },
    );
  }
}
