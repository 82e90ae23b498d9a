// Owns how far two arms' answers are apart beyond redrawing: disagreement across the arms less the mean disagreement within them.
// For answer probabilities p and q of one example this is half the sum over answers of (p - q)², with two answers just (p - q)².
// All pairs of two draws or more per arm make it unbiased (energy statistics, Székely and Rizzo 2013), so it may fall below 0.
import type { ExcessFlips } from '../domain/effect';
import { type BootstrapOptions, clusterBootstrap } from './clusterBootstrap';

/** Fewer examples than this teach a bootstrap nothing. */
const fewestClusters = 10;

/** Answers drawn for one example in the two arms that are compared; unreadable ones left out. */
export type Arms = { readonly a: readonly string[]; readonly b: readonly string[] };

/** Mean over the examples that have two readable draws or more in both arms; `null` when there are none. */
export function excessFlip(examples: readonly Arms[], bootstrap: BootstrapOptions = {}): ExcessFlips | null {
  const usable = examples.filter(({ a, b }) => a.length >= 2 && b.length >= 2);
  const n = usable.length;
  if (n === 0) return null;
  const mean = (measure: (arms: Arms) => number): number => usable.reduce((sum, arms) => sum + measure(arms), 0) / n;
  const clusters = usable.map((arms) => ({ part: squaredDistance(arms), whole: 1 }));
  const drawn = n < fewestClusters ? null : clusterBootstrap(clusters, bootstrap);
  const interval = drawn && drawn[0] < drawn[1] ? drawn : null;
  return { squared: mean(squaredDistance), absolute: mean(absoluteDistance), n, interval };
}

/** Share of disagreeing pairs among all pairs of draws; `null` with fewer than two. */
export function withinDisagreement(draws: readonly string[]): number | null {
  const n = draws.length;
  if (n < 2) return null;
  let agreeing = 0;
  for (const count of counts(draws).values()) agreeing += (count * (count - 1)) / 2;
  return 1 - agreeing / ((n * (n - 1)) / 2);
}

function squaredDistance({ a, b }: Arms): number {
  const countsOfB = counts(b);
  let agreeing = 0;
  for (const [answer, count] of counts(a)) agreeing += count * (countsOfB.get(answer) ?? 0);
  const across = 1 - agreeing / (a.length * b.length);
  return across - ((withinDisagreement(a) ?? 0) + (withinDisagreement(b) ?? 0)) / 2;
}

function absoluteDistance({ a, b }: Arms): number {
  const [countsOfA, countsOfB] = [counts(a), counts(b)];
  let distance = 0;
  for (const answer of new Set([...a, ...b])) {
    distance += Math.abs((countsOfA.get(answer) ?? 0) / a.length - (countsOfB.get(answer) ?? 0) / b.length);
  }
  return distance / 2;
}

function counts(draws: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const draw of draws) found.set(draw, (found.get(draw) ?? 0) + 1);
  return found;
}
