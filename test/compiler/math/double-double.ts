/**
 * Numbers as unevaluated sums of two float64, some 104 bits, and the functions that the compiler's
 * are measured against. Algorithms: Dekker 1971, Knuth TAOCP 4.2.2; series by Taylor.
 */
export type Double = readonly [high: number, low: number];

function fastSum(a: number, b: number): Double {
  const sum = a + b;
  return [sum, b - (sum - a)];
}

export function exactSum(a: number, b: number): Double {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

function halves(a: number): Double {
  const t = a * (2 ** 27 + 1);
  const high = t - (t - a);
  return [high, a - high];
}

/** Exact for factors below 2^970 whose product is above 2^-960. */
export function exactProduct(a: number, b: number): Double {
  const product = a * b;
  const [[aHigh, aLow], [bHigh, bLow]] = [halves(a), halves(b)];
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

export function add([a, aLow]: Double, [b, bLow]: Double): Double {
  const [sum, error] = exactSum(a, b);
  const [low, lowError] = exactSum(aLow, bLow);
  const [high, rest] = fastSum(sum, error + low);
  return fastSum(high, rest + lowError);
}

export function negative([high, low]: Double): Double {
  return [-high, -low];
}

export function multiply([a, aLow]: Double, [b, bLow]: Double): Double {
  const [product, error] = exactProduct(a, b);
  return fastSum(product, error + (a * bLow + aLow * b));
}

export function divide(a: Double, b: Double): Double {
  let rest = a;
  let quotient: Double = [0, 0];
  for (let digit = 0; digit < 3; digit++) {
    const next = rest[0] / b[0];
    quotient = add(quotient, [next, 0]);
    rest = add(rest, negative(multiply(b, [next, 0])));
  }
  return quotient;
}

/** Exact for a power of two. */
function scale([high, low]: Double, factor: number): Double {
  return [high * factor, low * factor];
}

const ln2: Double = [0.6931471805599453, 2.3190468138462996e-17];
const ln2Rest = 5.707708438416212e-34;
export const halfPi: Double = [1.5707963267948966, 6.123233995736766e-17];

const inverses: Double[] = [[1, 0]];
for (let n = 1; n <= 30; n++) inverses.push(divide(inverses[n - 1]!, [n, 0]));

function series(x: Double, coefficients: readonly Double[]): Double {
  return coefficients.reduceRight((sum, next) => add(multiply(sum, x), next));
}

/** e^x − 1 for |x| < 0.4, to the last bits also near 0. */
export function expm1(x: Double): Double {
  // 27 terms: 0.4^27 / 28! is below 2^-130
  return multiply(x, series(x, inverses.slice(1, 28)));
}

/** e^x as a number and the power of two to multiply it by. */
export function exp(x: Double): { readonly value: Double; readonly power: number } {
  const power = Math.round(x[0] / ln2[0]);
  const most = multiply(ln2, [power, 0]);
  const rest = add(add(x, negative(most)), [-power * ln2Rest, 0]);
  return { value: add([1, 0], expm1(rest)), power };
}

/** ln x for a finite x > 0. */
export function log(x: number): Double {
  let power = 0;
  let mantissa = x;
  if (mantissa < 2 ** -1000) [mantissa, power] = [mantissa * 2 ** 200, -200];
  const shift = mantissa > 0.7 && mantissa < 1.4 ? 0 : Math.round(Math.log2(mantissa));
  mantissa *= 2 ** -Math.trunc(shift / 2);
  mantissa *= 2 ** -(shift - Math.trunc(shift / 2));
  power += shift;
  const guess: Double = [Math.log(mantissa), 0];
  const found = expm1(guess);
  const excess = divide(add(exactSum(mantissa, -1), negative(found)), add([1, 0], found));
  // ln(1 + d) of what the guess is off by, d below 2^-50
  const d = excess[0];
  const correction = add(excess, [-0.5 * d * d, 0]);
  return add(add(guess, correction), add(multiply(ln2, [power, 0]), [power * ln2Rest, 0]));
}

/** sin x and cos x for |x| ≤ π/4. */
export function sinCos(x: Double): { readonly sin: Double; readonly cos: Double } {
  const square = multiply(x, x);
  const alternating = (parity: number): Double[] =>
    inverses
      .filter((_, n) => n % 2 === parity)
      .map((each, n) => (n % 2 === 0 ? each : negative(each)));
  return {
    sin: multiply(x, series(square, alternating(1))),
    cos: series(square, alternating(0)),
  };
}

/** By how many units in the last place a result is off from value · 2^power. */
export function ulps(found: number, value: Double, power = 0): number {
  const size = Math.abs(value[0]) * 2 ** Math.max(power, -600) * 2 ** Math.min(power + 600, 0);
  if (Number.isNaN(found)) return Infinity;
  const exponent = Math.max(floorLog2(size), -1022);
  // the least unit is below what a factor of 2^power could reach at once
  const unit = exponent - 52;
  const difference = add([scaleTo(found, -unit), 0], negative(scale2(value, power - unit)));
  return Math.abs(difference[0]);
}

function scaleTo(value: number, power: number): number {
  const half = Math.trunc(power / 2);
  return value * 2 ** half * 2 ** (power - half);
}

function scale2(value: Double, power: number): Double {
  const half = Math.trunc(power / 2);
  return scale(scale(value, 2 ** half), 2 ** (power - half));
}

const bits = new DataView(new ArrayBuffer(8));

function floorLog2(size: number): number {
  if (size < 2 ** -1022) return -1023;
  bits.setFloat64(0, size);
  return ((bits.getUint16(0) >> 4) & 0x7ff) - 1023;
}
