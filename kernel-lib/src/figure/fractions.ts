/**
 * Numbers as fractions of a range, in 16 bits: what positions and colours of many bodies travel as.
 * A fraction is within half a step, 1/131,068 of the range, of its number.
 */

/** The number that stands for the upper end of the range; 0 stands for the lower. */
export const WHOLE = 65_534;
/** The number that stands for nothing: not a number, or out of the range. */
export const ABSENT = 65_535;

/** The fraction's number, of 0 to 1. */
export function toFraction(fraction: number): number {
  return fraction >= 0 && fraction <= 1 ? Math.round(fraction * WHOLE) : ABSENT;
}

/** The value that a fraction's number stands for; NaN for none. */
export function fromFraction(number: number, [low, high]: readonly [number, number]): number {
  const fraction = number / WHOLE;
  return number === ABSENT ? NaN : low * (1 - fraction) + high * fraction;
}
