/**
 * Which format a trajectory file has: its first bytes and its name come in, a reader goes out. What a
 * file holds counts more than what it is called, as both are often wrong.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { gunzipSync, constants } from "node:zlib";
import { FileFormatError } from "../../errors.js";
import { dcdFrames } from "./dcd.js";
import type { FrameReader } from "./frame.js";
import { lammpsFrames } from "./lammps.js";
import { npyFrames } from "./npy-frames.js";
import { xtcFrames } from "./xtc.js";
import { xyzFrames } from "./xyz.js";

/** Names of the formats. */
export type TrajectoryFormat = "dcd" | "lammps" | "npy" | "xtc" | "xyz";

interface Format {
  readonly read: FrameReader;
  /** Whether a file that begins so can be one. */
  fits(first: Buffer): boolean;
}

const FORMATS: Readonly<Record<TrajectoryFormat, Format>> = {
  npy: { read: npyFrames, fits: (first) => first.toString("latin1", 1, 6) === "NUMPY" },
  dcd: {
    read: dcdFrames,
    fits: (first) => [4, 8].some((at) => first.toString("latin1", at, at + 4) === "CORD"),
  },
  xtc: {
    read: xtcFrames,
    fits: (first) => first.length >= 4 && [1995, 2023].includes(first.readInt32BE(0)),
  },
  lammps: {
    read: lammpsFrames,
    fits: (first) => first.toString("latin1").trimStart().startsWith("ITEM:"),
  },
  xyz: { read: xyzFrames, fits: (first) => /^\s*\d+[ \t]*\r?\n/.test(first.toString("latin1")) },
};

const LOOKED_AT = 4096;

/** What is known of a file before it is read. */
export interface Recognised {
  readonly format: TrajectoryFormat;
  readonly read: FrameReader;
  readonly isGzipped: boolean;
}

/**
 * The format of a file, by its content.
 *
 * @throws FileFormatError if it is none of ours; what `fs` throws if it can't be read.
 */
export function recognise(path: string, given: TrajectoryFormat | undefined): Recognised {
  const raw = firstBytes(path);
  const isGzipped = raw[0] === 0x1f && raw[1] === 0x8b;
  const first = isGzipped ? unpacked(raw, path) : raw;
  if (first.length === 0) throw new FileFormatError(path, "is empty");
  const format = given ?? names().find((name) => FORMATS[name].fits(first));
  if (format === undefined)
    throw new FileFormatError(
      path,
      `is no trajectory that is known (${names().join(", ")}): it begins with '${printable(first)}'`,
    );
  return { format, read: FORMATS[format].read, isGzipped };
}

/** All formats there are. */
export function names(): readonly TrajectoryFormat[] {
  return Object.keys(FORMATS) as TrajectoryFormat[];
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(LOOKED_AT);
    return bytes.subarray(0, readSync(file, bytes, 0, LOOKED_AT, 0));
  } finally {
    closeSync(file);
  }
}

/** The beginning is a part of a gzip file only: what can be unpacked of it is enough. */
function unpacked(first: Buffer, path: string): Buffer {
  try {
    return gunzipSync(first, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new FileFormatError(
      path,
      `can't be unpacked (${(error as Error).message}): the gzip file is damaged`,
    );
  }
}

function printable(first: Buffer): string {
  return first.toString("latin1", 0, 20).replace(/[^ -~]/g, ".");
}
