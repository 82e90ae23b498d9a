// Owns the interval of a difference of two kept rates on the same examples.
// One draw per example: Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired data",
// Statistics in Medicine 17 (1998), method 10: Wilson's intervals combined, with the correlation of the pairs. Unlike a bootstrap it
// does not collapse where no pair differs.
import type { Interval, Rate } from '../domain/effect';
import { type BootstrapOptions, clusterBootstrap } from './clusterBootstrap';
import { wilson } from './wilson';

/** Fewer examples than this, or differences that are all alike, teach a bootstrap nothing. */
export const fewestClusters = 10;

/** Examples by whether they are kept under the first and under the second condition. */
export type PairTable = {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
};

export const pairedMethods = {
  newcombe: 'Newcombe paired',
  bootstrap: 'cluster bootstrap',
  newcombeOverExamples: 'Newcombe over examples',
  groups: 'Newcombe of two groups',
} as const;

/** First less second; rate and interval `null` without pairs. */
export function pairedDifference(table: PairTable): Rate {
  const { both, onlyFirst, onlySecond, neither } = table;
  const n = both + onlyFirst + onlySecond + neither;
  const first = { successes: both + onlyFirst, n };
  const second = { successes: both + onlySecond, n };
  const rate = n === 0 ? null : (onlyFirst - onlySecond) / n;
  return { n, rate, interval: newcombe(first, second, correlation(table)), method: pairedMethods.newcombe };
}

/** What one example kept under the first and under the second condition, as shares of its readable samples. */
export type SharePair = { readonly first: number; readonly second: number };

/** First less second for several samples per example: cluster bootstrap, or {@link overExamples} where that fails. */
export function shareDifference(pairs: readonly SharePair[], bootstrap: BootstrapOptions): Rate {
  const n = pairs.length;
  if (n === 0) return { n, rate: null, interval: null, method: pairedMethods.bootstrap };
  const clusters = pairs.map(({ first, second }) => ({ part: first - second, whole: 1 }));
  const interval = n < fewestClusters ? null : clusterBootstrap(clusters, bootstrap);
  if (!interval || interval[0] === interval[1]) return overExamples(pairs);
  return { n, rate: meanDifference(pairs), interval, method: pairedMethods.bootstrap };
}

/** First less second with an interval that takes the two rates for independent, which is never too narrow for positively tied ones. */
export function overExamples(pairs: readonly SharePair[]): Rate {
  const n = pairs.length;
  const [first, second] = [sumOf(pairs.map((pair) => pair.first)), sumOf(pairs.map((pair) => pair.second))];
  const interval = newcombe({ successes: first, n }, { successes: second, n }, 0);
  return { n, rate: n === 0 ? null : (first - second) / n, interval, method: pairedMethods.newcombeOverExamples };
}

export const meanDifference = (pairs: readonly SharePair[]): number =>
  sumOf(pairs.map(({ first, second }) => first - second)) / pairs.length;

const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Pairs of yes and no (1 and 0) as a table. */
export function tableOf(pairs: readonly SharePair[]): PairTable {
  const count = (first: number, second: number): number =>
    pairs.filter((pair) => pair.first === first && pair.second === second).length;
  return { both: count(1, 1), onlyFirst: count(1, 0), onlySecond: count(0, 1), neither: count(0, 0) };
}

type Share = { readonly successes: number; readonly n: number };

/** Wilson's intervals of two proportions combined; `phi` is the correlation between them, 0 is never too narrow for positively tied ones. */
export function newcombe(first: Share, second: Share, phi: number): Interval | null {
  const [a, b] = [wilson(first.successes, first.n), wilson(second.successes, second.n)];
  if (!a || !b) return null;
  const [p, q] = [first.successes / first.n, second.successes / second.n];
  const arm = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  return [Math.max(-1, p - q - arm(p - a[0], b[1] - q)), Math.min(1, p - q + arm(a[1] - p, q - b[0]))];
}

/** Correlation of the pairs, toward 0 by a continuity correction where it is positive; 0 where a margin is empty. */
function correlation({ both, onlyFirst, onlySecond, neither }: PairTable): number {
  const n = both + onlyFirst + onlySecond + neither;
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  if (margins === 0) return 0;
  const product = both * neither - onlyFirst * onlySecond;
  return (product > 0 ? Math.max(0, product - n / 2) : product) / Math.sqrt(margins);
}
