// Owns the planted effects of mediation: worked out from the planted answers of the four cells, by the definitions alone, beside what the
// run's measure says. Must not know how the measure is computed.
import type { RunObject } from '../support/cli';
import {
  type CalibrationRow,
  type Case,
  type ConditionCases,
  comparison,
  type Effect,
  effects,
  isAsPlanted,
  mean,
  share,
} from './calibrationRow';
import type { Organism } from './organism';
import { partsOfSwap } from './plantedAnswers';

/** The answer toward which effects are signed: the first example's. */
export const towardOf = (records: readonly { readonly recorded: string | null }[]): string | null =>
  records[0]?.recorded ?? null;

/** Empty where a cell or the direction is not planted. */
export function mediationRows(
  { name, swap }: Organism,
  run: RunObject,
  found: readonly ConditionCases[],
): readonly CalibrationRow[] {
  const { attribute, a } = partsOfSwap(swap);
  const aliases = ['frozen', 'swapped-trace'].flatMap((edit) => [edit, `${edit}+swap:${attribute}`]);
  const conditions = aliases.flatMap((alias) => found.find(({ condition }) => condition.alias === alias) ?? []);
  const [frozen] = conditions;
  const toward = towardOf(frozen?.cases.map(({ record }) => record) ?? []);
  const measured = run.measures.find(({ id }) => id === 'mediation')?.rows ?? [];
  if (!frozen || toward === null || conditions.length < aliases.length || measured.length === 0) return [];
  const cells = frozen.cases.flatMap(({ record }) => plantedCells(record, { aliases, a, toward }) ?? []);
  if (cells.length < frozen.cases.length) return [];
  const hits = frozen.cases.map((_, index) =>
    conditions.every(({ condition, cases }) => isAsPlanted(cases[index] as Case, condition.alias)),
  );
  const planted = plantedEffects(cells);
  return effects.flatMap((effect): readonly CalibrationRow[] => {
    const value = measured.find(({ label }) => label === effect)?.value;
    const expected = planted[effect];
    if (!value || expected === null) return [];
    const head = { organism: name, condition: 'mediation', quantity: effect, planted: expected };
    return [{ ...head, ...comparison(expected, value), agreement: share(hits), cuts: null }];
  });
}

/** Whether the answer is the one asked about (1) or not (0): first letter the prompt's level, second that of the trace. */
type Cells = { readonly aa: number; readonly ab: number; readonly ba: number; readonly bb: number };

type Asked = { readonly aliases: readonly string[]; readonly a: string; readonly toward: string };

/** An example that is recorded at b has its own prompt and trace there. `null`: a cell or the level is not planted. */
function plantedCells({ level, answers }: Case['record'], { aliases, a, toward }: Asked): Cells | null {
  const [own, prompt, trace, both] = aliases.map((alias) => {
    const answer = answers.get(alias);
    return answer === undefined ? null : Number(answer === toward);
  });
  if (own == null || prompt == null || trace == null || both == null || level === null) return null;
  return level === a ? { aa: own, ba: prompt, ab: trace, bb: both } : { bb: own, ab: prompt, ba: trace, aa: both };
}

/** Pearl 2001; `null`: no proportion of an effect that is none. */
function plantedEffects(cells: readonly Cells[]): Readonly<Record<Effect, number | null>> {
  const of = (difference: (one: Cells) => number): number => mean(cells.map(difference));
  const total = of(({ aa, bb }) => bb - aa);
  const through = of(({ ba, bb }) => bb - ba);
  return {
    'total effect (TE)': total,
    'direct effect (NDE)': of(({ aa, ba }) => ba - aa),
    'indirect effect (NIE)': of(({ aa, ab }) => ab - aa),
    'indirect effect under the swapped prompt (TIE)': through,
    'proportion mediated (TIE / TE)': total === 0 ? null : through / total,
  };
}
