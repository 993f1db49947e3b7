/**
 * How the errors of a mean squared displacement's values go together: the displacements of each
 * particle come in, the covariances of their mean at some of the lags go out.
 */
import { type FitCovariance, MAX_COVARIANCE } from "../figure/curves.js";
import type { Layout } from "./numbers.js";

/** The most products that are added up; of more particles the first ones must do. */
const MOST_WORK = 1e8;

/** Which of so many points are kept: all of the first half, and of the others some, in even ratios. */
function chosen(points: number): number[] {
  const dense = MAX_COVARIANCE / 2;
  if (points <= MAX_COVARIANCE) return Array.from({ length: points }, (_, k) => k);
  const ratio = (points - 1) / dense;
  const sparse = Array.from({ length: dense }, (_, k) =>
    Math.round(dense * ratio ** ((k + 1) / dense)),
  );
  return [...new Set([...Array.from({ length: dense }, (_, k) => k), ...sparse])];
}

/**
 * The covariances of the mean over particles. `lags` are the columns of `perParticle` that are drawn, in
 * the order of the points.
 */
export function covarianceOf(
  { data, shape, strides, offset }: Layout,
  lags: readonly number[],
): FitCovariance | undefined {
  const particles = shape[0]!;
  const [down, across] = strides as [number, number];
  const picked = chosen(lags.length);
  const size = picked.length;
  const used = Math.min(particles, Math.floor(MOST_WORK / size ** 2));
  if (used < 2) return undefined;
  const value = (particle: number, k: number): number =>
    data[offset + particle * down + lags[picked[k]!]! * across]!;
  const means = new Float64Array(size);
  for (let p = 0; p < used; p++) {
    for (let k = 0; k < size; k++) means[k]! += value(p, k) / used;
  }
  const sums = new Float64Array(size * size);
  const apart = new Float64Array(size);
  for (let p = 0; p < used; p++) {
    for (let k = 0; k < size; k++) apart[k] = value(p, k) - means[k]!;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) sums[a * size + b]! += apart[a]! * apart[b]!;
    }
  }
  // of the mean of all particles, estimated with those that were used
  const scale = 1 / ((used - 1) * particles);
  return {
    points: Float64Array.from(picked),
    values: Float32Array.from(sums, (_, i) => {
      const [a, b] = [Math.floor(i / size), i % size];
      return scale * sums[Math.max(a, b) * size + Math.min(a, b)]!;
    }),
  };
}
