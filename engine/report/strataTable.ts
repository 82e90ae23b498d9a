// Owns the table of strata: kept rates of the examples that have a caveat and of those that lack it.
import type { ConditionEffect } from '../domain/effect';
import type { CaveatId } from '../domain/run';
import { answeringEffects } from './headline';
import { count, percent, percentRange } from './numbers';
import type { Table } from './table';

const words: Partial<Readonly<Record<CaveatId, readonly [having: string, lacking: string]>>> = {
  attributeInTrace: ['the kept trace names the attribute', 'it does not name it'],
  conclusionLeak: ['the kept trace states the answer', 'it does not state it'],
};

/** `null` where no condition has both kinds of examples. */
export function strataTable(effects: readonly ConditionEffect[]): Table | null {
  const rows = answeringEffects(effects).flatMap(({ condition, strata }) =>
    strata.map(({ caveat, has, rate }) => [
      condition.alias,
      words[caveat]?.[has ? 0 : 1] ?? `${has ? 'with' : 'without'} ${caveat}`,
      percent(rate.rate),
      percentRange(rate.interval),
      count(rate.n),
    ]),
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Kept rate with and without a caveat',
    columns: [
      { id: 'condition', title: 'condition', align: 'left' },
      { id: 'caveat', title: 'examples', align: 'left' },
      { id: 'keptRate', title: 'kept rate', align: 'right' },
      { id: 'interval', title: '95% interval', align: 'right' },
      { id: 'n', title: 'n', align: 'right' },
    ],
    rows,
    notes: [
      { mark: '', text: 'The examples were told apart by their records, before the model ran. n: readable answers.' },
    ],
  };
}
