/**
 * The functions of Math to some 100 bits, as sums of two numbers: by their definitions from exp, log,
 * sine and cosine, and by one step of Newton's from what the engine gives. Angles are reduced by
 * whole-number arithmetic with 1300 bits of π.
 */
import type { Reference } from "./accuracy.js";
import {
  add,
  divide,
  exactProduct,
  exactSum,
  exp,
  expm1 as expm1Near0,
  log,
  multiply,
  negative,
  sinCos,
  type Double,
} from "./double-double.js";

const one: Double = [1, 0];
const of = (x: number): Double => [x, 0];
const subtract = (a: Double, b: Double): Double => add(a, negative(b));
const half = ([high, low]: Double): Double => [high / 2, low / 2];

/** π/2 · 2^1300, by Machin's formula: π/4 = 4 atan ⅕ − atan 1/239. */
const places = 1300n;
const quarterTurn = 2n * (4n * inverseTangent(5n) - inverseTangent(239n));

function inverseTangent(of: bigint): bigint {
  let [term, sum] = [(1n << (places + 20n)) / of, 0n];
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += (n % 4n === 1n ? term : -term) / n;
    term /= of * of;
  }
  return sum >> 20n;
}

const bits = new DataView(new ArrayBuffer(8));

/** x as whole · 2^power. */
function decompose(x: number): { readonly whole: bigint; readonly power: number } {
  bits.setFloat64(0, x);
  const all = bits.getBigUint64(0);
  const exponent = Number((all >> 52n) & 0x7ffn);
  const fraction = all & ((1n << 52n) - 1n);
  const whole = exponent === 0 ? fraction : fraction + (1n << 52n);
  return { whole: x < 0 ? -whole : whole, power: Math.max(exponent, 1) - 1075 };
}

/** whole · 2^-places as a sum of two numbers. */
function fromPlaces(whole: bigint): Double {
  const size = whole < 0n ? -whole : whole;
  const shift = Math.max(0, size.toString(16).length * 4 - 160);
  const short = Number(size >> BigInt(shift));
  const rest = Number((size >> BigInt(shift)) - BigInt(short));
  const scale = 2 ** (shift - Number(places));
  const found: Double = [short * scale, rest * scale];
  return whole < 0n ? negative(found) : found;
}

/** The nearest quarter turn modulo 4, and the rest of the angle. */
function reduce(x: number): { readonly quarter: number; readonly rest: Double } {
  if (Math.abs(x) < Math.PI / 4) return { quarter: 0, rest: of(x) };
  const { whole, power } = decompose(x);
  const angle = power < 0 ? (whole << places) >> BigInt(-power) : whole << (places + BigInt(power));
  const turns = (2n * angle + quarterTurn) / (2n * quarterTurn) - (angle < 0n ? 1n : 0n);
  let rest = angle - turns * quarterTurn;
  let quarter = turns;
  if (2n * rest > quarterTurn) [rest, quarter] = [rest - quarterTurn, quarter + 1n];
  return { quarter: Number(((quarter % 4n) + 4n) % 4n), rest: fromPlaces(rest) };
}

function sineAndCosine(x: number): readonly [Double, Double] {
  const { quarter, rest } = reduce(x);
  const { sin, cos } = sinCos(rest);
  const round = [sin, cos, negative(sin), negative(cos)];
  return [round[quarter]!, round[(quarter + 1) % 4]!];
}

/** e^x − 1. */
function grown(x: Double): Double {
  if (Math.abs(x[0]) < 0.35) return expm1Near0(x);
  const { value, power } = exp(x);
  return subtract(scale(value, 2 ** power), one);
}

function scale([high, low]: Double, factor: number): Double {
  return [high * factor, low * factor];
}

/** ln(1 + u). */
function lnOfGrown(u: Double): Double {
  if (Math.abs(u[0]) < 0.3) {
    const guess = of(Math.log1p(u[0]));
    const found = expm1Near0(guess);
    const excess = divide(subtract(u, found), add(one, found));
    return add(guess, add(excess, of(-0.5 * excess[0] ** 2)));
  }
  const [high, low] = add(one, u);
  return add(log(high), of(low / high));
}

function root(a: Double): Double {
  const guess = Math.sqrt(a[0]);
  if (guess === 0) return of(0);
  return add(of(guess), divide(subtract(a, exactProduct(guess, guess)), of(2 * guess)));
}

/** The angle of (x, y): the guess turned by the sine of what it is off. */
function angle(y: Double, x: Double): Double {
  const guess = Math.atan2(y[0], x[0]);
  const [sin, cos] = sineAndCosine(guess);
  const off = divide(
    subtract(multiply(y, cos), multiply(x, sin)),
    add(multiply(x, cos), multiply(y, sin)),
  );
  return add(of(guess), off);
}

function hyperbolic(x: number): { readonly sinh: Double; readonly cosh: Double } {
  const more = grown(of(Math.abs(x)));
  const all = add(more, one);
  const sinh = half(add(more, divide(more, all)));
  return { sinh: x < 0 ? negative(sinh) : sinh, cosh: half(add(all, divide(one, all))) };
}

const signed = (x: number, size: Double): Double => (x < 0 ? negative(size) : size);
const square = (x: number): Double => exactProduct(x, x);
const ln2 = log(2);
const ln10 = log(10);
const value = (found: Double): Reference => ({ value: found });

/** Of arguments whose results are finite. */
export const references = {
  pow: (x: number, y: number) => exp(multiply(log(x), of(y))),
  sin: (x: number) => value(sineAndCosine(x)[0]),
  cos: (x: number) => value(sineAndCosine(x)[1]),
  tan: (x: number) => value(divide(...sineAndCosine(x))),
  atan2: (y: number, x: number) => value(angle(of(y), of(x))),
  atan: (x: number) => value(angle(of(x), one)),
  asin: (x: number) => value(angle(of(x), root(subtract(one, square(x))))),
  acos: (x: number) => value(angle(root(subtract(one, square(x))), of(x))),
  hypot: (x: number, y: number) => value(root(add(square(x), square(y)))),
  sinh: (x: number) => value(hyperbolic(x).sinh),
  cosh: (x: number) => value(hyperbolic(x).cosh),
  tanh: (x: number) => {
    const more = grown(of(2 * Math.abs(x)));
    return value(signed(x, divide(more, add(more, of(2)))));
  },
  expm1: (x: number) => value(grown(of(x))),
  log1p: (x: number) => value(Math.abs(x) < 0.3 ? lnOfGrown(of(x)) : logOfSum(exactSum(x, 1))),
  log2: (x: number) => value(divide(log(x), ln2)),
  log10: (x: number) => value(divide(log(x), ln10)),
  cbrt: (x: number) => {
    const guess = Math.cbrt(x);
    const cube = multiply(square(guess), of(guess));
    return value(add(of(guess), divide(subtract(of(x), cube), scale(square(guess), 3))));
  },
  asinh: (x: number) => {
    const size = Math.abs(x);
    const bend = divide(square(size), add(one, root(add(square(size), one))));
    return value(signed(x, lnOfGrown(add(of(size), bend))));
  },
  acosh: (x: number) => {
    const t = exactSum(x, -1);
    return value(lnOfGrown(add(t, root(multiply(t, add(t, of(2)))))));
  },
  atanh: (x: number) => value(half(lnOfGrown(divide(of(2 * x), exactSum(1, -x))))),
} satisfies Record<string, (...args: number[]) => Reference>;

function logOfSum([high, low]: Double): Double {
  return add(log(high), of(low / high));
}
