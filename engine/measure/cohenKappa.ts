// Owns the agreement of two annotators beyond chance: Cohen, "A coefficient of agreement for nominal scales", Educational and
// Psychological Measurement 20 (1960), with a percentile bootstrap interval over items.
import type { Interval } from '../domain/effect';
import { type BootstrapOptions, bootstrapDefaults } from './clusterBootstrap';
import { percentile } from './percentile';
import { seededRandom } from './seededRandom';

export type LabelPair = readonly [first: string, second: string];

export type Agreement = {
  readonly n: number;
  /** Share of items with the same label; `null` without items. */
  readonly raw: number | null;
  /** `null` without items, and when chance alone would agree always (both used one label only). */
  readonly kappa: number | null;
  readonly interval: Interval | null;
};

/** Raw agreement and kappa of two annotators who labeled the same items. */
export function cohenKappa(pairs: readonly LabelPair[], options: BootstrapOptions = {}): Agreement {
  const n = pairs.length;
  const same = pairs.filter(([first, second]) => first === second).length;
  return { n, raw: n === 0 ? null : same / n, kappa: kappaOf(pairs), interval: kappaInterval(pairs, options) };
}

function kappaOf(pairs: readonly LabelPair[]): number | null {
  const n = pairs.length;
  const firsts = new Map<string, number>();
  const seconds = new Map<string, number>();
  let same = 0;
  for (const [first, second] of pairs) {
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
    if (first === second) same += 1;
  }
  let chance = 0;
  for (const [label, count] of firsts) chance += count * (seconds.get(label) ?? 0);
  return chance === n * n ? null : (same * n - chance) / (n * n - chance);
}

function kappaInterval(pairs: readonly LabelPair[], options: BootstrapOptions): Interval | null {
  const { replicates, seed, confidence } = { ...bootstrapDefaults, ...options };
  const random = seededRandom(seed);
  const kappas: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const kappa = kappaOf(pairs.map(() => pairs[Math.floor(random() * pairs.length)]!));
    if (kappa !== null) kappas.push(kappa);
  }
  kappas.sort((a, b) => a - b);
  const low = percentile(kappas, (1 - confidence) / 2);
  const high = percentile(kappas, (1 + confidence) / 2);
  return low === null || high === null ? null : [low, high];
}
