/**
 * The 21-point Gauss–Kronrod rule on one panel: samples of the integrand come in, an integral and an
 * error estimate go out. Knows nothing of other panels, tolerances or strategy.
 *
 * A finite panel integrates over x in [lo, hi]. A half-infinite one (`side` +1 or −1) integrates over
 * t in [lo, hi] ⊂ [0, 1] with x = origin + side (1 − t)/t, so that t = 1 is the origin and t = 0 is
 * infinity, where the spacing of numbers near t = 0 leaves room for abscissae of any size.
 */
import { GAUSS, NODES, SAMPLES, WEIGHTS } from "../compiler/intrinsics/gauss-kronrod.js";
import { length } from "../compiler/intrinsics/quad.js";
import { IntegrandError } from "../errors.js";

/** What an integrand's values look like: numbers, `[re, im]` pairs, or objects with `re` and `im`. */
export type Form = "number" | "pair" | "object";

const CENTRE_WEIGHT = WEIGHTS[10]!;
const EPSILON = Number.EPSILON;
/** Below this a sum of moduli is too near underflow for a relative error bound to mean anything. */
const TINY = Number.MIN_VALUE / EPSILON / EPSILON;

/** The abscissa that belongs to `t` on a panel. */
export function abscissa(side: number, origin: number, t: number): number {
  return side === 0 ? t : origin + (side * (1 - t)) / t;
}

/** Where on a panel the first sample lies. */
export function firstNode(lo: number, hi: number): number {
  return 0.5 * (lo + hi) + 0.5 * (hi - lo) * NODES[0]!;
}

/**
 * Fills `values` from index `start` on with the integrand's samples on a panel, times dx/dt.
 *
 * @throws {@link IntegrandError} if a value isn't finite.
 * @throws TypeError if a value isn't a number.
 */
export function sampleReal(
  f: (x: number) => unknown,
  side: number,
  origin: number,
  lo: number,
  hi: number,
  values: Float64Array,
  start: number,
): void {
  const centre = 0.5 * (lo + hi);
  const half = 0.5 * (hi - lo);
  if (side === 0) {
    for (let i = start; i < SAMPLES; i++) {
      const x = centre + half * NODES[i]!;
      const y = f(x);
      // y - y is 0 for every finite number, NaN for the others
      if (typeof y !== "number" || y - y !== 0) refuse(y, x, "number");
      values[i] = y;
    }
  } else {
    for (let i = start; i < SAMPLES; i++) {
      const t = centre + half * NODES[i]!;
      const x = origin + (side * (1 - t)) / t;
      const y = f(x);
      if (typeof y !== "number" || y - y !== 0) refuse(y, x, "number");
      values[i] = y / t / t;
    }
  }
}

/** Checks one real value and stores it, times dx/dt, at index `i`. */
export function storeReal(
  value: unknown,
  x: number,
  side: number,
  t: number,
  values: Float64Array,
  i: number,
): void {
  if (typeof value !== "number" || value - value !== 0) refuse(value, x, "number");
  values[i] = side === 0 ? value : value / t / t;
}

/** As {@link sampleReal}, for values of the form `[re, im]` or `{ re, im }`. */
export function sampleComplex(
  f: (x: number) => unknown,
  form: Form,
  side: number,
  origin: number,
  lo: number,
  hi: number,
  re: Float64Array,
  im: Float64Array,
  start: number,
): void {
  const centre = 0.5 * (lo + hi);
  const half = 0.5 * (hi - lo);
  for (let i = start; i < SAMPLES; i++) {
    const t = centre + half * NODES[i]!;
    const x = side === 0 ? t : origin + (side * (1 - t)) / t;
    storeComplex(f(x), form, x, side, t, re, im, i);
  }
}

