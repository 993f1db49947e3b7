/**
 * `numeric/philox` for kernels: a generator is a handful of variables, its methods are written out
 * where they are called. That a new generator has nothing kept, `simplify` finds out by itself: what
 * is known stands in constants, so that straight-line code ends up without branches.
 */
import { bool, f64, get, i64, operate, type Emitter } from "../build.js";
import type { DistributionParameter } from "../../errors.js";
import type { Expr, Local } from "../ir.js";
import { keySteps, multipliers, rounds } from "./philox-constants.js";

/** The variables of a generator, in this order. */
export interface Generator {
  readonly members: readonly Local[];
}

interface State {
  /** i64, of which the low 32 bits count. */
  readonly key: readonly [Local, Local];
  readonly stream: readonly [Local, Local];
  /** i64: number of the next block. */
  readonly block: Local;
  /** What the last block left, and whether it did. */
  readonly uniform: Local;
  readonly hasUniform: Local;
  readonly normal: Local;
  readonly hasNormal: Local;
}

function stateOf({ members }: Generator): State {
  const [k0, k1, s0, s1, block, uniform, hasUniform, normal, hasNormal] = members;
  return {
    key: [k0!, k1!],
    stream: [s0!, s1!],
    block: block!,
    uniform: uniform!,
    hasUniform: hasUniform!,
    normal: normal!,
    hasNormal: hasNormal!,
  };
}

/** A generator at the start of its sequence; fails with the site where seed or stream is none. */
export function createGenerator(
  e: Emitter,
  _: unknown,
  seed: Expr,
  stream: Expr,
  site: number,
): Generator {
  const words = [seed, stream].flatMap((value) => {
    const bound = e.bind("seed", value);
    e.if(operate("bool.not", isSeed(bound)), (bad) => {
      bad.emit({ op: "fail", site, args: [bound, f64(0)] });
    });
    return wordsOf(e, bound);
  });
  return {
    members: [
      ...words.map((word) => e.variable("word", word)),
      e.variable("block", i64(0n)),
      e.variable("uniform", f64(0)),
      e.variable("hasUniform", bool(false)),
      e.variable("normal", f64(0)),
      e.variable("hasNormal", bool(false)),
    ],
  };
}

function isSeed(value: Expr): Expr {
  const inside = operate(
    "bool.and",
    operate("f64.ge", value, f64(0)),
    operate("f64.le", value, f64(Number.MAX_SAFE_INTEGER)),
  );
  return operate("bool.and", inside, operate("f64.eq", operate("f64.trunc", value), value));
}

/** A whole number from 0 to 2^53 as two words: 32 bits, below anything. */
function wordsOf(e: Emitter, value: Expr): readonly [Expr, Expr] {
  const high = e.bind("high", operate("f64.floor", operate("f64.mul", value, f64(2 ** -32))));
  const low = operate("f64.sub", value, operate("f64.mul", high, f64(2 ** 32)));
  // added to 2^52, a whole number stands in the low bits
  const bits = (part: Expr): Expr =>
    operate("i64.reinterpret_f64", operate("f64.add", part, f64(2 ** 52)));
  return [bits(low), bits(high)];
}

/** The next number in [0, 1). */
export function uniform(e: Emitter, generator: Generator): Expr {
  const state = stateOf(generator);
  const result = e.variable("uniform", f64(0));
  e.if(
    get(state.hasUniform),
    (kept) => {
      kept.set(result, get(state.uniform));
      kept.set(state.hasUniform, bool(false));
    },
    (fresh) => {
      const [first, second] = nextPair(fresh, state);
      fresh.set(result, first);
      fresh.set(state.uniform, second);
      fresh.set(state.hasUniform, bool(true));
    },
  );
  return get(result);
}

/** Gives the number of the place that fails for a parameter out of its range. */
export type SiteOf = (parameter: DistributionParameter) => number;

/** Of what is compared with 0 and below what, as `distributionRefused` says it. */
const ranges = {
  sd: { least: "f64.ge", below: undefined },
  rate: { least: "f64.gt", below: undefined },
  shape: { least: "f64.gt", below: Infinity },
  scale: { least: "f64.ge", below: undefined },
} as const satisfies Record<DistributionParameter, object>;

