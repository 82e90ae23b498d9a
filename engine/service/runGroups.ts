// Owns the groups of a run's examples: what they can be grouped by, and the effects of each group. Must not know logs or files.
import path from 'node:path';
import type { GroupChoice, RunGroups } from '../domain/comparison';
import type { RunManifest } from '../domain/run';
import type { ExampleState } from '../domain/runState';
import { summarizeEffects } from '../measure/effects';
import { outcomesOf } from './summary';

/** More groups than this are no overview; the largest are shown. */
export const mostGroups = 12;

export type GroupedExample = { readonly example: ExampleState; readonly annotated: readonly string[] };

/** What the run itself says of an example; one that says nothing is in no group. */
type Grouping = GroupChoice & { readonly valueIn: (example: ExampleState) => string | undefined };

const groupings: readonly Grouping[] = [
  { id: 'recorded', title: 'Recorded answer', valueIn: ({ recorded }) => recorded },
  { id: 'correct', title: 'Right answer', valueIn: ({ labels }) => labels.correct },
  { id: 'right', title: 'Record right or wrong', valueIn: (example) => rightness(example) },
  { id: 'hint', title: 'Hinted answer', valueIn: ({ labels }) => labels.hint },
  { id: 'file', title: 'File', valueIn: ({ source }) => path.basename(fileOf(source)) },
];

/** What people say of an example; one with several labels (of two annotators, say) counts in each of their groups. */
export const annotationGrouping: GroupChoice = { id: 'annotation', title: 'Annotation' };

const notAnnotated = 'not annotated';

export const groupsOfLabels = (labels: readonly string[]): readonly string[] =>
  labels.length === 0 ? [notAnnotated] : [...new Set(labels)];

const rightness = ({ labels: { correct }, recorded }: ExampleState): string | undefined =>
  correct === undefined ? undefined : correct === recorded ? 'right' : 'wrong';

const fileOf = (source: ExampleState['source']): string => (source.kind === 'files' ? source.folder : source.file);

/** The value of an edited attribute that the record's prompt names; `edit` is the canonical JSON of the prompt edit. */
function levelGrouping(edit: string): Grouping {
  const { id, params = {} } = JSON.parse(edit) as { readonly id: string; readonly params?: Record<string, unknown> };
  const title = `Recorded ${String(params.attribute ?? id)}`;
  return { id: `level ${edit}`, title, valueIn: ({ levels }) => levels[edit] };
}

/** A field of the record; its name cannot be mistaken for one of the groupings above. */
const fieldGrouping = (name: string): Grouping => ({
  id: `field ${name}`,
  title: name,
  valueIn: ({ fields }) => (Object.hasOwn(fields, name) ? String(fields[name]) : undefined),
});

function groupingsOf(examples: readonly ExampleState[]): readonly Grouping[] {
  const [edits, names] = [new Set<string>(), new Set<string>()];
  for (const { levels, fields } of examples) {
    for (const edit of Object.keys(levels)) edits.add(edit);
    for (const name of Object.keys(fields)) names.add(name);
  }
  return [...groupings, ...[...edits].map(levelGrouping), ...[...names].map(fieldGrouping)];
}

/** So many examples show whether a field tells them apart. */
const examplesToJudge = 5000;

/** Whether it tells examples apart; a field that puts most into a group of their own, as a number of the record would, does not. */
function isTelling({ id, valueIn }: Grouping, examples: readonly ExampleState[]): boolean {
  const isField = id.startsWith('field ');
  const values = new Set<string>();
  let members = 0;
  for (const example of isField ? examples.slice(0, examplesToJudge) : examples) {
    const value = valueIn(example);
    if (value === undefined) continue;
    values.add(value);
    members += 1;
    if (!isField && values.size > 1) return true;
  }
  return isField && values.size > 1 && values.size <= members / 2;
}

/** The groups that are shown, and for each example the number of its own, from 1; 0: it is in none of them. */
export type GroupColumn = GroupChoice & { readonly values: readonly string[]; readonly codes: Uint8Array };

/** Of what tells the examples apart. */
export function groupColumns(examples: readonly ExampleState[]): readonly GroupColumn[] {
  const telling = groupingsOf(examples).filter((grouping) => isTelling(grouping, examples));
  return telling.map(({ id, title, valueIn }) => {
    const counts = new Map<string, number>();
    for (const example of examples) {
      const value = valueIn(example);
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const sorted = [...counts].sort(([, a], [, b]) => b - a);
    const values = sorted.slice(0, mostGroups).map(([value]) => value);
    const codes = Uint8Array.from(examples, (example) => {
      const value = valueIn(example);
      return value === undefined ? 0 : values.indexOf(value) + 1;
    });
    return { id, title, values, codes };
  });
}

/** By what the examples can be grouped; `labeled`: the labels of each that has some, of `length` examples. */
export function groupChoices(
  columns: readonly GroupColumn[],
  labeled: readonly (readonly string[])[],
  length: number,
): readonly GroupChoice[] {
  const labels = new Set(labeled.flat());
  const isTellingApart = labels.size + (labeled.length < length ? 1 : 0) > 1;
  const choices = columns.map(({ id, title }) => ({ id, title }));
  return isTellingApart ? [annotationGrouping, ...choices] : choices;
}

/** The effects of each group, the largest first. No tests: who chooses groups after looking finds something. */
export function groupRun(
  manifest: RunManifest,
  examples: readonly GroupedExample[],
  by: string,
): Pick<RunGroups, 'groups' | 'left'> {
  const members = new Map<string, ExampleState[]>();
  for (const [example, value] of membersOf(examples, by)) {
    const known = members.get(value);
    if (known) known.push(example);
    else members.set(value, [example]);
  }
  const sorted = [...members].sort(([, a], [, b]) => b.length - a.length);
  const groups = sorted.slice(0, mostGroups).map(([value, own]) => {
    const { effects } = summarizeEffects(manifest.conditions, own.map(outcomesOf), {
      final: false,
      seed: manifest.spec.seed,
    });
    return { value, examples: own.length, effects };
  });
  return { groups, left: sorted.length - groups.length };
}

/** Every example with each of its groups. */
function* membersOf(
  examples: readonly GroupedExample[],
  by: string,
): Generator<readonly [example: ExampleState, value: string]> {
  const grouping = groupingsOf(examples.map(({ example }) => example)).find(({ id }) => id === by);
  for (const { example, annotated } of examples) {
    const value = grouping?.valueIn(example);
    if (value !== undefined) yield [example, value];
    if (by === annotationGrouping.id) for (const label of groupsOfLabels(annotated)) yield [example, label];
  }
}
