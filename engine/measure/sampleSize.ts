// Owns how many examples a comparison of two kept rates needs. Paired: Connor, "Sample size for testing differences in proportions for the
// paired-sample design", Biometrics 43 (1987), without continuity correction; also Miettinen 1968. Unpaired: Fleiss, Levin and Paik (2003), 4.2.
import { normalQuantile, twoSidedZ } from './normalQuantile';

export type PowerOptions = { readonly alpha?: number; readonly power?: number };

/**
 * Examples needed to see that two conditions differ, given the expected shares of discordant examples (kept only under the first,
 * only under the second); `null` when the shares are equal: no number shows a difference that is not there.
 */
export function mcnemarSampleSize(onlyFirst: number, onlySecond: number, options: PowerOptions = {}): number | null {
  const { alpha, power } = { alpha: 0.05, power: 0.8, ...options };
  const sum = onlyFirst + onlySecond;
  const difference = onlyFirst - onlySecond;
  if (difference === 0) return null;
  const spread = Math.sqrt(sum - difference * difference);
  const root = twoSidedZ(1 - alpha) * Math.sqrt(sum) + normalQuantile(power) * spread;
  return Math.ceil((root / difference) ** 2);
}

/** Examples needed to tell one kept rate from another, if examples are kept independently under the two conditions. */
export function sampleSizeForRates(first: number, second: number, options: PowerOptions = {}): number | null {
  return mcnemarSampleSize(first * (1 - second), second * (1 - first), options);
}

/**
 * Examples needed in each of two arms that share none: what a comparison costs that does not re-use the examples. `null` for equal rates.
 * Normal approximation with the pooled variance under the null, without continuity correction.
 */
export function unpairedSampleSize(first: number, second: number, options: PowerOptions = {}): number | null {
  const { alpha, power } = { alpha: 0.05, power: 0.8, ...options };
  if (first === second) return null;
  const pooled = (first + second) / 2;
  const underNull = twoSidedZ(1 - alpha) * Math.sqrt(2 * pooled * (1 - pooled));
  const underAlternative = normalQuantile(power) * Math.sqrt(first * (1 - first) + second * (1 - second));
  return Math.ceil(((underNull + underAlternative) / (first - second)) ** 2);
}
