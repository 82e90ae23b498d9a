// Owns the kept rate by stratum: of the examples that have a caveat which tells them apart before the model ran, and of those that lack it.
import type { Stratum } from '../domain/effect';
import type { CaveatId } from '../domain/run';
import type { BootstrapOptions } from './clusterBootstrap';
import { keptRate } from './conditionRates';
import type { Draws } from './exampleOutcomes';

/** Found in the record alone, so that choosing by them is not choosing by the outcome. */
const stratifying: readonly CaveatId[] = ['attributeInTrace', 'conclusionLeak'];

/** Two entries per caveat that some examples have and some lack. */
export function strataOf(draws: readonly Draws[], bootstrap: BootstrapOptions): readonly Stratum[] {
  return stratifying.flatMap((caveat) => {
    const [having, lacking] = [true, false].map((has) =>
      draws.filter(({ caveats }) => caveats.includes(caveat) === has),
    );
    if (!having?.length || !lacking?.length) return [];
    return [
      { caveat, has: true, rate: keptRate(having, bootstrap) },
      { caveat, has: false, rate: keptRate(lacking, bootstrap) },
    ];
  });
}
