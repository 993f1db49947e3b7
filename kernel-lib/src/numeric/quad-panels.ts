/**
 * The panels of one integral: where each lies, its integral and its error estimate, and their sums.
 * Workspaces are kept and used again, so that a small integral allocates nothing but its result; an
 * integrand that calls `quad` itself gets a workspace of its own. Decides nothing.
 */
import { EpsilonTable } from "./quad-epsilon.js";
import { divide, locate, MOST_CUTS } from "./quad-peak.js";
import { NODES, SAMPLES, WEIGHTS } from "../compiler/intrinsics/gauss-kronrod.js";
import { length } from "../compiler/intrinsics/quad.js";
import {
  reduceComplex,
  reduceReal,
  sampleComplex,
  sampleReal,
  Sums,
  type Form,
} from "./quad-rule.js";

/** Panels a kept workspace may have room for: a larger one is left to the garbage collector. */
const KEPT = 4096;
const idle: Panels[] = [];

/** A growing list of panels; see {@link sampleReal} for what `side` and `origin` mean. */
export class Panels {
  count = 0;
  side = new Int8Array(64);
  origin = new Float64Array(64);
  lo = new Float64Array(64);
  hi = new Float64Array(64);
  re = new Float64Array(64);
  im = new Float64Array(64);
  error = new Float64Array(64);
  /** Integral of the integrand's modulus. */
  modulus = new Float64Array(64);
  /** How many divisions led to each panel. */
  level = new Int32Array(64);
  /** Centre and width of each panel's {@link Peak}. */
  centre = new Float64Array(64);
  width = new Float64Array(64);

  /** Panels with a smaller error are not searched for a peak: they won't be divided. */
  negligible = 0;
  /** How many panels were evaluated, those since divided included. */
  evaluated = 0;
  /** Samples of the panel evaluated last; `evaluate` takes the first `given` ones as they are. */
  readonly samplesRe = new Float64Array(SAMPLES);
  readonly samplesIm = new Float64Array(SAMPLES);
  readonly sums = new Sums();

  /** Sums over all panels, set by `total`. */
  sumRe = 0;
  sumIm = 0;
  sumError = 0;
  sumModulus = 0;
  /** The panel of largest error. */
  worst = 0;
  /** The same two of the panels above a level; −1 if there are none. */
  shallowError = 0;
  worstShallow = -1;

  readonly tableRe = new EpsilonTable();
  readonly tableIm = new EpsilonTable();
  private readonly cuts = new Float64Array(MOST_CUTS);
  private readonly peak = { centre: 0, width: 0 };

  /** Appends a panel that has not been evaluated. */
  append(side: number, origin: number, lo: number, hi: number, level: number): void {
    const i = this.count++;
    if (i === this.lo.length) this.grow();
    this.side[i] = side;
    this.origin[i] = origin;
    this.lo[i] = lo;
    this.hi[i] = hi;
    this.level[i] = level;
  }

  /** Integrates over panel `i`. True if the error estimate tells anything: it is below the spread. */
  evaluate(f: (x: number) => unknown, form: Form, i: number, given: number): boolean {
    const { samplesRe, samplesIm, sums } = this;
    const side = this.side[i]!;
    const origin = this.origin[i]!;
    const lo = this.lo[i]!;
    const hi = this.hi[i]!;
    const half = 0.5 * (hi - lo);
    const real = form === "number";
    if (real) {
      sampleReal(f, side, origin, lo, hi, samplesRe, given);
      reduceReal(samplesRe, half, sums);
    } else {
      sampleComplex(f, form, side, origin, lo, hi, samplesRe, samplesIm, given);
      reduceComplex(samplesRe, samplesIm, half, sums);
    }
    this.evaluated++;
    const error = sums.error;
    const modulus = sums.modulus;
    this.re[i] = sums.re;
    this.im[i] = sums.im;
    this.error[i] = error;
    this.modulus[i] = modulus;
    if (error > this.negligible) {
      locate(NODES, WEIGHTS, samplesRe, real ? undefined : samplesIm, modulus / half, this.peak);
      this.centre[i] = this.peak.centre;
      this.width[i] = this.peak.width;
    } else {
      this.width[i] = 0;
    }
    return error !== sums.spread;
  }

