// Owns the comparison of two runs as a table: a row per condition that both have.
import type { ConditionDifference, RunComparison } from '../domain/runComparison';
import { count, counted, missing, percent, pValue } from './numbers';
import type { Note, Table } from './table';

const points = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(value * 100).toFixed(1)}`;

/** The first run's rates less the second's. */
export function comparisonTable({ first, second, differs, conditions, onlyFirst, onlySecond }: RunComparison): Table {
  const apart = conditions.length > 0 && conditions.every(({ matched }) => matched === 0);
  const texts = [
    ...(apart ? ['No example is in both runs: they are two separate groups, compared by their intervals alone.'] : []),
    `A: run ${first.run} (${first.model}, ${first.status}). B: run ${second.run} (${second.model}, ${second.status}).`,
    differs.length > 0 ? `They differ in ${differs.join('; ')}.` : 'They were asked for alike.',
    ...matchNotes(conditions),
    ...(onlyFirst.length > 0 ? [`Only A has ${onlyFirst.join(', ')}.`] : []),
    ...(onlySecond.length > 0 ? [`Only B has ${onlySecond.join(', ')}.`] : []),
  ];
  return {
    caption: `Run A against run B: ${counted(conditions.length, 'condition')} in both`,
    columns: [
      { id: 'condition', title: 'condition', align: 'left' },
      { id: 'rateA', title: 'kept A', align: 'right' },
      { id: 'rateB', title: 'kept B', align: 'right' },
      { id: 'difference', title: 'A − B, points', align: 'right' },
      { id: 'differenceInterval', title: '95% interval', align: 'right' },
      { id: 'matched', title: 'matched', align: 'right' },
      { id: 'changed', title: 'changed', align: 'right' },
      { id: 'onlyA', title: 'kept only in A', align: 'right' },
      { id: 'onlyB', title: 'only in B', align: 'right' },
      { id: 'p', title: 'p', align: 'right' },
      { id: 'falseDiscovery', title: 'q', align: 'right' },
    ],
    rows: conditions.map(rowOf),
    notes: texts.map((text): Note => ({ mark: '', text })),
  };
}

function rowOf({ alias, first, second, difference, matched, changed, paired }: ConditionDifference): readonly string[] {
  const interval = difference.interval;
  return [
    alias,
    percent(first.rate),
    percent(second.rate),
    difference.rate === null ? missing : points(difference.rate),
    interval ? `${points(interval[0])} to ${points(interval[1])}` : missing,
    count(matched),
    matched > 0 ? count(changed) : missing,
    paired ? count(paired.onlyControlKept) : missing,
    paired ? count(paired.onlyThisKept) : missing,
    pValue(paired?.adjustedP),
    pValue(paired?.falseDiscoveryP),
  ];
}

function matchNotes(conditions: readonly ConditionDifference[]): readonly string[] {
  const tested = conditions.flatMap(({ paired }) => paired ?? []);
  const methods = [...new Set(tested.map(({ method }) => method))].join(' or ');
  const intervals = [...new Set(conditions.map(({ difference }) => difference.method))].join(' or ');
  return [
    ...(conditions.length > 0 ? [`intervals of the difference: ${intervals}.`] : []),
    ...(tested.length > 0
      ? [
          `p: two-sided ${methods} test on the matched examples, adjusted by Holm’s procedure for ${counted(tested.length, 'test')}; q: by Benjamini and Hochberg’s.`,
        ]
      : []),
    ...(conditions.some(({ matched }) => matched === 0) && tested.length > 0
      ? ['Where no example is matched the runs are two separate groups, compared by their interval alone.']
      : []),
    'changed: matched examples that answered otherwise in the other run.',
  ];
}
