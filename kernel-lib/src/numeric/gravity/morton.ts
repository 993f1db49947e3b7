/**
 * Morton order: bodies sorted along a curve that fills space, on which what is near in space is
 * mostly near. A range of bodies comes in, its order and keys go out; ten bits an axis, within the
 * range's own bounds, so that a dense knot gets as fine a grid as all together.
 */

/** Bits of a key: three for each of ten levels, the coarsest highest. */
const KEY_BITS = 30;
const CELLS = 1024;
/** From here on, sorting by digits beats sorting by insertion. */
const MANY = 64;

/** Bodies' places and keys, which are sorted range by range. */
export class MortonOrder {
  /** The body at each place. */
  readonly order: Int32Array;
  /** The key of the body at each place, within the range that was sorted last. */
  readonly keys: Int32Array;
  readonly #spareOrder: Int32Array;
  readonly #spareKeys: Int32Array;
  readonly #counts = new Int32Array(CELLS);

  constructor(
    readonly x: Float64Array,
    readonly y: Float64Array,
    readonly z: Float64Array,
  ) {
    this.order = Int32Array.from(x, (_, i) => i);
    this.keys = new Int32Array(x.length);
    this.#spareOrder = new Int32Array(x.length);
    this.#spareKeys = new Int32Array(x.length);
  }

  /** Sorts the places from `first` to `end`; bodies with one key keep their order. */
  sort(first: number, end: number): void {
    this.#encode(first, end);
    if (end - first < MANY) this.#insert(first, end);
    else this.#sortDigits(first, end);
  }

  #encode(first: number, end: number): void {
    const { x, y, z, order, keys } = this;
    let [xLow, yLow, zLow] = [Infinity, Infinity, Infinity];
    let [xHigh, yHigh, zHigh] = [-Infinity, -Infinity, -Infinity];
    for (let k = first; k < end; k++) {
      const i = order[k]!;
      xLow = Math.min(xLow, x[i]!);
      yLow = Math.min(yLow, y[i]!);
      zLow = Math.min(zLow, z[i]!);
      xHigh = Math.max(xHigh, x[i]!);
      yHigh = Math.max(yHigh, y[i]!);
      zHigh = Math.max(zHigh, z[i]!);
    }
    // cells are cubes; a range without extent has one, whatever its length
    const edge = Math.max(xHigh - xLow, yHigh - yLow, zHigh - zLow) || 1;
    for (let k = first; k < end; k++) {
      const i = order[k]!;
      keys[k] =
        (spread((x[i]! - xLow) / edge) << 2) |
        (spread((y[i]! - yLow) / edge) << 1) |
        spread((z[i]! - zLow) / edge);
    }
  }

  #insert(first: number, end: number): void {
    const { order, keys } = this;
    for (let k = first + 1; k < end; k++) {
      const [key, body] = [keys[k]!, order[k]!];
      let to = k;
      for (; to > first && keys[to - 1]! > key; to--) {
        keys[to] = keys[to - 1]!;
        order[to] = order[to - 1]!;
      }
      keys[to] = key;
      order[to] = body;
    }
  }

  #sortDigits(first: number, end: number): void {
    let [keys, order, toKeys, toOrder] = [this.keys, this.order, this.#spareKeys, this.#spareOrder];
    const counts = this.#counts;
    for (let shift = 0; shift < KEY_BITS; shift += 10) {
      counts.fill(0);
      for (let k = first; k < end; k++) {
        const digit = (keys[k]! >> shift) & (CELLS - 1);
        counts[digit] = counts[digit]! + 1;
      }
      let next = first;
      for (let digit = 0; digit < CELLS; digit++) {
        const count = counts[digit]!;
        counts[digit] = next;
        next += count;
      }
      for (let k = first; k < end; k++) {
        const key = keys[k]!;
        const digit = (key >> shift) & (CELLS - 1);
        const to = counts[digit]!;
        counts[digit] = to + 1;
        toKeys[to] = key;
        toOrder[to] = order[k]!;
      }
      [keys, order, toKeys, toOrder] = [toKeys, toOrder, keys, order];
    }
    // three passes end in the spare arrays
    this.keys.set(keys.subarray(first, end), first);
    this.order.set(order.subarray(first, end), first);
  }
}

/** A share of the edge, from 0 to 1, as ten bits with two zeros between neighbours. */
function spread(share: number): number {
  let bits = Math.min(CELLS - 1, share * CELLS) | 0;
  bits = (bits | (bits << 16)) & 0x030000ff;
  bits = (bits | (bits << 8)) & 0x0300f00f;
  bits = (bits | (bits << 4)) & 0x030c30c3;
  return (bits | (bits << 2)) & 0x09249249;
}
