/**
 * Mean squared displacements of single particles at all lags, through the Fourier transform: rows of
 * coordinates come in, one row of lags a particle goes out, in O(F log F) for F frames instead of O(F²).
 *
 * ⟨|r(k+m) − r(k)|²⟩ is a mean of |r(k+m)|² + |r(k)|² − 2 r(k)·r(k+m): running sums, less twice the
 * autocorrelation, which is the transform of the power spectrum. Since large numbers cancel there, the
 * straight line from the first to the last frame is taken out of every trajectory first; what that
 * changes is known exactly. Two particles make the real and the imaginary part of one transform.
 *
 * Source: V. Calandrini et al., nMoldyn 3.0, Collection SFN 12 (2011), section 4.2.1.
 */
import { jit } from "../../runtime/jit.js";
import type { NDArray } from "../../runtime/ndarray.js";
import { prange } from "../../runtime/prange.js";
import { stage } from "./fourier-stage.js";

/** Frames whose places in a work array, those of 8 lanes, fill an eighth of a processor's nearest cache. */
const NEAR = 64;

/**
 * Takes one coordinate of the particles `first` … `first + lanes − 1` into a work array, less the line
 * from the first to the last frame, and adds up what the line and the rest have in common, and squares.
 * Lanes that are left over repeat the last particle.
 */
function load(
  rows: NDArray,
  first: number,
  axis: number,
  length: number,
  lanes: number,
  x: Float64Array,
  slope: Float64Array,
  head: Float64Array,
  tail: Float64Array,
  squares: Float64Array,
  line: Float64Array,
): void {
  const [particles, frames] = rows.shape as [number, number];
  for (let lane = 0; lane < lanes; lane++) {
    const particle = Math.min(first + lane, particles - 1) | 0;
    const rise = rows.at(particle, frames - 1, axis) - rows.at(particle, 0, axis);
    slope[lane] = rise / Math.max(1, frames - 1);
    head[lane] = 0;
    tail[lane] = 0;
  }
  // so few frames at a time that the lanes' places stay in the cache
  for (let from = 0; from < frames; from += NEAR) {
    const to = Math.min(from + NEAR, frames);
    for (let lane = 0; lane < lanes; lane++) {
      const particle = Math.min(first + lane, particles - 1) | 0;
      const start = rows.at(particle, 0, axis);
      const rise = slope[lane]!;
      for (let k = from; k < to; k++)
        x[Math.imul(k, lanes) + lane] = rows.at(particle, k, axis) - start - rise * k;
    }
  }
  const end = Math.imul(frames, lanes);
  for (let k = 0; k < end; k++) squares[k]! += x[k]! * x[k]!;
  for (let k = end; k < Math.imul(length, lanes); k++) x[k] = 0;
  for (let j = 1; j <= frames; j++) {
    const lag = frames - j;
    const from = Math.imul(lag, lanes);
    const to = Math.imul(j - 1, lanes);
    for (let lane = 0; lane < lanes; lane++) {
      head[lane]! += x[to + lane]!;
      tail[lane]! += x[from + lane]!;
      const v = slope[lane]! * lag;
      line[from + lane]! += v * (2 * (tail[lane]! - head[lane]!) + v * j);
    }
  }
}

/**
 * Adds |A(k)|² + |B(k)|² to `even` and |A(k)|² − |B(k)|² to `odd`, four times, for the transforms A and B
 * of the two real series that were transformed as one: A(k) = (Z(k) + Z*(−k))/2.
 */
function addPower(
  re: Float64Array,
  im: Float64Array,
  length: number,
  lanes: number,
  even: Float64Array,
  odd: Float64Array,
): void {
  for (let k = 0; k < (length >> 1) + 1; k++) {
    const here = Math.imul(k, lanes);
    const mirror = k === 0 ? 0 : Math.imul(length - k, lanes);
    for (let lane = 0; lane < lanes; lane++) {
      const ar = re[here + lane]!;
      const ai = im[here + lane]!;
      const br = re[mirror + lane]!;
      const bi = im[mirror + lane]!;
      even[here + lane]! += ar * ar + ai * ai + (br * br + bi * bi);
      odd[here + lane]! += 2 * (ar * br - ai * bi);
    }
  }
}

/** The two power spectra as one series; both are the same forwards and backwards. */
function layPower(
  even: Float64Array,
  odd: Float64Array,
  length: number,
  lanes: number,
  re: Float64Array,
  im: Float64Array,
): void {
  for (let k = 0; k < (length >> 1) + 1; k++) {
    const here = Math.imul(k, lanes);
    const mirror = k === 0 ? 0 : Math.imul(length - k, lanes);
    for (let lane = 0; lane < lanes; lane++) {
      re[here + lane] = even[here + lane]! + odd[here + lane]!;
      im[here + lane] = even[here + lane]! - odd[here + lane]!;
    }
    for (let lane = 0; lane < lanes; lane++) {
      re[mirror + lane] = even[here + lane]! + odd[here + lane]!;
      im[mirror + lane] = even[here + lane]! - odd[here + lane]!;
    }
  }
}

