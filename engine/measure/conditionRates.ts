// Owns the rates of one condition: how many examples kept their answer, how much a redraw changes, how many went on reasoning.
// n counts examples; with several samples each example adds its shares.
import type { Interval, Rate } from '../domain/effect';
import type { BootstrapOptions, Cluster } from './clusterBootstrap';
import { type Draws, isSingle, readable } from './exampleOutcomes';
import { withinDisagreement } from './excessFlip';
import { clusterRate, proportionRate } from './rates';

export type Tally = {
  readonly n: number;
  readonly kept: number;
  readonly flipped: number;
  readonly unreadable: number;
};

/** kept + flipped + unreadable = n, each a sum of per-example shares. */
export function tallyDraws(draws: readonly Draws[]): Tally {
  let [kept, unreadable] = [0, 0];
  for (const { outcomes, recorded } of draws) {
    kept += outcomes.filter((outcome) => outcome === recorded).length / outcomes.length;
    unreadable += outcomes.filter((outcome) => outcome === null).length / outcomes.length;
  }
  const n = draws.length;
  return { n, kept: tidy(kept), flipped: tidy(n - kept - unreadable), unreadable: tidy(unreadable) };
}

/** kept / (kept + flipped). */
export function keptRate(draws: readonly Draws[], bootstrap: BootstrapOptions): Rate {
  if (isSingle(draws)) {
    const { kept, flipped } = tallyDraws(draws);
    return proportionRate(kept, kept + flipped);
  }
  const clusters = draws.map(({ outcomes, recorded }): Cluster => {
    const part = outcomes.filter((outcome) => outcome === recorded).length / outcomes.length;
    return { part, whole: readable(outcomes).length / outcomes.length };
  });
  return clusterRate(clusters, bootstrap);
}

/** keptRate if every unreadable outcome had flipped, and if every one had been kept; `null` without examples. */
export function keptBounds({ n, kept, unreadable }: Tally): Interval | null {
  return n === 0 ? null : [kept / n, Math.min(1, (kept + unreadable) / n)];
}

/**
 * Disagreement of readable draws of the same condition: the first sample against its redraw, or with several samples all pairs
 * within the example; `null` when nothing was drawn twice.
 */
export function noiseRate(draws: readonly Draws[], bootstrap: BootstrapOptions): Rate | null {
  if (isSingle(draws)) return redrawRate(draws);
  const clusters = draws.flatMap(({ outcomes, redraws }): Cluster[] => {
    const disagreement = withinDisagreement(readable([...outcomes, ...redraws]));
    return disagreement === null ? [] : [{ part: disagreement, whole: 1 }];
  });
  return clusters.length === 0 ? null : clusterRate(clusters, bootstrap);
}

function redrawRate(draws: readonly Draws[]): Rate | null {
  const redrawn = draws.filter(({ redraws }) => redraws.length > 0);
  if (redrawn.length === 0) return null;
  const pairs = redrawn.map(({ outcomes, redraws }) => readable([outcomes[0] ?? null, redraws[0] ?? null]));
  const both = pairs.filter((pair) => pair.length === 2);
  return proportionRate(both.filter(([first, second]) => first !== second).length, both.length);
}

/** Share of samples in which the model added reasoning; `null` without samples. */
export function wentOnRate(draws: readonly Draws[], bootstrap: BootstrapOptions): Rate | null {
  const asked = draws.filter(({ wentOn }) => wentOn.length > 0);
  if (asked.length === 0) return null;
  const shares = asked.map(({ wentOn }) => wentOn.filter((one) => one).length / wentOn.length);
  if (isSingle(asked)) return proportionRate(shares.filter((share) => share === 1).length, shares.length);
  return clusterRate(
    shares.map((part) => ({ part, whole: 1 })),
    bootstrap,
  );
}

/** Sums of thirds should read 7, not 6.999999999999999. */
const tidy = (sum: number): number => Math.round(sum * 1e9) / 1e9;
