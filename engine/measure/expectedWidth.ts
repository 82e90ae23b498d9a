// Owns what a few examples tell of the interval that many would have: its expected width, and how many examples a wanted width takes.
// Wilson's center stands for the rate, so that a pilot of 30 in which all agree does not promise certainty.
import type { Rate } from '../domain/effect';
import { twoSidedZ } from './normalQuantile';
import { methodNames } from './rates';
import { wilson } from './wilson';

const confidence = 0.95;

/** Readable examples that a whole file of `examples` would have, if as many are left out, or unreadable, as in a pilot of `done`. */
export const readableOf = (pilot: Pick<Rate, 'n'>, done: number, examples: number): number =>
  Math.round((examples * pilot.n) / Math.max(1, done));

/** Width (high less low) with `n` readable examples; `null` where the pilot read nothing. */
export function expectedWidth(pilot: Rate, n: number): number | null {
  const { rate, interval, method } = pilot;
  if (rate === null || !interval || n === 0) return null;
  // A bootstrap's width shrinks with the root of the number of examples, whatever their samples are like.
  if (method === methodNames.bootstrap) return Math.min(1, (interval[1] - interval[0]) * Math.sqrt(pilot.n / n));
  const [low, high] = wilson(center(pilot) * n, n, confidence) ?? [0, 1];
  return high - low;
}

/** Readable examples for an interval of at most this width; `null` where the pilot read nothing. */
export function examplesForWidth(pilot: Rate, width: number): number | null {
  const reached = (n: number): boolean => (expectedWidth(pilot, n) ?? 1) <= width;
  if (expectedWidth(pilot, 1) === null || !(width > 0)) return null;
  let [few, many] = [0, 1];
  while (!reached(many)) [few, many] = [many, many * 2];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (reached(middle)) many = middle;
    else few = middle;
  }
  return many;
}

function center({ rate, n }: Rate): number {
  const z = twoSidedZ(confidence);
  return ((rate ?? 0) * n + (z * z) / 2) / (n + z * z);
}
