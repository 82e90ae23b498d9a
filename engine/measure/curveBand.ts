// Owns bands that hold over all cuts of a curve at once: the critical value is the bootstrap's quantile of the largest |t| over the cuts
// (examples drawn whole, so that the cuts' correlation counts), applied to each cut's own kind of interval. Must not know conditions.
import type { Interval, Rate } from '../domain/effect';
import { twoSidedZ } from './normalQuantile';
import { percentile } from './percentile';
import { methodNames } from './rates';
import { type ResampledRates, resampledValues, spread } from './resampledRates';
import { wilsonAt } from './wilson';

const confidence = 0.95;

/** A band per rate; `columns` are the rates' columns in the resampled ones. */
export function curveBands(
  rates: readonly Rate[],
  columns: readonly number[],
  resampled: ResampledRates,
): readonly (Interval | null)[] {
  const spreads = columns.map((column) => spread(resampledValues(resampled, (one) => one[column]!)));
  const largest = resampledValues(resampled, (one) => {
    let most = 0;
    columns.forEach((column, index) => {
      const rate = rates[index]?.rate ?? null;
      const sd = spreads[index]!;
      if (rate === null || sd === 0 || Number.isNaN(one[column]!)) return;
      most = Math.max(most, Math.abs(one[column]! - rate) / sd);
    });
    return most;
  });
  const z = Math.max(twoSidedZ(confidence), percentile(largest, confidence) ?? 0);
  return rates.map((rate, index) => bandOf(rate, spreads[index]!, z));
}

/** Wilson's interval at the larger critical value does not collapse at 0 and 1, where every replicate is alike. */
function bandOf({ rate, n, method, interval }: Rate, sd: number, z: number): Interval | null {
  if (rate === null || !interval) return null;
  if (method !== methodNames.bootstrap) return wilsonAt(rate * n, n, z);
  return [Math.min(interval[0], Math.max(0, rate - z * sd)), Math.max(interval[1], Math.min(1, rate + z * sd))];
}
