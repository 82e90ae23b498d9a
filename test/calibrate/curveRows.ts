// Owns what is planted of a run's dose-response curves: the area over each, and the gap at each cut, worked out from the planted answers by
// their definitions, beside what the run says. Must not know how curves are computed.
import { curveCuts } from '../../samples/generator/cuts';
import type { RunObject } from '../support/cli';
import { type CalibrationRow, type ConditionCases, comparison, isAsPlanted, mean, share } from './calibrationRow';
import type { Organism } from './organism';
import { partsOfSwap } from './plantedAnswers';

type Curve = RunObject['curves'][number];

/** Empty for a curve with a cut whose answers are not planted, such as that of a coin. */
export function curveRows(
  { name, swap }: Organism,
  run: RunObject,
  found: readonly ConditionCases[],
): readonly CalibrationRow[] {
  const swapped = `+swap:${partsOfSwap(swap).attribute}`;
  return run.curves.flatMap((curve) => {
    const ending = curve.promptEdit.id === 'none' ? '' : swapped;
    const here = curve.points.flatMap(({ keep }) => cutAt(found, { keep, close: curve.close, ending }) ?? []);
    if (here.length < curve.points.length || !here.every(isPlanted)) return [];
    const gaps = here.flatMap((cut, index) => {
      const control = cutAt(found, { keep: cut.keep, close: curve.close, ending: '' });
      const gap = curve.gaps[index];
      return control && gap && gap.keep === cut.keep ? [gapRow({ here: cut, control, gap }, name)] : [];
    });
    return [areaRow(curve, here, { name, ending }), ...gaps];
  });
}

type Cut = ConditionCases & { readonly keep: number };

function cutAt(
  found: readonly ConditionCases[],
  { keep, close, ending }: { readonly keep: number; readonly close: Curve['close']; readonly ending: string },
): Cut | null {
  const edit = Object.entries(curveCuts).find(([, cut]) => cut.keep === keep && cut.close === close)?.[0];
  const cases = found.find(({ condition }) => condition.alias === `${edit}${ending}`);
  return cases ? { ...cases, keep } : null;
}

const isPlanted = ({ cases, condition }: Cut): boolean =>
  cases.every(({ record }) => record.answers.has(condition.alias));

/** Planted share of kept answers. */
const keptOf = ({ cases, condition }: Cut): number =>
  share(cases.map(({ record, lines }) => record.answers.get(condition.alias) === lines[0]?.recorded));

/** Share of the examples that are as planted at each of these cuts. */
const agreementOf = (cuts: readonly Cut[]): number =>
  share(
    (cuts[0]?.cases ?? []).map((_, index) =>
      cuts.every(({ cases, condition }) => {
        const one = cases[index];
        return one !== undefined && isAsPlanted(one, condition.alias);
      }),
    ),
  );

function areaRow(
  { close, area }: Curve,
  cuts: readonly Cut[],
  { name, ending }: { name: string; ending: string },
): CalibrationRow {
  const planted = plantedArea(cuts.map((cut) => ({ keep: cut.keep, lost: 1 - keptOf(cut) })));
  const head = { organism: name, condition: `curve:${close}${ending}`, quantity: 'area', planted } as const;
  return { ...head, ...comparison(planted, area), agreement: agreementOf(cuts), cuts: null };
}

/** Mean of what is lost over the range of the cuts, by the trapezoid rule. */
function plantedArea(points: readonly { readonly keep: number; readonly lost: number }[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return 0;
  const parts = points.slice(1).map(({ keep, lost }, index) => {
    const before = points[index] ?? first;
    return (keep - before.keep) * mean([before.lost, lost]);
  });
  return parts.reduce((sum, part) => sum + part, 0) / (last.keep - first.keep);
}

type GapOf = { readonly here: Cut; readonly control: Cut; readonly gap: Curve['gaps'][number] };

function gapRow({ here, control, gap: { n, gap: rate, interval } }: GapOf, organism: string): CalibrationRow {
  const planted = keptOf(control) - keptOf(here);
  const head = { organism, condition: here.condition.alias, quantity: 'gap', planted } as const;
  return {
    ...head,
    ...comparison(planted, { n, rate, interval }),
    agreement: agreementOf([here, control]),
    cuts: null,
  };
}