  /**
   * Divides panel `i`: round its peak if `graded` and there is room below `limit`, else in the middle.
   * Its first part takes its place, the others are appended; none is evaluated.
   */
  divide(i: number, graded: boolean, limit: number): void {
    this.peak.centre = this.centre[i]!;
    this.peak.width = this.width[i]!;
    const count = graded ? divide(this.peak, this.cuts) : 0;
    if (count === 0 || this.count + count > limit) this.cut(i, BISECTION, 1);
    else this.cut(i, this.cuts, count);
  }

  /** As {@link divide}, at the given cuts, ascending in the panel's coordinate from −1 to 1. */
  cut(i: number, cuts: Float64Array, count: number): void {
    const lo = this.lo[i]!;
    const hi = this.hi[i]!;
    const middle = 0.5 * (lo + hi);
    const half = 0.5 * (hi - lo);
    const level = this.level[i]! + 1;
    this.level[i] = level;
    for (let k = 0; k < count; k++) {
      const from = middle + half * cuts[k]!;
      const to = k + 1 < count ? middle + half * cuts[k + 1]! : hi;
      if (k === 0) this.hi[i] = from;
      this.append(this.side[i]!, this.origin[i]!, from, to, level);
    }
  }

  /** Moves the last panel into the place of panel `i`. */
  replace(i: number): void {
    const last = --this.count;
    this.side[i] = this.side[last]!;
    this.origin[i] = this.origin[last]!;
    this.lo[i] = this.lo[last]!;
    this.hi[i] = this.hi[last]!;
    this.re[i] = this.re[last]!;
    this.im[i] = this.im[last]!;
    this.error[i] = this.error[last]!;
    this.modulus[i] = this.modulus[last]!;
    this.level[i] = this.level[last]!;
    this.centre[i] = this.centre[last]!;
    this.width[i] = this.width[last]!;
  }

  /**
   * Sums over all panels, and over those above `level`. Afresh each time: running sums would keep the
   * rounding error of large contributions that division has since replaced.
   */
  total(level: number): void {
    let sumRe = 0;
    let sumIm = 0;
    let sumError = 0;
    let sumModulus = 0;
    let shallowError = 0;
    let worst = 0;
    let worstShallow = -1;
    for (let i = 0; i < this.count; i++) {
      sumRe += this.re[i]!;
      sumIm += this.im[i]!;
      sumModulus += this.modulus[i]!;
      const error = this.error[i]!;
      sumError += error;
      if (error > this.error[worst]!) worst = i;
      if (this.level[i]! < level) {
        shallowError += error;
        if (worstShallow < 0 || error > this.error[worstShallow]!) worstShallow = i;
      }
    }
    this.sumRe = sumRe;
    this.sumIm = sumIm;
    this.sumError = sumError;
    this.sumModulus = sumModulus;
    this.shallowError = shallowError;
    this.worst = worst;
    this.worstShallow = worstShallow;
  }

  /** Modulus of the sum. */
  get size(): number {
    return this.sumIm === 0 ? Math.abs(this.sumRe) : length(this.sumRe, this.sumIm);
  }

  private grow(): void {
    const capacity = 2 * this.lo.length;
    const longer = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const to = new Float64Array(capacity);
      to.set(from);
      return to;
    };
    const { side, level } = this;
    this.side = new Int8Array(capacity);
    this.side.set(side);
    this.level = new Int32Array(capacity);
    this.level.set(level);
    this.origin = longer(this.origin);
    this.lo = longer(this.lo);
    this.hi = longer(this.hi);
    this.re = longer(this.re);
    this.im = longer(this.im);
    this.error = longer(this.error);
    this.modulus = longer(this.modulus);
    this.centre = longer(this.centre);
    this.width = longer(this.width);
  }
}

const BISECTION = new Float64Array([0]);

/** An empty workspace, to be given back with {@link release}. */
export function acquire(): Panels {
  const panels = idle.pop() ?? new Panels();
  panels.count = 0;
  panels.evaluated = 0;
  return panels;
}

/** Gives a workspace back. */
export function release(panels: Panels): void {
  if (panels.lo.length <= KEPT) idle.push(panels);
}
