// Owns the gap at a cut: how much less often the answer is kept because the prompt was edited, on the same examples.
import type { Rate } from '../domain/effect';
import { type Draws, isSingle, keptShare } from './exampleOutcomes';
import { pairUp } from './pairedComparison';
import {
  fewestClusters,
  meanDifference,
  overExamples,
  pairedDifference,
  pairedMethods,
  tableOf,
} from './pairedDifference';
import { percentileInterval, type ResampledRates, resampledValues } from './resampledRates';

type Side = { readonly draws: readonly Draws[]; readonly column: number };

/** Kept shares of the control less those here, over the examples that are readable on both sides. */
export function gapRate(control: Side, here: Side, resampled: ResampledRates): Rate {
  const pairs = pairUp(here.draws, control.draws).flatMap((pair) => {
    const [first, second] = [keptShare(pair.control), keptShare(pair.here)];
    return first === null || second === null ? [] : [{ first, second }];
  });
  if (isSingle([...control.draws, ...here.draws])) return pairedDifference(tableOf(pairs));
  const n = pairs.length;
  if (n === 0) return { n, rate: null, interval: null, method: pairedMethods.bootstrap };
  const rate = meanDifference(pairs);
  // The resampled curves hold each side's own examples. Where one side could not read some, they are not the ones of this rate.
  const isMatched = [control, here].every(({ draws }) => draws.filter((one) => keptShare(one) !== null).length === n);
  if (!isMatched) return overExamples(pairs);
  const values = resampledValues(resampled, (one) => one[control.column]! - one[here.column]!);
  const collapsed = values.length === 0 || values[0] === values.at(-1);
  if (n < fewestClusters || collapsed) return overExamples(pairs);
  return { n, rate, interval: percentileInterval(values), method: pairedMethods.bootstrap };
}
