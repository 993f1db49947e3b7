/**
 * XTC files of GROMACS: big-endian frames of compressed positions, in nm, with time in ps and a box.
 *
 * Source: GROMACS reference manual, section "xtc".
 */
import type { ByteSource } from "./byte-source.js";
import type { Frame } from "./frame.js";
import { FIRST_RANGE, LAST_RANGE, unpack } from "./xtc-coordinates.js";

/** What a frame begins with; the second has room for blocks of more than 2 GiB. */
const MAGIC = 1995;
const MAGIC_LARGE = 2023;
/** Up to so many atoms are written as they are. */
const FEW = 9;

export async function* xtcFrames(source: ByteSource): AsyncGenerator<Frame, void, undefined> {
  for (let index = 0; await source.hasMore(); index++) {
    source.frame = index;
    const start = source.byte;
    const head = view(await source.bytes(56, "a frame's header"));
    const magic = head.getInt32(0);
    if (magic !== MAGIC && magic !== MAGIC_LARGE)
      throw source.atByte(
        `has ${magic} where a frame should begin with ${MAGIC}: no XTC file, or damaged`,
        start,
      );
    const atoms = head.getInt32(4);
    const numbers = Array.from({ length: 9 }, (_, i) => head.getFloat32(16 + 4 * i));
    if (atoms < 1 || atoms !== head.getInt32(52) || !numbers.every(Number.isFinite))
      throw source.atByte(
        `has a damaged header: ${atoms} and ${head.getInt32(52)} atoms, box ${numbers.join(" ")}`,
        start,
      );
    const frame = { index, step: head.getInt32(8), time: head.getFloat32(12) };
    const box = [0, 3, 6].map((i) => numbers.slice(i, i + 3));
    const hasBox = numbers.some((number) => number !== 0);
    const positions = atoms <= FEW ? await few(source, atoms) : await many(source, atoms, magic);
    yield { ...frame, positions, ...(hasBox && { box }) };
  }
}

async function few(source: ByteSource, atoms: number): Promise<Float32Array> {
  const block = view(await source.bytes(12 * atoms, "the positions"));
  const positions = Float32Array.from({ length: 3 * atoms }, (_, i) => block.getFloat32(4 * i));
  if (!positions.every(Number.isFinite)) throw source.atByte("has positions that aren't finite");
  return positions;
}

async function many(source: ByteSource, atoms: number, magic: number): Promise<Float32Array> {
  const start = source.byte;
  const isLarge = magic === MAGIC_LARGE;
  const head = view(await source.bytes(isLarge ? 40 : 36, "the header of the positions"));
  const precision = head.getFloat32(0);
  const three = (at: number): number[] => [0, 1, 2].map((c) => head.getInt32(at + 4 * c));
  const [least, most] = [three(4), three(16)];
  const small = head.getInt32(28);
  const bytes = isLarge ? Number(head.getBigInt64(32)) : head.getInt32(32);
  const isSound =
    precision > 0 &&
    precision < Infinity &&
    least.every((low, c) => low <= most[c]!) &&
    small >= FIRST_RANGE &&
    small <= LAST_RANGE &&
    // no atom takes more than three numbers of 32 bits, and a little for runs
    bytes >= 0 &&
    bytes <= 16 * atoms + 64;
  if (!isSound)
    throw source.atByte(
      `has a damaged header of positions: precision ${precision}, ${bytes} bytes`,
      start,
    );
  const block = await source.bytes(bytes, "the positions");
  const whole = unpack(block, atoms, { least, most, small });
  if (!whole) throw source.atByte("has a damaged block of positions", start);
  await source.bytes((4 - (bytes % 4)) % 4, "the end of the positions");
  const scale = 1 / precision;
  return Float32Array.from(whole, (n) => n * scale);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