/** Checks one complex value and stores its parts, times dx/dt, at index `i`. */
export function storeComplex(
  value: unknown,
  form: Form,
  x: number,
  side: number,
  t: number,
  re: Float64Array,
  im: Float64Array,
  i: number,
): void {
  let a: unknown;
  let b: unknown;
  if (form === "pair") {
    if (!Array.isArray(value) || value.length !== 2) refuse(value, x, form);
    a = (value as unknown[])[0];
    b = (value as unknown[])[1];
  } else {
    if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(value, x, form);
    a = (value as { re: unknown }).re;
    b = (value as { im: unknown }).im;
  }
  if (typeof a !== "number" || typeof b !== "number" || a - a !== 0 || b - b !== 0) {
    refuse(value, x, form);
  }
  re[i] = side === 0 ? a : a / t / t;
  im[i] = side === 0 ? b : b / t / t;
}

/** What the rule makes of one panel's samples. */
export class Sums {
  re = 0;
  im = 0;
  /** Estimate of the modulus of the error. */
  error = 0;
  /** Integral of the modulus of the integrand. */
  modulus = 0;
  /** Integral of the modulus of the integrand's difference from its mean. */
  spread = 0;
}

/**
 * The rule's sums over real samples on a panel of half-width `half`, written to `out`. Each sum is
 * split in two, of even and odd nodes, so that the processor need not wait for one addition to end
 * before it begins the next; that is a third of the time.
 */
export function reduceReal(values: Float64Array, half: number, out: Sums): void {
  const middle = values[10]!;
  let even = CENTRE_WEIGHT * middle;
  let odd = 0;
  let gauss = 0;
  let evenModulus = Math.abs(even);
  let oddModulus = 0;
  for (let i = 0; i < 10; i += 2) {
    const left = values[i]!;
    const right = values[20 - i]!;
    const innerLeft = values[i + 1]!;
    const innerRight = values[19 - i]!;
    const inner = innerLeft + innerRight;
    even += WEIGHTS[i]! * (left + right);
    odd += WEIGHTS[i + 1]! * inner;
    gauss += GAUSS[i + 1]! * inner;
    evenModulus += WEIGHTS[i]! * (Math.abs(left) + Math.abs(right));
    oddModulus += WEIGHTS[i + 1]! * (Math.abs(innerLeft) + Math.abs(innerRight));
  }
  const kronrod = even + odd;
  const mean = 0.5 * kronrod;
  let evenSpread = CENTRE_WEIGHT * Math.abs(middle - mean);
  let oddSpread = 0;
  for (let i = 0; i < 10; i += 2) {
    evenSpread += WEIGHTS[i]! * (Math.abs(values[i]! - mean) + Math.abs(values[20 - i]! - mean));
    oddSpread +=
      WEIGHTS[i + 1]! * (Math.abs(values[i + 1]! - mean) + Math.abs(values[19 - i]! - mean));
  }
  out.re = kronrod * half;
  out.im = 0;
  const modulus = (evenModulus + oddModulus) * half;
  estimate(Math.abs(kronrod - gauss) * half, modulus, (evenSpread + oddSpread) * half, out);
}

/** As {@link reduceReal}, with moduli of complex numbers. */
export function reduceComplex(re: Float64Array, im: Float64Array, half: number, out: Sums): void {
  let kronrodRe = CENTRE_WEIGHT * re[10]!;
  let kronrodIm = CENTRE_WEIGHT * im[10]!;
  let gaussRe = 0;
  let gaussIm = 0;
  let modulus = CENTRE_WEIGHT * length(re[10]!, im[10]!);
  for (let i = 0; i < 10; i++) {
    const j = 20 - i;
    const sumRe = re[i]! + re[j]!;
    const sumIm = im[i]! + im[j]!;
    kronrodRe += WEIGHTS[i]! * sumRe;
    kronrodIm += WEIGHTS[i]! * sumIm;
    gaussRe += GAUSS[i]! * sumRe;
    gaussIm += GAUSS[i]! * sumIm;
    modulus += WEIGHTS[i]! * (length(re[i]!, im[i]!) + length(re[j]!, im[j]!));
  }
  const meanRe = 0.5 * kronrodRe;
  const meanIm = 0.5 * kronrodIm;
  let spread = CENTRE_WEIGHT * length(re[10]! - meanRe, im[10]! - meanIm);
  for (let i = 0; i < 10; i++) {
    const j = 20 - i;
    spread +=
      WEIGHTS[i]! *
      (length(re[i]! - meanRe, im[i]! - meanIm) + length(re[j]! - meanRe, im[j]! - meanIm));
  }
  out.re = kronrodRe * half;
  out.im = kronrodIm * half;
  const difference = length(kronrodRe - gaussRe, kronrodIm - gaussIm);
  estimate(difference * half, modulus * half, spread * half, out);
}

