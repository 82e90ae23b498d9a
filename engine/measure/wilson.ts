// Owns the interval of one proportion: Wilson's score interval without continuity correction.
// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927); recommended over the Wald
// interval by Brown, Cai and DasGupta, Statistical Science 16 (2001), because it does not collapse at 0 and 1.
import type { Interval } from '../domain/effect';
import { twoSidedZ } from './normalQuantile';

/**
 * Interval for `successes` of `n`; `null` when n is 0. `successes` may be a sum of per-example shares: a share varies less than a
 * yes or no of the same mean, so the interval is then too wide rather than too narrow.
 */
export function wilson(successes: number, n: number, confidence = 0.95): Interval | null {
  return wilsonAt(successes, n, twoSidedZ(confidence));
}

/** The same, for a critical value instead of a confidence. */
export function wilsonAt(successes: number, n: number, z: number): Interval | null {
  if (n === 0) return null;
  const p = successes / n;
  const scale = 1 + (z * z) / n;
  const center = (p + (z * z) / (2 * n)) / scale;
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / scale;
  // At the ends the bound is 0 or 1 by algebra; rounding must not leave it beside them.
  return [p === 0 ? 0 : Math.max(0, center - half), p === 1 ? 1 : Math.min(1, center + half)];
}
