/**
 * LAMMPS dump files: sections that begin with `ITEM:`, columns by name. Atoms come in any order and are
 * put in that of their ids; scaled positions are scaled back, and image flags unfold folded ones.
 *
 * Source: LAMMPS manual, `dump` command and `Howto triclinic`.
 */
import type { ByteSource } from "./byte-source.js";
import type { Frame } from "./frame.js";
import { count, finite, words } from "./numbers.js";

/** Origin and vectors of a box; those of an orthorhombic one lie along the axes. */
interface Cell {
  readonly origin: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/** The names that positions can have, best first: unfolded ones need no box. */
const KINDS = [
  { names: ["xu", "yu", "zu"], isScaled: false, isUnwrapped: true },
  { names: ["xsu", "ysu", "zsu"], isScaled: true, isUnwrapped: true },
  { names: ["x", "y", "z"], isScaled: false, isUnwrapped: false },
  { names: ["xs", "ys", "zs"], isScaled: true, isUnwrapped: false },
] as const;

export async function* lammpsFrames(source: ByteSource): AsyncGenerator<Frame, void, undefined> {
  /** The place of each id, as in the first frame. */
  let places: ReadonlyMap<number, number> | undefined;
  for (let index = 0; ; index++) {
    source.frame = index;
    let step: number | undefined;
    let time: number | undefined;
    let atoms: number | undefined;
    let cell: Cell | undefined;
    for (;;) {
      const line = await source.nextLine();
      if (line === undefined || line.trim() === "") {
        if (step !== undefined)
          throw source.atLine("ends before the atoms of its last frame: it is truncated", 1);
        if (line === undefined) return;
        continue;
      }
      if (!line.startsWith("ITEM:"))
        throw source.atLine(`has '${line.slice(0, 40)}' where a line with ITEM: should be`);
      const [item, ...columns] = words(line.slice(5));
      if (item === "TIMESTEP")
        step = count(source, await source.lineOf("the time step"), "the time step");
      else if (item === "TIME") time = finite(source, await source.lineOf("the time"), "the time");
      else if (item === "UNITS") await source.lineOf("the units");
      else if (item === "NUMBER")
        atoms = count(source, await source.lineOf("the number of atoms"), "the number of atoms");
      else if (item === "BOX") cell = await readCell(source, columns);
      else if (item === "ATOMS") {
        if (atoms === undefined || cell === undefined)
          throw source.atLine("has atoms before their number or the box");
        const table = await readAtoms(source, columns, atoms, cell);
        places ??= placesOf(source, table.ids);
        yield {
          index,
          positions: inOrder(source, table, places),
          box: cell.vectors,
          isUnwrapped: table.isUnwrapped,
          ...(time !== undefined && { time }),
          ...(step !== undefined && { step }),
        };
        break;
      } else
        throw source.atLine(
          `has the section '${line.slice(0, 40)}', which isn't one of a dump of atoms`,
        );
    }
  }
}

async function readCell(source: ByteSource, columns: readonly string[]): Promise<Cell> {
  const rows: number[][] = [];
  for (const axis of "xyz") {
    const line = words(await source.lineOf(`the box along ${axis}`));
    rows.push(line.map((word) => finite(source, word, `a bound of the box along ${axis}`)));
  }
  if (columns.includes("abc") && rows.every((row) => row.length === 4))
    return { origin: rows.map((row) => row[3]!), vectors: rows.map((row) => row.slice(0, 3)) };
  const [xy, xz, yz] = rows.map((row) => row[2] ?? 0) as [number, number, number];
  if (rows.some((row) => row.length !== (columns.includes("xy") ? 3 : 2)))
    throw source.atLine("has a box whose bounds aren't two a line, or three for a triclinic one");
  // the bounds are those of the box around the tilted one
  const low = [Math.min(0, xy, xz, xy + xz), Math.min(0, yz), 0];
  const high = [Math.max(0, xy, xz, xy + xz), Math.max(0, yz), 0];
  const origin = rows.map((row, axis) => row[0]! - low[axis]!);
  const [lx, ly, lz] = rows.map((row, axis) => row[1]! - high[axis]! - origin[axis]!) as [
    number,
    number,
    number,
  ];
  return {
    origin,
    vectors: [
      [lx, 0, 0],
      [xy, ly, 0],
      [xz, yz, lz],
    ],
  };
}

interface Table {
  readonly ids: Float64Array;
  readonly positions: Float64Array;
  readonly isUnwrapped: boolean;
}

async function readAtoms(
  source: ByteSource,
  columns: readonly string[],
  atoms: number,
  { origin, vectors }: Cell,
): Promise<Table> {
  const columnOf = (name: string): number => columns.indexOf(name);
  const kind = KINDS.find(({ names }) => names.every((name) => columns.includes(name)));
  if (!kind)
    throw source.atLine(
      `has no columns x y z, xs ys zs, xu yu zu or xsu ysu zsu, but ${columns.join(" ")}`,
    );
  const places = kind.names.map(columnOf);
  const images = ["ix", "iy", "iz"].map(columnOf);
  const hasImages = !kind.isUnwrapped && images.every((column) => column >= 0);
  const id = columnOf("id");
  const ids = new Float64Array(atoms);
  const positions = new Float64Array(3 * atoms);
  for (let i = 0; i < atoms; i++) {
    const row = words(await source.lineOf(`atom ${i + 1} of ${atoms}`));
    if (row.length < columns.length)
      throw source.atLine(
        `has ${row.length} columns for atom ${i + 1} of ${atoms}, not ${columns.length}`,
      );
    ids[i] = id < 0 ? i : count(source, row[id], "an atom's id");
    const r = places.map((place, axis) =>
      finite(source, row[place], `${"xyz"[axis]!} of atom ${i + 1}`),
    );
    const boxes = hasImages
      ? images.map((place) => finite(source, row[place], "an image flag"))
      : [0, 0, 0];
    for (let c = 0; c < 3; c++) {
      let x = kind.isScaled ? origin[c]! : r[c]!;
      for (let v = 0; v < 3; v++) x += ((kind.isScaled ? r[v]! : 0) + boxes[v]!) * vectors[v]![c]!;
      positions[3 * i + c] = x;
    }
  }
  return { ids, positions, isUnwrapped: kind.isUnwrapped || hasImages };
}

function placesOf(source: ByteSource, ids: Float64Array): ReadonlyMap<number, number> {
  const places = new Map([...ids].sort((a, b) => a - b).map((id, place) => [id, place]));
  if (places.size < ids.length) throw source.atLine("has two atoms with the same id");
  return places;
}

function inOrder(
  source: ByteSource,
  { ids, positions }: Table,
  places: ReadonlyMap<number, number>,
): Float64Array {
  const sorted = new Float64Array(positions.length);
  const seen = new Uint8Array(ids.length);
  if (ids.length !== places.size)
    throw source.atLine(`has ${ids.length} atoms in this frame and ${places.size} in the first`);
  ids.forEach((id, i) => {
    const place = places.get(id);
    if (place === undefined)
      throw source.atLine(`has an atom ${id} in this frame that isn't in the first`);
    if (seen[place] === 1) throw source.atLine(`has the atom ${id} twice in this frame`);
    seen[place] = 1;
    sorted.set(positions.subarray(3 * i, 3 * i + 3), 3 * place);
  });
  return sorted;
}
