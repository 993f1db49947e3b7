/**
 * What `quad` does inside a kernel, as a function of the kernel language: its own text is lowered with
 * the integrand in it. An integrand and a range come in; panels are divided where the error is
 * largest until the tolerance is met. Like every kernel it also runs as it stands.
 *
 * The rule, its error estimate and the division round a peak are numeric/quad's. In place of extrapolation, a panel at an end of
 * the range that has to be divided twice is integrated over s with t = end + w s^p, p = 2, 4, …, 64:
 * that takes away an algebraic or logarithmic singularity at the end (L. F. Shampine, J. Comput. Appl.
 * Math. 211, 131, 2008, does so with one fixed substitution).
 */

/** Numbers at the start of the work space: nodes, weights, weights of the Gauss rule, samples, their imaginary parts, cuts. */
const TABLES = 21 + 21 + 10 + 21 + 21 + 15;
/** Numbers for each panel. */
const PANEL = 15;

/** Length of the work space for at most `limit` panels. */
export function workLength(limit: number): number {
  return TABLES + PANEL * limit;
}

/** A function that is integrated. */
export interface Integrand {
  /** Its value, the imaginary part 0 where it is real. Fails if that isn't finite. */
  at(x: number): { readonly re: number; readonly im: number };
  /** Whether its values are complex; known once there has been one. */
  readonly isComplex: boolean;
}

/** What an integral in a kernel tells. */
export interface KernelIntegral {
  readonly integral: number;
  /** Of a complex integral. */
  readonly imaginary: number;
  readonly error: number;
  readonly evaluations: number;
  readonly subintervals: number;
  readonly converged: boolean;
}

/** Modulus of a complex number: Math.hypot takes several times as long, and only extremes need it. */
export function length(re: number, im: number): number {
  const square = re * re + im * im;
  return square > 1e-280 && square < 1e280 ? Math.sqrt(square) : Math.hypot(re, im);
}

/**
 * Integrates from `a` to `b`.
 *
 * @param points - Where to divide the range from the start.
 * @param work - Begins with the rule's tables; has {@link workLength}`(limit)` numbers.
 * @param modulus - {@link length}.
 */
