// Owns which examples a list shows and in which order: a filter and a sort over columns, remembered until another list is asked for, so that
// its pages cost nothing. Must not know where columns come from, nor logs.
import type { OutcomeOrder, RowFilter } from '../domain/comparison';
import type { ConditionId, ExampleId } from '../domain/ids';
import { byOrder } from './outcomeOrder';
import { type ConditionColumn, firstWord, noSample, type RunColumns, unreadable } from './runColumns';
import { annotationGrouping, groupsOfLabels } from './runGroups';

/** A row of a list: an example, by its place among the columns, under a condition. */
export type RowPlace = { readonly index: number; readonly condition: ConditionId };

export type ListQuery = Omit<RowFilter, 'offset' | 'limit'>;

/** Labels that stand, by example; examples of other runs may be among them. */
export type LabelsByExample = ReadonlyMap<ExampleId, readonly string[]>;

/** Of one example under one condition. */
export type RowOutcomes = {
  readonly outcomes: readonly (string | null)[];
  readonly flippedShare: number | null;
  readonly recordedProbability: number | null;
  readonly drop: number | null;
};

export class RunList {
  #known: { readonly key: string; readonly rows: readonly RowPlace[] } | null = null;
  #labels: { readonly of: LabelsByExample; readonly at: ReadonlyMap<number, readonly string[]> } | null = null;

  constructor(readonly columns: RunColumns) {}

  /** All rows of the list, in its order. */
  rows(query: ListQuery, labels: LabelsByExample): readonly RowPlace[] {
    const { condition, show, label, group, sort } = query;
    const asked = [condition, show, label, group, sort];
    const key = JSON.stringify(label === undefined && group === undefined ? asked : [asked, [...labels]]);
    if (this.#known?.key !== key) this.#known = { key, rows: this.#list(query, labels) };
    return this.#known.rows;
  }

  /** The labels of each of this run's examples that has some. */
  labeled(labels: LabelsByExample): readonly (readonly string[])[] {
    return [...this.#places(labels).values()];
  }

  /** The example's place among the columns; below 0: it is not there, or not closed. */
  indexOf(example: ExampleId): number {
    return this.columns.ids().indexOf(example);
  }

  outcomes({ index, condition }: RowPlace): RowOutcomes {
    const { words, recorded, conditions } = this.columns;
    const column = conditions.get(condition);
    const codes = column ? codesAt(column, index) : [];
    return {
      outcomes: codes.map((code) => (code === unreadable ? null : (words[code - firstWord] ?? null))),
      flippedShare: flippedShare(codes, firstWord + recorded[index]!),
      recordedProbability: known(column?.probabilities?.[index]),
      drop: known(column?.drops[index]),
    };
  }

  #list({ condition, show, label, group, sort }: ListQuery, labels: LabelsByExample): readonly RowPlace[] {
    const { columns } = this;
    const chosen = [...columns.conditions].filter(([id]) => condition === undefined || id === condition);
    const mayShow = this.#examples({ ...(label !== undefined && { label }), ...(group && { group }) }, labels);
    const rows: RowPlace[] = [];
    for (let index = 0; index < columns.length; index += 1) {
      if (!mayShow(index)) continue;
      for (const [id, column] of chosen) {
        if (isShown(column, index, { show, recorded: firstWord + columns.recorded[index]! }))
          rows.push({ index, condition: id });
      }
    }
    return sort === undefined || sort === 'ordinal' ? rows : rows.sort(this.order(sort));
  }

  /** Compares two rows; what is equal stays in the file's order. */
  order(sort: OutcomeOrder = 'ordinal'): (a: RowPlace, b: RowPlace) => number {
    const compare = byOrder(sort);
    const placed = ({ index, condition }: RowPlace) => {
      const column = this.columns.conditions.get(condition);
      const [drop, recordedProbability] = [known(column?.drops[index]), known(column?.probabilities?.[index])];
      return { ordinal: index, drop, recordedProbability };
    };
    return (a, b) => compare(placed(a), placed(b));
  }

  /** Whether an example has the label and belongs to the group that were asked for. */
  #examples({ label, group }: Pick<ListQuery, 'label' | 'group'>, labels: LabelsByExample): (index: number) => boolean {
    const tests: ((index: number) => boolean)[] = [];
    const places = label !== undefined || group?.by === annotationGrouping.id ? this.#places(labels) : new Map();
    if (label !== undefined) tests.push((index) => places.get(index)?.includes(label) ?? false);
    if (group?.by === annotationGrouping.id) {
      tests.push((index) => groupsOfLabels(places.get(index) ?? []).includes(group.value));
    } else if (group) {
      const column = this.columns.groupings.find(({ id }) => id === group.by);
      const code = (column?.values.indexOf(group.value) ?? -1) + 1;
      tests.push((index) => code > 0 && column?.codes[index] === code);
    }
    return (index) => tests.every((passes) => passes(index));
  }

  /** The labels of this run's examples, by their place. */
  #places(labels: LabelsByExample): ReadonlyMap<number, readonly string[]> {
    if (this.#labels?.of === labels) return this.#labels.at;
    const at = new Map<number, readonly string[]>();
    if (labels.size > 0) {
      this.columns.ids().forEach((id, index) => {
        const own = labels.get(id as ExampleId);
        if (own) at.set(index, [...new Set(own)]);
      });
    }
    this.#labels = { of: labels, at };
    return at;
  }
}

/** A number of a column; those that are not known are NaN there. */
const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

function codesAt({ samples, outcomes }: ConditionColumn, index: number): readonly number[] {
  const codes = [...outcomes.subarray(index * samples, (index + 1) * samples)];
  return codes.filter((code) => code !== noSample);
}

/** Share of the readable samples that differ from the recorded answer; `null` without any. */
function flippedShare(codes: readonly number[], recorded: number): number | null {
  const readable = codes.filter((code) => code !== unreadable);
  if (readable.length === 0) return null;
  return readable.filter((code) => code !== recorded).length / readable.length;
}

function isShown(
  { samples, outcomes }: ConditionColumn,
  index: number,
  { show, recorded }: { readonly show: ListQuery['show']; readonly recorded: number },
): boolean {
  if (show === undefined || show === 'all') return true;
  let [kept, flipped, unread] = [0, 0, 0];
  for (let at = index * samples; at < (index + 1) * samples; at += 1) {
    const code = outcomes[at];
    if (code === unreadable) unread += 1;
    else if (code === recorded) kept += 1;
    else if (code !== noSample) flipped += 1;
  }
  if (show === 'unreadable') return unread > 0;
  return show === 'flipped' ? flipped > 0 : kept > 0 && flipped === 0;
}
