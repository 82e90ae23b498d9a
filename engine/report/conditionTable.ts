// Owns the table of a run: a row per condition, a column per number that a reader needs beside its kept rate, notes below.
// Columns that no condition has anything for are left out.
import type { ConditionEffect, ExcessFlips, RunSummary } from '../domain/effect';
import { type CaveatNote, caveatNotes, marksOf } from './caveatNotes';
import { count, counted, missing, percent, percentRange, pValue } from './numbers';
import type { Column, Note, Table } from './table';

type ColumnSpec = Column & {
  readonly cell: (effect: ConditionEffect) => string;
  /** Whether this effect has something for the column; absent: always. */
  readonly has?: (effect: ConditionEffect) => boolean;
};

const columnSpecs: readonly ColumnSpec[] = [
  { id: 'condition', title: 'condition', align: 'left', cell: ({ condition }) => condition.alias },
  { id: 'keptRate', title: 'kept rate', align: 'right', cell: ({ keptRate }) => percent(keptRate.rate) },
  { id: 'interval', title: '95% interval', align: 'right', cell: ({ keptRate }) => percentRange(keptRate.interval) },
  { id: 'method', title: 'method', align: 'left', dispensable: 3, cell: ({ keptRate }) => keptRate.method },
  { id: 'kept', title: 'kept', align: 'right', cell: ({ kept }) => count(kept) },
  { id: 'flipped', title: 'flipped', align: 'right', cell: ({ flipped }) => count(flipped) },
  { id: 'unreadable', title: 'unreadable', align: 'right', cell: ({ unreadable }) => count(unreadable) },
  { id: 'n', title: 'n', align: 'right', cell: ({ n }) => count(n) },
  {
    id: 'bounds',
    title: 'bounds',
    align: 'right',
    dispensable: 1,
    cell: ({ bounds, unreadable }) => percentRange(unreadable > 0 ? bounds : null),
    has: ({ unreadable }) => unreadable > 0,
  },
  {
    id: 'control',
    title: 'control',
    align: 'right',
    dispensable: 7,
    cell: ({ control }) => percent(control?.rate),
    has: ({ control }) => control !== null,
  },
  {
    id: 'p',
    title: 'p',
    align: 'right',
    dispensable: 5,
    cell: ({ paired }) => pValue(paired?.adjustedP),
    has: ({ paired }) => paired !== null,
  },
  {
    id: 'excess',
    title: 'excess',
    align: 'right',
    dispensable: 4,
    cell: ({ excess }) => excessText(excess),
    has: ({ excess }) => excess !== null,
  },
  {
    id: 'noise',
    title: 'noise',
    align: 'right',
    dispensable: 6,
    cell: ({ noise }) => percent(noise?.rate),
    has: ({ noise }) => noise !== null,
  },
  {
    id: 'wentOn',
    title: 'went on',
    align: 'right',
    dispensable: 4,
    cell: ({ wentOn }) => percent(wentOn?.rate),
    has: ({ wentOn }) => wentOn !== null,
  },
];

/** What each column means, for those columns that are shown. */
const explanations: Readonly<Record<string, (effects: readonly ConditionEffect[]) => string>> = {
  keptRate: () => 'kept rate: kept / (kept + flipped), where kept means that the answer equals the recorded one.',
  interval: (effects) => `intervals: 95%, ${methodsOf(effects.map(({ keptRate }) => keptRate))}.`,
  bounds: () => 'bounds: the kept rate if every unreadable answer had flipped, and if every one had been kept.',
  control: () => 'control: kept rate of the same trace edit with the prompt left alone.',
  p: (effects) => explainTests(effects),
  excess: () =>
    'excess: unbiased squared distance to the control’s answers beyond redrawing, its 95% interval where there is one, and the mean |p − q| beside it.',
  noise: (effects) => explainNoise(effects),
  wentOn: () => 'went on: share of open traces in which the model added reasoning before it answered.',
};

/** The table of a run, complete or still streaming. */
export function conditionTable(summary: RunSummary): Table {
  const { effects } = summary;
  const shown = columnSpecs.filter(({ has }) => !has || effects.some(has));
  const marked = caveatNotes(effects);
  const withNotes = marked.length > 0;
  const notesColumn: Column = { id: 'notes', title: 'notes', align: 'left' };
  return {
    caption: captionOf(summary),
    columns: [...shown.map(({ cell: _cell, has: _has, ...column }) => column), ...(withNotes ? [notesColumn] : [])],
    rows: effects.map((effect) => [
      ...shown.map(({ cell }) => cell(effect)),
      ...(withNotes ? [marksOf(effect, marked)] : []),
    ]),
    notes: [
      ...shown.flatMap(({ id }) => explain(id, effects)),
      ...explainCounts(marked),
      ...marked.map(({ mark, text }) => ({ mark, text })),
    ],
  };
}

function captionOf({ manifest, effects, planned, status }: RunSummary): string {
  const finished = Math.max(0, ...effects.map(({ n }) => n));
  const examples =
    status === 'completed' ? counted(finished, 'example') : `${count(finished)} of ${counted(planned, 'example')}`;
  const { samples } = manifest.spec;
  const draws = samples > 1 ? `, ${samples} samples each` : '';
  const rest = status === 'completed' ? '' : ` (${status})`;
  return `How often the recorded answer is kept: ${examples}${draws}, model ${manifest.model.id}${rest}`;
}

function explain(id: string, effects: readonly ConditionEffect[]): readonly Note[] {
  const text = explanations[id]?.(effects);
  return text ? [{ mark: '', text, column: id }] : [];
}

const excessText = (excess: ExcessFlips | null): string => {
  if (!excess) return missing;
  const interval = excess.interval ? ` [${excess.interval.map((side) => side.toFixed(3)).join(', ')}]` : '';
  return `${excess.squared.toFixed(3)}${interval} |${excess.absolute.toFixed(2)}|`;
};

const methodsOf = (of: readonly { readonly method: string }[]): string =>
  [...new Set(of.map(({ method }) => method))].join(' or ');

function explainCounts(marked: readonly CaveatNote[]): readonly Note[] {
  if (!marked.some(({ counted: withCounts }) => withCounts)) return [];
  return [{ mark: '', text: 'notes: a number beside a mark tells for how many examples of the condition it holds.' }];
}

function explainTests(effects: readonly ConditionEffect[]): string {
  const comparisons = effects.flatMap(({ paired }) => paired ?? []);
  const tests = comparisons[0]?.tests ?? 0;
  const adjusted = tests > 1 ? `, adjusted by Holm’s procedure for ${tests} tests` : '';
  return `p: two-sided ${methodsOf(comparisons)} test against the control on the same examples${adjusted}.`;
}

function explainNoise(effects: readonly ConditionEffect[]): string {
  const sizes = effects.flatMap(({ noise }) => noise?.n ?? []);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const examples = low === high ? count(low) : `${count(low)} to ${count(high)}`;
  return `noise: share of answers that change when the same condition is drawn again (${examples} examples).`;
}
