// Owns the comparison of a condition with its control on the same examples, and its adjustment for the number of such tests.
import type { ExcessFlips, PairedComparison } from '../domain/effect';
import { benjaminiHochberg } from './benjaminiHochberg';
import type { BootstrapOptions } from './clusterBootstrap';
import { type Draws, isSingle, keptShare, readable } from './exampleOutcomes';
import { excessFlip } from './excessFlip';
import { holm } from './holm';
import { mcnemar } from './mcnemar';
import { pairedPermutation } from './pairedPermutation';

/** The same example under this condition and under its control. */
export type DrawsPair = { readonly here: Draws; readonly control: Draws };

export type UnadjustedComparison = Omit<PairedComparison, 'adjustedP' | 'falseDiscoveryP' | 'tests'>;

/** The examples that ran under both, in the order of `here`. */
export function pairUp(here: readonly Draws[], control: readonly Draws[]): readonly DrawsPair[] {
  const controls = new Map(control.map((draws) => [draws.example, draws]));
  return here.flatMap((draws) => {
    const found = controls.get(draws.example);
    return found ? [{ here: draws, control: found }] : [];
  });
}

/** Only examples that are readable on both sides take part; without any there is nothing to test, and no test to adjust others for. */
export function comparePaired(pairs: readonly DrawsPair[], seed: number): UnadjustedComparison | null {
  const differences = pairs.flatMap(({ here, control }) => {
    const [share, controlShare] = [keptShare(here), keptShare(control)];
    return share === null || controlShare === null ? [] : [share - controlShare];
  });
  if (differences.length === 0) return null;
  const onlyControlKept = differences.filter((difference) => difference < 0).length;
  const onlyThisKept = differences.filter((difference) => difference > 0).length;
  const single = isSingle(pairs.flatMap(({ here, control }) => [here, control]));
  const p = single ? mcnemar(onlyControlKept, onlyThisKept) : pairedPermutation(differences, { seed });
  return {
    pairs: differences.length,
    onlyControlKept,
    onlyThisKept,
    p,
    method: single ? 'exact McNemar' : 'paired permutation',
  };
}

/** Distance of the two arms' answers beyond redrawing; `null` unless there are two readable samples or more on both sides. */
export function compareDraws(pairs: readonly DrawsPair[], bootstrap: BootstrapOptions): ExcessFlips | null {
  const arms = pairs.map(({ here, control }) => ({ a: readable(here.outcomes), b: readable(control.outcomes) }));
  return excessFlip(arms, bootstrap);
}

/** Adjusts by Holm, and by Benjamini and Hochberg, over all comparisons that there are. */
export function adjustComparisons(
  comparisons: readonly (UnadjustedComparison | null)[],
): readonly (PairedComparison | null)[] {
  const made = comparisons.filter((comparison) => comparison !== null);
  const ps = made.map(({ p }) => p);
  const [adjusted, falseDiscovery] = [holm(ps), benjaminiHochberg(ps)];
  return comparisons.map((comparison) => {
    if (comparison === null) return null;
    const index = made.indexOf(comparison);
    const [adjustedP, falseDiscoveryP] = [adjusted[index] ?? 1, falseDiscovery[index] ?? 1];
    return { ...comparison, adjustedP, falseDiscoveryP, tests: made.length };
  });
}
