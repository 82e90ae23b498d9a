// Owns the difference of two runs under a condition that both have: on the examples that they share, or as two groups where they share none.
// Must not know what a run is made of beyond its outcomes.
import type { Condition } from '../domain/condition';
import type { ConditionDifference, RunComparison } from '../domain/runComparison';
import { type BootstrapOptions, bootstrapDefaults } from './clusterBootstrap';
import { keptRate } from './conditionRates';
import { type Draws, drawsOf, type ExampleOutcomes, isSingle, keptShare, readable } from './exampleOutcomes';
import { mostFrequent } from './metrics/answers';
import { adjustComparisons, comparePaired, type DrawsPair, pairUp } from './pairedComparison';
import { newcombe, pairedDifference, pairedMethods, shareDifference, tableOf } from './pairedDifference';

/** What one run did. */
export type RunOutcomes = {
  readonly conditions: readonly Condition[];
  readonly examples: readonly ExampleOutcomes[];
  /** Whether no more outcomes will come; tests wait for it. */
  readonly final: boolean;
};

export type RunDifferences = Pick<RunComparison, 'conditions' | 'onlyFirst' | 'onlySecond'>;

/** In the order of the first run's conditions; tests are adjusted over all of them. */
export function runDifferences(
  first: RunOutcomes,
  second: RunOutcomes,
  options: BootstrapOptions = {},
): RunDifferences {
  const bootstrap = { ...bootstrapDefaults, ...options };
  const shared = first.conditions.flatMap((condition) => {
    const other = second.conditions.find(({ id }) => id === condition.id);
    return other
      ? [{ condition, first: drawsOf(condition, first.examples), second: drawsOf(other, second.examples) }]
      : [];
  });
  const pairs = shared.map((one) => pairUp(one.first, one.second));
  const comparisons = adjustComparisons(
    pairs.map((these) =>
      first.final && second.final && these.length > 0 ? comparePaired(swapSides(these), bootstrap.seed) : null,
    ),
  );
  const missingIn = (from: RunOutcomes, other: RunOutcomes): readonly string[] =>
    from.conditions.filter(({ id }) => !other.conditions.some((one) => one.id === id)).map(({ alias }) => alias);
  return {
    conditions: shared.map((one, index): ConditionDifference => {
      const these = pairs[index] ?? [];
      return {
        alias: one.condition.alias,
        first: keptRate(one.first, bootstrap),
        second: keptRate(one.second, bootstrap),
        matched: these.length,
        difference: these.length > 0 ? matchedDifference(these, bootstrap) : groupDifference(one, bootstrap),
        changed: these.filter(
          ({ here, control }) => mostFrequent(readable(here.outcomes)) !== mostFrequent(readable(control.outcomes)),
        ).length,
        paired: comparisons[index] ?? null,
      };
    }),
    onlyFirst: missingIn(first, second),
    onlySecond: missingIn(second, first),
  };
}

/** A comparison counts examples kept only under its control: here that is the first run. */
const swapSides = (pairs: readonly DrawsPair[]): readonly DrawsPair[] =>
  pairs.map(({ here, control }) => ({ here: control, control: here }));

function matchedDifference(
  pairs: readonly DrawsPair[],
  bootstrap: BootstrapOptions,
): ConditionDifference['difference'] {
  const shares = pairs.flatMap(({ here, control }) => {
    const [first, second] = [keptShare(here), keptShare(control)];
    return first === null || second === null ? [] : [{ first, second }];
  });
  const single = isSingle(pairs.flatMap(({ here, control }) => [here, control]));
  return single ? pairedDifference(tableOf(shares)) : shareDifference(shares, bootstrap);
}

type Groups = { readonly first: readonly Draws[]; readonly second: readonly Draws[] };

/** Two groups of different examples: the rates' own difference, their intervals combined as independent ones. */
function groupDifference({ first, second }: Groups, bootstrap: BootstrapOptions): ConditionDifference['difference'] {
  const [a, b] = [keptRate(first, bootstrap), keptRate(second, bootstrap)];
  const n = Math.min(a.n, b.n);
  if (a.rate === null || b.rate === null) return { n, rate: null, interval: null, method: pairedMethods.groups };
  const interval = newcombe({ successes: a.rate * a.n, n: a.n }, { successes: b.rate * b.n, n: b.n }, 0);
  return { n, rate: a.rate - b.rate, interval, method: pairedMethods.groups };
}