export function integrate(
  integrand: Integrand,
  a: number,
  b: number,
  epsAbs: number,
  epsRel: number,
  limit: number,
  points: readonly number[],
  work: Float64Array,
  modulus: typeof length,
): KernelIntegral {
  const EPSILON = Number.EPSILON;
  const CUTS = 94;
  const [SIDE, ORIGIN, ANCHOR, WIDTH, DOUBLINGS] = [109, 110, 111, 112, 113];
  const [LO, HI, ENDS, LEVEL, PEAK, BREADTH] = [114, 115, 116, 117, 118, 119];
  const [INTEGRAL, IMAGINARY, ERROR, MODULUS] = [120, 121, 122, 123];
  const STRIDE = 15;
  // distance of the first node of [0, 1] from 0
  const NEAREST = 0.0021714184870959;

  if (Number.isNaN(a)) {
    throw new RangeError("quad: the lower limit is NaN; check the arithmetic it comes from");
  }
  if (Number.isNaN(b)) {
    throw new RangeError("quad: the upper limit is NaN; check the arithmetic it comes from");
  }
  if (!(epsAbs >= 0) || !(epsRel >= 0)) {
    throw new RangeError("quad: epsAbs and epsRel can't be negative or NaN");
  }
  if (epsAbs === 0 && epsRel < 50 * EPSILON) {
    throw new RangeError(
      "quad: epsRel asks for more than double precision gives; use at least 1.2e-14, or a positive epsAbs",
    );
  }

  let evaluations = 0;
  let count = 0;
  let integral = 0;
  let imaginary = 0;
  let error = 0;
  let converged = a === b;
  if (!converged) {
    // the range as given, then divided at the points
    work[LO] = Math.min(a, b);
    work[HI] = Math.max(a, b);
    count = 1;
    for (const point of points) {
      for (let i = 0; i < count; i++) {
        const panel = STRIDE * i;
        const end = work[HI + panel]!;
        if (!(work[LO + panel]! < point && point < end)) continue;
        if (count >= limit) {
          throw new RangeError("quad: the points divide the range into more than limit parts");
        }
        work[HI + panel] = point;
        work[LO + STRIDE * count] = point;
        work[HI + STRIDE * count] = end;
        count++;
        break;
      }
    }
    if (count === 1 && work[LO] === -Infinity && work[HI] === Infinity) {
      if (limit < 2) {
        throw new RangeError("quad: an infinite range takes two subintervals; raise limit");
      }
      work[HI] = 0;
      work[LO + STRIDE] = 0;
      work[HI + STRIDE] = Infinity;
      count = 2;
    }
    // x = t, or x = origin ± (1 − t)/t for t from 0, which is infinity, to 1
    for (let i = 0; i < count; i++) {
      const panel = STRIDE * i;
      const lo = work[LO + panel]!;
      const hi = work[HI + panel]!;
      const side = lo === -Infinity ? -1 : hi === Infinity ? 1 : 0;
      work[SIDE + panel] = side;
      work[ORIGIN + panel] = side === 0 ? 0 : side < 0 ? hi : lo;
      work[ANCHOR + panel] = 0;
      work[WIDTH + panel] = 1;
      work[DOUBLINGS + panel] = 0;
      work[LO + panel] = side === 0 ? lo : 0;
      work[HI + panel] = side === 0 ? hi : 1;
      work[ENDS + panel] = 3;
      work[LEVEL + panel] = 0;
    }

    const pieces = count;
    // a tolerance that was met without one right digit is believed only after a closer look
    const enough = Math.min(limit, pieces + 24);
    let at = 0;
    // the first of those at the end of the list that have no integral yet
    let fresh = 1;
    for (;;) {
      // the panel `at`: t = anchor + width s^p, p = 2^doublings, for s from lo to hi
      const panel = STRIDE * at;
      const side = work[SIDE + panel]!;
      const origin = work[ORIGIN + panel]!;
      const anchor = work[ANCHOR + panel]!;
      const width = work[WIDTH + panel]!;
      const doublings = work[DOUBLINGS + panel]!;
      const centre = 0.5 * (work[LO + panel]! + work[HI + panel]!);
      const half = 0.5 * (work[HI + panel]! - work[LO + panel]!);
      samples: for (let k = 0; k < 21; k++) {
        const s = centre + half * work[k]!;
        let power = s;
        let slope = Math.abs(width);
        for (let j = 0; j < doublings; j++) {
          slope *= 2 * power;
          power *= power;
        }
        const t = anchor + width * power;
        const x = side === 0 ? t : origin + (side * (1 - t)) / t;
        const { re, im } = integrand.at(x);
        work[52 + k] = (side === 0 ? re : re / t / t) * slope;
        if (integrand.isComplex) work[73 + k] = (side === 0 ? im : im / t / t) * slope;
      }
      evaluations += 21;

      // the sums in numeric/quad's order, for its bits
      let absolute = 0;
      let spread = 0;
      let distance = 0;
      if (integrand.isComplex) {
        let re = work[31]! * work[62]!;
        let im = work[31]! * work[83]!;
        let gaussRe = 0;
        let gaussIm = 0;
        absolute = work[31]! * modulus(work[62]!, work[83]!);
        for (let k = 0; k < 10; k++) {
          const sumRe = work[52 + k]! + work[72 - k]!;
          const sumIm = work[73 + k]! + work[93 - k]!;
          re += work[21 + k]! * sumRe;
          im += work[21 + k]! * sumIm;
          gaussRe += work[42 + k]! * sumRe;
          gaussIm += work[42 + k]! * sumIm;
          absolute +=
            work[21 + k]! *
            (modulus(work[52 + k]!, work[73 + k]!) + modulus(work[72 - k]!, work[93 - k]!));
        }
        const [meanRe, meanIm] = [0.5 * re, 0.5 * im];
        spread = work[31]! * modulus(work[62]! - meanRe, work[83]! - meanIm);
        for (let k = 0; k < 10; k++) {
          spread +=
            work[21 + k]! *
            (modulus(work[52 + k]! - meanRe, work[73 + k]! - meanIm) +
              modulus(work[72 - k]! - meanRe, work[93 - k]! - meanIm));
        }
        absolute *= half;
        spread *= half;
        distance = modulus(re - gaussRe, im - gaussIm) * half;
        work[INTEGRAL + panel] = re * half;
        work[IMAGINARY + panel] = im * half;
      } else {
        const middle = work[62]!;
        let even = work[31]! * middle;
        let odd = 0;
        let gauss = 0;
        let evenModulus = Math.abs(even);
        let oddModulus = 0;
        for (let k = 0; k < 10; k += 2) {
          const left = work[52 + k]!;
          const right = work[72 - k]!;
          const innerLeft = work[53 + k]!;
          const innerRight = work[71 - k]!;
          const inner = innerLeft + innerRight;
          even += work[21 + k]! * (left + right);
          odd += work[22 + k]! * inner;
          gauss += work[43 + k]! * inner;
          evenModulus += work[21 + k]! * (Math.abs(left) + Math.abs(right));
          oddModulus += work[22 + k]! * (Math.abs(innerLeft) + Math.abs(innerRight));
        }
        const kronrod = even + odd;
        const mean = 0.5 * kronrod;
        let evenSpread = work[31]! * Math.abs(middle - mean);
        let oddSpread = 0;
        for (let k = 0; k < 10; k += 2) {
          evenSpread +=
            work[21 + k]! * (Math.abs(work[52 + k]! - mean) + Math.abs(work[72 - k]! - mean));
          oddSpread +=
            work[22 + k]! * (Math.abs(work[53 + k]! - mean) + Math.abs(work[71 - k]! - mean));
        }
        absolute = (evenModulus + oddModulus) * half;
        spread = (evenSpread + oddSpread) * half;
        distance = Math.abs(kronrod - gauss) * half;
        work[INTEGRAL + panel] = kronrod * half;
      }
      if (spread !== 0 && distance !== 0) {
        const scaled = (200 * distance) / spread;
        distance = scaled < 1 ? spread * scaled * Math.sqrt(scaled) : spread;
      }
      if (absolute > Number.MIN_VALUE / EPSILON / EPSILON) {
        distance = Math.max(distance, 50 * EPSILON * absolute);
      }
      work[ERROR + panel] = distance;
      work[MODULUS + panel] = absolute;

      // a lone peak, as numeric/quad-peak finds it
      work[BREADTH + panel] = 0;
      if (distance > epsAbs && work[LEVEL + panel]! < 2 && doublings === 0) {
        let top = 0;
        let most = 0;
        for (let k = 0; k < 21; k++) {
          const [re, im] = [work[52 + k]!, integrand.isComplex ? work[73 + k]! : 0];
          const square = re * re + im * im;
          if (square > most) {
            most = square;
            top = k;
          }
        }
        const height = Math.sqrt(most);
        const rest = absolute / half - work[21 + top]! * height;
        const k = Math.min(Math.max(top, 1), 19);
        const [u0, u1, u2] = [work[k - 1]!, work[k]!, work[k + 1]!];
        const [x0, x1, x2] = [work[51 + k]!, work[52 + k]!, work[53 + k]!];
        const [y0, y1, y2] = [work[72 + k]!, work[73 + k]!, work[74 + k]!];
        const g0 = 1 / (integrand.isComplex ? modulus(x0, y0) : Math.abs(x0));
        const g1 = 1 / (integrand.isComplex ? modulus(x1, y1) : Math.abs(x1));
        const g2 = 1 / (integrand.isComplex ? modulus(x2, y2) : Math.abs(x2));
        const chord = (g1 - g0) / (u1 - u0);
        const curvature = ((g2 - g1) / (u2 - u1) - chord) / (u2 - u0);
        const shift = -0.5 * (chord / curvature + (u1 - u0));
        const square = g1 / curvature - shift * shift;
        const peak = u1 + shift;
        const breadth = square > 0 ? Math.sqrt(square) : 0;
        const area = breadth * (Math.atan((1 - peak) / breadth) + Math.atan((1 + peak) / breadth));
        work[PEAK + panel] = peak;
        if (rest < 2 * height * area) work[BREADTH + panel] = breadth;
      }
      if (fresh < count) {
        at = fresh;
        fresh++;
        continue;
      }

      // all panels are up to date: their sums, and the one to divide
      integral = 0;
      imaginary = 0;
      error = 0;
      let total = 0;
      let worst = 0;
      for (let i = 0; i < count; i++) {
        const each = STRIDE * i;
        const most = STRIDE * worst;
        integral += work[INTEGRAL + each]!;
        if (integrand.isComplex) imaginary += work[IMAGINARY + each]!;
        error += work[ERROR + each]!;
        total += work[MODULUS + each]!;
        if (
          work[ERROR + each]! > work[ERROR + most]! ||
          (work[ERROR + each] === work[ERROR + most] && work[LEVEL + each]! < work[LEVEL + most]!)
        ) {
          worst = i;
        }
      }
      const size =
        integrand.isComplex && imaginary !== 0 ? modulus(integral, imaginary) : Math.abs(integral);
      const bound = Math.max(epsAbs, epsRel * size);
      const isSeen = total > 0 && error <= 0.1 * total;
      converged = error <= bound && bound < Infinity && (isSeen || count >= enough);
      if (converged || !(error < Infinity) || count >= limit) break;

      // round the peak, or in the middle; a part at an end of the range may take the next power
      const from = STRIDE * worst;
      const lo = work[LO + from]!;
      const hi = work[HI + from]!;
      const ends = work[ENDS + from]!;
      const level = work[LEVEL + from]!;
      const power = work[DOUBLINGS + from]!;
      const isAnchored = power > 0 && lo === 0;
      if (
        !isAnchored &&
        (hi - lo <= 2000 * EPSILON * Math.max(Math.abs(lo), Math.abs(hi)) || hi - lo < 1e-290)
      ) {
        break;
      }
      // as numeric/quad-peak grades them
      let cuts = 0;
      const breadth = work[BREADTH + from]!;
      let peak = work[PEAK + from]!;
      if (breadth > 1e-5 && breadth < 0.25 && Math.abs(peak) < 2) {
        if (Math.abs(peak + 1) < 0.5 * breadth) peak = -1;
        if (Math.abs(peak - 1) < 0.5 * breadth) peak = 1;
        const offset = 0.3 * breadth;
        for (let side = -1; side <= 1; side += 2) {
          if (side > 0 && Math.abs(peak) < 1) {
            work[CUTS + cuts] = peak;
            cuts++;
          }
          if (side * peak >= 1) continue;
          const near = Math.max(-1 - side * peak, 0) + offset;
          const far = 1 - side * peak + offset;
          const log = Math.log(far / near);
          const parts = Math.ceil(log / Math.log(6));
          const growth = Math.exp((side * log) / parts);
          let distance = side > 0 ? near : far;
          for (let k = 1; k < parts; k++) {
            distance *= growth;
            work[CUTS + cuts] = peak + side * (distance - offset);
            cuts++;
          }
        }
      }
      if (cuts === 0 || count + cuts > limit) {
        work[CUTS] = 0;
        cuts = 1;
      }
      const middle = 0.5 * (lo + hi);
      const reach = 0.5 * (hi - lo);
      for (let k = 0; k < cuts; k++) {
        const to = STRIDE * (count + k);
        work[SIDE + to] = work[SIDE + from]!;
        work[ORIGIN + to] = work[ORIGIN + from]!;
        work[ANCHOR + to] = work[ANCHOR + from]!;
        work[WIDTH + to] = work[WIDTH + from]!;
        work[DOUBLINGS + to] = power;
        work[LO + to] = middle + reach * work[CUTS + k]!;
        work[HI + to] = k + 1 < cuts ? middle + reach * work[CUTS + k + 1]! : hi;
        work[ENDS + to] = k + 1 === cuts && ends >= 2 ? 2 : 0;
        work[LEVEL + to] = level + 1;
      }
      const to = STRIDE * (count + cuts - 1);
      const [first, last] = [middle + reach * work[CUTS]!, work[LO + to]!];
      work[HI + from] = first;
      work[ENDS + from] = ends === 1 || ends === 3 ? 1 : 0;
      work[LEVEL + from] = level + 1;
      let isResolved = true;
      for (let part = 0; part < 2; part++) {
        const own = part === 0 ? from : to;
        if (level === 0 || work[ENDS + own]! !== part + 1) continue;
        const anchor = isAnchored ? work[ANCHOR + own]! : part === 0 ? lo : hi;
        let width = part === 0 ? first - lo : last - hi;
        if (isAnchored) {
          let share = middle;
          for (let j = 0; j < power; j++) share *= share;
          width = work[WIDTH + own]! * share;
        }
        // the nodes nearest to the end must stay clear of it
        let nearest = Math.abs(width) * NEAREST;
        let scale = NEAREST;
        for (let j = 0; j < power; j++) {
          nearest *= scale;
          scale *= scale;
        }
        const spacing = 8 * EPSILON * Math.abs(anchor);
        const finest =
          work[SIDE + own] === 0
            ? Math.max(1e-290, spacing)
            : Math.max(1e-140, spacing * (1 + Math.abs(work[ORIGIN + own]!)));
        const canDouble = power < 6 && nearest * scale >= finest;
        if (isAnchored && nearest < finest) isResolved = false;
        if (!canDouble && !isAnchored) continue;
        work[ANCHOR + own] = anchor;
        work[WIDTH + own] = width;
        work[DOUBLINGS + own] = canDouble ? power + 1 : power;
        work[LO + own] = 0;
        work[HI + own] = 1;
        work[ENDS + own] = 1;
      }
      if (!isResolved) {
        // what it was, in the sums above
        converged = false;
        break;
      }
      fresh = count;
      count += cuts;
      at = worst;
    }
  }
  return {
    integral: a < b ? integral : -integral,
    imaginary: a < b ? imaginary : -imaginary,
    error,
    evaluations,
    subintervals: count,
    converged,
  };
}
