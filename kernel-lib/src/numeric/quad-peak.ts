/**
 * Where an integrand peaks on a panel, and how the panel is best divided round the peak: samples come
 * in, cuts go out, both in the panel's own coordinate u from −1 to 1. Only a guess that saves
 * evaluations: what it gets wrong costs a few panels and never accuracy, because every panel is judged
 * by its own error estimate.
 *
 * Near a peak at p most integrands look like a Lorentzian, 1 / ((u − p)² + d²), and its poles p ± i d
 * limit how fast a polynomial rule converges. Panels that grow in proportion to their distance from
 * the poles all converge at the same rate, so the cuts are uniform in log(|u − p| + offset); bisection
 * would need more of them, and would throw each coarser panel away. (On poles and convergence:
 * L. N. Trefethen, Approximation Theory and Approximation Practice, 2013, chapters 8 and 19.)
 */

/** Log of the ratio of one panel's end to the next one's: the rule then converges as 2.4^−n. */
const LOG_GROWTH = Math.log(6);
/** Offset in the logarithm, in units of d, for which the innermost panel converges as fast. */
const OFFSET = 0.3;
/** A peak nearer to the panel's end than this many d counts as lying at the end. */
const AT_END = 0.5;
/** An integrand whose mean modulus exceeds the Lorentzian's by this factor is no lone peak. */
const LONE = 2;
/** Narrower peaks have hardly been seen by the samples; there d is in half-lengths of the panel. */
const NARROWEST = 1e-5;
/** Wider ones are no reason to divide unevenly. */
const WIDEST = 0.25;
/** Most cuts that one division makes: seven on either side of the narrowest peak, and its centre. */
export const MOST_CUTS = 15;

/** A peak on a panel. */
export interface Peak {
  /** Its centre, which may lie outside of the panel. */
  centre: number;
  /** Its half-width d; 0 if there is no lone peak. */
  width: number;
}

/**
 * Fits a Lorentzian to the largest sample and its neighbours.
 *
 * @param re - Real parts of the samples.
 * @param im - Imaginary parts, undefined for real samples.
 * @param integral - Integral of the integrand's modulus by the rule with these nodes and weights.
 */
export function locate(
  nodes: Float64Array,
  weights: Float64Array,
  re: Float64Array,
  im: Float64Array | undefined,
  integral: number,
  peak: Peak,
): void {
  let top = 0;
  let most = 0;
  for (let i = 0; i < re.length; i++) {
    const square = re[i]! * re[i]! + (im === undefined ? 0 : im[i]! * im[i]!);
    if (square > most) {
      most = square;
      top = i;
    }
  }
  const height = Math.sqrt(most);
  // a peak between the samples counts far too much in the rule's integral
  const rest = integral - weights[top]! * height;
  const i = Math.min(Math.max(top, 1), re.length - 2);
  const u0 = nodes[i - 1]!;
  const u1 = nodes[i]!;
  const u2 = nodes[i + 1]!;
  const g0 = 1 / size(re, im, i - 1);
  const g1 = 1 / size(re, im, i);
  const g2 = 1 / size(re, im, i + 1);
  // the reciprocal of a Lorentzian is the parabola through the three reciprocals
  const chord = (g1 - g0) / (u1 - u0);
  const curvature = ((g2 - g1) / (u2 - u1) - chord) / (u2 - u0);
  const shift = -0.5 * (chord / curvature + (u1 - u0));
  const square = g1 / curvature - shift * shift;
  const centre = u1 + shift;
  const width = square > 0 ? Math.sqrt(square) : 0;
  const area = width * (Math.atan((1 - centre) / width) + Math.atan((1 + centre) / width));
  peak.centre = centre;
  peak.width = rest < LONE * height * area ? width : 0;
}

function size(re: Float64Array, im: Float64Array | undefined, i: number): number {
  return im === undefined ? Math.abs(re[i]!) : Math.hypot(re[i]!, im[i]!);
}

/**
 * Writes the cuts that suit a peak to `cuts`, ascending, and returns their number: 0 if the peak is no
 * reason to divide elsewhere than in the middle.
 */
export function divide({ centre, width }: Readonly<Peak>, cuts: Float64Array): number {
  if (!(width > NARROWEST && width < WIDEST && Math.abs(centre) < 2)) return 0;
  let p = centre;
  if (Math.abs(p + 1) < AT_END * width) p = -1;
  if (Math.abs(p - 1) < AT_END * width) p = 1;
  const offset = OFFSET * width;
  let count = 0;
  if (p > -1) count = grade(p, Math.max(p - 1, 0), p + 1, offset, -1, cuts, count);
  if (p > -1 && p < 1) cuts[count++] = p;
  if (p < 1) count = grade(p, Math.max(-1 - p, 0), 1 - p, offset, 1, cuts, count);
  return count;
}

/** Appends the cuts between the distances `near` and `far` on one side of the peak. */
function grade(
  p: number,
  near: number,
  far: number,
  offset: number,
  side: 1 | -1,
  cuts: Float64Array,
  count: number,
): number {
  const log = Math.log((far + offset) / (near + offset));
  const parts = Math.ceil(log / LOG_GROWTH);
  if (parts < 2) return count;
  // from the nearest cut outwards, or from the farthest inwards: ascending either way
  const step = Math.exp((side * log) / parts);
  let distance = side > 0 ? near + offset : far + offset;
  for (let k = 1; k < parts; k++) {
    distance *= step;
    cuts[count++] = p + side * (distance - offset);
  }
  return count;
}
