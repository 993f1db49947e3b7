/**
 * Periodic boxes as people give them become cells: box vectors and their inverse, one for all frames or
 * one a frame. Knows nothing of particles.
 */
import { inspect } from "node:util";
import { zeros } from "../../runtime/arrays.js";
import type { NDArray } from "../../runtime/ndarray.js";

/**
 * A periodic box: the lengths of its edges, one an axis (`Infinity` where it isn't periodic); or three
 * lengths and the angles α, β, γ in degrees between the second and third, first and third, first and
 * second edge, as in crystallography; or its vectors, one a row.
 */
export type PeriodicBox = readonly number[] | readonly (readonly number[])[];

/** One box for all frames; or one a frame, as a list with as many boxes as frames, or as a function. */
export type BoxOption = PeriodicBox | readonly PeriodicBox[] | ((frame: number) => PeriodicBox);

/** Numbers of a cell: three vectors, row by row, then the inverse of that matrix. */
export const CELL = 18;

/** The cells of `frames` frames, a row each; a single row where all are the same. */
export function cellsOf(
  box: BoxOption,
  axes: number,
  frames: number,
  caller: string,
): NDArray<"float64"> {
  const boxes = boxesOf(box, axes, frames, caller);
  const cells = zeros([boxes.length, CELL]);
  boxes.forEach((each, frame) => {
    const where = boxes.length === 1 ? "box" : `box of frame ${frame}`;
    cells.data.set(cellOf(each, axes, `${caller}: the ${where}`), CELL * frame);
  });
  return cells;
}

function boxesOf(box: BoxOption, axes: number, frames: number, caller: string): readonly unknown[] {
  if (typeof box === "function") return Array.from({ length: frames }, (_, frame) => box(frame));
  // three rows of three numbers are the vectors of one box, also where there are three frames
  if (!Array.isArray(box) || !Array.isArray(box[0]) || isMatrix(box, axes)) return [box];
  if (box.length === frames) return box;
  throw new RangeError(
    `${caller}: there are ${box.length} boxes for ${frames} frames: give one for all, or one a frame`,
  );
}

function isMatrix(box: readonly unknown[], axes: number): boolean {
  return box.length === axes && box.every((row) => isNumbers(row, axes));
}

function isNumbers(value: unknown, length: number): value is readonly number[] {
  return (
    Array.isArray(value) && value.length === length && value.every((n) => typeof n === "number")
  );
}

/** @throws RangeError, TypeError for what is no box. */
export function cellOf(box: unknown, axes: number, what: string): readonly number[] {
  if (isNumbers(box, axes)) return orthorhombic(box, what);
  if (axes === 3 && isNumbers(box, 6)) return triclinic(fromAngles(box, what), what);
  if (Array.isArray(box) && isMatrix(box, axes)) {
    const rows = box as readonly (readonly number[])[];
    const vectors = [0, 1, 2].map((i) => [0, 1, 2].map((j) => rows[i]?.[j] ?? (i === j ? 1 : 0)));
    return triclinic(vectors, what);
  }
  throw new TypeError(
    `${what} is ${inspect(box, { breakLength: Infinity })}: give ${axes === 1 ? "one length" : `${axes} lengths`}` +
      `${axes === 3 ? ", three lengths and three angles," : ""} or ${axes} vectors of ${axes} numbers`,
  );
}

function orthorhombic(lengths: readonly number[], what: string): readonly number[] {
  const cell = new Array<number>(CELL).fill(0);
  lengths.forEach((length, axis) => {
    if (!(length > 0))
      throw new RangeError(
        `${what} has the length ${length}: give a positive one, Infinity where it isn't periodic`,
      );
    // an axis that isn't periodic has neither an edge nor an inverse: nothing is ever moved along it
    if (length === Infinity) return;
    cell[4 * axis] = length;
    cell[9 + 4 * axis] = 1 / length;
  });
  return cell;
}

function fromAngles(box: readonly number[], what: string): number[][] {
  const [a, b, c, ...angles] = box as [number, number, number, number, number, number];
  const [alpha, beta, gamma] = angles.map((angle) => cosine(angle)) as [number, number, number];
  const across = Math.sqrt(1 - gamma * gamma);
  const y = (alpha - beta * gamma) / across;
  const z = Math.sqrt(1 - beta * beta - y * y);
  if (!(a > 0 && b > 0 && c > 0 && across > 0 && z > 0))
    throw new RangeError(`${what} has the lengths and angles ${box.join(", ")}: no box has these`);
  return [
    [a, 0, 0],
    [b * gamma, b * across, 0],
    [c * beta, c * y, c * z],
  ];
}

/** Exact for right angles, so that such a box is orthorhombic. */
function cosine(degrees: number): number {
  return degrees === 90 ? 0 : Math.cos((degrees * Math.PI) / 180);
}

function triclinic(vectors: readonly (readonly number[])[], what: string): readonly number[] {
  const [[a, b, c], [d, e, f], [g, h, i]] = vectors as [Row, Row, Row];
  const cofactors = [e * i - f * h, f * g - d * i, d * h - e * g] as const;
  const volume = a * cofactors[0] + b * cofactors[1] + c * cofactors[2];
  if (!(Number.isFinite(volume) && volume !== 0))
    throw new RangeError(`${what} has a volume of ${volume}: its vectors have to span space`);
  const inverse = [
    ...[cofactors[0], c * h - b * i, b * f - c * e],
    ...[cofactors[1], a * i - c * g, c * d - a * f],
    ...[cofactors[2], b * g - a * h, a * e - b * d],
  ].map((cofactor) => cofactor / volume);
  return [...vectors.flat(), ...inverse];
}

type Row = readonly [number, number, number];
