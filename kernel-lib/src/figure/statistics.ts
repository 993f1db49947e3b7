/** Statistics of a few numbers. Samples go in, a number comes out; none is ever thrown away. */

/** The value below which a fraction of the samples lies, between two samples in proportion. */
export function quantile(samples: Float64Array, fraction: number): number {
  const sorted = samples.toSorted();
  const at = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (at - Math.floor(at)) * (above - below);
}

/** The middle sample, or the mean of the two in the middle. */
export function median(samples: Float64Array): number {
  return quantile(samples, 0.5);
}

export function mean(samples: Float64Array): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}

/** The samples' standard deviation (n − 1); 0 for a single sample. */
export function standardDeviation(samples: Float64Array): number {
  if (samples.length < 2) return 0;
  const centre = mean(samples);
  const squares = samples.reduce((sum, sample) => sum + (sample - centre) ** 2, 0);
  return Math.sqrt(squares / (samples.length - 1));
}

/** Ratios of two functions' samples that were taken in the same rounds. */
export function ratios(numerators: Float64Array, denominators: Float64Array): Float64Array {
  const rounds = Math.min(numerators.length, denominators.length);
  return Float64Array.from({ length: rounds }, (_, i) => numerators[i]! / denominators[i]!);
}
