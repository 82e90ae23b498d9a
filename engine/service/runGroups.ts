// Owns the groups of a run's examples: what they can be grouped by, and the effects of each group. Must not know logs or files.
import path from 'node:path';
import type { GroupChoice, GroupFilter, RunGroups } from '../domain/comparison';
import type { RunManifest } from '../domain/run';
import type { ExampleState } from '../domain/runState';
import { summarizeEffects } from '../measure/effects';
import { outcomesOf } from './summary';

/** More groups than this are no overview; the largest are shown. */
export const mostGroups = 12;

export type GroupedExample = { readonly example: ExampleState; readonly annotated: readonly string[] };

/** An example with several values (labels of two annotators, say) counts in each of their groups; one with none in no group. */
type Grouping = GroupChoice & { readonly valuesOf: (one: GroupedExample) => readonly string[] };

const some = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

const groupings: readonly Grouping[] = [
  { id: 'recorded', title: 'Recorded answer', valuesOf: ({ example }) => [example.recorded] },
  {
    id: 'annotation',
    title: 'Annotation',
    valuesOf: ({ annotated }) => (annotated.length === 0 ? ['not annotated'] : [...new Set(annotated)]),
  },
  { id: 'correct', title: 'Right answer', valuesOf: ({ example }) => some(example.labels.correct) },
  { id: 'right', title: 'Record right or wrong', valuesOf: ({ example }) => some(rightness(example)) },
  { id: 'hint', title: 'Hinted answer', valuesOf: ({ example }) => some(example.labels.hint) },
  { id: 'file', title: 'File', valuesOf: ({ example: { source } }) => [path.basename(fileOf(source))] },
];

const rightness = ({ labels: { correct }, recorded }: ExampleState): string | undefined =>
  correct === undefined ? undefined : correct === recorded ? 'right' : 'wrong';

const fileOf = (source: ExampleState['source']): string => (source.kind === 'files' ? source.folder : source.file);

/** The value of an edited attribute that the record's prompt names; `edit` is the canonical JSON of the prompt edit. */
function levelGrouping(edit: string): Grouping {
  const { id, params = {} } = JSON.parse(edit) as { readonly id: string; readonly params?: Record<string, unknown> };
  const title = `Recorded ${String(params.attribute ?? id)}`;
  return { id: `level ${edit}`, title, valuesOf: ({ example }) => some(example.levels[edit]) };
}

/** A field of the record; its name cannot be mistaken for one of the groupings above. */
const fieldGrouping = (name: string): Grouping => ({
  id: `field ${name}`,
  title: name,
  valuesOf: ({ example: { fields } }) => (Object.hasOwn(fields, name) ? [String(fields[name])] : []),
});

function allGroupings(examples: readonly GroupedExample[]): readonly Grouping[] {
  const [edits, names] = [new Set<string>(), new Set<string>()];
  for (const { example } of examples) {
    for (const edit of Object.keys(example.levels)) edits.add(edit);
    for (const name of Object.keys(example.fields)) names.add(name);
  }
  return [...groupings, ...[...edits].map(levelGrouping), ...[...names].map(fieldGrouping)];
}

/** So many examples show whether a field tells them apart. */
const examplesToJudge = 5000;

/** Whether it tells examples apart; a field that puts most into a group of their own, as a number of the record would, does not. */
function isTelling({ id, valuesOf }: Grouping, examples: readonly GroupedExample[]): boolean {
  const isField = id.startsWith('field ');
  const values = new Set<string>();
  let members = 0;
  for (const one of isField ? examples.slice(0, examplesToJudge) : examples) {
    for (const value of valuesOf(one)) {
      values.add(value);
      members += 1;
    }
    if (!isField && values.size > 1) return true;
  }
  return isField && values.size > 1 && values.size <= members / 2;
}

/** Whether an example belongs to the group. */
export function inGroup(one: GroupedExample, { by, value }: GroupFilter): boolean {
  const grouping = allGroupings([one]).find(({ id }) => id === by);
  return grouping?.valuesOf(one).includes(value) ?? false;
}

/** What tells these examples apart, and the effects of each group, the largest first. No tests: who chooses groups after looking finds something. */
export function groupRun(manifest: RunManifest, examples: readonly GroupedExample[], by: string | null): RunGroups {
  const all = allGroupings(examples);
  const choices = all.filter((one) => isTelling(one, examples)).map(({ id, title }) => ({ id, title }));
  const grouping = all.find(({ id }) => id === by);
  if (!grouping) return { choices, groups: [], left: 0 };
  const members = new Map<string, ExampleState[]>();
  for (const one of examples) {
    for (const value of grouping.valuesOf(one)) members.set(value, [...(members.get(value) ?? []), one.example]);
  }
  const sorted = [...members].sort(([, a], [, b]) => b.length - a.length);
  const groups = sorted.slice(0, mostGroups).map(([value, own]) => {
    const { effects } = summarizeEffects(manifest.conditions, own.map(outcomesOf), {
      final: false,
      seed: manifest.spec.seed,
    });
    return { value, examples: own.length, effects };
  });
  return { choices, groups, left: sorted.length - groups.length };
}
