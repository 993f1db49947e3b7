/** One frame of a trajectory, as every reader gives it. Only types: nothing here runs. */
import type { PeriodicBox } from "../msd/box.js";
import type { ByteSource } from "./byte-source.js";

/** All that a trajectory file says of one moment; in the units of the file. */
export interface Frame {
  /** Counted from 0 in the file. */
  readonly index: number;
  /** x, y, z of one atom after the other, [nAtoms × 3]. */
  readonly positions: Float32Array | Float64Array;
  /** The periodic box, if the file has one: edge lengths, lengths and angles, or vectors. */
  readonly box?: PeriodicBox;
  /** Whether the positions are known not to be folded into the box. */
  readonly isUnwrapped?: boolean;
  readonly time?: number;
  /** The number of the simulation's step. */
  readonly step?: number;
}

/** Reads the frames of one format, one after the other. */
export type FrameReader = (source: ByteSource) => AsyncGenerator<Frame, void, undefined>;
