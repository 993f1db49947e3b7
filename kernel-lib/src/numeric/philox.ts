/**
 * Random numbers that are a pure function of a seed and a stream: Philox4x32-10 (Salmon, Moraes, Dror
 * & Shaw, SC 2011). Plain JavaScript; kernels are given the same by `compiler/intrinsics/philox`.
 */
import { distributionRefused, type DistributionParameter } from "../errors.js";
import { intrinsic } from "../runtime/intrinsics.js";
import { philoxBlock, type Words } from "./philox-block.js";

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
   * @throws RangeError unless `sd` is at least 0.
   */
  normal(mean?: number, sd?: number): number;
  /**
   * The next number of an exponential distribution: its mean is 1 / rate.
   *
   * @param rate Events per unit. Default 1.
   * @throws RangeError unless `rate` is above 0.
   */
  exponential(rate?: number): number;
  /**
   * The next number of a gamma distribution, by the method of Marsaglia & Tsang (2000): its mean is
   * shape · scale.
   *
   * @param shape Above 0.
   * @param scale In the unit of the result. Default 1.
   * @throws RangeError unless `shape` is above 0 and finite, and `scale` at least 0.
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
  return new Philox(checked("seed", seed), checked("stream", stream));
}
intrinsic("philox", philox);

function checked(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(
      `philox got the ${name} ${String(value)}: give a whole number from 0 to 2^53 - 1`,
    );
  }
  return value;
}

class Philox implements RandomGenerator {
  readonly #keyLow: number;
  readonly #keyHigh: number;
  readonly #streamLow: number;
  readonly #streamHigh: number;
  #block = 0;
  readonly #words: Words = [0, 0, 0, 0];
  /** What the last pair left: −1 and NaN if nothing. */
  #uniform = -1;
  #normal = NaN;

  constructor(seed: number, stream: number) {
    this.#keyLow = seed | 0;
    this.#keyHigh = (seed / 2 ** 32) | 0;
    this.#streamLow = stream | 0;
    this.#streamHigh = (stream / 2 ** 32) | 0;
  }

  /** Makes the words of the next block: two uniform numbers. */
  #next(): void {
    const words = this.#words;
    words[0] = this.#block | 0;
    words[1] = (this.#block / 2 ** 32) | 0;
    words[2] = this.#streamLow;
    words[3] = this.#streamHigh;
    this.#block++;
    philoxBlock(words, this.#keyLow, this.#keyHigh);
  }

  uniform(): number {
    const kept = this.#uniform;
    if (kept >= 0) {
      this.#uniform = -1;
      return kept;
    }
    this.#next();
    this.#uniform = unit(this.#words[2], this.#words[3]);
    return unit(this.#words[0], this.#words[1]);
  }

  normal(mean = 0, sd = 1): number {
    if (!(sd >= 0)) refuse("sd", sd);
    return mean + sd * this.#standard();
  }

  #standard(): number {
    const kept = this.#normal;
    if (!Number.isNaN(kept)) {
      this.#normal = NaN;
      return kept;
    }
    this.#next();
    const radius = Math.sqrt(-2 * Math.log(1 - unit(this.#words[0], this.#words[1])));
    const turn = unit(this.#words[2], this.#words[3]);
    // the nearest quarter turn is taken away first, which is exact
    const quarters = Math.round(4 * turn);
    const angle = (4 * turn - quarters) * (Math.PI / 2);
    const along = radius * (quarters % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    const across = radius * (quarters % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
    this.#normal = (quarters & 2) === 0 ? across : -across;
    return ((quarters + 1) & 2) === 0 ? along : -along;
  }

  exponential(rate = 1): number {
    if (!(rate > 0)) refuse("rate", rate);
    return (0 - Math.log(1 - this.uniform())) / rate;
  }

  gamma(shape: number, scale = 1): number {
    if (!(shape > 0 && shape < Infinity)) refuse("shape", shape);
    if (!(scale >= 0)) refuse("scale", scale);
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    const value = d * this.#cube(d, c);
    if (shape >= 1) return value * scale;
    return value * Math.pow(1 - this.uniform(), 1 / shape) * scale;
  }

  /** Marsaglia & Tsang's v, by rejection. */
  #cube(d: number, c: number): number {
    for (;;) {
      const x = this.#standard();
      const t = 1 + c * x;
      if (t <= 0) continue;
      const v = t * t * t;
      const u = 1 - this.uniform();
      const square = x * x;
      // what they accept without a logarithm, they accept with it
      if (u < 1 - 0.0331 * square * square) return v;
      if (Math.log(u) < 0.5 * x * x + (d - d * v + d * Math.log(v))) return v;
    }
  }
}

function refuse(parameter: DistributionParameter, found: number): never {
  throw new RangeError(distributionRefused(parameter, found));
}

/** 53 of 64 bits as a number in [0, 1). */
function unit(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
}
