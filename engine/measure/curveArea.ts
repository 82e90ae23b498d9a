// Owns the area over a dose-response curve: the mean of 1 - kept rate over the cuts' range by the trapezoid rule. On a grid of fractions
// from 0 to 1 it is the AOC of early answering (Lanham et al., arXiv 2307.13702) with token shares in the place of sentences.
import type { CurvePoint, Rate } from '../domain/effect';
import { methodNames } from './rates';
import { percentileInterval, type ResampledRates, resampledValues } from './resampledRates';

/** Fewer examples than this, or examples that are all alike, teach a bootstrap nothing: the band's own area stands in. */
const fewestClusters = 10;

/** `rate` is `null` when one of the cuts has nothing readable; n is the smallest number of readable examples of a cut. */
export function curveArea(points: readonly CurvePoint[], columns: readonly number[], resampled: ResampledRates): Rate {
  const weights = trapezoidWeights(points.map(({ keep }) => keep));
  const n = Math.min(...points.map(({ rate }) => rate.n));
  const rates = points.map(({ rate }) => rate.rate);
  if (rates.some((rate) => rate === null)) return { n, rate: null, interval: null, method: methodNames.bootstrap };
  const rate = weights.reduce((sum, weight, index) => sum + weight * (1 - rates[index]!), 0);
  const values = resampledValues(resampled, (one) =>
    weights.reduce((sum, weight, index) => sum + weight * (1 - one[columns[index]!]!), 0),
  );
  const collapsed = values.length === 0 || values[0] === values.at(-1);
  if (n >= fewestClusters && !collapsed) {
    return { n, rate, interval: percentileInterval(values), method: methodNames.bootstrap };
  }
  const areaTo = (side: 0 | 1): number =>
    weights.reduce((sum, weight, index) => sum + weight * (1 - (points[index]?.band?.[side] ?? 1 - side)), 0);
  return { n, rate, interval: [areaTo(1), areaTo(0)], method: 'area of the band' };
}

/** Weights that add up to 1. */
function trapezoidWeights(keeps: readonly number[]): readonly number[] {
  const range = keeps.at(-1)! - keeps[0]!;
  return keeps.map((keep, index) => ((keeps[index + 1] ?? keep) - (keeps[index - 1] ?? keep)) / 2 / range);
}
