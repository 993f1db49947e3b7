/**
 * Philox4x32-10 as plain integers: a counter of four 32-bit words and a key of two come in, four
 * random words go out. Knows nothing of seeds, streams or distributions.
 *
 * Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3
 * and table 2.
 */

import { keySteps, multipliers, rounds } from "../compiler/intrinsics/philox-constants.js";

const [multiplier0, multiplier1] = multipliers;
const [keyStep0, keyStep1] = keySteps;

/** Four words; those of a result are from −2^31 to 2^31 − 1. */
export type Words = [number, number, number, number];

/** Puts the block of a counter under a key into `words`, where the counter stood. */
export function philoxBlock(words: Words, key0: number, key1: number): void {
  // by index: taking a tuple apart runs its iterator
  let c0 = words[0];
  let c1 = words[1];
  let c2 = words[2];
  let c3 = words[3];
  for (let round = 0; round < rounds; round++) {
    const high0 = highHalf(c0, multiplier0 & 0xffff, multiplier0 >>> 16);
    const high1 = highHalf(c2, multiplier1 & 0xffff, multiplier1 >>> 16);
    const low0 = Math.imul(c0, multiplier0);
    c0 = high1 ^ c1 ^ key0;
    c1 = Math.imul(c2, multiplier1);
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 = (key0 + keyStep0) | 0;
    key1 = (key1 + keyStep1) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** The high 32 bits of the product with low + 2^16 high: long multiplication, no step of which overflows (Knuth, TAOCP 2, 4.3.1 M). */
function highHalf(word: number, low: number, high: number): number {
  const wordLow = word & 0xffff;
  const wordHigh = word >>> 16;
  const carry = Math.imul(wordLow, low) >>> 16;
  const upper = (Math.imul(wordHigh, low) + carry) | 0;
  const middle = (Math.imul(wordLow, high) + (upper & 0xffff)) | 0;
  return (Math.imul(wordHigh, high) + (upper >>> 16) + (middle >>> 16)) | 0;
}
