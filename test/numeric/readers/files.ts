/** Files for the tests of readers: those that other packages wrote, and ones written here. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Frame, Trajectory } from "hotcell";

const fixtures = path.join(__dirname, "fixtures");

/** What the package that wrote a file reads back from it; see fixtures/make.py. */
export interface Expected {
  /** [nFrames][nAtoms][3], or the numbers of an array. */
  readonly positions: readonly (readonly (readonly number[])[])[];
  /** Vectors, or lengths and angles, one a frame. */
  readonly boxes?: readonly (readonly number[] | readonly (readonly number[])[])[];
  readonly times?: readonly number[];
}

export const expected = JSON.parse(
  readFileSync(path.join(fixtures, "expected.json"), "utf8"),
) as Readonly<Record<string, Expected>>;

/** The path of a file that another package wrote. */
export function fixture(name: string): string {
  return path.join(fixtures, name);
}

let folder: string | undefined;

/** Writes a file of its own for a test. */
export function file(name: string, content: string | Uint8Array): string {
  folder ??= mkdtempSync(path.join(tmpdir(), "hotcell-readers-"));
  const made = path.join(folder, name);
  writeFileSync(made, content);
  return made;
}

/** Deletes what `file` has written. */
export function deleteFiles(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
}

/** All frames. */
export async function framesOf(trajectory: Trajectory): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of trajectory) frames.push(frame);
  return frames;
}

/** Numbers in any nesting, one after the other. */
export function flat(values: unknown): number[] {
  return Array.isArray(values) ? values.flatMap(flat) : [values as number];
}
