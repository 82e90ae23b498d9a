// Owns the numbers of the forest plot as a table, for who reads numbers rather than marks.
import type { ConditionEffect } from '../domain/effect';
import { percent } from './numbers';
import type { Table } from './table';

/** The same rows as the plot, in the same order. */
export function forestTable(effects: readonly ConditionEffect[]): Table {
  const titles = ['kept rate', 'interval from', 'to', 'control', 'noise'];
  return {
    caption: 'The numbers of this figure',
    columns: [
      { id: 'condition', title: 'condition', align: 'left' },
      ...titles.map((title) => ({ id: title, title, align: 'right' as const })),
    ],
    rows: effects.map(({ condition, keptRate, control, noise }) => [
      condition.alias,
      percent(keptRate.rate),
      percent(keptRate.interval?.[0]),
      percent(keptRate.interval?.[1]),
      percent(control?.rate),
      percent(noise?.rate),
    ]),
    notes: [],
  };
}
