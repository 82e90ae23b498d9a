// Owns quantiles of a sample: linear interpolation between order statistics (Hyndman and Fan 1996, definition 7).

/** Quantile at `probability` of values in ascending order; `null` when there are none. */
export function percentile(sorted: ArrayLike<number>, probability: number): number | null {
  const last = sorted.length - 1;
  if (last < 0) return null;
  const position = probability * last;
  const index = Math.min(Math.floor(position), Math.max(0, last - 1));
  const low = sorted[index]!;
  const high = sorted[Math.min(index + 1, last)]!;
  return low + (high - low) * (position - index);
}
