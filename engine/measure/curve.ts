// Owns dose-response curves: the kept rate against how much of the reasoning stays, what of the prompt's effect is left at each cut, the
// area over the curve, and the cut where the answer is decided. All resampling draws whole examples, the same for all curves of a run.
// Must not know the order in which conditions were run or how curves are drawn.
import { type Condition, canonicalCondition, isMereCut, isSwapped, noPromptEdit } from '../domain/condition';
import type { CurvePoint, DoseCurve } from '../domain/effect';
import { canonicalJson } from '../domain/ids';
import { type BootstrapOptions, bootstrapDefaults, type Cluster } from './clusterBootstrap';
import { keptRate } from './conditionRates';
import { curveArea } from './curveArea';
import { curveBands } from './curveBand';
import { gapRate } from './curveGap';
import { type Draws, drawsOf, type ExampleOutcomes } from './exampleOutcomes';
import { type RateColumn, type ResampledRates, resampledRates } from './resampledRates';

/** A kept rate of this much and more counts as a decided answer. Stated wherever the cut is shown. */
export const decidedThreshold = 0.8;

const fewestCuts = 3;

/** One cut with its draws and its column in the resampled rates. */
export type Cut = { readonly keep: number; readonly condition: Condition; readonly draws: readonly Draws[] };

/** Conditions that differ by the kept fraction alone make a curve if there are three or more; all others belong to none. */
export function summarizeCurves(
  conditions: readonly Condition[],
  examples: readonly ExampleOutcomes[],
  options: BootstrapOptions = {},
): readonly DoseCurve[] {
  const { replicates, seed } = { ...bootstrapDefaults, ...options };
  const groups = curveGroups(conditions);
  const cuts = groups.flat().map((condition, column) => ({ ...cutOf(condition, examples), column }));
  const columns = cuts.map(({ draws }) => columnOf(draws, examples));
  const resampled = resampledRates(columns, { replicates, seed });
  const byCondition = new Map(cuts.map((cut) => [canonicalCondition(cut.condition), cut]));
  return groups.map((group) => {
    const own = group.flatMap((condition) => byCondition.get(canonicalCondition(condition)) ?? []);
    return curveOf(own, { resampled, byCondition, bootstrap: { replicates, seed } });
  });
}

type IndexedCut = Cut & { readonly column: number };

type Sampled = {
  readonly resampled: ResampledRates;
  readonly byCondition: ReadonlyMap<string, IndexedCut>;
  readonly bootstrap: BootstrapOptions;
};

function curveOf(cuts: readonly IndexedCut[], { resampled, byCondition, bootstrap }: Sampled): DoseCurve {
  const [first] = cuts;
  if (!first) throw new RangeError('A curve needs cuts.');
  const rates = cuts.map(({ draws }) => keptRate(draws, bootstrap));
  const bands = curveBands(
    rates,
    cuts.map(({ column }) => column),
    resampled,
  );
  const points = cuts.map(({ keep, condition }, index): CurvePoint => {
    return { keep, condition: condition.id, rate: rates[index]!, band: bands[index] ?? null };
  });
  const { promptEdit, traceEdit, readout } = first.condition;
  const gaps = cuts.flatMap((cut) => {
    const control = isSwapped(cut.condition) ? byCondition.get(controlKey(cut.condition)) : undefined;
    return control ? [{ keep: cut.keep, gap: gapRate(control, cut, resampled) }] : [];
  });
  const area = curveArea(
    points,
    cuts.map(({ column }) => column),
    resampled,
  );
  return { close: traceEdit.close, readout, promptEdit, points, area, decided: decidedAt(points), gaps };
}

const controlKey = (condition: Condition): string => canonicalCondition({ ...condition, promptEdit: noPromptEdit });

/** Conditions by what they share besides the fraction, each group by rising fraction. */
function curveGroups(conditions: readonly Condition[]): readonly (readonly Condition[])[] {
  const groups = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const { promptEdit, traceEdit, readout } = condition;
    if (traceEdit.keep.unit !== 'fraction' || !isMereCut(traceEdit)) continue;
    const key = canonicalJson({ promptEdit, close: traceEdit.close, readout });
    groups.set(key, [...(groups.get(key) ?? []), condition]);
  }
  const order = ({ traceEdit, readout, promptEdit }: Condition): string =>
    `${traceEdit.close}/${readout}/${promptEdit.id === noPromptEdit.id ? '' : canonicalJson(promptEdit)}`;
  return [...groups.values()]
    .filter((group) => new Set(group.map(({ traceEdit }) => traceEdit.keep.value)).size >= fewestCuts)
    .map((group) => group.sort((a, b) => a.traceEdit.keep.value - b.traceEdit.keep.value))
    .sort(([a], [b]) => (a && b ? order(a).localeCompare(order(b), 'en') : 0));
}

const cutOf = (condition: Condition, examples: readonly ExampleOutcomes[]): Cut => ({
  keep: condition.traceEdit.keep.value,
  condition,
  draws: drawsOf(condition, examples),
});

/** Per example of the run, in the run's order: kept and readable shares of its samples. */
function columnOf(draws: readonly Draws[], examples: readonly ExampleOutcomes[]): RateColumn {
  const byExample = new Map(draws.map((one) => [one.example, one]));
  return examples.map(({ example, recorded }): Cluster => {
    const outcomes = byExample.get(example)?.outcomes ?? [];
    if (outcomes.length === 0) return { part: 0, whole: 0 };
    const share = (has: (outcome: string | null) => boolean): number => outcomes.filter(has).length / outcomes.length;
    return { part: share((outcome) => outcome === recorded), whole: share((outcome) => outcome !== null) };
  });
}

function decidedAt(points: readonly CurvePoint[]): DoseCurve['decided'] {
  let keep: number | null = null;
  for (const { rate, keep: own } of points) {
    if (rate.rate === null || rate.rate < decidedThreshold) keep = null;
    else keep ??= own;
  }
  return { threshold: decidedThreshold, keep };
}
