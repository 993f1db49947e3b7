/**
 * Random numbers that are a pure function of a seed and a stream: Philox4x32-10 (Salmon, Moraes, Dror
 * & Shaw, SC 2011). Plain JavaScript; kernels are given the same by `compiler/intrinsics/philox`.
 */
import { keySteps, multipliers, rounds } from "../compiler/intrinsics/philox-constants.js";
import { intrinsic } from "../runtime/intrinsics.js";

/** Random numbers of one stream; made by {@link philox}. */
export interface RandomGenerator {
  /**
   * The next number, uniform in [0, 1), a multiple of 2^-53.
   *
   * @returns a number of 0 ≤ u < 1.
   */
  uniform(): number;
  /**
   * The next number of a normal distribution, by the transform of Box & Muller (1958): two numbers
   * from one block of random bits, the second of which the following call gives.
   *
   * @param mean Its mean. Default 0.
   * @param sd Its standard deviation. Default 1.
   */
  normal(mean?: number, sd?: number): number;
  /**
   * The next number of an exponential distribution: its mean is 1 / rate.
   *
   * @param rate Events per unit. Default 1.
   */
  exponential(rate?: number): number;
  /**
   * The next number of a gamma distribution, by the method of Marsaglia & Tsang (2000): its mean is
   * shape · scale.
   *
   * @param shape Above 0; NaN comes out otherwise.
   * @param scale In the unit of the result. Default 1.
   */
  gamma(shape: number, scale?: number): number;
}

/**
 * A generator of random numbers: the same numbers for the same seed and stream, on every machine and
 * number of threads. Streams are independent of each other, so that each iteration of a parallel loop
 * takes its own.
 *
 * In a kernel, `uniform` gives the same bits; `normal`, `exponential` and `gamma` give the same up to
 * the few units in the last place by which logarithms, sines and cosines differ.
 *
 * @param seed A whole number from 0 to 2^53 − 1.
 * @param stream Which of the seed's sequences: a whole number from 0 to 2^53 − 1. Default 0.
 * @returns a generator at the start of its sequence of 2^66 numbers.
 * @throws RangeError if seed or stream is not such a number.
 *
 * @example
 * const pi = jit((n: number, seed: number) => {
 *   let inside = 0;
 *   for (const i of prange(n)) {
 *     const random = philox(seed, i);
 *     const x = random.uniform();
 *     const y = random.uniform();
 *     if (x * x + y * y < 1) inside += 1;
 *   }
 *   return (4 * inside) / n;
 * });
 *
 * Source: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
 * doi:10.1145/2063384.2063405.
 */
export function philox(seed: number, stream = 0): RandomGenerator {
  return new Philox(words("seed", seed), words("stream", stream));
}
intrinsic("philox", philox);

/** 32 bits each, as whole numbers from 0. */
export type Words = readonly [number, number, number, number];
type Pair = readonly [low: number, high: number];

function words(name: string, value: number): Pair {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(
      `philox got the ${name} ${String(value)}: give a whole number from 0 to 2^53 - 1`,
    );
  }
  return [value >>> 0, Math.floor(value / 2 ** 32)];
}

class Philox implements RandomGenerator {
  #block = 0;
  #uniform: number | undefined;
  #normal: number | undefined;

  constructor(
    readonly key: Pair,
    readonly stream: Pair,
  ) {}

  /** The two uniform numbers of the next block. */
  #next(): Pair {
    const block = this.#block++;
    const counter = [block >>> 0, Math.floor(block / 2 ** 32), ...this.stream] as const;
    const [a, b, c, d] = philoxBlock(counter, this.key);
    return [unit(a, b), unit(c, d)];
  }

  uniform(): number {
    const kept = this.#uniform;
    if (kept !== undefined) {
      this.#uniform = undefined;
      return kept;
    }
    const [first, second] = this.#next();
    this.#uniform = second;
    return first;
  }

  normal(mean = 0, sd = 1): number {
    return mean + sd * this.#standard();
  }

  #standard(): number {
    const kept = this.#normal;
    if (kept !== undefined) {
      this.#normal = undefined;
      return kept;
    }
    const [first, second] = this.#next();
    const radius = Math.sqrt(-2 * Math.log(1 - first));
    const [sine, cosine] = sineAndCosine(second);
    this.#normal = radius * sine;
    return radius * cosine;
  }

  exponential(rate = 1): number {
    return (0 - Math.log(1 - this.uniform())) / rate;
  }

  gamma(shape: number, scale = 1): number {
    if (!(shape > 0 && shape < Infinity)) return NaN;
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    const value = d * this.#cube(d, c);
    if (shape >= 1) return value * scale;
    return value * Math.exp(Math.log(1 - this.uniform()) / shape) * scale;
  }

  /** Marsaglia & Tsang's v, by rejection. */
  #cube(d: number, c: number): number {
    for (;;) {
      const x = this.#standard();
      const t = 1 + c * x;
      if (t <= 0) continue;
      const v = t * t * t;
      const u = 1 - this.uniform();
      if (Math.log(u) < 0.5 * x * x + (d - d * v + d * Math.log(v))) return v;
    }
  }
}

/** 53 of 64 bits as a number in [0, 1). */
function unit(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
}

/** sin 2πx and cos 2πx: the nearest quarter turn is taken away first, which is exact. */
function sineAndCosine(x: number): readonly [sine: number, cosine: number] {
  const quarters = Math.round(4 * x);
  const angle = (4 * x - quarters) * (Math.PI / 2);
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  switch (quarters % 4) {
    case 1:
      return [cosine, -sine];
    case 2:
      return [-sine, -cosine];
    case 3:
      return [-cosine, sine];
    default:
      return [sine, cosine];
  }
}

/** The random bits of a counter and a key, four and two words. */
export function philoxBlock(counter: Words, key: Pair): Words {
  let [a, b, c, d] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round++) {
    const [low0, high0] = product(multipliers[0], a);
    const [low1, high1] = product(multipliers[1], c);
    [a, b, c, d] = [(high1 ^ b ^ k0) >>> 0, low1, (high0 ^ d ^ k1) >>> 0, low0];
    k0 = (k0 + keySteps[0]) >>> 0;
    k1 = (k1 + keySteps[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** Both halves of the 64-bit product of two words. */
function product(a: number, b: number): Pair {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = aLow * bHigh + (middle & 0xffff);
  return [Math.imul(a, b) >>> 0, aHigh * bHigh + (middle >>> 16) + (carried >>> 16)];
}
