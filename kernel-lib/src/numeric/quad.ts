/**
 * `quad`: a function and a range come in, the integral goes out, with an error estimate and a word on
 * whether it can be trusted. Checks what the user gave, lays out the first panels, and puts results
 * into the integrand's own form; how panels are refined stands in quad-adapt.
 */
import { SAMPLES } from "../compiler/intrinsics/gauss-kronrod.js";
import { intrinsic } from "../runtime/intrinsics.js";
import { adapt, type Task, type Verdict } from "./quad-adapt.js";
import { acquire, release, type Panels } from "./quad-panels.js";
import { abscissa, firstNode, formOf, storeComplex, storeReal, type Form } from "./quad-rule.js";

/** A complex number as an integrand may return it: a pair, or an object such as complex.js makes. */
export type ComplexValue = readonly [number, number] | { readonly re: number; readonly im: number };

/** Options of {@link quad}. */
export interface QuadOptions {
  /** Absolute tolerance, in units of the integral. Default 1.49e-8. */
  readonly epsAbs?: number;
  /** Relative tolerance; the looser of the two applies. Default 1.49e-8. */
  readonly epsRel?: number;
  /** Most subintervals the range may be divided into. Default 50. */
  readonly limit?: number;
  /**
   * Abscissae where the integrand has a jump, a kink, a peak or a singularity; it is never evaluated
   * there. Points outside the range are ignored. Default none.
   */
  readonly points?: readonly number[];
}

/** The type of the integral of an integrand whose values have type `V`. */
export type Integral<V> = V extends number
  ? number
  : V extends readonly [number, number]
    ? [number, number]
    : V;

/** What {@link quad} returns. */
export interface QuadResult<I = number> {
  /** The integral, in the form of the integrand's values. */
  readonly integral: I;
  /** Estimate of |integral − truth|; for a complex integral, of the modulus. */
  readonly error: number;
  /** How often the integrand was called. */
  readonly evaluations: number;
  /** How many subintervals were used at the end. */
  readonly subintervals: number;
  /** Whether the error estimate is within the tolerance and nothing looked suspicious. */
  readonly converged: boolean;
  /** Why it did not converge, and what may help; absent if it did. */
  readonly reason?: string;
}

/**
 * Integrates `f` from `a` to `b`.
 *
 * Adaptive bisection with the 21-point Gauss–Kronrod rule and extrapolation by the epsilon algorithm,
 * so that singularities at the ends of the range or at `points` converge too. The ends themselves are
 * never evaluated. Either limit may be infinite; `a > b` gives the negative. Meets the looser of
 * `epsAbs` and `epsRel`. A feature narrower than the spacing of the first 21 samples can be missed,
 * and `error` can be far too small where the integrand jumps between two samples: give such places in
 * `points`.
 *
 * Inside a kernel it is compiled with its integrand in it, several samples at once: the same rule,
 * error estimate and divisions, with a change of variable at singular ends in place of extrapolation. There, `limit`
 * and the number of `points` must be known when the kernel is compiled, and `reason` is left out.
 *
 * @param f - Integrand. Returns numbers, `[re, im]` pairs or objects with `re` and `im`, such as
 *   complex.js values; the integral has the same form.
 * @param a - Lower limit.
 * @param b - Upper limit.
 * @throws {@link IntegrandError} if `f` returns NaN or an infinity; it names the abscissa.
 * @throws TypeError if `f` returns anything else that isn't a number, or an argument has a wrong type.
 * @throws RangeError if an option is out of its range.
 * @example
 * quad((x) => Math.exp(-x * x), -Infinity, Infinity).integral; // √π
 * quad((x) => [Math.cos(x), Math.sin(x)], 0, Math.PI).integral; // [0, 2]
 * quad((x) => Math.abs(x - 1 / 3), 0, 1, { points: [1 / 3] });
 *
 * Source: QUADPACK's QAGS, QAGP and QAGI (R. Piessens et al., 1983).
 */
export function quad<V extends number | ComplexValue>(
  f: (x: number) => V,
  a: number,
  b: number,
  options?: QuadOptions,
): QuadResult<Integral<V>>;
export function quad(
  f: (x: number) => number | ComplexValue,
  a: number,
  b: number,
  options: QuadOptions = DEFAULTS,
): QuadResult<number | ComplexValue> {
  const { epsAbs = 1.49e-8, epsRel = 1.49e-8, limit = 50, points } = options;
  check(f, a, b, epsAbs, epsRel, limit);
  if (a === b) return empty(f, a);
  const panels = acquire();
  try {
    layOut(panels, Math.min(a, b), Math.max(a, b), points, limit);
    const side = panels.side[0]!;
    // the first value tells the form, and counts as the first sample
    const t = firstNode(panels.lo[0]!, panels.hi[0]!);
    const x = abscissa(side, panels.origin[0]!, t);
    const first: unknown = f(x);
    const form = formOf(first, x);
    if (form === "number") storeReal(first, x, side, t, panels.samplesRe, 0);
    else storeComplex(first, form, x, side, t, panels.samplesRe, panels.samplesIm, 0);
    const task: Task = { f, form, epsAbs, epsRel, limit };
    const { re, im, error, verdict } = adapt(panels, task, 1);
    const sign = a < b ? 1 : -1;
    const result = {
      integral: compose(sign * re, sign * im, form, first),
      error,
      evaluations: SAMPLES * panels.evaluated,
      subintervals: panels.count,
      converged: verdict === "converged",
    };
    return verdict === "converged"
      ? result
      : { ...result, reason: explain(verdict, panels, limit) };
  } finally {
    release(panels);
  }
}

