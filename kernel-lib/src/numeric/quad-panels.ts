/**
 * The panels of one integral: where each lies, its integral and its error estimate, and their sums.
 * Workspaces are kept and used again, so that a small integral allocates nothing but its result; an
 * integrand that calls `quad` itself gets a workspace of its own. Decides nothing.
 */
import { EpsilonTable } from "./quad-epsilon.js";
import {
  length,
  reduceComplex,
  reduceReal,
  sampleComplex,
  sampleReal,
  SAMPLES,
  Yield,
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
  /** How many bisections led to each panel. */
  level = new Int32Array(64);

  /** Samples of the panel evaluated last; `evaluate` takes the first `given` ones as they are. */
  readonly samplesRe = new Float64Array(SAMPLES);
  readonly samplesIm = new Float64Array(SAMPLES);
  readonly yield = new Float64Array(5);

  /** Sums over all panels, set by `total`. */
  sumRe = 0;
  sumIm = 0;
  sumError = 0;
  /** Sum of errors of panels above the given level, the panel of largest error, and that above the level (or −1). */
  shallowError = 0;
  worst = 0;
  worstShallow = -1;

  readonly tableRe = new EpsilonTable();
  readonly tableIm = new EpsilonTable();

  /** Appends a panel that has not been evaluated; returns its index. */
  append(side: number, origin: number, lo: number, hi: number, level: number): number {
    const i = this.count++;
    if (i === this.lo.length) this.grow();
    this.side[i] = side;
    this.origin[i] = origin;
    this.lo[i] = lo;
    this.hi[i] = hi;
    this.level[i] = level;
    return i;
  }

  /** Integrates over panel `i`; `yield` then holds the rule's sums. */
  evaluate(f: (x: number) => unknown, form: Form, i: number, given: number): void {
    const { samplesRe, samplesIm } = this;
    const side = this.side[i]!;
    const origin = this.origin[i]!;
    const lo = this.lo[i]!;
    const hi = this.hi[i]!;
    const half = 0.5 * (hi - lo);
    if (form === "number") {
      sampleReal(f, side, origin, lo, hi, samplesRe, given);
      reduceReal(samplesRe, half, this.yield);
    } else {
      sampleComplex(f, form, side, origin, lo, hi, samplesRe, samplesIm, given);
      reduceComplex(samplesRe, samplesIm, half, this.yield);
    }
    this.re[i] = this.yield[Yield.Re]!;
    this.im[i] = this.yield[Yield.Im]!;
    this.error[i] = this.yield[Yield.Error]!;
  }

  /**
   * Sums over all panels, afresh each time: running sums would keep the rounding error of the large
   * contributions that bisection has since replaced.
   */
  total(level: number): void {
    let sumRe = 0;
    let sumIm = 0;
    let sumError = 0;
    let shallowError = 0;
    let worst = 0;
    let worstShallow = -1;
    for (let i = 0; i < this.count; i++) {
      sumRe += this.re[i]!;
      sumIm += this.im[i]!;
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
    this.shallowError = shallowError;
    this.worst = worst;
    this.worstShallow = worstShallow;
  }

  /** Modulus of the sum. */
  get modulus(): number {
    return this.sumIm === 0 ? Math.abs(this.sumRe) : length(this.sumRe, this.sumIm);
  }

  private grow(): void {
    const size = 2 * this.lo.length;
    const longer = <A extends { set(from: A): void }>(to: A, from: A): A => (to.set(from), to);
    this.side = longer(new Int8Array(size), this.side);
    this.origin = longer(new Float64Array(size), this.origin);
    this.lo = longer(new Float64Array(size), this.lo);
    this.hi = longer(new Float64Array(size), this.hi);
    this.re = longer(new Float64Array(size), this.re);
    this.im = longer(new Float64Array(size), this.im);
    this.error = longer(new Float64Array(size), this.error);
    this.level = longer(new Int32Array(size), this.level);
  }
}

/** An empty workspace, to be given back with {@link release}. */
export function acquire(): Panels {
  const panels = idle.pop() ?? new Panels();
  panels.count = 0;
  return panels;
}

/** Gives a workspace back. */
export function release(panels: Panels): void {
  if (panels.lo.length <= KEPT) idle.push(panels);
}
