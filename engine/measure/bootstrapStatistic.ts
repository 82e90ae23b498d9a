// Owns percentile intervals of any statistic of a list of examples: they are drawn with replacement, whole. Must not know the statistic.
// Efron and Tibshirani, "An introduction to the bootstrap" (1993), 13.3.
import type { Interval } from '../domain/effect';
import { type BootstrapOptions, bootstrapDefaults } from './clusterBootstrap';
import { percentile } from './percentile';
import { seededRandom } from './seededRandom';

/** Fewer examples than this teach a bootstrap nothing. */
export const fewestExamples = 10;

/**
 * Interval of `statistic`, which may be `null` for a draw (a ratio over nothing): such draws are left out. `null` below ten examples, and
 * where all draws agree, because it would claim certainty.
 */
export function bootstrapStatistic<Item>(
  items: readonly Item[],
  statistic: (drawn: readonly Item[]) => number | null,
  options: BootstrapOptions = {},
): Interval | null {
  if (items.length < fewestExamples) return null;
  const { replicates, seed, confidence } = { ...bootstrapDefaults, ...options };
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const value = statistic(items.map(() => items[Math.floor(random() * items.length)]!));
    if (value !== null) values.push(value);
  }
  values.sort((a, b) => a - b);
  const low = percentile(values, (1 - confidence) / 2);
  const high = percentile(values, (1 + confidence) / 2);
  return low === null || high === null || low === high ? null : [low, high];
}