/**
 * QUADPACK's estimate: the Kronrod sum is far better than its distance from the Gauss sum, so that
 * distance, in units of the spread, is raised to the power 3/2; never below rounding error
 * (Piessens et al., QUADPACK, 1983, section 3.4.1).
 */
function estimate(distance: number, modulus: number, spread: number, out: Sums): void {
  let error = distance;
  if (spread !== 0 && error !== 0) {
    const scaled = (200 * error) / spread;
    error = scaled < 1 ? spread * scaled * Math.sqrt(scaled) : spread;
  }
  if (modulus > TINY) error = Math.max(error, 50 * EPSILON * modulus);
  out.error = error;
  out.modulus = modulus;
  out.spread = spread;
}

/**
 * Finds the form of an integrand's first value.
 *
 * @throws TypeError if it is neither a number nor complex.
 */
export function formOf(value: unknown, x: number): Form {
  return shape(value) ?? refuse(value, x, undefined);
}

function shape(value: unknown): Form | undefined {
  if (typeof value === "number") return "number";
  if (Array.isArray(value)) return value.length === 2 ? "pair" : undefined;
  const complex = typeof value === "object" && value !== null && "re" in value && "im" in value;
  return complex ? "object" : undefined;
}

const FORMS: Record<Form, string> = {
  number: "numbers",
  pair: "[re, im] pairs",
  object: "complex values { re, im }",
};

/** Throws the error that tells what is wrong with an integrand's value at `x`. */
function refuse(value: unknown, x: number, form: Form | undefined): never {
  const found = shape(value);
  const words = describe(value);
  if (found === form && found !== undefined && parts(value).every((p) => typeof p === "number")) {
    throw new IntegrandError(x, value, words);
  }
  if (value instanceof Promise) {
    throw new TypeError(
      `quad: the integrand returned a Promise at x = ${x}; it must return its value at once, ` +
        `so remove "async" and do what has to be awaited before calling quad`,
    );
  }
  if (found !== undefined && form !== undefined && found !== form) {
    throw new TypeError(
      `quad: the integrand returned ${words} at x = ${x}, but ${FORMS[form]} elsewhere; ` +
        `let it always return the same form`,
    );
  }
  throw new TypeError(
    `quad: the integrand returned ${words} at x = ${x}; it must return a number, [re, im] or ` +
      `{ re, im }: check that it returns a value and that its parameters are numbers`,
  );
}

/** The numbers, one hopes, that a value of some form consists of. */
function parts(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return shape(value) === "object" ? Object.values(pick(value)) : [value];
}

function pick(value: unknown): { re: unknown; im: unknown } {
  const { re, im } = value as { re: unknown; im: unknown };
  return { re, im };
}

function describe(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  if (typeof value === "bigint") return `the bigint ${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (typeof value !== "object" || value === null) return String(value);
  if (shape(value) === "pair") return `[${parts(value).map(describe).join(", ")}]`;
  if (shape(value) === "object") {
    const { re, im } = pick(value);
    return `{ re: ${describe(re)}, im: ${describe(im)} }`;
  }
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  return "an object that is not { re, im }";
}