/** Puts running sums, autocorrelation and line together, and writes the lags that are wanted. */
function finish(
  correlation: Float64Array,
  scale: number,
  frames: number,
  lanes: number,
  sums: Float64Array,
  squares: Float64Array,
  line: Float64Array,
  first: number,
  particles: number,
  lags: NDArray,
  out: NDArray,
): void {
  for (let k = 0; k < 4 * lanes; k++) sums[k] = 0;
  // the shortest sums come first, and what rounding takes from one is given to the next (W. Kahan, 1965)
  for (let j = 1; j <= frames; j++) {
    const from = Math.imul(frames - j, lanes);
    const to = Math.imul(j - 1, lanes);
    for (let lane = 0; lane < lanes; lane++) {
      const headTerm = squares[to + lane]! - sums[2 * lanes + lane]!;
      const head = sums[lane]! + headTerm;
      sums[2 * lanes + lane] = head - sums[lane]! - headTerm;
      sums[lane] = head;
      const tailTerm = squares[from + lane]! - sums[3 * lanes + lane]!;
      const tail = sums[lanes + lane]! + tailTerm;
      sums[3 * lanes + lane] = tail - sums[lanes + lane]! - tailTerm;
      sums[lanes + lane] = tail;
      const rest = head + tail - scale * correlation[from + lane]!;
      line[from + lane] = Math.max(0, (rest + line[from + lane]!) / j);
    }
  }
  for (let i = 0; i < lags.length; i++) {
    const lag = lags.at(i);
    for (let lane = 0; lane < lanes; lane++) {
      const particle = first + lane;
      if (particle < particles) out.set(lag === 0 ? 0 : line[lag * lanes + lane]!, particle, i);
    }
  }
}

/** Kernels by their number of lanes, which is a constant of each: loops over them need no other form. */
const kernels = new Map<number, ReturnType<typeof kernelOf>>();

/**
 * The kernel that writes the mean squared displacements of rows [particle, frame, axis] into `out`
 * [particle, lag], `lanes` pairs of particles side by side. `firsts` are the first particle of each
 * 2 · lanes, `radices`, `cos` and `sin` a plan for at least frames + largest lag points.
 */
export function fourierMsd(lanes: number): ReturnType<typeof kernelOf> {
  const made = kernels.get(lanes) ?? kernelOf(lanes);
  kernels.set(lanes, made);
  return made;
}

function kernelOf(lanes: number) {
  return jit(
    (
      rows: NDArray,
      blocks: NDArray,
      lags: NDArray,
      radices: NDArray,
      cos: NDArray,
      sin: NDArray,
      out: NDArray,
    ): void => {
      const [particles, frames, axes] = rows.shape as [number, number, number];
      const length = cos.length;
      const odds = radices.length & 1;
      const bins = (length >> 1) + 1;
      const scale = 1 / (2 * length);
      for (const block of prange(blocks.length)) {
        const first = 2 * lanes * block;
        const second = first + lanes;
        const ar = new Float64Array(length * lanes);
        const ai = new Float64Array(length * lanes);
        const br = new Float64Array(length * lanes);
        const bi = new Float64Array(length * lanes);
        const even = new Float64Array(bins * lanes);
        const odd = new Float64Array(bins * lanes);
        const squaresA = new Float64Array(frames * lanes);
        const squaresB = new Float64Array(frames * lanes);
        const lineA = new Float64Array(frames * lanes);
        const lineB = new Float64Array(frames * lanes);
        const slope = new Float64Array(lanes);
        const head = new Float64Array(lanes);
        const tail = new Float64Array(lanes);
        const sums = new Float64Array(4 * lanes);
        for (let axis = 0; axis <= axes; axis++) {
          if (axis < axes) {
            load(rows, first, axis, length, lanes, ar, slope, head, tail, squaresA, lineA);
            load(rows, second, axis, length, lanes, ai, slope, head, tail, squaresB, lineB);
          } else {
            layPower(even, odd, length, lanes, ar, ai);
          }
          let n = length | 0;
          let stride = 1;
          for (let s = 0; s < radices.length; s++) {
            const radix = radices.at(s);
            if ((s & 1) === 0) stage(radix, n, stride, lanes, cos, sin, ar, ai, br, bi);
            else stage(radix, n, stride, lanes, cos, sin, br, bi, ar, ai);
            n = (n / radix) | 0;
            stride = (stride * radix) | 0;
          }
          if (axis < axes) {
            if (odds === 1) addPower(br, bi, length, lanes, even, odd);
            else addPower(ar, ai, length, lanes, even, odd);
          }
        }
        if (odds === 1) {
          for (let k = 0; k < frames * lanes; k++) {
            ar[k] = br[k]!;
            ai[k] = bi[k]!;
          }
        }
        finish(ar, scale, frames, lanes, sums, squaresA, lineA, first, particles, lags, out);
        finish(ai, scale, frames, lanes, sums, squaresB, lineB, second, particles, lags, out);
      }
    },
    // what is read and written, the plan says
    { boundsCheck: false },
  );
}
