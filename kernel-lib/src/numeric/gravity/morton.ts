/**
 * Morton order: bodies sorted along a curve that fills space, on which what is near in space is
 * mostly near. A range of places comes in, its order and keys go out; ten bits an axis, within the
 * range's own bounds, so that a dense knot gets as fine a grid as all together. For kernels.
 */
import type { NDArray } from "../../runtime/ndarray.js";

const CELLS = 1024;
/** From here on, sorting by digits beats sorting by insertion. */
const MANY = 64;
/** Of a key's thirty bits, eight are sorted by at once. */
const DIGITS = 256;

/** A share of the edge, from 0 to 1, as ten bits with two zeros between neighbours. */
function spread(share: number): number {
  let bits = Math.max(0, Math.min(CELLS - 1, share * CELLS)) | 0;
  bits = (bits | (bits << 16)) & 0x030000ff;
  bits = (bits | (bits << 8)) & 0x0300f00f;
  bits = (bits | (bits << 4)) & 0x030c30c3;
  return (bits | (bits << 2)) & 0x09249249;
}

function encode(
  x: NDArray,
  y: NDArray,
  z: NDArray,
  order: Int32Array,
  keys: Int32Array,
  first: number,
  end: number,
): void {
  let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
  let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
  for (let k = first; k < end; k++) {
    const i = order[k]!;
    const [xi, yi, zi] = [x.at(i), y.at(i), z.at(i)];
    xLow = xi < xLow ? xi : xLow;
    yLow = yi < yLow ? yi : yLow;
    zLow = zi < zLow ? zi : zLow;
    xHigh = xi > xHigh ? xi : xHigh;
    yHigh = yi > yHigh ? yi : yHigh;
    zHigh = zi > zHigh ? zi : zHigh;
  }
  const longest = Math.max(xHigh - xLow, yHigh - yLow, zHigh - zLow);
  // cells are cubes; a range without extent has one, whatever its length
  const edge = longest > 0 ? longest : 1;
  for (let k = first; k < end; k++) {
    const i = order[k]!;
    keys[k] =
      (spread((x.at(i) - xLow) / edge) << 2) |
      (spread((y.at(i) - yLow) / edge) << 1) |
      spread((z.at(i) - zLow) / edge);
  }
}

function insert(order: Int32Array, keys: Int32Array, first: number, end: number): void {
  for (let k = first + 1; k < end; k++) {
    const [key, body] = [keys[k]!, order[k]!];
    let to = k;
    while (to > first && keys[to - 1]! > key) {
      keys[to] = keys[to - 1]!;
      order[to] = order[to - 1]!;
      to = (to - 1) | 0;
    }
    keys[to] = key;
    order[to] = body;
  }
}

/** Sorts by one digit; what shares it keeps its order. */
function sortDigit(
  order: Int32Array,
  keys: Int32Array,
  toOrder: Int32Array,
  toKeys: Int32Array,
  ends: Int32Array,
  first: number,
  end: number,
  shift: number,
): void {
  ends.fill(0);
  for (let k = first; k < end; k++) {
    const digit = (keys[k]! >> shift) & (DIGITS - 1);
    ends[digit] = ends[digit]! + 1;
  }
  let next = first;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = ends[digit]!;
    ends[digit] = next;
    next = (next + count) | 0;
  }
  for (let k = first; k < end; k++) {
    const key = keys[k]!;
    const digit = (key >> shift) & (DIGITS - 1);
    const to = ends[digit]!;
    ends[digit] = to + 1;
    toKeys[to] = key;
    toOrder[to] = order[k]!;
  }
}

/** Sorts the places from `first` to `end`; bodies with one key keep their order. */
export function sortMorton(
  x: NDArray,
  y: NDArray,
  z: NDArray,
  order: Int32Array,
  keys: Int32Array,
  spareOrder: Int32Array,
  spareKeys: Int32Array,
  first: number,
  end: number,
): void {
  encode(x, y, z, order, keys, first, end);
  if (end - first < MANY) insert(order, keys, first, end);
  else {
    const ends = new Int32Array(DIGITS);
    for (let shift = 0; shift < 32; shift += 16) {
      sortDigit(order, keys, spareOrder, spareKeys, ends, first, end, shift);
      sortDigit(spareOrder, spareKeys, order, keys, ends, first, end, shift + 8);
    }
  }
}
