// Owns intervals for several samples per example: the percentile bootstrap that resamples whole examples with all their samples.
// Efron and Tibshirani, "An introduction to the bootstrap" (1993), 13.3; resampling clusters: Davison and Hinkley (1997), 3.8.
// The statistic is a ratio of sums, because unreadable samples leave the denominator.
import type { Interval } from '../domain/effect';
import { percentile } from './percentile';
import { seededRandom } from './seededRandom';

/** What one example adds to the numerator and to the denominator: for a mean of shares, the share and 1. */
export type Cluster = { readonly part: number; readonly whole: number };

export type BootstrapOptions = {
  readonly replicates?: number;
  readonly seed?: number;
  readonly confidence?: number;
};

export const bootstrapDefaults = { replicates: 2000, seed: 1, confidence: 0.95 } as const;

const streamingReplicates = 400;

/** A run that streams is summarized often: its intervals are drawn from fewer replicates. */
export const replicatesFor = (final: boolean): number => (final ? bootstrapDefaults.replicates : streamingReplicates);

/** Percentile interval of sum(part) / sum(whole); `null` when nothing is in the denominator. */
export function clusterBootstrap(clusters: readonly Cluster[], options: BootstrapOptions = {}): Interval | null {
  const { replicates, seed, confidence } = { ...bootstrapDefaults, ...options };
  const ratios = resampledRatios(clusters, replicates, seed);
  const low = percentile(ratios, (1 - confidence) / 2);
  const high = percentile(ratios, (1 + confidence) / 2);
  return low === null || high === null ? null : [low, high];
}

/** Ratios of all replicates in ascending order; a replicate that drew nothing readable is left out. */
function resampledRatios(clusters: readonly Cluster[], replicates: number, seed: number): Float64Array {
  const parts = Float64Array.from(clusters, (cluster) => cluster.part);
  const wholes = Float64Array.from(clusters, (cluster) => cluster.whole);
  const random = seededRandom(seed);
  const ratios = new Float64Array(replicates);
  let count = 0;
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    let part = 0;
    let whole = 0;
    for (let draw = 0; draw < clusters.length; draw += 1) {
      const index = Math.floor(random() * clusters.length);
      part += parts[index]!;
      whole += wholes[index]!;
    }
    if (whole > 0) ratios[count++] = part / whole;
  }
  return ratios.subarray(0, count).sort();
}