intrinsic("quad", quad);

const DEFAULTS: QuadOptions = {};

/** Refuses arguments that can't mean anything. */
function check(
  f: unknown,
  a: unknown,
  b: unknown,
  epsAbs: unknown,
  epsRel: unknown,
  limit: unknown,
): void {
  if (typeof f !== "function") {
    throw new TypeError(`quad: the integrand must be a function of one number, not ${name(f)}`);
  }
  number("the lower limit", a);
  number("the upper limit", b);
  const absolute = number("epsAbs", epsAbs);
  const relative = number("epsRel", epsRel);
  if (absolute < 0 || relative < 0) {
    throw new RangeError(`quad: epsAbs = ${absolute} and epsRel = ${relative} can't be negative`);
  }
  if (absolute === 0 && relative < FINEST) {
    throw new RangeError(
      `quad: epsRel = ${relative} asks for more than double precision gives; ` +
        `use at least ${FINEST.toPrecision(2)}, or a positive epsAbs`,
    );
  }
  if (!Number.isInteger(limit) || (limit as number) < 1) {
    throw new RangeError(`quad: limit must be a positive whole number, not ${name(limit)}`);
  }
}

/** Smallest relative tolerance that rounding allows on its own. */
const FINEST = 50 * Number.EPSILON;

function number(what: string, value: unknown): number {
  if (typeof value !== "number") {
    throw new TypeError(`quad: ${what} must be a number, not ${name(value)}`);
  }
  if (Number.isNaN(value)) {
    throw new RangeError(`quad: ${what} is NaN; check the arithmetic it comes from`);
  }
  return value;
}

function name(value: unknown): string {
  return typeof value === "string" ? `the string ${JSON.stringify(value)}` : String(value);
}

/** The first panels: the range, divided at the break points; half-infinite ends start at the outermost. */
function layOut(
  panels: Panels,
  lower: number,
  upper: number,
  points: readonly number[] | undefined,
  limit: number,
): void {
  const inner = points === undefined ? NO_POINTS : within(points, lower, upper);
  const ends = inner.length > 0 ? inner : lower === -Infinity && upper === Infinity ? [0] : inner;
  let from = lower;
  for (let i = 0; i <= ends.length; i++) {
    const to = i < ends.length ? ends[i]! : upper;
    if (from === -Infinity) panels.append(-1, to, 0, 1, 0);
    else if (to === Infinity) panels.append(1, from, 0, 1, 0);
    else panels.append(0, 0, from, to, 0);
    from = to;
  }
  if (panels.count > limit) {
    throw new RangeError(
      `quad: the points divide the range into ${panels.count} subintervals, but limit is ${limit}; raise limit`,
    );
  }
}

const NO_POINTS: readonly number[] = [];

function within(points: unknown, lower: number, upper: number): readonly number[] {
  if (!Array.isArray(points)) {
    throw new TypeError(`quad: points must be an array of abscissae, not ${name(points)}`);
  }
  const abscissae = points.map((point, i) => number(`points[${i}]`, point));
  return [...new Set(abscissae)]
    .filter((point) => lower < point && point < upper)
    .sort((p, q) => p - q);
}

/** The integral over an empty range: one call of the integrand tells what form its zero has. */
function empty(f: (x: number) => unknown, x: number): QuadResult<number | ComplexValue> {
  const value = f(x);
  const integral = compose(0, 0, formOf(value, x), value);
  return { integral, error: 0, evaluations: 1, subintervals: 0, converged: true };
}

/** A value of the same form and class as the integrand's. */
function compose(re: number, im: number, form: Form, like: unknown): number | ComplexValue {
  if (form === "number") return re;
  if (form === "pair") return [re, im];
  const prototype: unknown = Object.getPrototypeOf(like);
  if (prototype === null || prototype === Object.prototype) return { re, im };
  const { constructor } = prototype as { constructor: unknown };
  if (typeof constructor === "function") {
    const made = new (constructor as new (re: number, im: number) => ComplexValue)(re, im);
    if (Object.getPrototypeOf(made) === prototype) return made;
  }
  // complex.js sets its prototype as a whole, and so has no constructor there
  return Object.assign(Object.create(prototype as object) as ComplexValue, { re, im });
}

/** The sentence that says why an integral did not converge, and what may help. */
function explain(verdict: Verdict, panels: Panels, limit: number): string {
  const i = panels.worst;
  const t = 0.5 * (panels.lo[i]! + panels.hi[i]!);
  const x = Number(abscissa(panels.side[i]!, panels.origin[i]!, t).toPrecision(6));
  return REASONS[verdict](x, limit);
}

const REASONS: Record<Verdict, (x: number, limit: number) => string> = {
  converged: () => "",
  limit: (x, limit) =>
    `the limit of ${limit} subintervals was reached, with the largest error near x = ${x}: ` +
    `raise limit, or give difficult abscissae in points`,
  roundoff: (x) =>
    `rounding errors, largest near x = ${x}, keep the error above the tolerance: ` +
    `loosen it, or rewrite the integrand so that nothing cancels`,
  singular: (x) =>
    `the integrand is too singular near x = ${x}: ` +
    `give that abscissa in points, or substitute the singularity away`,
  extrapolation: (x) =>
    `the sums don't settle as the subintervals near x = ${x} shrink: ` +
    `the integral may diverge there, or the integrand oscillate without end`,
  divergent: (x) => `the integral probably diverges, or converges very slowly, near x = ${x}`,
  overflow: (x) => `the sum overflows near x = ${x}: the integral probably diverges`,
};
