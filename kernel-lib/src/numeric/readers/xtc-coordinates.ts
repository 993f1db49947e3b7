/**
 * The compressed coordinates of XTC files: a block of bits and what its header said come in, whole
 * numbers go out. Numbers are written with as many bits as their range needs; runs of close
 * neighbours as small differences, in a size that adapts.
 *
 * Source: the format as GROMACS's reference manual and its XDR library define it.
 */

/** Ranges that differences can have, about 2^(i/3), by which the format counts sizes. */
const RANGES = [
  ...[
    0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 101, 128, 161, 203, 256,
    322,
  ],
  ...[
    406, 512, 645, 812, 1024, 1290, 1625, 2048, 2580, 3250, 4096, 5060, 6501, 8192, 10321, 13003,
    16384,
  ],
  ...[
    20642, 26007, 32768, 41285, 52015, 65536, 82570, 104031, 131072, 165140, 208063, 262144, 330280,
  ],
  ...[
    416127, 524287, 660561, 832255, 1048576, 1321122, 1664510, 2097152, 2642245, 3329021, 4194304,
  ],
  ...[5284491, 6658042, 8388607, 10568983, 13316085, 16777216],
];
export const FIRST_RANGE = 9;
export const LAST_RANGE = RANGES.length - 1;

/** More than so many values need a size of their own for each axis. */
const LARGE = 0xffffff;

/** Reads bits, the most significant of each byte first. */
class Bits {
  #at = 0;
  #left = 0;
  #last = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** Whether more was read than there is. */
  get isOver(): boolean {
    return this.#at > this.bytes.length;
  }

  /** A number of up to 32 bits. */
  take(count: number): number {
    let value = 0;
    let wanted = count;
    while (wanted > 0) {
      if (this.#left === 0) {
        this.#last = this.bytes[this.#at++] ?? 0;
        this.#left = 8;
      }
      const taken = Math.min(wanted, this.#left);
      this.#left -= taken;
      value = value * 2 ** taken + ((this.#last >> this.#left) & (2 ** taken - 1));
      wanted -= taken;
    }
    return value;
  }

  /** Three numbers below `sizes` that are packed into one of so many bits, its bytes little-endian. */
  triple(count: number, sizes: readonly number[], into: Int32Array): void {
    const [, sy, sz] = sizes as [number, number, number];
    if (count <= 48) {
      let packed = 0;
      let weight = 1;
      for (let wanted = count; wanted > 0; wanted -= 8) {
        packed += this.take(Math.min(8, wanted)) * weight;
        weight *= 256;
      }
      const upper = Math.floor(packed / sz);
      into[2] = packed - upper * sz;
      into[0] = Math.floor(upper / sy);
      into[1] = upper - into[0] * sy;
      return;
    }
    let packed = 0n;
    for (let shift = 0; shift < count; shift += 8)
      packed += BigInt(this.take(Math.min(8, count - shift))) << BigInt(shift);
    into[2] = Number(packed % BigInt(sz));
    const upper = packed / BigInt(sz);
    into[1] = Number(upper % BigInt(sy));
    into[0] = Number(upper / BigInt(sy));
  }
}

/** What stands before the block. */
export interface Packing {
  readonly least: readonly number[];
  readonly most: readonly number[];
  /** The first size of small differences, an index of the ranges. */
  readonly small: number;
}

/**
 * Unpacks the whole numbers of so many atoms.
 *
 * @returns undefined if the block is damaged: it ends too early, or a size leaves its range.
 */
export function unpack(
  block: Uint8Array,
  atoms: number,
  { least, most, small }: Packing,
): Int32Array | undefined {
  const sizes = least.map((low, axis) => most[axis]! - low + 1);
  const isLarge = sizes.some((size) => size > LARGE);
  const wide = sizes.map((size) => bitsOf(BigInt(size)));
  const packed = bitsOf(sizes.reduce((product, size) => product * BigInt(size), 1n));
  const bits = new Bits(block);
  const out = new Int32Array(3 * atoms);
  const here = new Int32Array(3);
  let range = small;
  let run = 0;
  for (let i = 0; i < atoms;) {
    if (isLarge) for (let c = 0; c < 3; c++) here[c] = bits.take(wide[c]!);
    else bits.triple(packed, sizes, here);
    for (let c = 0; c < 3; c++) here[c]! += least[c]!;
    let change = 0;
    if (bits.take(1) === 1) {
      run = bits.take(5);
      change = (run % 3) - 1;
      run -= run % 3;
    }
    if (i + 1 + run / 3 > atoms || bits.isOver) return undefined;
    out.set(here, 3 * i);
    const half = RANGES[range]! >> 1;
    const edge = RANGES[range]!;
    for (let k = 0; k < run; k += 3) {
      bits.triple(range, [edge, edge, edge], here);
      const before = k <= 3 ? 3 * i : 3 * i + k;
      for (let c = 0; c < 3; c++) here[c]! += out[before + c]! - half;
      if (k === 0) {
        // the first two of a run have changed places: so water is compressed around its oxygen
        out.copyWithin(3 * (i + 1), 3 * i, 3 * i + 3);
        out.set(here, 3 * i);
      } else out.set(here, 3 * (i + 1) + k);
    }
    i += 1 + run / 3;
    range += change;
    if (range < FIRST_RANGE || range > LAST_RANGE) return undefined;
  }
  return bits.isOver ? undefined : out;
}

function bitsOf(size: bigint): number {
  return size === 0n ? 0 : size.toString(2).length;
}