/** The parameter; fails where it is out of its range. */
function parameter(e: Emitter, name: DistributionParameter, value: Expr, siteOf: SiteOf): Expr {
  const { least, below } = ranges[name];
  const bound = e.bind(name, value);
  const above = operate(least, bound, f64(0));
  const inside =
    below === undefined ? above : operate("bool.and", above, operate("f64.lt", bound, f64(below)));
  e.if(operate("bool.not", inside), (bad) => {
    bad.emit({ op: "fail", site: siteOf(name), args: [bound, f64(0)] });
  });
  return bound;
}

/** The next number of a normal distribution. */
export function normal(
  e: Emitter,
  generator: Generator,
  mean: Expr,
  sd: Expr,
  siteOf: SiteOf,
): Expr {
  const width = parameter(e, "sd", sd, siteOf);
  const z = standard(e, stateOf(generator));
  const spread = isConstant(width, 1) ? z : operate("f64.mul", width, z);
  return isConstant(mean, 0) ? spread : operate("f64.add", mean, spread);
}

function isConstant(expr: Expr, value: number): boolean {
  return expr.op === "const" && Object.is(expr.value, value);
}

/** A normal number of mean 0 and deviation 1 (Box & Muller 1958). */
function standard(e: Emitter, state: State): Expr {
  const result = e.variable("normal", f64(0));
  e.if(
    get(state.hasNormal),
    (kept) => {
      kept.set(result, get(state.normal));
      kept.set(state.hasNormal, bool(false));
    },
    (fresh) => {
      const [first, second] = nextPair(fresh, state);
      const logarithm = operate("math.log", operate("f64.sub", f64(1), first));
      const radius = fresh.bind(
        "radius",
        operate("f64.sqrt", operate("f64.mul", f64(-2), logarithm)),
      );
      const turn = fresh.bind("turn", second);
      fresh.set(result, operate("f64.mul", radius, operate("math.cosTurn", turn)));
      fresh.set(state.normal, operate("f64.mul", radius, operate("math.sinTurn", turn)));
      fresh.set(state.hasNormal, bool(true));
    },
  );
  return get(result);
}

/** The next number of an exponential distribution. */
export function exponential(e: Emitter, generator: Generator, rate: Expr, siteOf: SiteOf): Expr {
  const by = parameter(e, "rate", rate, siteOf);
  const logarithm = operate("math.log", complement(e, generator));
  const value = operate("f64.sub", f64(0), logarithm);
  return isConstant(by, 1) ? value : operate("f64.div", value, by);
}

/** 1 − u of the next uniform number: in (0, 1]. */
function complement(e: Emitter, generator: Generator): Expr {
  return operate("f64.sub", f64(1), uniform(e, generator));
}

/** The next number of a gamma distribution (Marsaglia & Tsang 2000). */
export function gamma(
  e: Emitter,
  generator: Generator,
  shape: Expr,
  scale: Expr,
  siteOf: SiteOf,
): Expr {
  const k = parameter(e, "shape", shape, siteOf);
  const unit = parameter(e, "scale", scale, siteOf);
  const isBelow1 = e.bind("isBelow1", operate("f64.lt", k, f64(1)));
  const least = operate("f64.select", isBelow1, operate("f64.add", k, f64(1)), k);
  const d = e.bind("d", operate("f64.sub", least, f64(1 / 3)));
  const result = e.variable("gamma", operate("f64.mul", d, cube(e, generator, d)));
  e.if(isBelow1, (boost) => {
    const power = operate("math.pow", complement(boost, generator), operate("f64.div", f64(1), k));
    boost.set(result, operate("f64.mul", get(result), power));
  });
  return isConstant(unit, 1) ? get(result) : operate("f64.mul", get(result), unit);
}

