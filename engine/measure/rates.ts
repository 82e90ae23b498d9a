// Owns the choice of an interval for a rate, and its name: Wilson for one draw per example, cluster bootstrap for several.
// The bootstrap knows nothing beyond the examples it has: where all are alike (probabilities of 0.9999, a share of 0 or 1) it would claim
// certainty, and below ten examples it is too narrow. There Wilson over examples stands in, which is at least as wide as it must be.
import type { Rate } from '../domain/effect';
import { type BootstrapOptions, type Cluster, clusterBootstrap } from './clusterBootstrap';
import { wilson } from './wilson';

const fewestClusters = 10;

export const methodNames = {
  wilson: 'Wilson',
  bootstrap: 'cluster bootstrap',
  wilsonOverExamples: 'Wilson over examples',
} as const;

/** A rate of yes or no per example. */
export function proportionRate(successes: number, n: number): Rate {
  return { n, rate: n === 0 ? null : successes / n, interval: wilson(successes, n), method: methodNames.wilson };
}

/** Values closer together than this teach a bootstrap nothing of the examples that were not drawn. */
const alikeWithin = 0.01;

/** Whether the values of all examples are nearly one value. */
export const areAlike = ([first = 0, ...others]: readonly number[]): boolean =>
  others.every((other) => Math.abs(other - first) < alikeWithin);

/** A rate over examples that have several draws each: sum of parts over sum of wholes. Examples without a whole do not count. */
export function clusterRate(clusters: readonly Cluster[], options: BootstrapOptions = {}): Rate {
  const counted = clusters.filter((cluster) => cluster.whole > 0);
  const n = counted.length;
  const part = counted.reduce((sum, cluster) => sum + cluster.part, 0);
  const whole = counted.reduce((sum, cluster) => sum + cluster.whole, 0);
  const rate = n === 0 ? null : part / whole;
  if (rate === null || n < fewestClusters || areAlike(counted.map((cluster) => cluster.part / cluster.whole))) {
    const interval = rate === null ? null : wilson(rate * n, n, options.confidence);
    return { n, rate, interval, method: methodNames.wilsonOverExamples };
  }
  return { n, rate, interval: clusterBootstrap(counted, options), method: methodNames.bootstrap };
}
