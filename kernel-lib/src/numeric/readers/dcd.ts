/**
 * DCD files, as CHARMM, NAMD, X-PLOR and others write them: Fortran records of either byte order with
 * markers of 4 or 8 bytes, single precision, an optional unit cell, optionally with fixed atoms.
 *
 * Source: the CHARMM manual (dynamc), and the records as NAMD's dcdlib documents them.
 */
import type { FileFormatError } from "../../errors.js";
import { noticeOnce } from "../../runtime/notice.js";
import type { ByteSource } from "./byte-source.js";
import type { Frame } from "./frame.js";

const CORD = 0x44524f43;
/** Length of the first record, by which the byte order and the markers are told. */
const HEADER = 84;

interface Header {
  readonly atoms: number;
  /** Frames that the file should have; 0 if the writer was stopped before it could say. */
  readonly frames: number;
  readonly firstStep: number;
  readonly stepsApart: number;
  readonly dt: number;
  readonly hasCell: boolean;
  readonly hasFourth: boolean;
  /** The atoms that later frames have, counted from 0; undefined if all. */
  readonly free: Int32Array | undefined;
}

/** Reads Fortran records of one byte order. */
class Records {
  constructor(
    readonly source: ByteSource,
    readonly isLittle: boolean,
    readonly markerBytes: 4 | 8,
  ) {}

  /** The next record; `length` is what it has to have, if that is known. */
  async next(what: string, length?: number): Promise<DataView> {
    const { source } = this;
    const start = source.byte;
    const bytes = await this.#marker(what);
    if (length !== undefined && bytes !== length)
      throw source.atByte(`has a record of ${bytes} bytes for ${what}, not ${length}`, start);
    // without this a damaged marker would ask for memory that no file fills
    if (!(bytes >= 0 && bytes < 2 ** 31))
      throw source.atByte(`has a record of ${bytes} bytes for ${what}`, start);
    const data = view(Buffer.from(await source.bytes(bytes, what)));
    const again = await this.#marker(what);
    if (again !== bytes)
      throw source.atByte(
        `has a record for ${what} that begins with ${bytes} and ends with ${again} as its length`,
        start,
      );
    return data;
  }

  async #marker(what: string): Promise<number> {
    const bytes = view(await this.source.bytes(this.markerBytes, `the length of ${what}`));
    if (this.markerBytes === 4) return bytes.getInt32(0, this.isLittle);
    return Number(bytes.getBigInt64(0, this.isLittle));
  }
}

export async function* dcdFrames(source: ByteSource): AsyncGenerator<Frame, void, undefined> {
  const records = await recordsOf(source);
  const header = await readHeader(records);
  const { atoms, free, frames } = header;
  let latest = new Float32Array(3 * atoms);
  let index = 0;
  for (; await source.hasMore(); index++) {
    source.frame = index;
    const box = header.hasCell
      ? cellOf(source, await records.next("the unit cell", 48), records.isLittle)
      : undefined;
    const moved = index > 0 ? free : undefined;
    const count = moved?.length ?? atoms;
    const positions = Float32Array.from(latest);
    for (let c = 0; c < 3; c++) {
      const axis = "xyz"[c]!;
      const numbers = await records.next(axis, 4 * count);
      for (let i = 0; i < count; i++) {
        const x = numbers.getFloat32(4 * i, records.isLittle);
        const atom = moved ? moved[i]! : i;
        if (!Number.isFinite(x)) throw source.atByte(`has ${axis} = ${x} for atom ${atom + 1}`);
        positions[3 * atom + c] = x;
      }
    }
    if (header.hasFourth) await records.next("the fourth dimension", 4 * count);
    if (free) latest = positions;
    const step = header.firstStep + index * header.stepsApart;
    yield { index, positions, step, time: step * header.dt, ...(box && { box }) };
  }
  if (frames > 0 && index !== frames)
    noticeOnce(
      `${source.path} has ${index} frames, its header says ${frames}: was the simulation stopped?`,
    );
}

async function recordsOf(source: ByteSource): Promise<Records> {
  const first = view(Buffer.from(await source.bytes(8, "the header")));
  for (const isLittle of [true, false]) {
    const hasWord = (at: number): boolean => first.getUint32(at, true) === CORD;
    if (first.getInt32(0, isLittle) === HEADER && hasWord(4))
      return new Records(source, isLittle, 4);
    if (Number(first.getBigInt64(0, isLittle)) === HEADER) {
      const word = view(await source.bytes(4, "the header"));
      if (word.getUint32(0, true) === CORD) return new Records(source, isLittle, 8);
    }
  }
  throw notDcd(source);
}

function notDcd(source: ByteSource): FileFormatError {
  return source.atByte(
    "is no DCD file: it doesn't begin with a record of 84 bytes and the word CORD",
    0,
  );
}

async function readHeader(records: Records): Promise<Header> {
  const { source, isLittle, markerBytes } = records;
  // its marker and its first word have been read
  const rest = view(Buffer.from(await source.bytes(HEADER - 4 + markerBytes, "the header")));
  const number = (i: number): number => rest.getInt32(4 * i, isLittle);
  const isCharmm = number(19) !== 0;
  await records.next("the titles");
  const atoms = (await records.next("the number of atoms", 4)).getInt32(0, isLittle);
  if (atoms < 1) throw source.atByte(`has ${atoms} atoms`);
  const fixed = number(8);
  if (fixed < 0 || fixed >= atoms) throw source.atByte(`has ${fixed} fixed atoms of ${atoms}`);
  return {
    atoms,
    frames: number(0),
    firstStep: number(1),
    stepsApart: number(2),
    // X-PLOR has double precision here, and nothing of CHARMM's behind it
    dt: isCharmm ? rest.getFloat32(36, isLittle) : rest.getFloat64(36, isLittle),
    hasCell: isCharmm && number(10) !== 0,
    hasFourth: isCharmm && number(11) === 1,
    free: fixed > 0 ? await readFree(records, atoms, atoms - fixed) : undefined,
  };
}

async function readFree(records: Records, atoms: number, count: number): Promise<Int32Array> {
  const list = await records.next("the list of free atoms", 4 * count);
  return Int32Array.from({ length: count }, (_, i) => {
    const atom = list.getInt32(4 * i, records.isLittle);
    if (atom < 1 || atom > atoms)
      throw records.source.atByte(`has a free atom ${atom} of ${atoms}`);
    return atom - 1;
  });
}

/**
 * Lengths and angles, of A, γ, B, β, α, C. NAMD writes cosines instead of degrees; CHARMM since version 25
 * the six numbers of a symmetric matrix, in the same places.
 */
function cellOf(
  source: ByteSource,
  record: DataView,
  isLittle: boolean,
): number[] | number[][] | undefined {
  const six = Array.from({ length: 6 }, (_, i) => record.getFloat64(8 * i, isLittle));
  const [a, xy, b, xz, yz, c] = six as [number, number, number, number, number, number];
  if (!six.every(Number.isFinite)) throw source.atByte(`has the unit cell ${six.join(", ")}`);
  if (a === 0 && b === 0 && c === 0) return undefined;
  const angles = [yz, xz, xy];
  if (angles.every((angle) => angle >= -1 && angle <= 1)) {
    const degrees = angles.map((cos) => 90 - (Math.asin(cos) * 180) / Math.PI);
    return [a, b, c, ...degrees];
  }
  if (angles.every((angle) => angle > 1 && angle < 180)) return [a, b, c, ...angles];
  return [
    [a, xy, xz],
    [xy, b, yz],
    [xz, yz, c],
  ];
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