/** Their v, by rejection. */
function cube(e: Emitter, generator: Generator, d: Expr): Expr {
  const c = e.bind(
    "c",
    operate("f64.div", f64(1), operate("f64.sqrt", operate("f64.mul", f64(9), d))),
  );
  const v = e.variable("v", f64(0));
  const isAccepted = e.variable("isAccepted", bool(false));
  e.loop("gamma", (again, label) => {
    const x = standard(again, stateOf(generator));
    const t = again.bind("t", operate("f64.add", f64(1), operate("f64.mul", c, x)));
    again.if(operate("f64.gt", t, f64(0)), (positive) => {
      positive.set(v, operate("f64.mul", operate("f64.mul", t, t), t));
      const u = complement(positive, generator);
      const half = operate("f64.mul", operate("f64.mul", f64(0.5), x), x);
      const linear = operate("f64.sub", d, operate("f64.mul", d, get(v)));
      const limit = operate("f64.mul", d, operate("math.log", get(v)));
      const most = operate("f64.add", half, operate("f64.add", linear, limit));
      positive.set(isAccepted, operate("f64.lt", operate("math.log", u), most));
    });
    again.if(get(isAccepted), (accepted) => {
      accepted.emit({ op: "break", label });
    });
  });
  return get(v);
}

/** The two uniform numbers of the next block. */
function nextPair(e: Emitter, state: State): readonly [Expr, Expr] {
  const [even, odd] = randomBits(e, state);
  e.set(state.block, operate("i64.add", get(state.block), i64(1n)));
  const low = (words: Expr): Expr => operate("i64.shl", words, i64(32n));
  return [e.bind("u", unit(low(even), low(odd))), e.bind("u", unit(even, odd))];
}

/**
 * Philox4x32-10 of the state's block: the words 0 and 2 (2 above 0), and the words 1 and 3. So paired,
 * a round is two products of halves.
 */
function randomBits(e: Emitter, { key, stream, block }: State): readonly [Expr, Expr] {
  const counter = get(block);
  let even = e.bind("even", pair(counter, get(stream[0])));
  let odd = e.bind("odd", pair(shiftRight(counter, 32n), get(stream[1])));
  const factors = i64(BigInt(multipliers[0]) | (BigInt(multipliers[1]) << 32n));
  for (let round = 0; round < rounds; round++) {
    const [k0, k1] = keySteps.map((step, i) =>
      operate("i64.add", get(key[i]!), i64(BigInt(step) * BigInt(round))),
    ) as [Expr, Expr];
    const upper = operate("i64.mul_halves_upper", even, factors);
    const lower = operate("i64.mul_halves_lower", even, factors);
    const next = e.bind("even", xor(xor(upper, odd), pair(k0, k1)));
    odd = e.bind("odd", lower);
    even = next;
  }
  return [even, odd];
}

/** The low 32 bits of both. */
function pair(low: Expr, high: Expr): Expr {
  const below = operate("i64.and", low, i64(0xffffffffn));
  return operate("i64.or", below, operate("i64.shl", high, i64(32n)));
}

function xor(a: Expr, b: Expr): Expr {
  return operate("i64.xor", a, b);
}

function shiftRight(value: Expr, by: bigint): Expr {
  return operate("i64.shr_u", value, i64(by));
}

const bitsOfHalf = 0x3fe0000000000000n;
/** Of 2^25. */
const bitsOfLarge = 0x4180000000000000n;

/** 27 and 26 bits of the upper words as a number in [0, 1), by way of mantissas whose last bits are worth 2^-27 and 2^-53. */
function unit(high: Expr, low: Expr): Expr {
  const upper = mantissa(high, 5n, bitsOfLarge);
  const lower = mantissa(low, 6n, bitsOfHalf);
  return operate("f64.add", operate("f64.sub", upper, f64(2 ** 25 + 0.5)), lower);
}

/** The bits of the upper word, without its lowest `drop`, in the mantissa of a float with the bits `above`. */
function mantissa(words: Expr, drop: bigint, above: bigint): Expr {
  const upper = shiftRight(words, 32n + drop);
  return operate("f64.reinterpret_i64", operate("i64.or", upper, i64(above)));
}
