// Owns how outcomes become effects: kept rates with intervals and bounds, the three baselines, tests against the control, caveats.
// Kept is equal to the recorded answer. Tests wait for the end of a run, because looking again and again finds something by chance.
import { type Condition, canonicalCondition, isSwapped, keepsWhole, noPromptEdit } from '../domain/condition';
import type { ConditionEffect, Rate, RunSummary } from '../domain/effect';
import { bootstrapDefaults, replicatesFor } from './clusterBootstrap';
import { conditionCaveats } from './conditionCaveats';
import { keptBounds, keptRate, noiseRate, tallyDraws, wentOnRate } from './conditionRates';
import { type Draws, drawsOf, type ExampleOutcomes } from './exampleOutcomes';
import { adjustComparisons, compareDraws, comparePaired, type DrawsPair, pairUp } from './pairedComparison';
import { proportionRate } from './rates';
import { strataOf } from './strata';

export type { ConditionOutcomes, ExampleOutcomes } from './exampleOutcomes';

export type EffectsOptions = {
  /** Whether no more outcomes will come. */
  readonly final: boolean;
  /** Of bootstrap and permutation. */
  readonly seed?: number;
};

export type EffectsSummary = Pick<RunSummary, 'effects' | 'replication'>;

/** One condition and what was drawn under it. */
type Arm = { readonly condition: Condition; readonly draws: readonly Draws[]; readonly kept: Rate };

/** Effects in the order of the conditions, and the replication baseline: the unswapped frozen trace against the record. */
export function summarizeEffects(
  conditions: readonly Condition[],
  examples: readonly ExampleOutcomes[],
  options: EffectsOptions,
): EffectsSummary {
  const seed = options.seed ?? bootstrapDefaults.seed;
  const bootstrap = { seed, replicates: replicatesFor(options.final) };
  const arms = conditions.map((condition): Arm => {
    const draws = drawsOf(condition, examples);
    return { condition, draws, kept: keptRate(draws, bootstrap) };
  });
  const pairs = arms.map((arm) => (options.final ? pairsOf(arm, arms) : null));
  const comparisons = adjustComparisons(pairs.map((these) => these && comparePaired(these, seed)));
  const effects = arms.map((arm, index): ConditionEffect => {
    const paired = comparisons[index] ?? null;
    const these = pairs[index] ?? null;
    return {
      ...ratesOf(arm, bootstrap),
      control: controlOf(arm, arms)?.kept ?? null,
      paired,
      excess: these && compareDraws(these, bootstrap),
      strata: strataOf(arm.draws, bootstrap),
      caveats: conditionCaveats(arm.draws, { paired, final: options.final, omitted: omittedFrom(arm, examples) }),
    };
  });
  return { effects, replication: replicationOf(effects) };
}

const omittedFrom = ({ condition }: Arm, examples: readonly ExampleOutcomes[]): number =>
  examples.filter(({ omitted }) => omitted?.has(condition.id)).length;

function ratesOf({ condition, draws, kept }: Arm, bootstrap: { readonly replicates: number; readonly seed: number }) {
  const tally = tallyDraws(draws);
  return {
    condition,
    ...tally,
    keptRate: kept,
    bounds: keptBounds(tally),
    noise: noiseRate(draws, bootstrap),
    wentOn: condition.traceEdit.close === 'open' ? wentOnRate(draws, bootstrap) : null,
  };
}

/** The same trace edit and readout with the prompt left alone; `undefined` for a condition that is so itself. */
function controlOf({ condition }: Arm, arms: readonly Arm[]): Arm | undefined {
  if (!isSwapped(condition)) return undefined;
  const wanted = canonicalCondition({ ...condition, promptEdit: noPromptEdit });
  return arms.find((arm) => canonicalCondition(arm.condition) === wanted);
}

function pairsOf(arm: Arm, arms: readonly Arm[]): readonly DrawsPair[] | null {
  const control = controlOf(arm, arms);
  return control ? pairUp(arm.draws, control.draws) : null;
}

function replicationOf(effects: readonly ConditionEffect[]): RunSummary['replication'] {
  const found = effects.find(({ condition }) => !isSwapped(condition) && keepsWhole(condition.traceEdit));
  return found ? { ...found.keptRate, kept: found.kept } : { ...proportionRate(0, 0), kept: 0 };
}
